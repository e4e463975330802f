"""Stated totals and counts against what the rows add up to."""

from collections.abc import Iterator
from fractions import Fraction

from dti_core.framework.check.finding import Finding, Row
from dti_core.framework.model import Citation, Criterion, Framework, Pillar
from dti_core.framework.rules import SumOfChildren
from dti_core.rational import vietnamese


def check_totals(framework: Framework) -> Iterator[Finding]:
    """The framework and its pillars, each against the level below it."""
    for pillar in framework.pillars:
        yield from _pillar(framework, pillar)
    scored = [pillar for pillar in framework.pillars if not pillar.outside_maximum]
    stated = [pillar.max_points for pillar in scored if pillar.max_points is not None]
    whole = sum(stated, Fraction(0))
    if framework.total_stated is not None and stated and framework.total_stated != whole:
        yield _finding(
            framework,
            "",
            "total",
            {"stated": framework.total_stated, "added": whole},
            f"Tổng điểm ghi {vietnamese(framework.total_stated)} nhưng các chỉ số chính cộng lại"
            f" được {_sum(stated)} = {vietnamese(whole)}.",
            framework.citation,
        )
    yield from _count(framework)


def _pillar(framework: Framework, pillar: Pillar) -> Iterator[Finding]:
    if not pillar.criteria:
        return
    name = f"Chỉ số chính {pillar.code} “{pillar.name}”"
    points = _points(pillar.criteria)
    added = sum(points, Fraction(0))
    if pillar.max_points is not None and added != pillar.max_points:
        difference = abs(added - pillar.max_points)
        yield _finding(
            framework,
            pillar.code,
            "pillar_total",
            {"stated": pillar.max_points, "added": added},
            f"{name} ghi {vietnamese(pillar.max_points)} điểm nhưng các tiêu chí cộng lại được"
            f" {vietnamese(added)} điểm ({_sum(points)}),"
            f" {'thừa' if added > pillar.max_points else 'thiếu'} {vietnamese(difference)} điểm.",
            pillar.citation,
        )
    count = len(pillar.criteria)
    if pillar.criteria_stated is not None and pillar.criteria_stated != count:
        yield _finding(
            framework,
            pillar.code,
            "pillar_count",
            {"stated": Fraction(pillar.criteria_stated), "counted": Fraction(count)},
            f"{name} ghi {pillar.criteria_stated} tiêu chí nhưng văn bản liệt kê {count}.",
            pillar.citation,
            about=("tiêu chí",),
        )


def _count(framework: Framework) -> Iterator[Finding]:
    """The stated number of criteria against the rows and against the pillars' own numbers."""
    if framework.criteria_stated is None:
        return
    stated = Fraction(framework.criteria_stated)
    listed = len(framework.criteria)
    by_pillar = [pillar.criteria_stated for pillar in framework.pillars]
    if listed and listed != stated:
        yield _finding(
            framework,
            "",
            "count",
            {"stated": stated, "counted": Fraction(listed)},
            f"Văn bản ghi {stated} tiêu chí nhưng liệt kê {listed}.",
            framework.citation,
        )
    elif all(each is not None for each in by_pillar):
        numbers = [Fraction(each) for each in by_pillar if each is not None]
        added = sum(numbers, Fraction(0))
        if numbers and added != stated:
            yield _finding(
                framework,
                "",
                "count",
                {"stated": stated, "added": added},
                f"Văn bản ghi {stated} tiêu chí nhưng số tiêu chí của các chỉ số chính cộng lại"
                f" được {_sum(numbers)} = {added}.",
                framework.citation,
            )


def check_children(row: Row) -> Iterator[Finding]:
    """A row that adds up its child rows, against them."""
    criterion = row.criterion
    if not isinstance(criterion.rule, SumOfChildren) or criterion.max_points is None:
        return
    points = _points(criterion.children)
    added = sum(points, Fraction(0))
    if added != criterion.max_points:
        yield row.finding(
            "children_total",
            "error",
            f"Mục {criterion.code} ghi {vietnamese(criterion.max_points)} điểm nhưng các mục con"
            f" cộng lại được {_sum(points)} = {vietnamese(added)}.",
            {"stated": criterion.max_points, "added": added},
            about=("cộng lại",),
        )


def _points(criteria: tuple[Criterion, ...]) -> list[Fraction]:
    return [criterion.max_points for criterion in criteria if criterion.max_points is not None]


def _sum(numbers: list[Fraction]) -> str:
    return " + ".join(map(vietnamese, numbers))


def _finding(
    framework: Framework,
    code: str,
    kind: str,
    numbers: dict[str, Fraction],
    message: str,
    citation: Citation,
    about: tuple[str, ...] = (),
) -> Finding:
    return Finding(framework.id, code, kind, "error", numbers, message, citation, about=about)
