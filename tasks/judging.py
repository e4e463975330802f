"""The officer decides on a doubt, once whatever its unit sent about it has been read."""

from dti_core.errors import Refused
from dti_core.program.load import RoundContext
from dti_core.records.database import session
from dti_core.records.flags import OPEN, all_flags, decide
from tasks.unread import senders


class UnreadAnswer(Refused):
    """The unit has sent an answer that nobody has read yet. Nothing was decided."""


def judge(context: RoundContext, flag_id: str, accepted: bool, reason: str, actor: str) -> bool:
    """Record the officer's decision; returns whether the doubt was not decided before.

    Raises UnreadAnswer where the unit's answer still lies in the inbox: a doubt that looks
    unanswered is not. Raises NoReason, UnknownFlag.
    """
    with session() as records:
        flags = {each.flag_id: each for each in all_flags(records, context.id)}
        flag = flags.get(flag_id)
        unanswered = flag is not None and flag.status == OPEN
        if unanswered and flag.unit in senders(records, context, "explanation"):
            raise UnreadAnswer(
                f"{context.program.unit[flag.unit].name} đã gửi tệp giải trình, tệp còn nằm ở hộp"
                f" nhận chưa đọc; chưa ghi quyết định nào. Hãy đọc trước: dti explain {context.id},"
                f" rồi xem lại nghi vấn {flag_id}."
            )
        return decide(records, context.id, flag_id, accepted, reason, actor)
