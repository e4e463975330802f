"""`dti extend`: a later deadline for one provider, with its reason and document."""

from typing import Annotated

import typer

from dti_core.program.load import load_round
from flows.commands.remind import day_of
from flows.commands.rounds import Actor, RoundId
from flows.commands.stages import OPERATOR
from flows.commands.terminal import next_step, out


def extend(
    round_id: RoundId,
    provider: Annotated[
        str, typer.Argument(metavar="ĐƠN_VỊ", help="Mã nơi cung cấp, ví dụ so-y-te.")
    ],
    until: Annotated[
        str, typer.Option("--until", metavar="NGÀY", help="Hạn mới, viết như 2024-02-15.")
    ],
    reason: Annotated[str, typer.Option("--reason", metavar="LÝ_DO", help="Vì sao gia hạn.")],
    document: Annotated[
        str, typer.Option("--document", metavar="SỐ_VĂN_BẢN", help="Văn bản chấp thuận.")
    ],
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind", metavar="LOẠI", help="Chỉ một tệp: own hoặc about_units; mặc định mọi tệp."
        ),
    ] = None,
    actor: Actor = OPERATOR,
) -> None:
    """Gia hạn cho một nơi cung cấp: ghi nhật ký, viết công văn, xếp thư báo đơn vị."""
    context = load_round(round_id)
    day = day_of(until)
    from dti_core.records.database import session
    from dti_core.records.files import round_folder
    from dti_core.records.rounds import gate_of
    from tasks.extending import extend_deadline

    before, paper = extend_deadline(context, provider, day, reason, document, actor, kind)
    name = context.program.unit[provider].name
    was = ", ".join(sorted({f"{due:%d/%m/%Y}" for due in before.values()}))
    out.print(f"Đã gia hạn cho {name} đến hết ngày {day:%d/%m/%Y} (trước đó: {was}).")
    out.print(f"Công văn gia hạn: {round_folder(round_id) / paper}", soft_wrap=True)
    with session() as records:
        takes = gate_of(records, round_id).takes_figures(provider)
    if not takes:
        out.print("Đợt đã khép việc thu thập: gia hạn chưa đủ để đơn vị gửi được tệp.")
        next_step(f"dti rounds reopen {round_id} {provider} --reason LÝ_DO")
        return
    next_step(f"gửi thư kèm công văn: dti outbox {round_id} --send")
