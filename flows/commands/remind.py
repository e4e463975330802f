"""`dti remind`: who is late or soon will be, by the records, on a day."""

from datetime import date, datetime
from typing import Annotated

import typer

from dti_core.errors import Refused
from dti_core.program.load import load_round
from flows.commands.frameworks import AsJson
from flows.commands.outbox import delivered, show_unsent
from flows.commands.rounds import Actor, RoundId
from flows.commands.run import running
from flows.commands.stages import OPERATOR
from flows.commands.terminal import out, print_json


class BadDay(Refused):
    """A day on the command line that is none."""


def day_of(text: str | None) -> date:
    """A day as typed; today in Viet Nam where none is. Raises BadDay."""
    if text is None:
        from dti_core.clock import today

        return today()
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise BadDay(f"Ngày {text!r} phải viết như 2024-02-01.") from error


def remind(
    round_id: RoundId,
    on: Annotated[
        str | None, typer.Option("--on", metavar="NGÀY", help="Mặc định hôm nay.")
    ] = None,
    as_json_: AsJson = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ in ai sẽ nhận thư gì, không gửi.")
    ] = False,
    actor: Actor = OPERATOR,
) -> None:
    """Đôn đốc: nhắc nơi sắp đến hạn, quá hạn, báo lãnh đạo và bản tổng hợp, tính đến một ngày."""
    context = load_round(round_id)
    day = day_of(on)
    if as_json_:
        from dti_core.records.collecting import standings
        from dti_core.records.database import session

        with session() as records:
            print_json(
                [
                    {"provider": each.provider, "kind": each.kind, "due": each.due.isoformat()}
                    for each in standings(records, round_id)
                    if each.late(day)
                ]
            )
        return
    if dry_run:
        from dti_core.records.database import session
        from tasks.ladder import plan

        with session() as records:
            found = plan(records, context, day)
        show_unsent(context, found.messages)
        return
    with running("Đôn đốc"):
        from flows.unit_stages import remind as flow

        late, delivery = flow(round_id, day, actor)
    names = [context.program.unit[each].name for each in late]
    out.print(f"Quá hạn: {', '.join(names)}." if names else "Không nơi nào quá hạn.")
    out.print(delivered(delivery))
    if context.program.policies.reminders is None:
        out.print(
            "Chưa đặt chính sách “reminders”: nơi quá hạn được nhắc mỗi ngày chạy lệnh một lần.",
            style="yellow",
        )
