"""Sub-rounds: what the unit above collected, evaluated and ranked, handed over to the round that
it is a part of (2074/QĐ-UBND, III.2b: the district evaluates its communes, then the organiser
appraises before anything is published)."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from sqlmodel import Session, col, select

from dti_core.figures import Figure
from dti_core.program.load import SUB_ROUND, RoundContext, load_round
from dti_core.rational import exact_text, round_half_up
from dti_core.records import audit
from dti_core.records.appraising import SELF, write_self
from dti_core.records.approvals import approval, approval_state
from dti_core.records.awards import awards, replace_awards
from dti_core.records.bases import HANDED_OVER
from dti_core.records.collecting import source_of
from dti_core.records.exemptions import GRANTED, exemptions
from dti_core.records.figures import current_figures, receive, write_figures
from dti_core.records.files import round_folder, write_whole
from dti_core.records.official import official_awards
from dti_core.records.one_writer import one_writer
from dti_core.records.rights import Right, need
from dti_core.records.rounds import DRAFT, open_round
from dti_core.records.stored import StoredAward
from dti_core.records.tables import (
    EvidenceLinkRecord,
    ExemptionRecord,
    RoundRecord,
    SubmissionRecord,
)

KIND = "sub_round"
"""What a hand-over is filed as, beside workbooks."""

State = Literal["not_open", "running", "handed_over"]
STATE_TEXT: dict[State, str] = {
    "not_open": "chưa mở",
    "running": "đang thực hiện",
    "handed_over": "đã nộp kết quả",
}


@dataclass(frozen=True)
class SubRound:
    """How one sub-round stands. `due` is the last day for its hand-over; `handed_on` when the unit
    above agreed to its draft, as long as nothing has changed since."""

    id: str
    parent: str
    units: int
    state: State
    due: date
    handed_on: str | None = None

    def late(self, day: date) -> bool:
        return self.state != "handed_over" and day > self.due


def open_sub_rounds(session: Session, context: RoundContext, actor: str) -> int:
    """Open every sub-round of a round on the same law; returns how many are new."""
    return sum(open_round(session, load_round(each), actor) for each in context.sub_rounds)


def sub_rounds(session: Session, context: RoundContext) -> tuple[SubRound, ...]:
    """Every sub-round of a round, in the order of the program's units."""
    opened = set(session.exec(select(RoundRecord.id)))
    found = []
    for each in context.sub_rounds:
        sub = load_round(each)
        state: State = "not_open" if each not in opened else "running"
        handed = approval(session, each, DRAFT) if state == "running" else None
        if handed and approval_state(session, sub, DRAFT).state != "valid":
            handed = None
        due = sub.round.appraise_by
        assert due is not None  # a sub-round always has one: SubRounds.due
        found.append(
            SubRound(
                each,
                each.partition(SUB_ROUND)[2],
                len(sub.units),
                "handed_over" if handed else state,
                due.on,
                handed.at if handed else None,
            )
        )
    return tuple(found)


def take_over(session: Session, context: RoundContext, actor: str) -> list[str]:
    """Take in what was handed over: figures, self-assessed points, the points that the unit above
    gave. Returns the units above whose hand-over is new or has changed.

    What a sub-round hands over later replaces it, in a new version; nothing of before is lost.
    """
    actor = need(session, context.id, Right.PROGRAM, actor)
    one_writer(session, context.id)
    handed = [each for each in sub_rounds(session, context) if each.state == "handed_over"]
    changed = [each.parent for each in handed if _taken(session, context, each, actor)]
    if changed:
        mine = {unit.id for each in handed for unit in load_round(each.id).units}
        new = [
            _handed(context, award)
            for each in handed
            for award in official_awards(session, load_round(each.id)).values()
            if award.points is not None
        ]
        replace_awards(session, context.id, HANDED_OVER, new, mine)
    return changed


def handed_points(session: Session, round_id: str) -> dict[tuple[str, str], Fraction]:
    """(unit, row) → the points that the unit above gave."""
    return {
        (award.unit, award.criterion): Fraction(award.points)
        for award in awards(session, round_id, HANDED_OVER)
        if award.points is not None
    }


