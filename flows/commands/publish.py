"""`dti approve` and `dti publish`: people sign steps off; drafts, issue and correction follow."""

from pathlib import Path
from typing import Annotated

import typer

from dti_core.program.load import RoundContext, load_round
from flows.commands.remind import day_of
from flows.commands.rounds import Actor, RoundId
from flows.commands.run import running
from flows.commands.stages import OPERATOR
from flows.commands.terminal import next_step, out, table
from flows.commands.terminal import step as waiting

_STATES = {"missing": "chưa", "valid": "[green]còn hiệu lực[/]", "void": "[red]mất hiệu lực[/]"}


def publish(
    round_id: RoundId,
    issued: Annotated[
        tuple[str, str] | None,
        typer.Option("--issued", metavar="SỐ NGÀY", help="Ghi số, ngày của văn bản đã ký."),
    ] = None,
    signed: Annotated[
        Path | None, typer.Option("--signed", metavar="TỆP", help="Bản ký, kèm --issued.")
    ] = None,
    correct: Annotated[
        bool, typer.Option("--correct", help="Bắt đầu đính chính kết quả đã ban hành.")
    ] = False,
    correction: Annotated[
        bool, typer.Option("--correction", help="Văn bản ở --issued là văn bản đính chính.")
    ] = False,
    reason: Annotated[
        str, typer.Option("--reason", metavar="LÝ_DO", help="Vì sao đính chính.")
    ] = "",
    actor: Actor = OPERATOR,
) -> None:
    """Viết dự thảo công bố; ghi số, ngày ban hành (--issued); đính chính (--correct)."""
    context = load_round(round_id)
    if correct and issued:
        raise typer.BadParameter("chỉ chọn một trong --correct và --issued.")
    if issued is None and (signed or correction):
        raise typer.BadParameter("--signed và --correction chỉ đi kèm --issued SỐ NGÀY.")
    if issued:
        _issue(context, issued, signed, actor, correction=correction)
        return
    if correct:
        _correct(context, reason, actor)
        return
    with running("Viết dự thảo công bố"):
        from flows.unit_stages import publish as flow

        paths = flow(round_id, actor)
    for path in paths:
        out.print(path, soft_wrap=True)
    next_step(f"lãnh đạo xem dự thảo, rồi: dti approve {round_id} du-thao --as VAI_TRÒ")


def _issue(
    context: RoundContext,
    issued: tuple[str, str],
    signed: Path | None,
    actor: str,
    *,
    correction: bool,
) -> None:
    from tasks.final import issue_result

    number, day = issued[0], day_of(issued[1])
    with waiting("Ghi nhận, viết văn bản, thông báo, trang kết quả"):
        new, paths = issue_result(context, number, day, actor, signed, correction=correction)
        paths += _pdfs(context)
    what = "văn bản đính chính" if correction else "quyết định"
    if not new:
        out.print(f"Đã ghi từ trước: {what} số {number} ngày {day:%d/%m/%Y}; không có gì thay đổi.")
        return
    out.print(f"Đã ghi nhận ban hành: {what} số {number} ngày {day:%d/%m/%Y}.")
    for path in paths:
        out.print(path, soft_wrap=True)
    out.print(
        "Điểm và thứ hạng đã công bố được giữ lại để đối chiếu; sau này chỉ sửa bằng đính chính:"
        f" dti publish {context.id} --correct --reason LÝ_DO",
        soft_wrap=True,
    )
    next_step(f"gửi thông báo kết quả cho từng đơn vị: dti outbox {context.id} --send")
    next_step(f"kế hoạch khắc phục: dti improve plan {context.id}")
    if signed is None:
        next_step(
            f"có bản quét đã ký thì bổ sung: dti publish {context.id} --issued {number} {day}"
            f"{' --correction' if correction else ''} --signed TỆP"
        )


def _pdfs(context: RoundContext) -> list[str]:
    """PDFs beside the round's documents; where they cannot be made, why."""
    from dti_core.records.files import round_folder
    from tasks.pdf import NoPdf, write_pdfs

    try:
        made = write_pdfs(sorted((round_folder(context.id) / "documents").glob("*.docx")))
    except NoPdf as failure:
        out.print(str(failure), style="yellow", markup=False, soft_wrap=True)
        return []
    return [str(each) for each in made]


