"""Reads files that came from outside, in a process of its own that can be killed.

Nothing in here knows rounds, units or records; it turns bytes into pages of plain values, or says
in Vietnamese why it does not. Only `dti_core.intake.guard` starts it. It imports nothing heavy.
"""
