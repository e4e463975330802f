"""Rounds with planted faults: what detectors are tuned on, and what they are then measured on.

A round is one level of 2074/QĐ-UBND over two years, drawn from one seed. Nobody's figures: sizes,
shares and growth are chosen to be like real ones (`wholes`, `clean`), and one kind of fault is
planted at known places (`kinds`). Even seeds are for tuning, odd ones for measuring: a limit that
was chosen by looking at an odd seed would measure itself.
"""