def _correct(context: RoundContext, reason: str, actor: str) -> None:
    from tasks.issuing import start_correction

    changes = start_correction(context, reason, actor)
    table(
        f"Khác với kết quả đã ban hành: {len(changes)} chỗ",
        [("Đơn vị", "left"), ("Nội dung", "left"), ("Đã ban hành", "right"), ("Nay là", "right")],
        [
            [context.program.unit[each.unit].name, each.what, each.before, each.after]
            for each in changes
        ],
    )
    _show_states(context)
    next_step(
        f"xác nhận lại các bước mất hiệu lực; viết lại dự thảo: dti publish {context.id}; duyệt:"
        f" dti approve {context.id} du-thao --as VAI_TRÒ; ký xong: dti publish {context.id}"
        " --issued SỐ NGÀY --correction"
    )


def approve(
    round_id: RoundId,
    step: Annotated[
        str | None,
        typer.Argument(
            metavar="BƯỚC",
            help="thu-thap, giai-trinh, tham-dinh, kien-nghi, du-thao; bỏ trống: xem các bước.",
        ),
    ] = None,
    role: Annotated[
        str, typer.Option("--as", metavar="VAI_TRÒ", help="Vai trò của người xác nhận.")
    ] = "",
) -> None:
    """Xác nhận một bước; đợt đang chờ trên máy chủ Prefect thì chạy tiếp. Bỏ trống bước: xem."""
    context = load_round(round_id)
    if step is None:
        _show_states(context)
        _next_approval(context)
        return
    if not role.strip():
        raise typer.BadParameter(f"xác nhận bước {step} phải nêu vai trò: --as VAI_TRÒ.")
    from dti_core.records.database import session
    from dti_core.records.rounds import COLLECTION, DRAFT, require_round
    from dti_core.records.sign_off import sign
    from tasks.busy import until_free

    def record() -> bool:
        with session() as records:
            require_round(records, context)
            return sign(records, context, step, role)

    new = until_free(record)
    out.print("Đã xác nhận." if new else "Bước này đã được xác nhận trên đúng nội dung hiện tại.")
    if step == COLLECTION:
        out.print(
            f"Tệp mới không được nhận nữa; cần nhận thêm: dti rounds reopen {round_id} ĐƠN_VỊ"
        )
    from flows.runtime import prepare, use_running_server

    if use_running_server():
        prepare()
        from flows.waits import resume

        out.print(f"{resume(round_id)} luồng đang chờ được chạy tiếp.")
    elif step == DRAFT:
        next_step(f"ký, lấy số rồi ghi nhận: dti publish {round_id} --issued SỐ NGÀY --signed TỆP")
    else:
        next_step(f"dti cycle {round_id}")


def _show_states(context: RoundContext) -> None:
    """Every step with who approved it, when, and what voided that."""
    from dti_core.program.calendar import local_day
    from dti_core.records.approvals import STEPS, approval_states
    from dti_core.records.database import session
    from dti_core.records.rounds import require_round

    with session() as records:
        require_round(records, context)
        states = approval_states(records, context)
    table(
        f"Các bước xác nhận, đợt {context.id}",
        [("Bước", "left"), ("Nội dung", "left"), ("Tình trạng", "left"), ("Ai, khi nào", "left")],
        [
            [
                each.step,
                STEPS[each.step],
                _STATES[each.state],
                f"{each.role}, {local_day(each.at):%d/%m/%Y}" if each.at else "",
            ]
            for each in states
        ],
    )
    for each in states:
        if each.state == "void":
            out.print(
                f"- {each.step}: sau khi xác nhận đã đổi {'; '.join(each.changed)}.",
                markup=False,
                soft_wrap=True,
            )


def _next_approval(context: RoundContext) -> None:
    from dti_core.records.approvals import approval_states
    from dti_core.records.database import session

    with session() as records:
        waiting = [s.step for s in approval_states(records, context) if s.state != "valid"]
    if waiting:
        next_step(f"dti approve {context.id} {waiting[0]} --as VAI_TRÒ")
    else:
        next_step(f"ký, lấy số rồi ghi nhận: dti publish {context.id} --issued SỐ NGÀY")
