"""`dti appraise`: who judges what, how far they are, their points, and where they differ."""

from typing import Annotated

import typer

from dti_core.program.load import RoundContext, load_round
from dti_core.program.routing import verifier_name
from flows.commands.appraisal_lists import show_differing, show_progress, show_rows
from flows.commands.frameworks import AsJson
from flows.commands.rounds import Actor, RoundId
from flows.commands.run import running
from flows.commands.stages import OPERATOR
from flows.commands.terminal import next_step, out

Verifier = Annotated[
    str | None, typer.Option("--verifier", metavar="MÃ", help="Với --list: từng dòng của một nơi.")
]
Close = Annotated[
    str | None, typer.Option("--close", metavar="MÃ", help="Khép phần của người thẩm định này.")
]
Reopen = Annotated[
    str | None, typer.Option("--reopen", metavar="MÃ", help="Mở lại phần của người thẩm định này.")
]


def appraise(
    round_id: RoundId,
    list_: Annotated[bool, typer.Option("--list", help="Chỉ in ai thẩm định gì, đến đâu.")] = False,
    verifier: Verifier = None,
    differing: Annotated[
        bool, typer.Option("--differing", help="Chỉ in những dòng có điểm khác nhau.")
    ] = False,
    close: Close = None,
    reopen: Reopen = None,
    reason: Annotated[str, typer.Option(help="Lý do, bắt buộc khi mở lại.")] = "",
    as_json_: AsJson = False,
    actor: Actor = OPERATOR,
) -> None:
    """Viết tệp cho từng người thẩm định, đọc điểm và lý do đã nhận; khép, mở lại từng phần."""
    context = load_round(round_id)
    if sum(map(bool, (list_, differing, close, reopen))) > 1:
        raise typer.BadParameter("chỉ chọn một trong --list, --differing, --close, --reopen.")
    if verifier and not list_:
        raise typer.BadParameter("--verifier đi cùng --list.")
    if close or reopen:
        _settle(context, close, reopen, reason, actor)
    elif differing:
        show_differing(context, as_json=as_json_)
    elif verifier:
        show_rows(context, verifier, as_json=as_json_)
    elif list_ or as_json_:
        show_progress(context, as_json=as_json_)
    else:
        _run(context, actor)


def _run(context: RoundContext, actor: str) -> None:
    with running("Thẩm định"):
        from flows.unit_stages import appraise as flow

        written, read = flow(context.id, actor)
    from dti_core.records.files import round_folder

    out.print(
        f"{len(written)} tệp cho người thẩm định: {round_folder(context.id) / 'out' / 'tham-dinh'}",
        soft_wrap=True,
    )
    for told in (*read.told, *(f"Chưa nhận: {why}" for why in read.set_aside)):
        out.print(f"- {told}", markup=False, soft_wrap=True)
    out.print(f"{read.opinions} ý kiến mới; {read.awards} điểm thẩm định mới hoặc thay đổi.")
    if read.chair:
        out.print(
            "Có dòng các nơi thẩm định cho điểm khác nhau:"
            f" {round_folder(context.id) / read.chair}",
            soft_wrap=True,
        )
    next_step(_next(context))


def _next(context: RoundContext) -> str:
    from dti_core.records.database import session
    from flows.commands.next_steps import appraising

    with session() as records:
        return appraising(records, context) or f"dti rank {context.id}"


def _settle(
    context: RoundContext, close: str | None, reopen: str | None, reason: str, actor: str
) -> None:
    """Close or open a part, and let the official points follow."""
    from dti_core.records import assignments
    from dti_core.records.appraising import write_appraised
    from dti_core.records.database import session
    from dti_core.records.exemptions import granted
    from dti_core.records.rounds import require_round

    with session() as records:
        require_round(records, context)
        if close:
            new = assignments.close(records, context, close, actor)
        else:
            new = assignments.reopen(records, context, reopen or "", reason, actor)
        changed = write_appraised(records, context, actor, granted(records, context.id))
    name = verifier_name(context, close or reopen or "")
    if not new:
        out.print(f"Phần thẩm định của {name} đã {'khép' if close else 'mở'} từ trước.")
    else:
        out.print(f"Đã {'khép' if close else 'mở lại'} phần thẩm định của {name}.")
    out.print(f"{changed} điểm thẩm định mới hoặc thay đổi.")
    next_step(_next(context))