def _taken(session: Session, context: RoundContext, handed: SubRound, actor: str) -> bool:
    sub = load_round(handed.id)
    figures = current_figures(session, sub.id)
    own = {
        (award.unit, award.criterion): Fraction(award.points)
        for award in awards(session, sub.id, SELF)
        if award.points is not None
    }
    official = official_awards(session, sub)
    content = _snapshot(handed, figures.values(), own, official.values())
    digest = hashlib.sha256(content).hexdigest()
    stored_as = f"{handed.parent}-{digest[:12]}.json"
    source = source_of(handed.parent, KIND)
    submission, new = receive(
        session, context.id, handed.parent, source, digest, stored_as, actor, handed.handed_on
    )
    if not new and submission.version == _newest(session, context.id, source):
        return False
    write_whole(round_folder(context.id) / "in" / "received" / stored_as, content)
    write_figures(session, context.id, submission, figures.values(), actor)
    write_self(session, context, own, actor)
    _copy_links(session, sub.id, context.id, submission)
    _copy_exemptions(session, sub.id, context.id)
    audit.append(session, context.id, "sub_round_taken_over", sub.id, {"sha256": digest}, actor)
    return True


def _newest(session: Session, round_id: str, source: str) -> int:
    return max(
        session.exec(
            select(SubmissionRecord.version).where(
                SubmissionRecord.round_id == round_id, SubmissionRecord.source == source
            )
        )
    )


def _snapshot(
    handed: SubRound,
    figures: Iterable[Figure],
    own: dict[tuple[str, str], Fraction],
    official: Iterable[StoredAward],
) -> bytes:
    """What is handed over, as the round keeps it: the proof of what the unit above answered for."""
    content = {
        "sub_round": handed.id,
        "handed_on": handed.handed_on,
        "figures": sorted(
            [f.unit, f.criterion, f.variable, f.status, f.raw, f.file, f.sheet, list(f.cells)]
            for f in figures
        ),
        "self_assessed": sorted([*key, exact_text(points)] for key, points in own.items()),
        "official": sorted(
            [a.unit, a.criterion, a.points or "", a.status, a.reason or ""] for a in official
        ),
    }
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, default=str).encode()


def _handed(context: RoundContext, award: StoredAward) -> dict[str, Any]:
    rounding = context.program.policies.rounding
    assert award.points is not None
    points = Fraction(award.points)
    return {
        **{name: getattr(award, name) for name in StoredAward.__annotations__},
        "round_id": context.id,
        "kind": HANDED_OVER,
        "published": str(round_half_up(points, rounding.value.digits)) if rounding else None,
    }


def _copy_links(session: Session, sub: str, round_id: str, submission: SubmissionRecord) -> None:
    """What the units named as evidence; the files stay where they were received."""
    assert submission.id is not None
    links = select(EvidenceLinkRecord).order_by(col(EvidenceLinkRecord.id))
    now = session.exec(links.where(EvidenceLinkRecord.round_id == sub)).all()
    units = {link.unit for link in now}
    for gone in session.exec(links.where(EvidenceLinkRecord.round_id == round_id)).all():
        if gone.unit in units:
            session.delete(gone)
    session.flush()
    for link in now:
        values = link.model_dump(exclude={"id"})
        session.add(
            EvidenceLinkRecord(**values | {"round_id": round_id, "submission_id": submission.id})
        )
    session.flush()


def _copy_exemptions(session: Session, sub: str, round_id: str) -> None:
    """What the unit above granted counts as proposed: the organiser decides it again."""
    known = {(each.unit, each.criterion) for each in exemptions(session, round_id)}
    for each in exemptions(session, sub):
        if each.status == GRANTED and (each.unit, each.criterion) not in known:
            values = each.model_dump(exclude={"id", "decided_by"})
            session.add(ExemptionRecord(**values | {"round_id": round_id, "status": "proposed"}))
    session.flush()
