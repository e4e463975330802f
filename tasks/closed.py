"""What a unit is told whose file comes when the round takes none any more."""

from dti_core.errors import Refused
from dti_core.program.load import RoundContext


class RoundClosed(Refused):
    """A file came after the round was closed to it. The text says how to ask for a reopening."""


def how_to_ask(context: RoundContext, provider: str) -> str:
    """What the unit has to write, and the command with which the office answers it."""
    organiser = context.program.unit.get(context.program.organiser)
    unit = context.program.unit.get(provider)
    return (
        f"{unit.name if unit else provider} cần gửi thì có văn bản đề nghị"
        f" {organiser.name if organiser else 'cơ quan chủ trì'}, nêu lý do. Cơ quan chủ trì mở lại"
        f" riêng cho đơn vị: dti rounds reopen {context.id} {provider} --reason LÝ_DO;"
        f" rồi nhận lại tệp trong hộp nhận: dti intake {context.id}"
    )
