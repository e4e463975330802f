"""`dti intake`: files into the inbox, and from there into figures; what became of each is told."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from dti_core.program.load import load_round
from flows.commands.rounds import Actor, RoundId
from flows.commands.run import running
from flows.commands.stages import OPERATOR
from flows.commands.terminal import next_step, out


def intake(
    round_id: RoundId,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="TỆP…",
            help="Tệp hay thư mục tệp đơn vị gửi, chép vào hộp nhận; không nêu thì đọc hộp nhận.",
        ),
    ] = None,
    received: Annotated[
        datetime | None,
        typer.Option(
            "--received",
            metavar="LÚC",
            formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"],
            help="Các tệp này đến lúc nào, ví dụ “2024-01-31 16:30”; mặc định là bây giờ.",
        ),
    ] = None,
    actor: Actor = OPERATOR,
) -> None:
    """Nhận tệp của các đơn vị và đọc số liệu; tệp không nhận được để riêng kèm lý do."""
    from dti_core.records.collecting import quarantined
    from dti_core.records.database import session
    from dti_core.records.rounds import require_round
    from tasks.placing import files_of, place

    context = load_round(round_id)
    if received is not None and not paths:
        raise typer.BadParameter("--received cần đi kèm các tệp.")
    with session() as records:
        require_round(records, context)
        for file in files_of(paths or []):
            place(records, round_id, file, received, actor)
        before = {record.id for record in quarantined(records, round_id)}
    with running("Nhận số liệu"):
        from flows.stages import intake as flow

        done = flow(round_id, actor)
    out.print(
        f"{done.new} tệp mới được nhận, {done.known} tệp đã nhận từ trước,"
        f" {done.set_aside} tệp vừa để riêng."
    )
    if done.others:
        out.print(f"{done.others} tệp giải trình, thẩm định: đọc bằng dti explain, dti appraise.")
    with session() as records:
        for record in quarantined(records, round_id):
            if record.id not in before:
                out.print(f"- {record.reason}", markup=False)
    follow = "validate" if context.round.data else "status"
    next_step(f"dti {follow} {round_id}")
