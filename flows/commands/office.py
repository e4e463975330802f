"""`dti up` and `dti doctor`: an office's server, and whether the machine is fit for it."""

from typing import Annotated

import typer

from flows.commands.frameworks import AsJson
from flows.commands.terminal import err, out, print_json


def up(
    port: Annotated[int, typer.Option("--port", metavar="CỔNG", help="Cổng của trang Prefect.")] = (
        4200
    ),
    host: Annotated[
        str,
        typer.Option(
            "--host",
            metavar="ĐỊA_CHỈ",
            help="Địa chỉ mở trang; khác máy này thì phải đặt PREFECT_SERVER_API_AUTH_STRING.",
        ),
    ] = "127.0.0.1",
) -> None:
    """Chạy máy chủ của đơn vị: Prefect, lịch của chương trình, nhận tệp đến; dừng bằng Ctrl-C."""
    from flows.office.up import up as run

    err.print("Đang khởi động; lần đầu có thể mất một phút …")
    run(host, port, lambda text: out.print(text, markup=False, soft_wrap=True))


_MARKS = {"ok": "[green]✓[/]", "warn": "[yellow]![/]", "fail": "[red]✗[/]"}


def doctor(as_json_: AsJson = False) -> None:
    """Khám máy: phiên bản, cơ sở dữ liệu, giờ, đĩa, phông chữ, kênh gửi thư, Prefect."""
    from rich.markup import escape

    from flows.office.doctor import examine, is_fit

    found = examine()
    if as_json_:
        print_json([vars(each) for each in found])
    else:
        for each in found:
            out.print(
                f"{_MARKS[each.level]} [bold]{escape(each.check)}[/]: {escape(each.text)}",
                soft_wrap=True,
            )
        if is_fit(found):
            out.print("Không có lỗi. Chỗ có dấu ! nên đọc qua.")
        else:
            out.print("Chỗ có dấu ✗ cần sửa trước khi chạy đợt.", style="red")
    if not is_fit(found):
        raise typer.Exit(1)
