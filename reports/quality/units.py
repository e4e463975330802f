"""The values of the report about each unit: how it stands, and every sentence that it was told."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import PurePosixPath

from dti_core.framework.model import Criterion
from dti_core.framework.sheets.words import LEVELS
from dti_core.program.calendar import local_day
from dti_core.program.model import Unit
from dti_core.program.requests import Key
from dti_core.records.collecting import Standing
from dti_core.records.flags import ACCEPTED, ANSWERED, OPEN, REFUSED, STATUS_TEXT
from dti_core.records.progress import FATAL, STATED
from dti_core.records.stored import to_figure
from dti_core.records.tables import (
    FigureRecord,
    FindingRecord,
    FlagRecord,
    SubmissionRecord,
)
from dti_core.scoring.explain import shown_value
from reports.quality.data import FileLine, FlagLine, Remark, UnitLine, UnitPage
from reports.quality.records import EVIDENCE, MISSING, REQUIRED, Asked, Known
from reports.shown import FLAG_TONE, NOTHING, Tone

ONLY_ASKED = "Chỉ cung cấp số liệu, không được đánh giá"

_NO_VALUE = {
    "missing": "để trống",
    "not_available": "chưa thống kê được",
    "not_applicable": "không áp dụng",
    "partial": "chưa đủ các phần",
}


def states_of(flags: Iterable[FlagRecord]) -> tuple[str, ...]:
    """The states of doubts that the report counts: the four of every round, others that occur."""
    there = {OPEN, ANSWERED, ACCEPTED, REFUSED} | {flag.status for flag in flags}
    return tuple(state for state in STATUS_TEXT if state in there)


def group_of(unit: Unit) -> str:
    """The name of the group that a unit stands in."""
    return LEVELS[unit.level] if unit.level else ONLY_ASKED


class UnitPages:
    """The pages of a round's units, over what was read of it once.

    day  what is late by it; None where no file has come yet
    """

    def __init__(self, known: Known, day: date | None) -> None:
        self.known = known
        self.day = day
        self._findings: dict[str, list[FindingRecord]] = defaultdict(list)
        for finding in known.findings:
            if finding.rule != REQUIRED:
                for provider in self._blamed(finding):
                    self._findings[provider].append(finding)
        self._states = states_of(known.flags)
        self._flags: dict[str, list[FlagRecord]] = defaultdict(list)
        for flag in known.flags:
            self._flags[flag.unit].append(flag)
        self._stands: dict[str, list[Standing]] = defaultdict(list)
        for stand in known.standings:
            self._stands[stand.provider].append(stand)
        self._files: dict[str, list[SubmissionRecord]] = defaultdict(list)
        for submission in known.submissions:
            self._files[submission.unit].append(submission)

    def all(self) -> tuple[UnitPage, ...]:
        """Everybody who is asked or assessed, group by group."""
        context = self.known.context
        assessed = {unit.id for unit in context.units}
        wanted = [u for u in context.program.units if u.id in assessed or u.id in self.known.asked]
        order = [*context.frameworks, None]
        place = {unit.id: n for n, unit in enumerate(wanted)}
        wanted.sort(
            key=lambda u: (
                order.index(u.level) if u.level in order else len(order),
                place[u.id],
            )
        )
        return tuple(self._page(unit) for unit in wanted)

    def _page(self, unit: Unit) -> UnitPage:
        asked = self.known.asked.get(unit.id, ())
        papers = [f for f in self._findings[unit.id] if f.rule == EVIDENCE]
        found = [f for f in self._findings[unit.id] if f.rule != EVIDENCE]
        unclear = (*self._unclear(asked), *self._questions(unit.id))
        keys = [item.key for item in asked] or [k for k in self.known.needed if k[0] == unit.id]
        return UnitPage(
            line=self._line(unit, asked, found, len(unclear), len(papers)),
            counts=self.known.counts(list(dict.fromkeys(keys))),
            missing=tuple(self._missing(asked)),
            unclear=unclear,
            fatal=self._told(unit.id, (f for f in found if f.severity == FATAL)),
            warned=self._told(unit.id, (f for f in found if f.severity != FATAL)),
            flags=tuple(self._flag(flag) for flag in self._flags[unit.id]),
            papers=self._told(unit.id, papers),
            changes=tuple(self._changes(asked)),
            files=tuple(self._file(submission) for submission in self._files[unit.id]),
        )

    def _line(
        self,
        unit: Unit,
        asked: Sequence[Asked],
        found: Sequence[FindingRecord],
        unclear: int,
        papers: int,
    ) -> UnitLine:
        states = Counter(flag.status for flag in self._flags[unit.id])
        received, due, timeliness, tone, late = self._timeliness(unit.id)
        kinds = list(dict.fromkeys(item.kind for item in asked))
        sure = sum((unit.id, kind) in self.known.confirmed for kind in kinds)
        return UnitLine(
            id=unit.id,
            name=unit.name,
            group=group_of(unit),
            asked=len(asked),
            answered=sum(self.known.status(item.stored) in STATED for item in asked),
            unclear=unclear,
            fatal=sum(f.severity == FATAL for f in found),
            warned=sum(f.severity != FATAL for f in found),
            papers=papers,
            flags=tuple(states[state] for state in self._states),
            received=received,
            due=due,
            timeliness=timeliness,
            tone=tone,
            late=late,
            confirmed=NOTHING
            if not kinds
            else "chưa"
            if not sure
            else "đã xác nhận"
            if sure == len(kinds)
            else f"{sure}/{len(kinds)} tệp",
        )

    def _timeliness(self, unit: str) -> tuple[str, str, str, Tone, bool]:
        """(days of arrival, deadlines, words, tone, whether late) of a unit's workbooks."""
        mine = self._stands[unit]
        if not mine:
            words = "chưa gửi yêu cầu" if unit in self.known.asked else "không phải nộp"
            return NOTHING, NOTHING, words, "plain", False
        days = sorted({stand.received_on for stand in mine if stand.received_on})
        received = ", ".join(f"{day:%d/%m/%Y}" for day in days) or NOTHING
        due = ", ".join(f"{day:%d/%m/%Y}" for day in sorted({stand.due for stand in mine}))
        absent = [stand for stand in mine if stand.received_on is None]
        came_late = any(stand.came_late for stand in mine)
        overdue = self.day is not None and any(stand.late(self.day) for stand in absent)
        what = "chưa nộp" if len(absent) == len(mine) else "còn thiếu tệp"
        if overdue:
            return received, due, f"{what}, quá hạn", "bad", True
        if absent:
            return received, due, f"{what}, còn hạn", "ask", came_late
        return (
            (received, due, "muộn", "part", True)
            if came_late
            else (
                received,
                due,
                "đúng hạn",
                "good",
                False,
            )
        )

    def _missing(self, asked: Iterable[Asked]) -> Iterator[Remark]:
        """What was left blank; nothing where the file itself has not come: the page says that."""
        for item in asked:
            came = (item.provider, item.kind) in self.known.came
            if came and self.known.status(item.stored) == MISSING:
                yield self._remark(item, self._label(item))

    def _unclear(self, asked: Iterable[Asked]) -> Iterator[Remark]:
        for item in asked:
            status = self.known.status(item.stored)
            if status == MISSING or status in STATED:
                continue
            record = self.known.versions[item.stored][-1]
            text = record.question or f"{self._label(item)}: {_NO_VALUE.get(status, 'chưa rõ')}"
            yield self._remark(item, text, "" if record.question else _where(record.file))

    def _questions(self, unit: str) -> Iterator[Remark]:
        """Questions about the newest version of each file that are about no figure, and evidence
        that was not taken."""
        newest = {submission.source: submission for submission in self._files[unit]}
        for submission in newest.values():
            for remark in self.known.remarks.get(submission.id or 0, ()):
                if remark.kind != "notice":
                    where = _where(remark.sheet, remark.cell)
                    yield Remark("", "", self.known.hide(unit, remark.text), where)

    def _told(self, unit: str, found: Iterable[FindingRecord]) -> tuple[Remark, ...]:
        return tuple(
            Remark(
                about=self._about(f.unit, unit),
                code=f.criterion,
                text=self.known.hide(f.unit, f.message),
                where=self.known.hide(f.unit, _place(f)),
            )
            for f in found
        )

    def _flag(self, flag: FlagRecord) -> FlagLine:
        return FlagLine(
            code=", ".join(flag.criteria or (flag.criterion,)),
            text=self.known.hide(flag.unit, flag.message),
            status=STATUS_TEXT[flag.status],
            tone=FLAG_TONE[flag.status],
            points=None if flag.impact is None else float(Fraction(flag.impact)),
            explanation=self.known.hide(flag.unit, flag.explanation or ""),
            decision=self.known.hide(flag.unit, flag.officer_reason or ""),
        )

    def _changes(self, asked: Iterable[Asked]) -> Iterator[Remark]:
        for item in asked:
            for before, after in pairwise(self.known.versions.get(item.stored, ())):
                old, new = self._value(item, before), self._value(item, after)
                if old != new:
                    text = f"{self._label(item)}: trước “{old}”, nay “{new}”"
                    where = self.known.hide(item.provider, _where(after.file, after.sheet))
                    yield self._remark(item, text, where)

    def _value(self, item: Asked, record: FigureRecord) -> str:
        if record.status in _NO_VALUE:
            return _NO_VALUE[record.status]
        shown = shown_value(self._row(item.key), item.key[2], to_figure(record))
        return f"{record.raw} (chưa rõ)" if shown == "?" and record.raw else shown

    def _file(self, submission: SubmissionRecord) -> FileLine:
        told = self.known.remarks.get(submission.id or 0, ())
        name = PurePosixPath(submission.stored_as).name
        return FileLine(
            name=self.known.hide(submission.unit, name.partition("-")[2] or name),
            version=submission.version,
            received=f"{local_day(submission.received_at):%d/%m/%Y}",
            notices=tuple(
                self.known.hide(submission.unit, each.text)
                for each in told
                if each.kind == "notice"
            ),
        )

    def _blamed(self, finding: FindingRecord) -> Iterable[str]:
        """Who has to put a finding right: who gives the figure, or any figure of the row."""
        provided, key = self.known.provided, (finding.unit, finding.criterion, finding.variable)
        asked = list(provided.get(key, ()))
        if not asked:
            row = self.known.figures_of(finding.unit, finding.criterion, None)
            asked = [one for each in row for one in provided.get(each, ())]
        return dict.fromkeys(one.provider for one in asked) or (finding.unit,)

    def _remark(self, item: Asked, text: str, where: str = "") -> Remark:
        text = self.known.hide(item.provider, text)
        return Remark(self._about(item.key[0], item.provider), item.key[1], text, where)

    def _about(self, unit: str, page: str) -> str:
        return "" if unit == page else self.known.context.program.unit[unit].name

    def _label(self, item: Asked) -> str:
        label, name = self._row(item.key).variables[item.key[2]].label, item.key[2]
        return f"số liệu {name} ({label})" if len(name) == 1 else label

    def _row(self, key: Key) -> Criterion:
        return self.known.context.framework_of(key[0]).by_code[key[1]]


def _place(finding: FindingRecord) -> str:
    """Where a figure stands; nothing where the sentence itself says it."""
    said = finding.file is not None and finding.file in finding.message
    return "" if said else _where(finding.file, finding.sheet, finding.cell)


def _where(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)
