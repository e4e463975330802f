"""What changes from one framework to another: rows, maxima, rules, figures, agencies, names.

For the department that reviews its framework beside an older one, another level's or another
province's. Rows are paired by `similar`; what is told of a rule is told by `describe`. General
information and errata are not compared: the first scores nothing, the second are ours.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from dti_core.framework.describe import describe
from dti_core.framework.model import Criterion, Framework, Pillar, Provider
from dti_core.framework.rules import (
    MinMax,
    Ratio,
    RelativeToBest,
    Rule,
    sub_rules,
    variables_used,
)
from dti_core.framework.similar import Named, Pair, normal, pairs
from dti_core.rational import vietnamese

What = Literal["name", "max_points", "rule", "figures", "leads", "partners"]
Side = Literal["before", "after"]


@dataclass(frozen=True)
class Change:
    """One thing that differs, told in Vietnamese: each side a list of lines or agencies."""

    what: What
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class RowChange:
    """A row that is in both frameworks and not the same in them.

    likeness  of the two names
    mended    the sides whose erratum, as corrected, gives the other side's rule: that decree errs
              where the other does not
    """

    before: Criterion
    after: Criterion
    likeness: Fraction
    changes: tuple[Change, ...]
    mended: tuple[Side, ...] = ()

    @property
    def renumbered(self) -> bool:
        return self.before.code != self.after.code


@dataclass(frozen=True)
class PillarChange:
    """A pillar that is in both frameworks and not the same in them."""

    before: Pillar
    after: Pillar
    likeness: Fraction
    changes: tuple[Change, ...]

    @property
    def renumbered(self) -> bool:
        return self.before.code != self.after.code


@dataclass(frozen=True)
class FrameworkDiff:
    """Everything that changes from `before` to `after`, in the order of their rows."""

    before: Framework
    after: Framework
    pillars_dropped: tuple[Pillar, ...]
    pillars_added: tuple[Pillar, ...]
    pillars: tuple[PillarChange, ...]
    dropped: tuple[Criterion, ...]
    added: tuple[Criterion, ...]
    rows: tuple[RowChange, ...]

    @property
    def empty(self) -> bool:
        return not (
            self.pillars_dropped
            or self.pillars_added
            or self.pillars
            or self.dropped
            or self.added
            or self.rows
        )


def diff(before: Framework, after: Framework) -> FrameworkDiff:
    """Compare two frameworks; `diff(b, a)` is `diff(a, b)` with its sides exchanged."""
    pillars = pairs([_named(p) for p in before.pillars], [_named(p) for p in after.pillars])
    rows = pairs([_named(r) for r in before.rows], [_named(r) for r in after.rows])
    return FrameworkDiff(
        before=before,
        after=after,
        pillars_dropped=_alone(before.pillars, (pair.before for pair in pillars)),
        pillars_added=_alone(after.pillars, (pair.after for pair in pillars)),
        pillars=tuple(_pillars_changed(before, after, pillars)),
        dropped=_alone(before.rows, (pair.before for pair in rows)),
        added=_alone(after.rows, (pair.after for pair in rows)),
        rows=tuple(_rows_changed(before, after, rows)),
    )


def _named(each: Pillar | Criterion) -> Named:
    return Named(each.code, each.name)


def _alone(items: tuple[Any, ...], paired: Iterable[int]) -> tuple[Any, ...]:
    gone = set(paired)
    return tuple(item for place, item in enumerate(items) if place not in gone)


def _pillars_changed(
    before: Framework, after: Framework, paired: Iterable[Pair]
) -> Iterable[PillarChange]:
    for pair in paired:
        one, other = before.pillars[pair.before], after.pillars[pair.after]
        changes = tuple(_named_and_worth(one, other))
        if changes or one.code != other.code:
            yield PillarChange(one, other, pair.likeness, changes)


def _rows_changed(
    before: Framework, after: Framework, paired: Iterable[Pair]
) -> Iterable[RowChange]:
    for pair in paired:
        one, other = before.rows[pair.before], after.rows[pair.after]
        changes = [*_named_and_worth(one, other)]
        same_rule = _shape(one, one.rule) == _shape(other, other.rule)
        if not same_rule:
            changes.append(Change("rule", *_told(one, other)))
        else:
            # one rule: the figures stand in one order, and differ where their wording does
            apart = [
                place
                for place, sides in enumerate(zip(_asked(one), _asked(other), strict=True))
                if sides[0] != sides[1]
            ]
            if apart:
                told = [[_figures(row)[place] for place in apart] for row in (one, other)]
                changes.append(Change("figures", tuple(told[0]), tuple(told[1])))
        for what in ("leads", "partners"):
            sides = _agencies(before, one, what), _agencies(after, other, what)
            if {normal(each) for each in sides[0]} != {normal(each) for each in sides[1]}:
                changes.append(Change(what, *sides))
        if changes or one.code != other.code:
            mended = () if same_rule else _mended(one, other)
            yield RowChange(one, other, pair.likeness, tuple(changes), mended)


def _named_and_worth(one: Pillar | Criterion, other: Pillar | Criterion) -> Iterable[Change]:
    if normal(one.name) != normal(other.name):
        yield Change("name", (one.name,), (other.name,))
    if one.max_points != other.max_points:
        yield Change("max_points", (points(one.max_points),), (points(other.max_points),))


def points(maximum: Fraction | None) -> str:
    """A maximum for people."""
    return "không nêu" if maximum is None else vietnamese(maximum)


def _mended(one: Criterion, other: Criterion) -> tuple[Side, ...]:
    sides: list[Side] = []
    if _corrects(one, other):
        sides.append("before")
    if _corrects(other, one):
        sides.append("after")
    return tuple(sides)


def _corrects(faulty: Criterion, right: Criterion) -> bool:
    """Whether the one's rule, as its erratum corrects it, is the other's rule as written."""
    corrected = faulty.erratum.corrected if faulty.erratum else None
    return corrected is not None and _shape(faulty, corrected) == _shape(right, right.rule)


def _told(one: Criterion, other: Criterion) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Both rules in words; with their finer points where the words would be the same."""
    sides = tuple(describe(one, one.rule)), tuple(describe(other, other.rule))
    if sides[0] != sides[1]:
        return sides
    return (*sides[0], *_finer(one)), (*sides[1], *_finer(other))


