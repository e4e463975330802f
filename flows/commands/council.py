"""`dti council`: the members of the appraisal council and its sittings."""

from datetime import datetime
from typing import Annotated

import typer

from dti_core.errors import Refused
from dti_core.program.appraisal import Council
from dti_core.program.load import RoundContext, load_round
from dti_core.program.routing import DUTIES, verifier_name
from dti_core.rational import percent
from flows.commands.remind import day_of
from flows.commands.rounds import Actor, RoundId
from flows.commands.stages import OPERATOR
from flows.commands.terminal import next_step, out, table


class NoCouncil(Refused):
    """The program has no appraisal council."""


def council(
    round_id: RoundId,
    held: Annotated[
        str | None, typer.Option("--held", metavar="NGÀY", help="Ghi một phiên họp, ngày họp.")
    ] = None,
    place: Annotated[
        str | None, typer.Option("--place", metavar="NƠI", help="Nơi họp; mặc định của Hội đồng.")
    ] = None,
    present: Annotated[
        str, typer.Option("--present", metavar="MÃ,MÃ", help="Thành viên có mặt, cách bằng phẩy.")
    ] = "",
    chair: Annotated[
        str | None,
        typer.Option("--chair", metavar="MÃ", help="Người chủ trì, nếu không phải Chủ tịch."),
    ] = None,
    note: Annotated[
        str | None, typer.Option("--note", metavar="GHI_CHÚ", help="Nội dung cần ghi lại.")
    ] = None,
    decision: Annotated[
        bool, typer.Option("--decision", help="Viết dự thảo quyết định thành lập Hội đồng.")
    ] = False,
    invite: Annotated[
        str | None,
        typer.Option("--invite", metavar="GIỜ_NGÀY", help="Viết giấy mời, như 2024-03-05 08:00."),
    ] = None,
    content: Annotated[
        list[str] | None,
        typer.Option("--content", metavar="NỘI_DUNG", help="Nội dung họp; dùng nhiều lần được."),
    ] = None,
    minutes: Annotated[
        bool, typer.Option("--minutes", help="Viết biên bản các phiên họp đã ghi.")
    ] = False,
    actor: Actor = OPERATOR,
) -> None:
    """Hội đồng thẩm định: thành viên, phiên họp; quyết định thành lập, giấy mời, biên bản."""
    context = load_round(round_id)
    body = context.program.appraisal.council
    if body is None:
        raise NoCouncil(
            f"Chương trình {context.program.id} không lập Hội đồng thẩm định (appraisal: council)."
            f" Xem phân công thẩm định: dti appraise {round_id} --list"
        )
    if decision or invite or minutes:
        _papers(context, invite, content or [], place, actor, decision=decision, minutes=minutes)
        return
    if held is None:
        if place or present or chair or note:
            raise typer.BadParameter("ghi phiên họp cần ngày họp: --held NGÀY.")
        _show(context, body)
        return
    from dti_core.records.database import session
    from dti_core.records.rounds import require_round
    from dti_core.records.sittings import hold

    there = [each.strip() for each in present.split(",") if each.strip()]
    with session() as records:
        require_round(records, context)
        new = hold(
            records,
            context,
            day_of(held),
            place or body.place or "",
            there,
            actor,
            chair,
            note,
        )
    out.print("Đã ghi phiên họp." if new else "Phiên họp này đã được ghi; không có gì thay đổi.")
    next_step(f"dti appraise {round_id} --list")


def _papers(
    context: RoundContext,
    invite: str | None,
    content: list[str],
    place: str | None,
    actor: str,
    *,
    decision: bool,
    minutes: bool,
) -> None:
    """Write the papers that were asked for, and say where they are."""
    from dti_core.records.database import session
    from dti_core.records.files import round_folder
    from dti_core.records.rounds import require_round
    from tasks import council as papers
    from tasks.papers import write_papers

    if invite and not content:
        raise typer.BadParameter("giấy mời cần nội dung họp: --content NỘI_DUNG.")
    names = []
    with session() as records:
        require_round(records, context)
        made = [papers.decision(context)] if decision else []
        made += papers.minutes(records, context) if minutes else []
        write_papers(records, context.id, made, actor)
        names = [name for _, name, _ in made]
    if invite:
        names.append(papers.invite(context, _moment(invite), content, place, actor))
    for name in names:
        out.print(str(round_folder(context.id) / name), soft_wrap=True)
    if not names:
        out.print("Chưa có phiên họp nào được ghi nên chưa có biên bản.")


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d %H:%M")
    except ValueError as error:
        raise typer.BadParameter(
            f"{text!r} không phải giờ họp; viết như 2024-03-05 08:00."
        ) from error


def _show(context: RoundContext, body: Council) -> None:
    from dti_core.records.database import session
    from dti_core.records.rounds import require_round
    from dti_core.records.sittings import sittings

    with session() as records:
        require_round(records, context)
        held = sittings(records, context.id)
    out.print(f"{body.name} ({body.basis})", markup=False, soft_wrap=True)
    table(
        None,
        [("Mã", "left"), ("Chức vụ", "left"), ("Nhiệm vụ", "left"), ("Thuộc", "left")],
        [
            [
                member.id,
                member.position,
                DUTIES[member.duty],
                context.program.unit[member.unit].name if member.unit else "",
            ]
            for member in body.members
        ],
    )
    quorum = context.program.policies.quorum
    if quorum is None:
        out.print("Chưa đặt chính sách “quorum”: chưa ghi được phiên họp nào.", style="yellow")
    else:
        out.print(f"Phiên họp cần ít nhất {percent(quorum.value)} thành viên ({quorum.basis}).")
    for each in held:
        out.print(
            f"- {day_of(each.held_on):%d/%m/%Y}, {each.place}:"
            f" {len(each.present)}/{len(body.members)} thành viên; chủ trì:"
            f" {verifier_name(context, each.chaired_by)}{f'. {each.note}' if each.note else ''}",
            markup=False,
            soft_wrap=True,
        )
    if not held:
        out.print("Chưa có phiên họp nào được ghi.")
