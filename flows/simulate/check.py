"""The end of a simulated year: what is as it should be, and everything that nobody can explain."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from sqlmodel import Session, col, select

from dti_core.program.load import RoundContext
from dti_core.rational import vietnamese
from dti_core.records.approvals import approval_states
from dti_core.records.collecting import quarantined, standings
from dti_core.records.database import session
from dti_core.records.outbox import DROPPED, SENT, notifications
from dti_core.records.ranking import ranks
from dti_core.records.rounds import documents
from dti_core.records.tables import AuditRecord, QuarantineRecord, SubmissionRecord
from dti_core.records.verifying import verify
from flows.simulate.expected import lacking
from flows.simulate.messages import unexplained
from flows.simulate.sink import Mail
from flows.simulate.year import Year
from reports.policies import answer as in_words
from tasks.inbox import inbox


@dataclass(frozen=True)
class Ended:
    """How one round ended.

    never  units that never sent, each with what became of it
    kinds  first word of a message's key → how many went out; `dropped`: no longer needed
    """

    round_id: str
    title: str
    requests: int
    in_time: int
    late: int
    never: tuple[str, ...]
    set_aside: int
    kinds: dict[str, int]
    dropped: int
    approvals: int
    refused_approvals: int
    papers: int
    ranked: int
    passes: int
    unexplained: tuple[str, ...]


def ended(year: Year, mail: Sequence[Mail]) -> list[Ended]:
    """Every round as it ended, with all that is unexplained; what concerns the whole year stands
    with the first round."""
    with session() as records:
        rounds = [_ended(records, year, state.context) for state in year.rounds.values()]
        whole = tuple(_of_the_year(records, year, mail))
    first = rounds[0]
    rounds[0] = Ended(**vars(first) | {"unexplained": (*whole, *first.unexplained)})
    return rounds


def _ended(records: Session, year: Year, context: RoundContext) -> Ended:
    sent = [each for each in notifications(records, context.id) if each.status == SENT]
    dropped = sum(each.status == DROPPED for each in notifications(records, context.id))
    stands = standings(records, context.id)
    mine = [each for each in year.approvals if each.round_id == context.id]
    return Ended(
        round_id=context.id,
        title=context.round.title,
        requests=len(stands),
        in_time=sum(s.received_on is not None and not s.came_late for s in stands),
        late=sum(s.came_late for s in stands),
        never=tuple(_never(records, context)),
        set_aside=len(quarantined(records, context.id)),
        kinds=dict(sorted(Counter(e.key.partition(":")[0] for e in sent).items())),
        dropped=dropped,
        approvals=sum(not each.refused for each in mine),
        refused_approvals=sum(bool(each.refused) for each in mine),
        papers=len(documents(records, context.id)),
        ranked=sum(each.rank is not None for each in ranks(records, context.id)),
        passes=year.rounds[context.id].passes,
        unexplained=tuple(_unexplained(records, year, context)),
    )


_ASKED = {"own": "số liệu của đơn vị", "about_units": "số liệu về các đơn vị"}


def _never(records: Session, context: RoundContext) -> Iterator[str]:
    """Who never sent, and what the round's policies made of that."""
    policy = context.program.policies.missing_figure
    told = (
        in_words("missing_figure", policy.value)
        if policy
        else "điểm do người thẩm định quyết định, có lý do"
    )
    place = {each.unit: each for each in ranks(records, context.id)}
    for each in standings(records, context.id):
        if each.received_on is None:
            unit, entry = context.program.unit[each.provider], place.get(each.provider)
            result = ""
            if entry is not None:
                rank = f"hạng {entry.rank}" if entry.rank is not None else "không xếp hạng"
                points = vietnamese(Fraction(entry.published)) if entry.published else "chưa có"
                result = f"; kết quả: {rank}, {points} điểm"
            yield f"{unit.name} ({_ASKED[each.kind]}): {told}{result}"


