"""`dti confirm`: the paper that a unit's head signed, registered against its workbook."""

from pathlib import Path
from typing import Annotated

import typer

from dti_core.errors import Refused
from dti_core.program.load import load_round
from flows.commands.remind import day_of
from flows.commands.rounds import Actor, RoundId
from flows.commands.stages import OPERATOR
from flows.commands.terminal import next_step, out

KINDS = ("own", "about_units")


class UnknownProvider(Refused):
    """The program has no such unit, or its workbook no such kind."""


def confirm(
    round_id: RoundId,
    provider: Annotated[str, typer.Argument(metavar="ĐƠN_VỊ", help="Mã nơi cung cấp.")],
    code: Annotated[str, typer.Argument(metavar="MÃ", help="Mã ghi trên bản ký.")],
    document: Annotated[str, typer.Option("--document", metavar="SỐ", help="Số, ngày của bản ký.")],
    signed_by: Annotated[
        str, typer.Option("--signed-by", metavar="CHỨC_VỤ", help="Chức vụ người ký.")
    ],
    on: Annotated[
        str | None, typer.Option("--on", metavar="NGÀY", help="Mặc định hôm nay.")
    ] = None,
    kind: Annotated[
        str,
        typer.Option(
            "--kind", metavar="LOẠI", help="own: số liệu của mình; about_units: về nơi khác."
        ),
    ] = "own",
    scan: Annotated[
        Path | None, typer.Option("--scan", metavar="TỆP", help="Bản quét PDF đã ký.")
    ] = None,
    actor: Actor = OPERATOR,
) -> None:
    """Ghi nhận bản ký xác nhận số liệu của người đứng đầu đơn vị."""
    from dti_core.records.confirmations import confirm as register
    from dti_core.records.database import session
    from dti_core.records.rounds import require_round

    context = load_round(round_id)
    if provider not in context.program.unit:
        known = ", ".join(unit.id for unit in context.program.units)
        raise UnknownProvider(f"Chương trình không có đơn vị {provider!r}. Có: {known}.")
    if kind not in KINDS:
        raise UnknownProvider(f"--kind phải là {' hoặc '.join(KINDS)}, không phải {kind!r}.")
    if scan is not None and not scan.is_file():
        raise UnknownProvider(f"Không có tệp {scan}. Hãy kiểm tra đường dẫn bản quét.")
    with session() as records:
        require_round(records, context)
        new = register(
            records,
            context,
            provider,
            kind,
            code,
            document,
            signed_by,
            day_of(on),
            actor,
            scan,
        )
    name = context.program.unit[provider].name
    out.print(
        f"{'Đã ghi nhận' if new else 'Đã có từ trước'}: {name}, bản ký {document}, {signed_by}."
    )
    next_step(f"dti status {round_id}")
