"""`dti backup` and `dti restore`: everything of an office in one file, and back."""

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.terminal import command, err, next_step, out, step


def backup(
    target: Annotated[
        Path,
        typer.Argument(metavar="NƠI", help="Tệp .tar.gz mới, hoặc thư mục để đặt tệp vào."),
    ],
    verify: Annotated[
        bool, typer.Option("--verify", help="Không sao lưu: kiểm tra một bản đã có.")
    ] = False,
    with_prefect: Annotated[
        bool, typer.Option("--with-prefect", help="Kèm cơ sở dữ liệu riêng của Prefect.")
    ] = False,
) -> None:
    """Sao lưu cơ sở dữ liệu và tệp của đơn vị vào một tệp, kiểm tra lại từng mã băm."""
    if verify:
        _verify(target)
        return
    from dti_core.intake.signature import VARIABLE
    from dti_core.records.archive import HOME
    from dti_core.records.backup import back_up

    with step("Sao lưu và đọc lại để kiểm tra"):
        made = back_up(target, prefect=with_prefect)
    manifest = made.manifest
    out.print(
        f"Đã sao lưu vào {made.path} ({_size(made.size)}): cơ sở dữ liệu"
        f" (cấu trúc {manifest.revision}) và {len(manifest.files) - 1} tệp.",
        soft_wrap=True,
    )
    out.print(
        "Tệp này chứa khóa biểu mẫu, địa chỉ liên hệ và số liệu chưa công bố; chỉ người đang dùng"
        " máy đọc được (quyền 600). Hãy cất ở nơi chỉ người có trách nhiệm vào được.",
        style="yellow",
        soft_wrap=True,
    )
    if f"{HOME}/workbook.key" not in manifest.files:
        out.print(
            f"Bản sao lưu không có khóa biểu mẫu (khóa ở biến môi trường {VARIABLE}, hoặc chưa gửi"
            " biểu mẫu nào): hãy cất khóa ấy riêng.",
            style="yellow",
            soft_wrap=True,
        )
    _print_heads(manifest.heads)
    next_step(f"dti backup --verify {made.path}")


def _verify(file: Path) -> None:
    from dti_core.records.archive import check

    with step("Kiểm tra từng tệp trong bản sao lưu"):
        manifest = check(file)
    out.print(
        f"{file} còn nguyên vẹn: {len(manifest.files)} tệp, sao lưu lúc"
        f" {_moment(manifest.made_at)}, dti {manifest.product}, cấu trúc {manifest.revision}.",
        soft_wrap=True,
    )
    _print_heads(manifest.heads)


def restore(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Bản sao lưu do dti backup ghi.")],
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Chuyển dữ liệu đang có sang một bên rồi mới khôi phục."),
    ] = False,
) -> None:
    """Khôi phục một bản sao lưu; kiểm tra hết mã băm trước, không xóa gì đang có."""
    from dti_core.records.restore import restore as bring_back
    from flows.office.lock import held

    with held(""):
        with step("Kiểm tra rồi khôi phục"):
            done = bring_back(file, replace_all=replace)
        out.print(f"Đã khôi phục bản sao lưu lúc {_moment(done.manifest.made_at)}.")
        if done.aside is not None:
            out.print(f"Dữ liệu trước đó nằm ở {done.aside}.", markup=False, soft_wrap=True)
        if done.aside_schema is not None:
            out.print(f"Bảng trước đó nằm ở lược đồ {done.aside_schema} của PostgreSQL.")
        found = _audit()
    if found:
        raise typer.Exit(1)
    next_step("dti doctor")


def _audit() -> list[str]:
    """`dti audit verify` over what was restored; prints and returns what it found."""
    from dti_core.records.database import session
    from dti_core.records.verifying import verify

    with step("Kiểm tra nhật ký, bản ghi và tệp (dti audit verify)"), session() as records:
        found = verify(records)
    if not found:
        out.print("Nhật ký, bản ghi và tệp đều nguyên vẹn.")
        return found
    err.print(f"{len(found)} chỗ trong bản sao lưu đã không còn như lúc ghi:", style="red")
    for problem in found:
        err.print(f"- {problem}", markup=False, soft_wrap=True)
    err.print(
        "Bản sao lưu được khôi phục đúng từng byte: những chỗ này đã sai từ trước khi sao lưu. Hãy"
        f" tìm một bản sao lưu cũ hơn và so bằng {command('dti audit verify')}.",
        soft_wrap=True,
    )
    return found


def _print_heads(heads: dict[str, str]) -> None:
    for round_id, digest in sorted(heads.items()):
        out.print(f"  {round_id}: sự kiện cuối {digest}", markup=False, soft_wrap=True)


def _moment(at: str) -> str:
    from datetime import datetime

    from dti_core.clock import CIVIL_TIME

    return f"{datetime.fromisoformat(at).astimezone(CIVIL_TIME):%H:%M ngày %d/%m/%Y}"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB".replace(".", ",")
