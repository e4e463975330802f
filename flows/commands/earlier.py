"""`dti earlier`: results and figures of years before this product, by a workbook."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dti_core.errors import Refused
from dti_core.program.load import RoundContext, load_round
from flows.commands.frameworks import AsJson
from flows.commands.lines import line
from flows.commands.rounds import Actor, RoundId
from flows.commands.stages import OPERATOR
from flows.commands.terminal import next_step, out, print_json
from flows.commands.vietnamese import Command, Group

if TYPE_CHECKING:
    from dti_core.intake.earlier import Earlier
    from dti_core.records.earlier import Imported
    from dti_core.records.figures import Written

app = typer.Typer(
    cls=Group, no_args_is_help=True, help="Nhập kết quả, số liệu của những năm trước để so sánh."
)

Year = Annotated[
    int | None,
    typer.Option("--year", metavar="NĂM", help="Năm của kết quả, số liệu, ví dụ 2022."),
]


class UnusableFile(Refused):
    """A file that cannot be read from or written to. The text says why and what to do."""


@app.command("template", cls=Command)
def template(
    round_id: RoundId,
    file: Annotated[Path, typer.Argument(metavar="TỆP.xlsx", help="Biểu mẫu sẽ được ghi.")],
    year: Year = None,
    replace: Annotated[bool, typer.Option("--replace", help="Ghi đè tệp đã có.")] = False,
) -> None:
    """Ghi biểu mẫu trống cho kết quả và số liệu của năm liền trước, hoặc của năm nêu ở --year."""
    from dti_core.records.files import write_whole
    from reports.workbooks.earlier import earlier_workbook

    context = load_round(round_id)
    if file.suffix.lower() != ".xlsx":
        raise UnusableFile(f"Tên tệp {file.name} phải kết thúc bằng .xlsx.")
    content = earlier_workbook(context, year)
    if file.exists() and file.read_bytes() != content and not replace:
        raise UnusableFile(
            f"Đã có tệp {file}, có thể đang điền dở. Chọn tên khác, hoặc thêm --replace để ghi đè."
        )
    write_whole(file, content)
    out.print(f"Đã ghi {file}. Trang “Bìa” nói cách điền.", soft_wrap=True)
    wanted = context.round.evaluation_year - 1 if year is None else year
    next_step(f"điền biểu mẫu, rồi: dti earlier import {round_id} {file} --year {wanted}")


@app.command("import", cls=Command)
def import_(
    round_id: RoundId,
    file: Annotated[Path, typer.Argument(metavar="TỆP.xlsx", help="Biểu mẫu đã điền.")],
    year: Year = None,
    as_json_: AsJson = False,
    actor: Actor = OPERATOR,
) -> None:
    """Nhập biểu mẫu đã điền: ô rõ thì ghi, ô chưa rõ thì nêu từng ô kèm cách sửa (mã thoát 1)."""
    from dti_core.intake.earlier import earlier_of
    from dti_core.intake.workbook import read_workbook
    from dti_core.records.database import session
    from dti_core.records.earlier import write_earlier
    from dti_core.records.rounds import require_round
    from tasks.inbox import InboxFile

    context = load_round(round_id)
    if not file.is_file():
        raise UnusableFile(f"Không có tệp {file}. Hãy kiểm tra đường dẫn.")
    earlier = earlier_of(read_workbook(file), context, file.name, year)
    content = file.read_bytes()
    received = InboxFile(round_id, file, content, hashlib.sha256(content).hexdigest())
    with session() as records:
        require_round(records, context)
        done = write_earlier(records, context, earlier, received.sha256, received.keep(), actor)
    if as_json_:
        print_json(_as_json(context, earlier, done))
    else:
        _tell(context, earlier, done)
    if earlier.unread:
        raise typer.Exit(1)


def _as_json(context: RoundContext, earlier: "Earlier", done: "Imported") -> dict[str, Any]:
    return {
        "round": context.id,
        "program": context.program.id,
        "year": earlier.year,
        "figures": vars(done.figures),
        "results": vars(done.results),
        "withdrawn": done.withdrawn,
        "unread": [
            {
                "sheet": each.sheet,
                "cell": each.cell,
                "unit": each.unit,
                "criterion": each.criterion,
                "variable": each.variable,
                "message": each.text,
            }
            for each in earlier.unread
        ],
        "notices": list(earlier.notices),
    }


def _tell(context: RoundContext, earlier: "Earlier", done: "Imported") -> None:
    if not (earlier.figures or earlier.results or earlier.unread or done.withdrawn):
        out.print(f"Tệp {earlier.file} chưa điền ô nào; không có gì thay đổi.")
        return
    out.print(
        f"Năm {earlier.year}: {_counted('số liệu', done.figures)};"
        f" {_counted('kết quả', done.results)}."
        + (f" Rút lại {done.withdrawn} số." if done.withdrawn else "")
    )
    for notice in earlier.notices:
        line(f"Lưu ý: {notice}", 0)
    if earlier.unread:
        out.print(f"[yellow]{len(earlier.unread)} chỗ chưa nhập được:[/]")
        for each in earlier.unread:
            line(each.text)
        next_step("sửa các ô trên rồi nhập lại cả tệp; các ô đã nhập không bị nhập lặp")
    elif earlier.year == context.round.evaluation_year - 1:
        out.print(
            f"Năm {earlier.year} sẽ đứng cạnh số liệu mới trong biểu mẫu gửi đi (dti dispatch) và"
            " được so sánh khi tìm nghi vấn (dti flag)."
        )


def _counted(what: str, written: "Written") -> str:
    return f"{written.added} {what} mới, {written.changed} thay đổi, {written.unchanged} giữ nguyên"
