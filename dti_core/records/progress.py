"""How far each unit has come with what it was asked for, and who was in time, group by group."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from dti_core.figures import KNOWN
from dti_core.framework.model import RATIO
from dti_core.program.load import RoundContext
from dti_core.program.requests import PART, SELF, Item, Key, plan
from dti_core.records.bases import SELF as SELF_ASSESSED
from dti_core.records.collecting import Standing, source_of, standings
from dti_core.records.exemptions import granted
from dti_core.records.extensions import closing
from dti_core.records.flags import OPEN
from dti_core.records.on_time import GroupProgress, YearProgress, earlier_years, groups_of
from dti_core.records.tables import (
    AwardRecord,
    ConfirmationRecord,
    FigureRecord,
    FindingRecord,
    FlagRecord,
    SubmissionRecord,
)

__all__ = [
    "COLUMNS",
    "STATED",
    "GroupProgress",
    "Progress",
    "UnitProgress",
    "YearProgress",
    "progress",
]

STATED = KNOWN | {"not_available", "not_applicable"}
"""Statuses of a figure about which its unit has said all there is to say."""

FATAL = "fatal"
COLUMNS = ("received", "readable", "complete", "valid", "explained", "confirmed")
"""What a unit reaches one after another; see `UnitProgress`."""


@dataclass(frozen=True)
class UnitProgress:
    """How one provider stands.

    group      the level that it is assessed at; None for one that is only asked
    due        its last deadline; received_on the day on which the last of its workbooks came
    received   every workbook that was asked for has come
    readable   and figures, or its own points, were read from each
    complete   and every figure asked has a value or a stated status, and every row without figures
               its own points: `answered` of `asked`
    valid      and no fatal finding stands against its figures
    explained  and none of its doubts waits for an answer
    confirmed  its head stands for the newest version of every workbook
    """

    provider: str
    group: str | None
    asked: int
    answered: int
    due: date
    received_on: date | None
    on_time: bool
    received: bool
    readable: bool
    complete: bool
    valid: bool
    explained: bool
    confirmed: bool

    def late(self, day: date) -> bool:
        """Late on a day: came after the deadline, or has not come and the deadline has passed."""
        return not self.on_time if self.received else day > self.due


@dataclass(frozen=True)
class Progress:
    """A round's collection on a day.

    earlier  the rounds of earlier years that are in the records, the newest first
    notes    what the officer has to know or to decide
    """

    units: tuple[UnitProgress, ...]
    groups: tuple[GroupProgress, ...]
    earlier: tuple[YearProgress, ...]
    notes: tuple[str, ...]

    def reached(self, group: str | None) -> dict[str, int]:
        """Column → how many units of the group have reached it."""
        mine = [unit for unit in self.units if unit.group == group]
        return {column: sum(getattr(unit, column) for unit in mine) for column in COLUMNS}


@dataclass(frozen=True)
class _Known:
    """What the records say, gathered with one query a table.

    statuses   (unit, criterion, variable) → status of its newest version; of self-assessed points,
               whose variable is `SELF`, "given"
    read       sources that figures or self-assessed points were read from
    newest     source → content of its newest version
    faulty     providers against whose figures a fatal finding stands
    doubted    units with a doubt that waits for an answer
    confirmed  (provider, kind, content) that a head stands for
    """

    statuses: Mapping[Key, str]
    read: frozenset[str]
    newest: Mapping[str, str]
    faulty: frozenset[str]
    doubted: frozenset[str]
    confirmed: frozenset[Key]


def progress(session: Session, context: RoundContext, day: date) -> Progress:
    """How the collection stands on a day; the number of queries does not grow with the units, only
    with the earlier rounds."""
    exempted = granted(session, context.id)
    asked = {
        each.provider: tuple(
            _key(item, each.provider)
            for own in (True, False)
            for item in each.still_due(exempted, own=own)
        )
        for each in plan(context).requests
    }
    known = _gather(session, context.id, asked)
    stands: dict[str, list[Standing]] = defaultdict(list)
    for stand in standings(session, context.id):
        stands[stand.provider].append(stand)
    units = tuple(
        _unit(context.program.unit[who].level, mine, asked.get(who, ()), known)
        for who, mine in stands.items()
    )
    earlier = tuple(earlier_years(session, context, day))
    return Progress(units, groups_of(units, day), earlier, tuple(_notes(context)))


def _unit(
    group: str | None, stands: Sequence[Standing], asked: tuple[Key, ...], known: _Known
) -> UnitProgress:
    provider = stands[0].provider
    sources = [source_of(provider, stand.kind) for stand in stands]
    days = [stand.received_on for stand in stands if stand.received_on is not None]
    received = len(days) == len(stands)
    readable = received and all(source in known.read for source in sources)
    answered = sum(_is_answered(key, known.statuses) for key in asked)
    return UnitProgress(
        provider=provider,
        group=group,
        asked=len(asked),
        answered=answered,
        due=max(stand.due for stand in stands),
        received_on=max(days) if received else None,
        on_time=received and not any(stand.came_late for stand in stands),
        received=received,
        readable=readable,
        complete=readable and answered == len(asked),
        valid=readable and provider not in known.faulty,
        explained=readable and provider not in known.doubted,
        confirmed=received
        and all(
            (provider, stand.kind, known.newest[source]) in known.confirmed
            for stand, source in zip(stands, sources, strict=True)
        ),
    )


def _key(item: Item, provider: str) -> Key:
    """Where the provider's answer is kept: a part of a figure has a name of its own."""
    variable = f"{item.variable}{PART}{provider}" if item.part else item.variable
    return item.unit, item.criterion, variable


