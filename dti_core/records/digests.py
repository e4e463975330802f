"""What an approval is over: a digest of the records that the step closes.

A later change to those records gives another digest, so that the approval no longer holds. The
content is digested item by item, so that what changed can be said.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlmodel import Session, col, select

from dti_core.program.load import load_program
from dti_core.records.appraising import SELF
from dti_core.records.exemptions import exemptions
from dti_core.records.flags import all_flags
from dti_core.records.petition_period import announced_on
from dti_core.records.plain_rows import plain_rows
from dti_core.records.policies import set_policies
from dti_core.records.ranking import ranks
from dti_core.records.stored import COMPUTED
from dti_core.records.tables import (
    AwardRecord,
    DocumentRecord,
    OpinionRecord,
    ParticipationRecord,
    PetitionRecord,
    SubmissionRecord,
)

DRAFT_DECISION = "draft_decision"
"""The kind of document that the approval of the draft covers, byte for byte."""

ITEM_DIGITS = 12
"""Hexadecimal digits of an item's digest in the audit trail: it tells which item changed, and the
approval itself stands on the whole SHA-256."""

Content = Mapping[str, Mapping[str, str]]
"""Part of what a step closes → item of it (a unit, a policy, a file) → digest of the item."""


def digest_of(session: Session, round_id: str, step: str) -> str:
    """SHA-256 over what the step closes, as the records have it now."""
    return whole(content_of(session, round_id, step))


def result_digest(session: Session, round_id: str) -> str:
    """SHA-256 over the result that a draft decision states: all that approving it covers but the
    draft itself."""
    parts = [part for part in _COVERED["du-thao"] if part != "draft"]
    return _sha256({part: _items(session, round_id, part) for part in parts})


def whole(content: Content) -> str:
    """SHA-256 over all items."""
    return _sha256(content)


def content_of(session: Session, round_id: str, step: str) -> Content:
    """What the step closes: files, flags, official points, petitions, or the whole result."""
    parts = {part: _items(session, round_id, part) for part in _COVERED[step]}
    return {
        part: {item: _sha256(rows)[:ITEM_DIGITS] for item, rows in items.items()}
        for part, items in parts.items()
    }


Items = Mapping[str, list[Any]]


def _items(session: Session, round_id: str, part: str) -> Items:
    """A part's rows by item, in an order of their own: a database gives them in whatever order its
    plan and its pages lead to."""
    items = _PARTS[part](session, round_id)
    return {item: sorted(rows, key=str) for item, rows in items.items()}


def _files(session: Session, round_id: str) -> Items:
    found = session.exec(select(SubmissionRecord).where(SubmissionRecord.round_id == round_id))
    return _by(
        (record.source.partition(":")[0], [record.source, record.version, record.sha256])
        for record in found
        if record.source.endswith((":own", ":about_units", ":sub_round"))
    )


def _flags(session: Session, round_id: str) -> Items:
    return _by(
        (record.unit, [record.flag_id, record.status, record.corrected, record.officer_reason])
        for record in all_flags(session, round_id)
    )


def _awards(session: Session, round_id: str) -> Items:
    official = col(AwardRecord.kind).not_in([COMPUTED, SELF])
    found = plain_rows(session, AwardRecord, [col(AwardRecord.round_id) == round_id, official])
    return _by(
        (a.unit, [a.criterion, a.kind, a.points, a.max_points, a.status, a.reason]) for a in found
    )


def _opinions(session: Session, round_id: str) -> Items:
    found = session.exec(select(OpinionRecord).where(OpinionRecord.round_id == round_id))
    return _by((o.unit, [o.verifier, o.criterion, o.points, o.reason]) for o in found)


def _exemptions(session: Session, round_id: str) -> Items:
    return _by(
        (e.unit, [e.criterion, e.ground, e.effect, e.status, e.reason])
        for e in exemptions(session, round_id)
    )


def _petitions(session: Session, round_id: str) -> Items:
    found = session.exec(select(PetitionRecord).where(PetitionRecord.round_id == round_id))
    return _by(
        (p.unit, [p.number, p.criterion, p.text, p.sha256, p.status, p.points, p.reason])
        for p in found
    )


def _sent(session: Session, round_id: str) -> Items:
    day = announced_on(session, round_id)
    return {} if day is None else {day.isoformat(): [day.isoformat()]}


def _ranks(session: Session, round_id: str) -> Items:
    columns = {"group", "rank", "status", "grade", "reason", "points", "published", "max_points"}
    columns |= {"percent", "percent_published"}
    return _by((r.unit, [r.model_dump(include=columns)]) for r in ranks(session, round_id))


def _participation(session: Session, round_id: str) -> Items:
    found = session.exec(
        select(ParticipationRecord).where(ParticipationRecord.round_id == round_id)
    )
    return _by((p.unit, [p.place, p.reason, p.basis]) for p in found)


def _policies(_session: Session, round_id: str) -> Items:
    policies = set_policies(load_program(round_id.partition("/")[0]))
    return {name: [value] for name, value in policies.items()}


def _draft(session: Session, round_id: str) -> Items:
    found = session.exec(
        select(DocumentRecord).where(
            DocumentRecord.round_id == round_id, DocumentRecord.kind == DRAFT_DECISION
        )
    )
    return {record.path: [record.sha256] for record in found}


_PARTS: Mapping[str, Callable[[Session, str], Items]] = {
    "files": _files,
    "flags": _flags,
    "awards": _awards,
    "opinions": _opinions,
    "exemptions": _exemptions,
    "petitions": _petitions,
    "sent": _sent,
    "ranks": _ranks,
    "participation": _participation,
    "policies": _policies,
    "draft": _draft,
}

_COVERED: Mapping[str, tuple[str, ...]] = {
    "thu-thap": ("files",),
    "giai-trinh": ("flags",),
    "tham-dinh": ("awards", "opinions", "exemptions"),
    "kien-nghi": ("petitions", "sent"),
    "du-thao": ("awards", "ranks", "exemptions", "participation", "policies", "draft"),
}
"""Step → the parts that it closes."""


def _by(pairs: Iterable[tuple[str, list[Any]]]) -> Items:
    found: dict[str, list[Any]] = defaultdict(list)
    for item, row in pairs:
        found[item].append(row)
    return found


def _sha256(content: Any) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
