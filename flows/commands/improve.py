"""`dti improve`: plans to improve after a round, the province's own tasks, what became of them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dti_core.errors import Refused
from dti_core.program.load import RoundContext, load_program, load_round
from flows.commands.frameworks import AsJson
from flows.commands.lines import line
from flows.commands.rounds import Actor, RoundId
from flows.commands.stages import OPERATOR
from flows.commands.terminal import next_step, out, print_json
from flows.commands.vietnamese import Command, Group

if TYPE_CHECKING:
    from dti_core.records.follow_up import Followed, FollowUp

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    help="Kế hoạch khắc phục sau đánh giá: đề xuất, nhận lại, theo dõi năm sau.",
)


class NotThatUnit(Refused):
    """A unit that the round does not assess. The text lists those that it does."""


@app.command("plan", cls=Command)
def plan(
    round_id: RoundId,
    unit: Annotated[
        str | None,
        typer.Argument(metavar="ĐƠN_VỊ", help="Chỉ đơn vị này; không nêu: mọi đơn vị."),
    ] = None,
    actor: Actor = OPERATOR,
) -> None:
    """Viết kế hoạch khắc phục (.docx) và biểu mẫu để đơn vị sửa (.xlsx) từ kết quả đã xếp hạng."""
    from dti_core.records.files import round_folder
    from tasks.improving import FOLDER, write_plans

    context = load_round(round_id)
    known = [each.id for each in context.units]
    if unit is not None and unit not in known:
        raise NotThatUnit(f"Đợt {round_id} không đánh giá {unit!r}. Có: {', '.join(known)}.")
    names = write_plans(context, known if unit is None else [unit], actor)
    out.print(f"Đã ghi {len(names)} tệp vào {round_folder(round_id) / FOLDER}.", soft_wrap=True)
    next_step(f"gửi đơn vị; tệp nhận lại đặt vào hộp nhận rồi chạy dti improve read {round_id}")


@app.command("read", cls=Command)
def read(round_id: RoundId, actor: Actor = OPERATOR) -> None:
    """Đọc kế hoạch khắc phục trong hộp nhận, tệp mới nhất của mỗi đơn vị; ô chưa rõ: mã thoát 1."""
    from tasks.improving import read_plans

    context = load_round(round_id)
    taken, refused = read_plans(context, actor)
    for each in taken:
        name = context.program.unit[each.unit].name
        changed = f"{each.changed} dòng mới hoặc thay đổi" if each.changed else "không thay đổi"
        out.print(f"- {name}: {each.lines} dòng, {changed} (tệp {each.file}).", markup=False)
        for notice in each.notices:
            line(f"Lưu ý: {notice}", 2)
    if not taken and not refused:
        out.print("Hộp nhận chưa có kế hoạch khắc phục nào.")
    if refused:
        out.print(f"[yellow]{len(refused)} tệp chưa nhận được:[/]")
        for reason in refused:
            line(reason)
        raise typer.Exit(1)


@app.command("import", cls=Command)
def import_(
    program_id: Annotated[
        str, typer.Argument(metavar="CHƯƠNG_TRÌNH", help="Chương trình, ví dụ vinh-long.")
    ],
    file: Annotated[
        Path,
        typer.Argument(
            metavar="TỆP", help="Bảng nhiệm vụ .csv, .xlsx; tìm cả trong thư mục chương trình."
        ),
    ],
    year: Annotated[
        int, typer.Option("--year", metavar="NĂM", help="Năm của kế hoạch, ví dụ 2023.")
    ],
    actor: Actor = OPERATOR,
) -> None:
    """Nhập bảng nhiệm vụ của kế hoạch chuyển đổi số hằng năm, để theo dõi ở đợt đánh giá năm đó."""
    from dti_core.intake.task_plan import read_tasks
    from dti_core.records.database import session
    from dti_core.records.improvement import write_tasks

    program = load_program(program_id)
    shipped = program.folder / file
    found = read_tasks(shipped if not file.is_file() and shipped.is_file() else file)
    with session() as records:
        changed = write_tasks(records, program.id, year - 1, found.lines, file.name, actor)
    out.print(
        f"Kế hoạch năm {year} của chương trình {program.id}: {len(found.lines)} nhiệm vụ,"
        f" {changed} mới hoặc thay đổi."
    )
    for notice in found.notices:
        line(f"Lưu ý: {notice}", 0)
    rounds = [each for each in program.rounds if each.evaluation_year == year]
    for each in rounds:
        next_step(f"dti improve follow-up {program.id}/{each.id}")


@app.command("follow-up", cls=Command)
def follow_up(
    round_id: RoundId,
    plan_of: Annotated[
        str | None,
        typer.Option(
            "--plan",
            metavar="BỘ_CHỈ_SỐ",
            help="Theo kế hoạch ghi trong bộ chỉ số này, ví dụ kon-tum-419/tinh.",
        ),
    ] = None,
    as_json_: AsJson = False,
    actor: Actor = OPERATOR,
) -> None:
    """So kế hoạch năm trước với số liệu, điểm của đợt này: đạt, chưa đạt, chưa kết luận được."""
    context = load_round(round_id)
    found = _followed(context, plan_of)
    if as_json_:
        print_json(_as_json(found))
        return
    from dti_core.records.files import round_folder
    from dti_core.records.follow_up import in_order
    from reports.improvement.follow_up import counts_told
    from tasks.improving import write_follow_up

    if context.round.illustration:
        out.print(context.round.illustration, style="yellow", markup=False)
    if found.note:
        out.print(found.note, markup=False)
    for unit, lines in in_order(found):
        name = context.program.unit[unit].name if unit else "Nhiệm vụ chung của tỉnh"
        line(f"{name}: {counts_told(lines)}.", 0)
        for each in lines:
            if each.verdict == "not_reached":
                line(f"- {_short(each)}")
    name = write_follow_up(context, found, actor, plan_of or "khac-phuc")
    out.print(f"Trang theo dõi: {round_folder(round_id) / name}", soft_wrap=True)


def _followed(context: RoundContext, plan_of: str | None) -> "FollowUp":
    from dti_core.framework.load import load_framework
    from dti_core.records.database import session
    from dti_core.records.follow_up import follow_framework, follow_up
    from dti_core.records.rounds import require_round

    with session() as records:
        require_round(records, context)
        if plan_of is None:
            return follow_up(records, context)
        return follow_framework(records, context, load_framework(plan_of))


def _short(each: "Followed") -> str:
    """A line that did not reach its target."""
    told = each.figures or each.points
    return f"{each.line.criterion}. {each.line.title}: chỉ tiêu {each.line.target}; năm nay {told}"


def _as_json(found: "FollowUp") -> dict[str, Any]:
    return {
        "year": found.year,
        "evaluation_year": found.now,
        "note": found.note or None,
        "lines": [
            {
                "unit": each.unit,
                "planned_by": each.planned or each.unit,
                "number": each.line.number,
                "criterion": each.line.criterion,
                "title": each.line.title,
                "result": each.line.result or None,
                "target": each.line.target or None,
                "deadline": each.line.deadline or None,
                "lead": each.line.lead or None,
                "partners": list(each.line.partners),
                "basis": each.line.basis or None,
                "figures": each.figures or None,
                "points": each.points or None,
                "verdict": each.verdict,
                "why": each.why or None,
            }
            for each in found.lines
        ],
    }