def _finer(row: Criterion) -> Iterable[str]:
    for rule in sub_rules(row.rule):
        match rule:
            case MinMax() | RelativeToBest():
                whom = "các tỉnh khác" if rule.peers == "external" else "các đơn vị cùng nhóm"
                yield f"So với {whom}"
            case Ratio(below_includes_full_at=True):
                yield "Đúng ngưỡng thì thuộc cả hai vế"
            case _:
                pass
    yield f"Số liệu: {'; '.join(_figures(row))}"


def _figures(row: Criterion) -> tuple[str, ...]:
    """What the rule counts, one figure a line, under its letter."""
    lines = []
    for name in variables_used(row.rule):
        variable = row.variables[name]
        unit = f" ({variable.unit})" if variable.unit else ""
        lines.append(f"{name} = {variable.label}{unit}")
    return tuple(lines)


def _asked(row: Criterion) -> list[tuple[object, ...]]:
    """The same, as it is compared: in the order of use, whatever the letters."""
    used = [row.variables[name] for name in variables_used(row.rule)]
    return [(normal(v.label), v.kind, normal(v.unit or "")) for v in used]


def _agencies(framework: Framework, row: Criterion, what: str) -> tuple[str, ...]:
    """Who leads or helps with any figure of the row, each once."""
    own = [variable.provider for variable in row.variables.values()]
    names: dict[str, None] = {}
    for provider in (row.provider, *own):
        if provider is not None:
            names.update((name, None) for name in _of(framework, provider, what))
    return tuple(names)


def _of(framework: Framework, provider: Provider, what: str) -> Iterable[str]:
    if what == "partners":
        return [framework.agency(each) for each in provider.partners]
    relative = {"self": ["Đơn vị được đánh giá"], "parent": ["Cơ quan cấp trên"]}
    first = relative[provider.relative] if provider.relative else []
    return [*first, *(framework.agency(each) for each in provider.leads)]


def _shape(row: Criterion, rule: Rule) -> object:
    """The rule as data, without what only the transcription chose: letters, keys, labels."""
    letters = {name: f"v{place}" for place, name in enumerate(variables_used(rule))}
    return _bare(rule.model_dump(mode="json", by_alias=True), row, letters)


def _bare(part: Any, row: Criterion, letters: Mapping[str, str]) -> Any:
    if isinstance(part, list):
        return [_bare(each, row, letters) for each in part]
    if not isinstance(part, dict):
        return part
    bare = {key: _bare(each, row, letters) for key, each in part.items() if key != "label"}
    for key in ("of", "flag"):
        if isinstance(part.get(key), str):
            bare[key] = re.sub(r"[a-z][a-z0-9_]*", lambda m: letters.get(m[0], m[0]), part[key])
    if "shares" in part:
        states = row.variables[part["of"]].choices
        told = [(normal(words), part["shares"].get(key)) for key, words in states.items()]
        bare["shares"] = sorted(told, key=lambda state: state[0])
    return bare
