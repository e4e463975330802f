"""The values of the data-quality report, from the records of a round."""

from collections import Counter
from fractions import Fraction

from sqlmodel import Session

from dti_core.program.load import RoundContext
from dti_core.program.requests import requests
from dti_core.rational import vietnamese
from dti_core.records.awards import findings
from dti_core.records.collecting import Standing, standings
from dti_core.records.figures import current_figures
from dti_core.records.flags import ACCEPTED, STATUS_TEXT, WITHDRAWN, all_flags
from dti_core.records.tables import FindingRecord, FlagRecord
from reports.quality.data import (
    CriterionLine,
    FindingLine,
    FlagLine,
    QualityReport,
    UnitLine,
    stages,
)
from reports.shown import FLAG_TONE, NOTHING, SEVERITY_TONE, Tone, share

SEVERITIES = {"fatal": "lỗi phải sửa", "warning": "cảnh báo"}
STATES = ("open", "answered", "accepted", "refused")


def quality_values(records: Session, context: RoundContext) -> QualityReport:
    """The report over the figures, findings and flags as they are now."""
    asked = {
        (item.unit, item.criterion, item.variable): request.provider
        for request in requests(context)
        for item in (*request.own, *request.about_units)
    }
    figures = current_figures(records, context.id)
    received = {key for key in asked if key in figures and figures[key].known}
    found = findings(records, context.id)
    flags = [flag for flag in all_flags(records, context.id) if flag.status != WITHDRAWN]
    wrong = {(f.unit, f.criterion, f.variable) for f in found if f.severity == "fatal"}
    valid = received - wrong
    doubted = {
        key
        for key in valid
        for flag in flags
        if flag.unit == key[0]
        and key[1] in flag.criteria
        and flag.variable in (None, key[2])
        and flag.detector != "self_score"
    }
    settled = {
        key
        for key in doubted
        if all(
            flag.status == ACCEPTED
            for flag in flags
            if flag.unit == key[0] and key[1] in flag.criteria and flag.variable in (None, key[2])
        )
    }
    round_ = context.round
    stands = standings(records, context.id)
    missing = Counter(asked[key] for key in asked if key not in received)
    last = max((s.received_on for s in stands if s.received_on), default=None)
    return QualityReport(
        round_id=context.id,
        title=round_.title,
        decree=context.program.decree,
        as_of=f"tệp đến sau cùng ngày {last:%d/%m/%Y}" if last else "chưa nhận tệp nào",
        deadline=f"{round_.closes.on:%d/%m/%Y}",
        stages=stages(
            asked=len(asked),
            received=len(received),
            valid=len(valid),
            plausible=len(valid - doubted),
            explained=len(settled),
        ),
        severities=tuple(SEVERITIES.values()),
        flag_states=tuple(STATUS_TEXT[state] for state in STATES),
        units=tuple(
            _unit(context, provider, stands, missing[provider], found, flags)
            for provider in dict.fromkeys(asked.values())
        ),
        criteria=tuple(_criteria(context, asked, received, found, flags)),
        findings=tuple(_finding(context, f) for f in found if f.rule != "required"),
        flags=tuple(_flag(context, flag) for flag in flags),
        illustration=round_.illustration,
    )


def _unit(
    context: RoundContext,
    provider: str,
    stands: list[Standing],
    missing: int,
    found: list[FindingRecord],
    flags: list[FlagRecord],
) -> UnitLine:
    mine = [stand for stand in stands if stand.provider == provider]
    days = [stand.received_on for stand in mine if stand.received_on]
    absent = len(days) < len(mine)
    late = any(stand.came_late for stand in mine)
    tone: Tone = "bad" if absent else "part" if late else "good"
    own = [f for f in found if f.unit == provider and f.rule != "required"]
    doubts = [flag for flag in flags if flag.unit == provider]
    return UnitLine(
        name=context.program.unit[provider].name,
        received=", ".join(f"{day:%d/%m/%Y}" for day in sorted(set(days))) or NOTHING,
        timeliness="còn thiếu tệp" if absent else "muộn" if late else "đúng hạn",
        tone=tone,
        missing=str(missing) if missing else NOTHING,
        findings=tuple(str(sum(f.severity == s for f in own) or NOTHING) for s in SEVERITIES),
        flags=tuple(str(sum(d.status == state for d in doubts) or NOTHING) for state in STATES),
    )


def _criteria(
    context: RoundContext,
    asked: dict[tuple[str, str, str], str],
    received: set[tuple[str, str, str]],
    found: list[FindingRecord],
    flags: list[FlagRecord],
) -> list[CriterionLine]:
    lines = []
    for framework in context.frameworks.values():
        units = [unit.id for unit in context.units if unit.level == framework.level]
        for row in framework.rows:
            lacking = {u for u, c, v in asked if c == row.code and (u, c, v) not in received}
            faulty = {f.unit for f in found if f.criterion == row.code and f.rule != "required"}
            doubted = {flag.unit for flag in flags if row.code in flag.criteria}
            wrong = (lacking | faulty | doubted) & set(units)
            if wrong:
                lines.append(
                    CriterionLine(
                        code=row.code,
                        name=row.name,
                        units_wrong=f"{len(wrong)}/{len(units)}",
                        missing=str(len(lacking) or NOTHING),
                        findings=str(len(faulty) or NOTHING),
                        flags=str(len(doubted) or NOTHING),
                        share=share(len(wrong), len(units)),
                    )
                )
    return lines


def _finding(context: RoundContext, finding: FindingRecord) -> FindingLine:
    return FindingLine(
        unit=context.program.unit[finding.unit].name,
        criterion=finding.criterion,
        cell=", ".join(p for p in (finding.file, finding.sheet, finding.cell) if p) or NOTHING,
        message=finding.message,
        severity=SEVERITIES[finding.severity],
        tone=SEVERITY_TONE[finding.severity],
        status="",
    )


def _flag(context: RoundContext, flag: FlagRecord) -> FlagLine:
    impact = ""
    if flag.impact is not None and Fraction(flag.impact) != 0:
        change = Fraction(flag.impact)
        impact = f"{'+' if change > 0 else ''}{vietnamese(change)} điểm"
    return FlagLine(
        unit=context.program.unit[flag.unit].name,
        criterion=flag.criterion,
        cell=f"số liệu {flag.variable}" if flag.variable else NOTHING,
        message=flag.message,
        status=STATUS_TEXT[flag.status],
        tone=FLAG_TONE[flag.status],
        impact=impact,
        explanation=flag.explanation or "",
        decision=flag.officer_reason or "",
    )
