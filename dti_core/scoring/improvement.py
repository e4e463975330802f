"""Where a unit lost points, and what a plan to win them back may propose (2554/QĐ-UBND, IX.3; the
columns of 419/KH-UBND, Phụ lục 2). Pure; exact. Proposals only: the unit decides."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from dti_core.framework.full_marks import full_marks
from dti_core.framework.model import OWN_INDEX, Criterion, Framework, Reading
from dti_core.framework.rules import Ratio, Rule, variables_used
from dti_core.rational import percent, round_half_up, vietnamese
from dti_core.scoring.explain import shown_value
from dti_core.scoring.score import FigureMap
from dti_core.scoring.total import scored_rows


@dataclass(frozen=True)
class Line:
    """A line of a plan, all in words, with the columns of 419/KH-UBND, Phụ lục 2.

    number     in the plan, from 1
    criterion  the row that it is about; None for a task of another kind
    basis      the clause or paper on which it rests
    """

    number: int
    criterion: str | None
    title: str
    result: str = ""
    target: str = ""
    deadline: str = ""
    lead: str = ""
    partners: tuple[str, ...] = ()
    basis: str = ""


@dataclass(frozen=True)
class WeakPoint:
    """A row on which a unit lost points, with what a plan may say of it.

    target    what earns the whole maximum, in words
    leads     who would lead the work; `partners` who would help: names
    """

    criterion: Criterion
    points: Fraction
    maximum: Fraction
    target: str
    leads: tuple[str, ...]
    partners: tuple[str, ...]

    @property
    def lost(self) -> Fraction:
        """Points short of the maximum; on a penalty the points taken off."""
        return max(self.maximum, Fraction(0)) - self.points


def weak_points(
    framework: Framework,
    unit: str,
    official: Mapping[str, Fraction],
    left_out: Collection[str],
    reading_of: Callable[[str], Reading | None],
) -> list[WeakPoint]:
    """The rows on which points were lost, the most points first, then in the framework's order.

    unit        its name
    official    row code → official points
    left_out    rows that are exempted or not assessed: nothing was lost there
    reading_of  row code → the reading by which the row officially counts

    Rows without a maximum are followed up, not scored: they are left out, as are bonus rows, on
    which nobody is expected to earn points.
    """
    found = [
        WeakPoint(
            row,
            official[row.code],
            row.max_points,
            full_marks(row, row.rule_under(reading_of(row.code) or "as_written")),
            *responsible(framework, row, unit),
        )
        for pillar in framework.pillars
        for criterion in pillar.criteria
        for row in scored_rows(criterion)
        if row.max_points
        and row.code in official
        and row.code not in left_out
        and not (pillar.outside_maximum and row.max_points > 0)
    ]
    lost = [each for each in found if each.lost > 0]
    return sorted(lost, key=lambda each: -each.lost)


def responsible(
    framework: Framework, row: Criterion, unit: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of who would lead and who would help.

    A province is no office: on its own index the agencies lead that the decree puts in charge of
    the row (2554/QĐ-UBND, Phụ lục I). On any other index the unit mends its own row, and whoever
    gives figures about it helps.
    """
    provider = row.provider
    if provider is None:
        return (unit,), ()
    leads = tuple(framework.agency(each) for each in provider.leads)
    partners = tuple(framework.agency(each) for each in provider.partners)
    if framework.level == OWN_INDEX and leads:
        return leads, partners
    others = [name for name in dict.fromkeys((*leads, *partners)) if name != unit]
    return (unit,), tuple(others)


def framework_lines(framework: Framework) -> list[Line]:
    """What the document of a framework plans itself beside its rows, in its own words: the columns
    “Kết quả”, “Mục tiêu”, “Thời gian hoàn thành” of 419/KH-UBND, Phụ lục 2."""
    lines: list[Line] = []
    for row in framework.rows:
        said = row.follow_up
        if said is None or not (said.result or said.target):
            continue
        leads, partners = responsible(framework, row, "")
        line = Line(
            number=len(lines) + 1,
            criterion=row.code,
            title=row.name,
            result=said.result or "",
            target=said.target or "",
            deadline=said.deadline or "",
            lead="; ".join(leads),
            partners=partners,
            basis=str(row.citation),
        )
        lines.append(line)
    return lines


def figures_told(
    row: Criterion, rule: Rule, figures: FigureMap, unit: str, metric: Fraction | None
) -> str:
    """A unit's figures of one row in few words: "7/8 (87,5 %)", "có", "số cuộc: 3; số lớp: 2".

    Empty where the row asks for none.

    metric  the value that the rule works on, where it is known
    """
    names = [name for name in variables_used(rule) if name in row.variables]
    known = {
        name: shown_value(row, name, figure)
        for name in names
        if (figure := figures.get((unit, row.code, name))) is not None and figure.known
    }
    ratio = percent(metric, 2) if metric is not None and isinstance(rule, Ratio) else ""
    if not known:
        return ratio or ("chưa có số liệu" if names else "")
    if len(names) == 1:
        return known[names[0]]
    if ratio and isinstance(rule, Ratio) and (parted := _parted(row, rule, figures, unit)):
        return f"{parted} ({ratio})"
    told = dict.fromkeys(f"{row.variables[name].label}: {value}" for name, value in known.items())
    return "; ".join([*told, *([f"tỷ lệ {ratio}"] if ratio else [])])


def _parted(row: Criterion, rule: Ratio, figures: FigureMap, unit: str) -> str:
    """A part and its whole, worked out: "60/100 hồ sơ"; empty where a figure of them is open."""
    quotient = rule.of.quotient
    if quotient is None:
        return ""
    values: dict[str, Fraction] = {}
    for name in rule.of.variables:
        figure = figures.get((unit, row.code, name))
        if figure is None or not isinstance(figure.value, Fraction):
            return ""
        values[name] = figure.value
    part, whole = (vietnamese(e.evaluate(values, lambda number: number), 6) for e in quotient)
    units = {row.variables[name].unit for name in values}
    of = units.pop() if len(units) == 1 else None
    return f"{part}/{whole} {of}" if of else f"{part}/{whole}"


def points_told(points: Fraction, maximum: Fraction | None, digits: int) -> str:
    """ "13,13/15 điểm": points as they are published, of the maximum."""
    shown = vietnamese(round_half_up(points, digits), digits)
    return f"{shown}/{vietnamese(maximum)} điểm" if maximum else f"{shown} điểm"


def a_year_later(day: date) -> date:
    """The same day a year on; the last of February stays the last."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