def _unexplained(records: Session, year: Year, context: RoundContext) -> Iterator[str]:
    yield from (words for _, of, words in year.refusals if of == context.id)
    yield from lacking(records, context)
    if context.round.data:
        return
    yield from unexplained(records, year, context)
    yield from _files(records, year, context)
    yield from _approvals(records, year, context)
    if not year.rounds[context.id].done:
        waits = year.rounds[context.id].waits
        yield f"đợt không đi đến hết: {waits[1] if waits else 'chưa chạy'}"
    if context.round.own_index:
        return
    placed = {each.unit for each in ranks(records, context.id)}
    for unit in context.units:
        if unit.id not in placed:
            yield f"{unit.name} không có trong kết quả"


def _files(records: Session, year: Year, context: RoundContext) -> Iterator[str]:
    """Every file that came is a submission where it could be taken, and lies aside where not."""
    taken = set(
        records.exec(select(SubmissionRecord.sha256).where(SubmissionRecord.round_id == context.id))
    )
    aside = {
        each.name: each.reason
        for each in records.exec(
            select(QuarantineRecord).where(QuarantineRecord.round_id == context.id)
        )
    }
    sent = {each.name for each in year.arrivals if each.round_id == context.id}
    for each in year.arrivals:
        if each.round_id != context.id or each.what == "appraisal":
            continue
        # by content: who sends the same figures again sends nothing new
        if each.good and _digest(inbox(context.id) / each.name) not in taken:
            yield f"tệp {each.name} của {each.who} không được nhận: {aside.get(each.name, '?')}"
        if not each.good and each.name not in aside:
            yield f"tệp {each.name} ({each.expected_aside}) không được để riêng"
    appraisals = {a.name for a in year.arrivals if a.what == "appraisal"}
    for name, reason in aside.items():
        if name not in sent or name in appraisals:
            yield f"tệp {name} bị để riêng: {reason}"


def _digest(file: Path) -> str | None:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else None


def _approvals(records: Session, year: Year, context: RoundContext) -> Iterator[str]:
    """Every approval that stands was over what was shown, and none was refused without a change."""
    shown = {
        (a.step, a.moment.isoformat(timespec="seconds")): a.digest
        for a in year.approvals
        if a.round_id == context.id and not a.refused
    }
    for event in records.exec(
        select(AuditRecord)
        .where(AuditRecord.round_id == context.id, AuditRecord.action == "step_approved")
        .order_by(col(AuditRecord.seq))
    ):
        if shown.get((event.subject, event.at)) != event.detail["digest"]:
            yield f"bước {event.subject} được xác nhận lúc {event.at} trên nội dung chưa trình"
    for state in approval_states(records, context):
        if state.state != "valid":
            changed = "; ".join(state.changed)
            yield f"bước {state.step} không còn được xác nhận khi hết năm: {changed or 'chưa ai'}"


def _of_the_year(records: Session, year: Year, mail: Sequence[Mail]) -> Iterator[str]:
    yield from verify(records)
    went = Counter(
        each.title
        for state in year.rounds.values()
        for each in notifications(records, state.context.id)
        if each.status == SENT
    )
    came = Counter(each.title for each in mail)
    for title in sorted(set(went) | set(came)):
        if went[title] != came[title]:
            yield f"thư “{title}”: sổ ghi gửi {went[title]}, nơi nhận có {came[title]}"
    yield from _stamps(records, year)


def _stamps(records: Session, year: Year) -> Iterator[str]:
    """Nothing is stamped with the machine's own time."""
    moments = [moment for moment, _, _ in year.events]
    first, last = min(moments), max(moments) + timedelta(days=60)
    for event in records.exec(select(AuditRecord)):
        at = datetime.fromisoformat(event.at)
        if not first <= at.astimezone(UTC) <= last:
            yield f"sự kiện {event.action} của {event.round_id} ghi giờ máy {event.at}"
