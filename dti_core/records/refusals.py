"""Refused changes in the audit chain: who tried what without the right to it.

The event is written when the refused transaction has ended, in one of its own: the refused one may
be rolled back, and on SQLite nobody else can write while it lasts.
"""

import logging
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session, select

from dti_core.records import audit
from dti_core.records.one_writer import one_writer
from dti_core.records.tables import RoundRecord

OFFICE = "nguoi-dung"
"""The audit chain of what belongs to no round: people, and refusals before a round is open."""

REFUSED = "refused"
"""The audit event of a change that somebody tried without the right to it."""

TRIES = 3
"""How often the event is written again where another process wrote to the chain at the moment."""

_PENDING = "refusals"


def note_later(session: Session, round_id: str, detail: dict[str, Any], who: str) -> None:
    """Write the event as soon as the session's transaction has ended, however it ends."""
    session.info.setdefault(_PENDING, []).append((round_id, detail, who))


@event.listens_for(Session, "after_transaction_end")
def _after_end(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is not None or not (pending := session.info.pop(_PENDING, None)):
        return
    for round_id, detail, who in pending:
        for left in reversed(range(TRIES)):
            try:
                with Session(session.get_bind()) as own:
                    _note(own, round_id, detail, who)
                    own.commit()
                break
            except (IntegrityError, OperationalError):
                if not left:  # the refusal itself stands, whether or not it could be noted
                    logging.getLogger("dti").exception("refusal not recorded: %s", detail)


def _note(session: Session, round_id: str, detail: dict[str, Any], who: str) -> None:
    is_open = session.exec(select(RoundRecord.id).where(RoundRecord.id == round_id)).first()
    chain = round_id if is_open else OFFICE
    one_writer(session, chain)
    audit.append(session, chain, REFUSED, round_id, detail, who)
