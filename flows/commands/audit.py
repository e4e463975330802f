"""`dti audit`: whether everything is as it was recorded, and all that stands behind a result."""

from typing import Annotated

import typer

from flows.commands.frameworks import AsJson
from flows.commands.terminal import out, print_json
from flows.commands.vietnamese import Command, Group

app = typer.Typer(cls=Group, no_args_is_help=True, help="Kiểm tra và xuất nhật ký.")


@app.command("verify", cls=Command)
def verify(
    round_id: Annotated[
        str | None, typer.Argument(metavar="ĐỢT", help="Bỏ trống: toàn bộ cơ sở dữ liệu.")
    ] = None,
    as_json_: AsJson = False,
) -> None:
    """Tìm bản ghi, sự kiện hay tệp bị sửa, xóa, thêm hoặc đổi thứ tự ngoài chương trình."""
    from dti_core.records.database import session
    from dti_core.records.verifying import head
    from dti_core.records.verifying import verify as check

    if round_id is not None:
        from dti_core.program.load import load_round

        load_round(round_id)
    with session() as records:
        found = check(records, round_id)
        newest = head(records, round_id) if round_id else None
    if as_json_:
        print_json({"round": round_id, "problems": found, "head": newest})
    elif found:
        out.print(f"[red]{len(found)} chỗ không còn như lúc ghi:[/]")
        for problem in found:
            out.print(f"- {problem}", markup=False, soft_wrap=True)
        out.print(
            "Đừng ghi gì thêm vào đợt; giữ nguyên máy, so với bản sao lưu gần nhất và báo người phụ"
            " trách."
        )
    else:
        out.print("Nhật ký, bản ghi và tệp đều nguyên vẹn.")
        if newest:
            out.print(f"Mã của sự kiện cuối: {newest}", soft_wrap=True)
    if found:
        raise typer.Exit(1)
