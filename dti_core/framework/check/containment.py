"""Whether a denominator counts what its numerator counts: the same things, no fewer, no more."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from dti_core.framework.check.alike import terms
from dti_core.framework.check.counted import Counted, counted, listed, restrictions
from dti_core.framework.check.finding import Finding, Row
from dti_core.framework.check.vocabulary import vocabulary
from dti_core.framework.check.words import words
from dti_core.framework.rules import MinMax, Ratio, RelativeToBest, Steps, weighted
from dti_core.rational import percent

Quotient = Ratio | Steps | RelativeToBest | MinMax


def check_containment(row: Row) -> Iterator[Finding]:
    variables = row.criterion.variables
    for rule, weight in weighted(row.criterion.rule):
        if not isinstance(rule, Quotient) or rule.of.quotient is None:
            continue
        top, bottom = map(terms, rule.of.quotient)
        if not top or not bottom or top == bottom:
            continue
        if any(variables[name].kind == "money" for name in (*top, *bottom)):
            yield from _money(row, (*top, *bottom))
            continue
        above, below = (
            {name: counted(variables[name].label, variables[name].unit) for name in half}
            for half in (top, bottom)
        )
        yield from _Halves(row, rule, weight, above, below).check()


@dataclass(frozen=True)
class _Halves:
    """A quotient of counts. above, below: the figures that each half adds up, as read."""

    row: Row
    rule: Quotient
    weight: Fraction
    above: Mapping[str, Counted]
    below: Mapping[str, Counted]

    def check(self) -> Iterator[Finding]:
        over = {each.thing for each in self.above.values()}
        under = {each.thing for each in self.below.values()}
        known = None not in over | under
        if known and not over <= under:
            yield from self._other_things(over - under, under)
            return
        if known and len(under) == 1:
            yield from self._parts(next(iter(under)))
            yield from self._staff()
        yield from self._exclusions()

    def _other_things(
        self, over: Iterable[str | None], under: set[str | None]
    ) -> Iterator[Finding]:
        if isinstance(self.rule, RelativeToBest | MinMax):
            return  # a density, compared with others': it need be no part of a whole
        # with a threshold under 100 % the clause plainly means an average, and caps it
        full_at = self.rule.full_at if isinstance(self.rule, Ratio) else Fraction(0)
        yield self.row.finding(
            "denominator_kind",
            "note" if full_at is not None and full_at < 1 else "warning",
            f"Mục {self.row.criterion.code}: tử số {_plus(self.above)} đếm {_things(over)}, mẫu số"
            f" {_plus(self.below)} đếm {_things(under)}: mẫu số không chứa tử số, kết quả là tỷ số"
            " giữa hai thứ khác nhau, không phải phần của một tổng, và có thể vượt 100 %.",
            about=("mẫu số",),
        )

    def _parts(self, thing: str | None) -> Iterator[Finding]:
        for each in restrictions(thing):
            over = {c.parts.get(each.id, each.everyone) for c in self.above.values()}
            under = {c.parts.get(each.id, each.everyone) for c in self.below.values()}
            if over != under and each.everyone in under and each.everyone not in over:
                yield self._wider(listed(over), each.everyone, each.note_words)
            elif not over <= under:
                yield self._misses(listed(over - under), listed(under), each.note_words)

    def _staff(self) -> Iterator[Finding]:
        if not all(each.staff for each in (*self.above.values(), *self.below.values())):
            return
        over = frozenset[str]().union(*(each.staff for each in self.above.values()))
        under = frozenset[str]().union(*(each.staff for each in self.below.values()))
        if over < under:
            yield self._wider(_groups(over), _groups(under), tuple(under - over))
        elif over != under:
            yield self._misses(_groups(over), _groups(under), tuple(over - under))

    def _exclusions(self) -> Iterator[Finding]:
        over = all(each.excluded for each in self.above.values())
        under = all(each.excluded for each in self.below.values())
        halves = (*self.above.values(), *self.below.values())
        left_out = {text for each in halves for text in each.excluded}
        about = (*vocabulary().exclusions, *left_out)
        what = "; ".join(f"“{text}”" for text in sorted(left_out))
        if over and not under:
            yield self._wider(f"phần còn lại sau khi trừ {what}", "mà không trừ", about)
        elif under and not over:
            yield self._misses("mà không trừ", f"phần còn lại sau khi trừ {what}", about)

    def _wider(self, over: str, under: str, about: tuple[str, ...]) -> Finding:
        full_at = self.rule.full_at if isinstance(self.rule, Ratio) else None
        if full_at:
            so = f"; ngưỡng {percent(full_at)} tính trên mẫu số rộng hơn ấy."
        elif isinstance(self.rule, Ratio):
            so = f", không ai được {self.row.whole(self.weight)}."
        else:
            so = "."
        return self.row.finding(
            "denominator_wider",
            "warning" if isinstance(self.rule, Ratio) else "note",
            f"Mục {self.row.criterion.code}: tử số {_plus(self.above)} chỉ đếm {over}, mẫu số"
            f" {_plus(self.below)} ({self._labels(self.below)}) đếm {under}: hễ có trường hợp chỉ"
            f" mẫu số đếm thì tỷ lệ không lên tới 100 %{so}",
            {"full_at": full_at} if full_at else self.row.numbers(most=self.weight),
            about,
        )

    def _misses(self, over: str, under: str, about: tuple[str, ...]) -> Finding:
        return self.row.finding(
            "denominator_misses",
            "warning" if isinstance(self.rule, Ratio) else "note",
            f"Mục {self.row.criterion.code}: mẫu số {_plus(self.below)}"
            f" ({self._labels(self.below)}) chỉ đếm {under}, tử số {_plus(self.above)} đếm {over}:"
            " tử số có thể đếm cả cái mà mẫu số không đếm, tỷ lệ có thể vượt 100 %.",
            about=about,
        )

    def _labels(self, half: Mapping[str, Counted]) -> str:
        return "; ".join(f"“{self.row.criterion.variables[name].label}”" for name in half)


def _money(row: Row, names: tuple[str, ...]) -> Iterator[Finding]:
    units = {name: row.criterion.variables[name].unit for name in names}
    if len({words(unit) for unit in units.values() if unit}) > 1:
        told = ", ".join(f"{name} tính bằng {unit}" for name, unit in units.items() if unit)
        yield row.finding(
            "unit_differs",
            "error",
            f"Mục {row.criterion.code}: {told}; phải đổi về cùng một đơn vị tính trước khi chia.",
            about=("đơn vị tính",),
        )


def _plus(half: Mapping[str, Counted]) -> str:
    return " + ".join(half)


def _groups(named: frozenset[str]) -> str:
    return ", ".join(group for group in vocabulary().staff.groups if group in named)


def _things(ids: Iterable[str | None]) -> str:
    known = vocabulary().things
    return listed(known[each].name for each in ids if each is not None)