def _is_answered(key: Key, statuses: Mapping[Key, str]) -> bool:
    """Given, or said to be unavailable or not applicable; or its bare ratio stands for it."""
    unit, criterion, _ = key
    return statuses.get(key) in STATED or statuses.get((unit, criterion, RATIO)) in KNOWN


def _notes(context: RoundContext) -> Iterator[str]:
    if note := closing(context.id).note:
        yield note
    if context.program.policies.reminders is None:
        yield (
            "Chưa đặt chính sách “reminders” (lịch đôn đốc): nơi quá hạn được nhắc mỗi ngày một"
            " lần, không nhắc trước hạn, không báo lãnh đạo đơn vị."
        )


def _gather(session: Session, round_id: str, asked: Mapping[str, tuple[Key, ...]]) -> _Known:
    submissions = session.exec(
        select(SubmissionRecord.id, SubmissionRecord.source, SubmissionRecord.sha256)
        .where(SubmissionRecord.round_id == round_id)
        .order_by(col(SubmissionRecord.version))
    ).all()
    source_by_id = {id_: source for id_, source, _ in submissions}
    statuses: dict[Key, str] = {}
    read: set[str] = set()
    for unit, criterion, variable, status, submission in session.exec(
        select(
            FigureRecord.unit,
            FigureRecord.criterion,
            FigureRecord.variable,
            FigureRecord.status,
            FigureRecord.submission_id,  # type: ignore[call-overload]
        )
        .where(FigureRecord.round_id == round_id)
        .order_by(col(FigureRecord.version))
    ):
        statuses[unit, criterion, variable] = status
        read.add(source_by_id[submission])
    if any(key[2] == SELF for keys in asked.values() for key in keys):
        for unit, criterion in session.exec(
            select(AwardRecord.unit, AwardRecord.criterion).where(
                AwardRecord.round_id == round_id, AwardRecord.kind == SELF_ASSESSED
            )
        ):
            statuses[unit, criterion, SELF] = "given"
            read.add(source_of(unit, "own"))
    faulty = session.exec(
        select(FindingRecord.unit, FindingRecord.criterion, FindingRecord.variable).where(
            FindingRecord.round_id == round_id, FindingRecord.severity == FATAL
        )
    ).all()
    doubted = session.exec(
        select(FlagRecord.unit).where(FlagRecord.round_id == round_id, FlagRecord.status == OPEN)
    )
    confirmed = session.exec(
        select(
            ConfirmationRecord.provider,
            ConfirmationRecord.kind,
            ConfirmationRecord.submission_sha256,
        ).where(ConfirmationRecord.round_id == round_id)
    )
    return _Known(
        statuses=statuses,
        read=frozenset(read),
        newest={source: sha256 for _, source, sha256 in submissions},
        faulty=_blamed(faulty, asked),
        doubted=frozenset(doubted),
        confirmed=frozenset(confirmed),
    )


def _blamed(faulty: Sequence[Key], asked: Mapping[str, tuple[Key, ...]]) -> frozenset[str]:
    """The providers of faulty figures; of one made of several figures, all who give any of them."""
    exact: dict[Key, set[str]] = defaultdict(set)
    by_row: dict[tuple[str, str], set[str]] = defaultdict(set)
    for provider, keys in asked.items():
        for key in keys:
            exact[key].add(provider)
            by_row[key[:2]].add(provider)
    return frozenset(
        provider for key in faulty for provider in exact.get(key) or by_row.get(key[:2], set())
    )
