"""A figure that several providers give together: their parts added, or their answers agreed on.

2554/QĐ-UBND names several lead agencies for some figures (5.12: every agency's spending; 6.11: the
online procedures of departments, districts and communes).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from dti_core.figures import Figure
from dti_core.program.requests import Shared
from dti_core.rational import vietnamese

_NAMED = 5
"""How many of the providers that are lacking or that differ are named; the rest are counted."""


def combined(
    shared: Shared, figures: Mapping[tuple[str, str, str], Figure], names: Mapping[str, str]
) -> Figure | None:
    """What the parts that have come give together; None before the first one.

    Summed parts are `derived` once all have come and `partial` before. Answers that all agree are
    `derived`; those that differ are a question to whoever organises the round.

    figures  the round's figures, parts under `Shared.part`
    names    unit id → name
    """
    parts = {
        provider: figures.get((shared.unit, shared.criterion, shared.part(provider)))
        for provider in shared.providers
    }
    known = {who: part for who, part in parts.items() if part is not None and part.known}
    if not known:
        return None
    whole = Figure(
        shared.unit,
        shared.criterion,
        shared.variable,
        status="derived",
        cells=tuple(f"{names[who]}: {_place(part)}" for who, part in known.items()),
    )
    lacking = [names[who] for who in shared.providers if who not in known]
    if shared.together == "sum":
        return _sum(whole, list(known.values()), lacking, len(parts))
    return _agreed(whole, {names[who]: part for who, part in known.items()}, lacking, len(parts))


def _sum(whole: Figure, parts: Sequence[Figure], lacking: Sequence[str], count: int) -> Figure:
    added = sum((Fraction(part.value or 0) for part in parts if _number(part)), Fraction(0))
    words = f"Cộng phần của {len(parts)} trên {count} nơi: {vietnamese(added, 6)}."
    if not lacking:
        return replace(whole, value=added, raw=vietnamese(added, 6), note=words)
    return replace(whole, status="partial", note=f"{words} Còn thiếu: {_named(lacking)}.")


def _agreed(
    whole: Figure, parts: Mapping[str, Figure], lacking: Sequence[str], count: int
) -> Figure:
    answers: dict[str, list[str]] = {}
    for name, part in parts.items():
        answers.setdefault(part.raw or str(part.value), []).append(name)
    if len({part.value for part in parts.values()}) > 1:
        told = "; ".join(f"“{answer}”: {_named(who)}" for answer, who in answers.items())
        return replace(
            whole,
            status="to_ask",
            question=f"Các nơi trả lời khác nhau ({told}). Cơ quan chủ trì phải chốt một giá trị.",
        )
    first = next(iter(parts.values()))
    words = f"{len(parts)} trên {count} nơi trả lời như nhau."
    if lacking:
        return replace(whole, status="partial", note=f"{words} Còn thiếu: {_named(lacking)}.")
    return replace(whole, value=first.value, raw=first.raw, note=words)


def _number(part: Figure) -> bool:
    return part.value is not None and not isinstance(part.value, str)


def _place(part: Figure) -> str:
    where = [part.file, f"trang “{part.sheet}”" if part.sheet else None, *part.cells[:1]]
    return ", ".join(each for each in where if each)


def _named(names: Sequence[str]) -> str:
    rest = f" và {len(names) - _NAMED} nơi khác" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + rest
