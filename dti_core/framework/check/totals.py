"""Stated totals and counts against what the rows add up to."""

from collections.abc import Iterator
from fractions import Fraction

from dti_core.framework.check.finding import Finding
from dti_core.framework.model import Criterion, Framework
from dti_core.rational import vietnamese


def check_totals(framework: Framework) -> Iterator[Finding]:
    whole = Fraction(0)
    for pillar in framework.pillars:
        if pillar.max_points is None:
            continue
        if not pillar.outside_maximum:
            whole += pillar.max_points
        added = _added(pillar.criteria)
        if pillar.criteria and added != pillar.max_points:
            yield Finding(
                framework.id,
                pillar.code,
                "pillar_total",
                "error",
                {"stated": pillar.max_points, "added": added},
                f"Chỉ số chính {pillar.code} “{pillar.name}” ghi {vietnamese(pillar.max_points)}"
                f" điểm nhưng các tiêu chí cộng lại được {vietnamese(added)} điểm.",
                pillar.citation,
            )
        count = len(pillar.criteria)
        if pillar.criteria and pillar.criteria_stated not in (None, count):
            assert pillar.criteria_stated is not None
            yield Finding(
                framework.id,
                pillar.code,
                "pillar_count",
                "error",
                {"stated": Fraction(pillar.criteria_stated), "counted": Fraction(count)},
                f"Chỉ số chính {pillar.code} “{pillar.name}” ghi {pillar.criteria_stated} tiêu chí"
                f" nhưng văn bản liệt kê {count}.",
                pillar.citation,
            )
    if framework.total_stated is not None and framework.total_stated != whole:
        yield Finding(
            framework.id,
            "",
            "total",
            "error",
            {"stated": framework.total_stated, "added": whole},
            f"Tổng điểm ghi {vietnamese(framework.total_stated)} nhưng các chỉ số chính cộng lại"
            f" được {vietnamese(whole)}.",
            framework.citation,
        )
    count = len(framework.criteria)
    if count and framework.criteria_stated not in (None, count):
        assert framework.criteria_stated is not None
        yield Finding(
            framework.id,
            "",
            "count",
            "error",
            {"stated": Fraction(framework.criteria_stated), "counted": Fraction(count)},
            f"Văn bản ghi {framework.criteria_stated} tiêu chí nhưng liệt kê {count}.",
            framework.citation,
        )


def check_children(framework: Framework, criterion: Criterion) -> Iterator[Finding]:
    """A row against its child rows."""
    if not criterion.children or criterion.max_points is None:
        return
    added = _added(criterion.children)
    if added != criterion.max_points:
        yield Finding(
            framework.id,
            criterion.code,
            "children_total",
            "error",
            {"stated": criterion.max_points, "added": added},
            f"Mục {criterion.code} ghi {vietnamese(criterion.max_points)} điểm nhưng các mục con"
            f" cộng lại được {vietnamese(added)}.",
            criterion.citation,
        )


def _added(criteria: tuple[Criterion, ...]) -> Fraction:
    return sum((c.max_points for c in criteria if c.max_points is not None), Fraction(0))
