"""The criteria of a dossier: every row with all that its points came from."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar

from dti_core.framework.describe import FIGURE_STATUS, READING, SCORE_STATUS
from dti_core.framework.model import Criterion, Pillar
from dti_core.program.requests import PART
from dti_core.program.routing import verifier_name
from dti_core.rational import exact_text, vietnamese
from dti_core.records.bases import APPRAISED, HANDED_OVER, SELF
from dti_core.records.dossier import Collected
from dti_core.records.flags import LISTED, STATUS_TEXT, WITHDRAWN
from dti_core.records.official import EXEMPTED
from dti_core.records.stored import COMPUTED, StoredAward, to_figure
from dti_core.records.tables import (
    AuditRecord,
    FigureRecord,
    FindingRecord,
    FlagRecord,
    OpinionRecord,
)
from dti_core.scoring.explain import shown_value
from reports.dossier.data import (
    EvidenceText,
    ExemptionText,
    FindingText,
    FlagText,
    OpinionText,
    PillarDossier,
    PointsText,
    PriorText,
    RowDossier,
    VersionText,
)
from reports.dossier.enclosed import Enclosed
from reports.score_sheet.data import PillarText, RowText
from reports.shown import NOTHING, points

T = TypeVar("T")

_ADDRESS = re.compile(r"[A-Z]{1,3}[0-9]+")
_NAMES_ANOTHER = (
    "Nghi vấn nhắc tên đơn vị khác và không được gửi cho đơn vị này; lời nêu chỉ có trong cơ sở dữ"
    " liệu."
)

KINDS = {
    SELF: "tự đánh giá",
    COMPUTED: "tính theo quy tắc",
    HANDED_OVER: "cơ quan cấp trên cho",
    APPRAISED: "thẩm định",
    EXEMPTED: "miễn đánh giá",
}
AWARD_STATUS = {
    "adjusted": "đã điều chỉnh",
    "exempt": "được miễn",
    "not_assessed": "không đánh giá",
    "open": "chưa có điểm",
}
EFFECTS = {
    "not_assessed": "không đánh giá, trừ khỏi điểm tối đa",
    "full": "tính điểm tối đa",
    "best_of_group": "tính bằng điểm cao nhất của nhóm",
}
EXEMPTION_STATUS = {
    "proposed": "mới đề xuất",
    "granted": "đã chấp thuận",
    "refused": "không chấp thuận",
}
SEVERITY = {"fatal": "phải sửa", "warning": "cần xem"}
DECISIONS = {"kept": "giữ số đã báo cáo", "changed": "sửa số đã báo cáo"}


class Rows:
    """What is known about each row of the unit.

    received  (source, version) → the event that took the file in
    """

    def __init__(self, found: Collected, files: Enclosed, digits: int) -> None:
        self.found, self.files, self.digits = found, files, digits
        self.framework = found.context.framework_of(found.unit)
        self.received = {
            (each.subject, each.detail["version"]): each
            for each in found.events
            if each.action == "file_received"
        }
        self._decided = {e.subject: e for e in found.events if e.action == "flag_decided"}
        self._grounds = {each.id: each for each in found.context.program.exemptions}
        self._newest: dict[tuple[str, str], int] = {}
        for figure in found.figures:
            key = figure.criterion, figure.variable
            self._newest[key] = max(figure.version, self._newest.get(key, 0))

    def pillar(self, pillar: Pillar, sheet: PillarText) -> PillarDossier:
        """A pillar with its official points, and its rows as the score sheet has them."""
        total = self.found.pillars[pillar.code]
        decided = total.decided
        return PillarDossier(
            code=pillar.code,
            name=pillar.name,
            max_points=vietnamese(total.max_points),
            points=points(total.low, self.digits) if decided else "chưa đủ điểm",
            exact=exact_text(total.low) if decided else "",
            rows=[self._row(row, text) for row, text in zip(pillar.rows, sheet.rows, strict=True)],
        )

    def _row(self, row: Criterion, text: RowText) -> RowDossier:
        found, code = self.found, row.code
        versions = sorted(_of(found.figures, code), key=lambda each: (each.variable, each.version))
        return RowDossier(
            row=replace(text, flags=()),
            points=list(self._points(code)),
            versions=[self._version(row, each) for each in versions],
            findings=[_finding(each) for each in _of(found.findings, code)],
            flags=[
                self._flag(each) for each in found.flags if code in (each.criterion, *each.criteria)
            ],
            opinions=[self._opinion(each) for each in _of(found.opinions, code)],
            evidence=list(self._evidence(code)),
            exemptions=list(self._exemptions(code)),
            prior=list(self._prior(row)),
        )

    def _points(self, code: str) -> Iterator[PointsText]:
        mine = _of(self.found.awards, code)
        kinds = {each.kind for each in mine}
        counts = EXEMPTED if EXEMPTED in kinds else APPRAISED
        order = list(KINDS)
        for award in sorted(mine, key=lambda each: (order.index(each.kind), each.reading)):
            yield PointsText(
                kind=KINDS[award.kind],
                reading=READING.get(award.reading, "") if award.kind == COMPUTED else "",
                points=self._published(award),
                exact=award.points or "",
                status=AWARD_STATUS.get(award.status, SCORE_STATUS.get(award.status, award.status)),
                reason=award.reason or "; ".join(award.reasons),
                by=self._unit_name(award.decided_by),
                official=award.kind == counts,
            )

    def _published(self, award: StoredAward) -> str:
        if award.points is None:
            low, high = Fraction(award.low), Fraction(award.high)
            return NOTHING if low == high else f"từ {vietnamese(low)} đến {vietnamese(high)}"
        return points(Fraction(award.points), self.digits)

    def _unit_name(self, who: str | None) -> str:
        unit = self.found.context.program.unit.get(who or "")
        return unit.name if unit else who or ""

    def _version(self, row: Criterion, record: FigureRecord) -> VersionText:
        figure = to_figure(record)
        name, _, provider = record.variable.partition(PART)
        variable = row.variables.get(name)
        label = variable.label if variable else "Tỷ lệ nêu thẳng trong nguồn"
        if provider:
            label += f" (phần của {self._unit_name(provider)})"
        file = self.found.submissions[record.submission_id]
        taken = self.received.get((file.source, file.version))
        shown = shown_value(row, name, figure)
        number = isinstance(figure.value, Fraction)
        return VersionText(
            variable="tỷ lệ" if name == "ratio" else record.variable,
            label=label,
            version=record.version,
            counts=record.version == self._newest[record.criterion, record.variable],
            status=FIGURE_STATUS[record.status],
            value="" if shown == "?" else shown,
            exact=record.number or "" if number else "",
            raw=record.raw or "",
            file=record.file or "",
            sheet=record.sheet or "",
            cells=list(record.cells),
            place=_place(None, record.sheet, "; ".join(map(_cell, record.cells))),
            question=record.question or "",
            note=record.note or "",
            source=file.source,
            submission=file.version,
            received_at=file.received_at,
            received_by=taken.actor if taken else "",
            sha256=file.sha256,
            path=self.files.submissions[record.submission_id].path,
        )

    def _opinion(self, each: OpinionRecord) -> OpinionText:
        return OpinionText(
            verifier=verifier_name(self.found.context, each.verifier),
            points=points(Fraction(each.points), self.digits),
            exact=each.points,
            reason=each.reason or "",
            actor=each.actor,
            at=each.at,
            place=_place(each.file, each.sheet, _cell(each.cell)),
        )

    def _flag(self, each: FlagRecord) -> FlagText:
        decided: AuditRecord | None = self._decided.get(each.flag_id)
        worth = [
            f"{vietnamese(Fraction(each.impact))} điểm của mục" if each.impact else "",
            f"{vietnamese(Fraction(each.impact_total))} điểm của tổng" if each.impact_total else "",
            f"{each.impact_rank} bậc" if each.impact_rank else "",
        ]
        return FlagText(
            id=each.flag_id,
            detector=each.detector,
            message=self._told(each),
            status=STATUS_TEXT[each.status],
            reported=each.reported or "",
            expected=each.expected or "",
            impact=", ".join(part for part in worth if part),
            due=each.due or "",
            decision=DECISIONS.get(each.decision or "", each.decision or ""),
            corrected=each.corrected or "",
            explanation=each.explanation or "",
            officer=each.officer_reason or "",
            decided_by=decided.actor if decided else "",
            decided_at=decided.at if decided else "",
        )

    def _told(self, each: FlagRecord) -> str:
        """The words of a doubt. The unit has them where it was asked; where it was not, another
        unit's name and figures stay out."""
        if each.status not in (LISTED, WITHDRAWN):
            return each.message
        named = (unit.name for unit in self.found.context.program.units if unit.id != each.unit)
        own = self.found.context.program.unit[each.unit].name
        rest = each.message.replace(own, "")
        return _NAMES_ANOTHER if any(name in rest for name in named) else each.message

    def _evidence(self, code: str) -> Iterator[EvidenceText]:
        for link in _of(self.found.links, code):
            file = self.files.evidence.get(link.sha256 or "")
            yield EvidenceText(
                variable=link.variable,
                words=link.words,
                name=file.name if file else "",
                sha256=link.sha256 or "",
                path=file.path if file else "",
            )

    def _exemptions(self, code: str) -> Iterator[ExemptionText]:
        for each in _of(self.found.exemptions, code):
            ground = self._grounds.get(each.ground)
            yield ExemptionText(
                ground=f"{ground.name} ({ground.basis})" if ground else each.ground,
                effect=EFFECTS.get(each.effect, each.effect),
                status=EXEMPTION_STATUS.get(each.status, each.status),
                reason=each.reason or "",
                decided_by=each.decided_by or "",
                at=each.at,
            )

    def _prior(self, row: Criterion) -> Iterator[PriorText]:
        for (code, variable), figure in self.found.last_year.items():
            if code == row.code and figure.value is not None:
                cells = "; ".join(map(_cell, figure.cells))
                place = _place(figure.file, figure.sheet, cells)
                yield PriorText(variable, shown_value(row, variable, figure), place)


def _of(records: Sequence[T], code: str) -> list[T]:
    return [each for each in records if each.criterion == code]  # type: ignore[attr-defined]


def _finding(each: FindingRecord) -> FindingText:
    return FindingText(
        variable=each.variable,
        rule=each.rule,
        severity=SEVERITY.get(each.severity, each.severity),
        message=each.message,
        cell=_place(each.file, each.sheet, _cell(each.cell)),
    )


def _place(file: str | None, sheet: str | None, cells: str) -> str:
    """File, sheet and cells in words, as far as they are known."""
    parts = (file, f"trang “{sheet}”" if sheet else None, cells)
    return ", ".join(part for part in parts if part)


def _cell(cell: str | None) -> str:
    """A cell of a sheet, "ô F13"; another source says itself what it is: "dòng 12"."""
    if not cell:
        return ""
    return f"ô {cell}" if _ADDRESS.fullmatch(cell) else cell
