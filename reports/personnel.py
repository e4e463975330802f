"""The extract for the agency in charge of personnel: what the yearly rating of heads and units
takes from the published result (2554/QĐ-UBND, IX.2). Offices, never names."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlmodel import Session

from dti_core.errors import Refused
from dti_core.program.groups import groups_of
from dti_core.program.load import RoundContext
from dti_core.program.model import Unit
from dti_core.records.collecting import Standing, standings
from dti_core.records.digests import digest_of
from dti_core.records.flags import LISTED, WITHDRAWN, all_flags
from dti_core.records.issued import issues
from dti_core.records.ranking import ranks
from dti_core.records.rounds import DRAFT
from dti_core.records.tables import IssueRecord, RankRecord
from reports.personnel_file import Cell, extract_file

HEAD_OF = "Người đứng đầu"
"""The office of a unit's head where the program does not name it."""


class NoExtract(Refused):
    """There is nothing yet that may be handed over. The text says what to do."""


@dataclass(frozen=True)
class _Conduct:
    """How a unit met its duties: files that came late, that never came, doubts left unanswered."""

    late: int
    never: int
    unanswered: int


def personnel_workbook(records: Session, context: RoundContext) -> bytes:
    """The .xlsx with a row for each unit of the issued result, by group and rank.

    The same records give the same bytes. Raises NoExtract before the decision is issued, while a
    correction of it is under way, and where the program names no agency for it.
    """
    agency, issue = _agency(context), _issued(records, context)
    groups = {group.id: group.name for group in groups_of(context)}
    order = {group: place for place, group in enumerate(groups)}
    entries = ranks(records, context.id)
    among = {
        group: sum(e.rank is not None for e in entries if e.group == group) for group in groups
    }
    conduct = _conduct(records, context, date.fromisoformat(issue.issued_on))
    entries.sort(key=lambda e: (order.get(e.group, len(order)), e.rank is None, e.rank or 0))
    rows = [
        _row(context, number, entry, groups, among, conduct[entry.unit])
        for number, entry in enumerate(entries, 1)
    ]
    day = f"{date.fromisoformat(issue.issued_on):%d/%m/%Y}"
    about = [
        f"Nơi nhận: {agency}, để xác định trách nhiệm người đứng đầu, đánh giá mức độ hoàn thành"
        " nhiệm vụ và bình xét thi đua, khen thưởng hằng năm.",
        f"Căn cứ: {context.program.decree}; kết quả công bố theo văn bản số {issue.number} ngày"
        f" {day}.",
        "Tệp gửi muộn, chưa gửi: theo hạn đã thông báo, kể cả gia hạn; tính đến ngày công bố. Nghi"
        " vấn không giải trình: số lần được yêu cầu giải trình mà đơn vị không trả lời.",
        "Bản trích không ghi tên người; chức vụ theo thể thức văn bản của đơn vị.",
    ]
    if context.round.illustration:
        about.insert(0, context.round.illustration)
    return extract_file(context, about, rows)


def _agency(context: RoundContext) -> str:
    """The name of the agency that takes the extract."""
    slug = context.program.personnel
    if slug is None:
        raise NoExtract(
            f"Chương trình {context.program.id} chưa nêu cơ quan đưa kết quả vào đánh giá người"
            " đứng đầu. Hãy ghi khóa personnel trong program.yaml."
        )
    for unit in context.program.units:
        if slug in (unit.agency, unit.id):
            return unit.name
    for framework in context.frameworks.values():
        if slug in framework.decree.agencies:
            return framework.agency(slug)
    return slug


def _issued(records: Session, context: RoundContext) -> IssueRecord:
    """The last paper that published the result as it stands now."""
    before = issues(records, context.id)
    if not before:
        raise NoExtract(
            f"Kết quả đợt {context.id} chưa được ban hành nên chưa có gì để gửi. Khi văn bản đã ký,"
            f" lấy số, hãy chạy: dti publish {context.id} --issued SỐ NGÀY"
        )
    last = before[-1]
    if last.digest != digest_of(records, context.id, DRAFT):
        raise NoExtract(
            f"Kết quả đợt {context.id} đã khác kết quả ban hành theo văn bản số {last.number}. Hãy"
            f" ban hành văn bản đính chính trước: dti publish {context.id} --correct --reason LÝ_DO"
        )
    return last


def _conduct(records: Session, context: RoundContext, day: date) -> dict[str, _Conduct]:
    requested: dict[str, list[Standing]] = {unit.id: [] for unit in context.units}
    for each in standings(records, context.id):
        requested.setdefault(each.provider, []).append(each)
    silent = [
        flag.unit
        for flag in all_flags(records, context.id)
        if flag.status not in (LISTED, WITHDRAWN) and not (flag.decision or flag.explanation)
    ]
    return {
        unit: _Conduct(
            late=sum(each.came_late for each in mine),
            never=sum(each.late(day) for each in mine),
            unanswered=silent.count(unit),
        )
        for unit, mine in requested.items()
    }


def _row(
    context: RoundContext,
    number: int,
    entry: RankRecord,
    groups: dict[str, str],
    among: dict[str, int],
    conduct: _Conduct,
) -> list[Cell]:
    unit = context.program.unit[entry.unit]
    moved = points = None
    if entry.rank is not None and entry.previous_rank is not None:
        moved = entry.previous_rank - entry.rank  # up is more
    if entry.points is not None and entry.previous_points is not None:
        points = float(Fraction(entry.points) - Fraction(entry.previous_points))
    return [
        number,
        unit.name,
        _office(context, unit),
        groups.get(entry.group, entry.group),
        _number(entry.published or entry.points),
        _number(entry.max_points),
        _number(entry.percent_published),
        entry.rank,
        among.get(entry.group),
        entry.grade,
        entry.previous_rank,
        moved,
        points,
        conduct.late,
        conduct.never,
        conduct.unanswered,
        entry.reason,
    ]


def _office(context: RoundContext, unit: Unit) -> str:
    """The head's office as the unit's papers are signed."""
    letterhead = unit.letterhead
    if letterhead is None and unit.id == context.program.organiser:
        letterhead = context.program.letterhead
    return letterhead.signer.split("\n")[-1] if letterhead else HEAD_OF


def _number(text: str | None) -> float | None:
    return None if text is None else float(Fraction(text))
