"""What became of last year's plans: target, result of then, figure and points of now, side by side;
a verdict only where both speak of the same exact value (2554/QĐ-UBND, IX.1, IX.3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from dti_core.errors import Refused
from dti_core.framework.full_marks import full_marks
from dti_core.framework.model import Criterion, Framework
from dti_core.framework.similar import SAME_CODE, likeness, normal
from dti_core.intake.cell_values import plain
from dti_core.intake.quantities import Unclear
from dti_core.intake.targets import read_target
from dti_core.program.load import RoundContext
from dti_core.program.replaced import replaced
from dti_core.records.improvement import WHOLE_PROVINCE, plans, to_line
from dti_core.records.row_results import Results, results
from dti_core.records.tables import ImprovementRecord
from dti_core.scoring.improvement import Line, framework_lines, points_told
from dti_core.scoring.targets import Verdict, verdict


class NothingToFollow(Refused):
    """There is no plan to follow up. The text says where one would come from."""


@dataclass(frozen=True)
class Followed:
    """A line of a plan with what the round says about it now.

    unit      the round's unit; None for a task of the whole province
    planned   the unit that planned it, where that is another: a predecessor
    figures   of the round, in words; `points` likewise
    why       why nothing can be concluded; empty where it can
    """

    unit: str | None
    planned: str | None
    line: Line
    figures: str
    points: str
    verdict: Verdict
    why: str


@dataclass(frozen=True)
class FollowUp:
    """year is the evaluation year from which the plans start, `now` that of the round."""

    year: int
    now: int
    lines: tuple[Followed, ...]
    note: str = ""

    def counted(self, wanted: Verdict) -> int:
        return sum(each.verdict == wanted for each in self.lines)


def follow_up(session: Session, context: RoundContext) -> FollowUp:
    """Last year's plans of the round's units, and of those that they came from.

    Raises NothingToFollow without any, StaleScores.
    """
    year, program = context.round.evaluation_year - 1, context.program.id
    known = {unit.id for unit in context.units}
    heirs = [
        (before, unit.id)
        for unit in context.units
        for before in unit.predecessors
        if before not in known
    ]
    whole = replaced(context)
    records = plans(session, program, year)
    by_unit: dict[str, list[ImprovementRecord]] = {}
    for record in records:
        by_unit.setdefault(record.unit, []).append(record)
    now = results(session, context)
    found: list[Followed] = []
    for unit in context.units:
        for record in by_unit.get(unit.id, []):
            found.append(_followed(now, unit.id, None, to_line(record)))
        for before in (b for b, heir in heirs if heir == unit.id):
            taken = whole.get(unit.id) == before
            for record in by_unit.get(before, []):
                found.append(_followed(now, unit.id, before, to_line(record), compares=taken))
    if "@" not in context.id:  # a sub-round answers for its own units only
        found += [_task(to_line(record)) for record in by_unit.get(WHOLE_PROVINCE, [])]
    if not found:
        raise NothingToFollow(
            f"Chưa có kế hoạch khắc phục nào lập trên kết quả năm {year} của chương trình"
            f" {program}. Kế hoạch của đơn vị: dti improve read ĐỢT_NĂM_{year}; kế hoạch chung của"
            f" tỉnh: dti improve import {program} TỆP --year {year + 1}"
        )
    return FollowUp(year, context.round.evaluation_year, tuple(found))


def follow_framework(session: Session, context: RoundContext, framework: Framework) -> FollowUp:
    """The plan that a framework's document holds itself (419/KH-UBND, Phụ lục 2), beside the round.

    Raises NothingToFollow unless the document plans something and the round has one unit at its
    level, StaleScores.
    """
    lines = framework_lines(framework)
    units = [unit.id for unit in context.units if unit.level == framework.level]
    if not lines or len(units) != 1:
        raise NothingToFollow(
            f"Bộ chỉ số {framework.id} "
            + (
                "không ghi kết quả, mục tiêu, thời hạn ở tiêu chí nào."
                if not lines
                else f"là kế hoạch của một đơn vị; đợt {context.id} có {len(units)} đơn vị cùng"
                " cấp nên không rõ của đơn vị nào."
            )
        )
    known = results(session, context)
    years = {row.follow_up.year for row in framework.rows if row.follow_up}
    year, now = max(years), context.round.evaluation_year
    note = ""
    if year >= now:
        note = (
            f"Kế hoạch lập trên kết quả năm {year}; số liệu của đợt là năm {now}. Cột kết luận"
            " cho biết chỉ tiêu đã đạt ngay ở mức xuất phát hay còn phải thực hiện."
        )
    found = [_followed(known, units[0], None, line) for line in lines]
    return FollowUp(year, now, tuple(found), note)


def _followed(
    now: Results, unit: str, planned: str | None, line: Line, *, compares: bool = True
) -> Followed:
    row = now.context.framework_of(unit).by_code.get(line.criterion or "")
    if line.criterion is None:
        why = "Nhiệm vụ không gắn với tiêu chí: đơn vị báo cáo kết quả."
        return Followed(unit, planned, line, "", "", "unknown", why)
    names = (normal(line.title), normal(row.name)) if row else ((), ())
    if row is None or likeness(*names) < SAME_CODE:
        why = f"Bộ chỉ số của năm nay không còn mục {line.criterion} với nội dung này."
        return Followed(unit, planned, line, "", "", "unknown", why)
    points = now.points(unit, row)
    shown = "" if points is None else points_told(points, row.max_points, now.digits)
    concluded, why = _concluded(now, unit, row, line)
    if not compares:
        concluded, why = "unknown", "Đơn vị được hợp nhất hoặc tách ra: so hai cột bên cạnh."
    elif names[0] != names[1]:
        concluded, why = "unknown", f"Mục này năm nay có tên khác: “{row.name}”."
    return Followed(unit, planned, line, now.figures(unit, row), shown, concluded, why)


def _concluded(now: Results, unit: str, row: Criterion, line: Line) -> tuple[Verdict, str]:
    if not line.target:
        return "unknown", "Kế hoạch không nêu chỉ tiêu."
    if (unit, row.code) in now.exempted:
        return "unknown", "Năm nay đơn vị được miễn, không được đánh giá ở mục này."
    rule = now.rule(row)
    target = read_target(line.target, row, rule)
    if isinstance(target, Unclear):
        return "unknown", "Chỉ tiêu có thể hiểu nhiều cách: so hai cột bên cạnh."
    return verdict(
        target,
        now.value(unit, row),
        full=bool(row.max_points) and plain(line.target) == plain(full_marks(row, rule)),
        points=now.points(unit, row),
        maximum=row.max_points,
    )


def _task(line: Line) -> Followed:
    why = "Nhiệm vụ chung của tỉnh: cơ quan chủ trì báo cáo kết quả."
    return Followed(None, None, line, "", "", "unknown", why)


def in_order(found: FollowUp) -> Iterator[tuple[str | None, Sequence[Followed]]]:
    """Unit → its lines, in the order of the round; the province's own tasks last."""
    by_unit: dict[str | None, list[Followed]] = {}
    for each in found.lines:
        by_unit.setdefault(each.unit, []).append(each)
    yield from by_unit.items()
