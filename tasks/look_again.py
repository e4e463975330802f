"""What a queued message says at the moment when it goes: days may lie between the two."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from dti_core.program.load import RoundContext
from dti_core.records.tables import NotificationRecord
from reports.messages import Text


@dataclass(frozen=True)
class Dropped:
    """A message that is no longer needed, and why."""

    why: str


Fresh = Text | Dropped | None
"""A text by the records as they are now; or that nobody needs it; or None: as it was queued."""

LookAgain = Callable[[Session, RoundContext, NotificationRecord], Fresh]


def again(records: Session, context: RoundContext, message: NotificationRecord) -> Fresh:
    """A message's text by the records as they are now, right before it goes.

    Who knows what became of its cause is told by the first word of its key.
    """
    look = _by_first_word().get(message.key.partition(":")[0])
    return look(records, context, message) if look else None


def _by_first_word() -> dict[str, LookAgain]:
    # here, since those who look again need `Dropped` from above
    from tasks import announcing, appraisal_mail, ladder, sub_rounds

    return {
        **dict.fromkeys((ladder.BEFORE, ladder.AFTER, ladder.HEAD), ladder.reminder_again),
        ladder.DIGEST: ladder.digest_again,
        ladder.UNDELIVERED: ladder.undelivered_again,
        sub_rounds.REMINDED: sub_rounds.again,
        announcing.PROVISIONAL: announcing.outdated,
        appraisal_mail.SENT: appraisal_mail.outdated,
        appraisal_mail.REMINDED: appraisal_mail.again,
    }
