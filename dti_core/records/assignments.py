"""Assignments: what went out to each appraiser, how far he has come, when his part is closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from dti_core.errors import Refused
from dti_core.program.calendar import next_working_day
from dti_core.program.load import RoundContext
from dti_core.program.routing import Pair, routes, verifier_name
from dti_core.records import audit
from dti_core.records.bases import bases
from dti_core.records.exemptions import granted, undecided
from dti_core.records.one_writer import one_writer
from dti_core.records.opinions import by_row, standing
from dti_core.records.participation import places
from dti_core.records.rights import Right, need
from dti_core.records.tables import AssignmentRecord

_NAMED = 8
"""So many rows are named in a message; of the others their number."""


class NotClosed(Refused):
    """A part that cannot be closed or opened again. The text says why and what to do."""


@dataclass(frozen=True)
class Progress:
    """How far one verifier has come.

    items    rows that are his
    judged   of those, the rows with points of his that count; all of them once he is closed
    lacking  rows that cannot go without his points: no points are computed or self-assessed, or
             a doubt is his to decide, or his points need a reason by now
    """

    verifier: str
    name: str
    items: int
    judged: int
    lacking: tuple[Pair, ...]
    due: date | None
    closed_on: str | None = None
    closed_by: str | None = None

    @property
    def done(self) -> bool:
        return self.closed_on is not None or self.judged == self.items

    def late(self, day: date) -> bool:
        """Whether his deadline has passed and rows of his still wait for him."""
        return self.due is not None and day > self.due and not self.done


def due_of(context: RoundContext) -> date | None:
    """The last day for appraisers, moved off a day off where the program decided so.

    Raises UnknownYear, UnsettledDay as `calendar.next_working_day` does.
    """
    by, policy = context.round.appraise_by, context.program.policies.deadline_on_day_off
    if by is None:
        return None
    moved = policy is not None and policy.value == "next_working_day"
    return next_working_day(by.on) if moved else by.on


def record_sent(
    session: Session, context: RoundContext, sent: Mapping[str, tuple[str, str]], actor: str
) -> int:
    """Record the workbooks that went out; returns how many are new, gone or have other content.

    sent  verifier → (path under the round's folder, SHA-256)

    A part whose rows have become others, by a policy that was set or an exemption that was granted
    since, is open again.
    """
    actor = need(session, context.id, Right.OPERATE, actor)
    one_writer(session, context.id)
    known = {each.verifier: each for each in assignments(session, context.id)}
    due, rows = due_of(context), rows_by_verifier(session, context)
    changed = []
    for verifier, (path, sha256) in sent.items():
        record = known.pop(verifier, None)
        items = len(rows[verifier])
        now = (due.isoformat() if due else None, items, path, sha256)
        if record is None:
            record = AssignmentRecord(
                round_id=context.id, verifier=verifier, items=items, workbook="", sha256=""
            )
        elif (record.due, record.items, record.workbook, record.sha256) == now:
            continue
        if record.items != items:
            record.closed_at = record.closed_by = None
        record.due, record.items, record.workbook, record.sha256 = now
        session.add(record)
        changed.append(verifier)
    for verifier, record in known.items():
        session.delete(record)
        changed.append(verifier)
    if changed:
        detail = {"verifiers": changed, "due": due.isoformat() if due else None}
        audit.append(session, context.id, "appraisal_assigned", context.id, detail, actor)
    session.flush()
    return len(changed)


def rows_by_verifier(session: Session, context: RoundContext) -> dict[str, tuple[Pair, ...]]:
    """Verifier → the rows that he appraises: those routed to him, but for exempted ones and those
    of units that the round does not evaluate. Raises NotRouted."""
    exempt = granted(session, context.id)
    out = {u for u, why in places(session, context).items() if why.place == "not_evaluated"}
    rows = {
        verifier: tuple(pair for pair in pairs if pair not in exempt and pair[0] not in out)
        for verifier, pairs in routes(context).items()
    }
    return {verifier: pairs for verifier, pairs in rows.items() if pairs}


def assignments(session: Session, round_id: str) -> list[AssignmentRecord]:
    """What went out, in the order in which it was first written."""
    return list(
        session.exec(
            select(AssignmentRecord)
            .where(AssignmentRecord.round_id == round_id)
            .order_by(col(AssignmentRecord.id))
        )
    )


def progress(session: Session, context: RoundContext) -> list[Progress]:
    """Everybody's progress, in the order of the routes. Raises NotRouted."""
    known, stored = bases(session, context), by_row(session, context.id)
    sent = {each.verifier: each for each in assignments(session, context.id)}
    found = []
    for verifier, pairs in rows_by_verifier(session, context).items():
        record = sent.get(verifier)
        waiting = [
            pair
            for pair in pairs
            if standing(known, pair, stored.get(pair, {}).get(verifier), is_closed=False) is None
        ]
        lacking = tuple(
            pair
            for pair in waiting
            if known.of(pair) is None
            or pair in known.to_decide
            or verifier in stored.get(pair, {})  # points that lack their reason by now
        )
        shut = record is not None and record.closed_at is not None
        found.append(
            Progress(
                verifier=verifier,
                name=verifier_name(context, verifier),
                items=len(pairs),
                judged=len(pairs) - (len(lacking) if shut else len(waiting)),
                lacking=lacking,
                due=due_of(context),
                closed_on=record.closed_at if record else None,
                closed_by=record.closed_by if record else None,
            )
        )
    return found


def late(session: Session, context: RoundContext, day: date) -> list[Progress]:
    """The verifiers who are late on a day: they have their workbook and neither gave every row nor
    closed."""
    sent = {each.verifier for each in assignments(session, context.id)}
    return [each for each in progress(session, context) if each.verifier in sent and each.late(day)]


def close(session: Session, context: RoundContext, verifier: str, actor: str) -> bool:
    """Close a verifier's part: rows that he left alone keep their base. Returns whether that is
    new.

    Raises NotClosed while rows lack points that nothing stands in for, and for somebody to whom
    nothing was sent.
    """
    actor = need(session, context.id, Right.APPRAISE, actor, fields=(verifier,))
    one_writer(session, context.id)
    record = _sent(session, context, verifier)
    if record.closed_at is not None:
        return False
    mine = next((each for each in progress(session, context) if each.verifier == verifier), None)
    if mine is not None and mine.lacking:
        raise NotClosed(
            f"Chưa khép được phần của {mine.name}: {len(mine.lacking)} dòng chưa có điểm tính hay"
            f" điểm tự đánh giá, hoặc chờ lý do: {_told(context, mine.lacking)}. Hãy cho điểm, ghi"
            f" lý do trong tệp {record.workbook}, rồi chạy dti appraise {context.id}."
            + _exemptions_told(session, context, mine.lacking)
        )
    record.closed_at, record.closed_by = audit.now(), actor
    session.add(record)
    detail = {"items": mine.items, "judged": mine.judged} if mine else {"items": 0, "judged": 0}
    audit.append(session, context.id, "appraisal_closed", verifier, detail, actor)
    return True


def reopen(session: Session, context: RoundContext, verifier: str, reason: str, actor: str) -> bool:
    """Let a verifier whose part is closed give points again; returns whether it was closed.

    Raises NotClosed without a reason, and for somebody to whom nothing was sent.
    """
    actor = need(session, context.id, Right.OPERATE, actor)
    one_writer(session, context.id)
    if not reason.strip():
        raise NotClosed("Mở lại phần thẩm định phải có lý do: --reason LÝ_DO.")
    record = _sent(session, context, verifier)
    if record.closed_at is None:
        return False
    detail = {"reason": reason.strip(), "closed_by": record.closed_by}
    record.closed_at = record.closed_by = None
    session.add(record)
    audit.append(session, context.id, "appraisal_reopened", verifier, detail, actor)
    return True


def _sent(session: Session, context: RoundContext, verifier: str) -> AssignmentRecord:
    records = assignments(session, context.id)
    for record in records:
        if record.verifier == verifier:
            return record
    if not records:
        raise NotClosed(f"Chưa gửi tệp thẩm định nào. Hãy chạy: dti appraise {context.id}")
    known = ", ".join(record.verifier for record in records)
    raise NotClosed(f"Đợt {context.id} không có người thẩm định {verifier!r}. Có: {known}.")


def _exemptions_told(session: Session, context: RoundContext, pairs: tuple[Pair, ...]) -> str:
    """Where rows wait for something else: the decision on an exemption."""
    proposed = {(each.unit, each.criterion) for each in undecided(session, context.id)}
    waiting = len(proposed.intersection(pairs))
    if not waiting:
        return ""
    return (
        f" Trong đó {waiting} dòng chờ quyết định về đề xuất không đánh giá: dti exemptions"
        f" {context.id}"
    )


def _told(context: RoundContext, pairs: tuple[Pair, ...]) -> str:
    named = [f"{context.program.unit[unit].name} mục {code}" for unit, code in pairs[:_NAMED]]
    more = len(pairs) - len(named)
    return "; ".join(named) + (f"; và {more} dòng khác" if more else "")
