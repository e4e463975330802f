"""The values of the data-quality report, from the records of a round."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from sqlmodel import Session

from dti_core.framework.sheets.words import LEVELS
from dti_core.program.calendar import local_day
from dti_core.program.load import RoundContext
from dti_core.program.requests import Key
from dti_core.records.extensions import closing
from dti_core.records.flags import STATUS_TEXT
from reports.quality.criteria import criterion_lines
from reports.quality.data import AsideLine, NotRun, PartLine, QualityReport
from reports.quality.records import Known, known
from reports.quality.units import UnitPages, states_of
from reports.quality.years import year_lines


def quality_values(
    records: Session, context: RoundContext, day: date | None = None
) -> QualityReport:
    """The report over the figures, findings and doubts as they are now.

    day  what is late by it; without one, the day on which the last file came: the same records
         make the same report, whenever it is written
    """
    found = known(records, context)
    arrivals = [local_day(each.received_at) for each in found.submissions]
    last = max(arrivals, default=None)
    return QualityReport(
        round_id=context.id,
        title=context.round.title,
        decree=context.program.decree,
        issuer=context.program.letterhead.issuer,
        as_of=_as_of(day, last),
        deadline=f"{closing(context.id).on:%d/%m/%Y}",
        notes=tuple(_notes(found)),
        counts=found.counts(found.needed),
        groups=tuple(_groups(found)),
        pillars=tuple(_pillars(found)),
        flag_states=tuple(STATUS_TEXT[state] for state in states_of(found.flags)),
        pages=UnitPages(found, day or last).all(),
        criteria=tuple(criterion_lines(found)),
        not_run=tuple(
            NotRun(LEVELS[check.level], check.name, check.reason)
            for check in found.checks
            if check.status == "not_run"
        ),
        aside=tuple(
            AsideLine(
                name=found.hide(None, each.name),
                day=f"{local_day(each.at):%d/%m/%Y}",
                reason=found.hide(None, each.reason),
            )
            for each in found.aside
        ),
        year_before=context.round.evaluation_year - 1,
        years=tuple(year_lines(records, found)),
        illustration=context.round.illustration,
    )


def _as_of(day: date | None, last: date | None) -> str:
    came = f"tệp đến sau cùng ngày {last:%d/%m/%Y}" if last else "chưa nhận tệp nào"
    return f"ngày {day:%d/%m/%Y}, {came}" if day else came


def _notes(found: Known) -> Iterator[str]:
    """What has not happened yet: a number that looks good may only mean that nobody has looked."""
    if not found.submissions:
        yield (
            "Đợt đã mở, chưa nhận tệp nào: các bảng dưới đây mới cho biết những gì sẽ hỏi. Báo cáo"
            " được lập lại khi có tệp gửi về."
            if found.standings
            else "Đợt chưa gửi yêu cầu nào và chưa nhận tệp nào: các bảng dưới đây mới cho biết"
            " những gì sẽ hỏi."
        )
        return
    if not found.checks and not found.findings:
        yield "Số liệu chưa được kiểm tra: bước “Hợp lệ” mới chỉ là số liệu đọc được."
    if unable := sum(check.status == "not_run" for check in found.checks):
        yield (
            f"Có {unable} phép kiểm tra chưa chạy được (xem mục Tiêu chí): bước “Hợp lệ” chưa tính"
            " đến các phép kiểm tra đó. Đây không phải lỗi của đơn vị."
        )
    if not found.flags:
        yield (
            "Chưa ghi nhận nghi vấn nào: hoặc bước soát tính hợp lý chưa chạy, hoặc không có số"
            " liệu nào bị nghi vấn. Bước “Hợp lý” cần được hiểu theo đó."
        )


def _groups(found: Known) -> Iterator[PartLine]:
    by_level: dict[str, list[Key]] = defaultdict(list)
    level = {unit.id: unit.level or "" for unit in found.context.units}
    for key in found.needed:
        by_level[level[key[0]]].append(key)
    for name in found.context.frameworks:
        units = sum(each == name for each in level.values())
        yield PartLine(LEVELS[name], LEVELS[name], units, found.counts(by_level[name]))


def _pillars(found: Known) -> Iterator[PartLine]:
    level = {unit.id: unit.level or "" for unit in found.context.units}
    for name, framework in found.context.frameworks.items():
        units = sum(each == name for each in level.values())
        pillar_of = {row.code: pillar.code for pillar in framework.pillars for row in pillar.rows}
        by_pillar: dict[str, list[Key]] = defaultdict(list)
        for key in found.needed:
            if level[key[0]] == name:
                by_pillar[pillar_of[key[1]]].append(key)
        for pillar in framework.pillars:
            counts = found.counts(by_pillar[pillar.code])
            yield PartLine(LEVELS[name], f"{pillar.code}. {pillar.name}", units, counts)
