"""`dti frameworks export` and `import`: a framework as a workbook that an expert edits."""

from pathlib import Path
from typing import Annotated, Any

import typer

from dti_core.errors import Refused
from dti_core.framework.load import UnknownFramework, load_framework
from dti_core.framework.model import Criterion, Framework
from dti_core.rational import vietnamese
from flows.commands.terminal import next_step, out

_MOST_CODES = 12  # codes that the line of changes lists


class NotExported(Refused):
    """A workbook that is not written. The text says why and what to do."""


def export(
    framework_id: Annotated[str, typer.Argument(metavar="MÃ", help="Ví dụ vinh-phuc-2074/so.")],
    file: Annotated[Path, typer.Argument(metavar="TỆP.xlsx", help="Bảng tính sẽ được ghi.")],
    replace: Annotated[bool, typer.Option("--replace", help="Ghi đè tệp đã có.")] = False,
) -> None:
    """Xuất một bộ chỉ số thành bảng tính để người làm chuyên môn đọc và sửa."""
    from reports.framework_workbook import framework_workbook

    framework = load_framework(framework_id)
    if file.suffix.lower() != ".xlsx":
        raise NotExported(f"Tên tệp {file.name} phải kết thúc bằng .xlsx.")
    if file.exists() and not replace:
        raise NotExported(
            f"Đã có tệp {file}. Chọn tên khác để không mất phần đang sửa, hoặc thêm --replace để"
            " ghi đè."
        )
    content = framework_workbook(framework)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.stem}.new.xlsx")
    try:
        fresh.write_bytes(content)
        _prove(framework, fresh)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
    out.print(f"Đã ghi {file}: {_size(framework)}. Trang “Hướng dẫn” nói cách sửa.")
    next_step(f"sửa bảng tính, rồi: dti frameworks import {file}")


def import_(
    file: Annotated[Path, typer.Argument(metavar="TỆP.xlsx", help="Bảng tính đã sửa.")],
    as_id: Annotated[
        str | None,
        typer.Option("--as", metavar="MÃ/CẤP", help="Ghi thành bộ chỉ số có mã khác."),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Thay bộ của tỉnh đã nhập; tệp cũ được giữ lại."),
    ] = False,
) -> None:
    """Nhập bảng tính thành bộ chỉ số của tỉnh trong DTI_HOME; còn một chỗ sai thì không ghi gì."""
    from dti_core.intake.framework_workbook import read_framework
    from dti_core.intake.own_frameworks import keep, renamed

    read = read_framework(file)
    framework = renamed(read, as_id) if as_id else read
    before = _known(framework.id) or _known(read.id)
    kept = keep(framework, replace=replace)
    if not kept.changed:
        out.print(f"Bộ chỉ số {framework.id} không có gì thay đổi.")
    else:
        out.print(f"Đã ghi {framework.id} vào {kept.changed[0].parent}. {_told(before, framework)}")
        for backup in kept.backups:
            out.print(f"Tệp cũ: {backup}")
        out.print("Tệp trong DTI_HOME là của tỉnh: phần mềm dùng tệp ở đó trước bộ cùng mã đi kèm.")
    next_step(f"dti frameworks check {framework.id}")


def _prove(framework: Framework, file: Path) -> None:
    """A workbook that would not come back as the same framework is not handed out."""
    from dti_core.intake.framework_workbook import BrokenFrameworkWorkbook, read_framework

    try:
        again: Framework | None = read_framework(file)
    except BrokenFrameworkWorkbook as error:
        again, reason = None, str(error.mistakes[0])
    else:
        reason = _told(framework, again)
    if again is None or again.model_copy(update={"sha256": framework.sha256}) != framework:
        raise NotExported(
            f"Bộ chỉ số {framework.id} có nội dung mà bảng tính không giữ được nguyên vẹn, như"
            " khoảng trắng ở đầu hay cuối chữ, hai cơ quan lẫn tên. Hãy sửa tệp YAML rồi xuất lại."
            f" Chỗ đầu tiên: {reason}"
        )


def _known(framework_id: str) -> Framework | None:
    try:
        return load_framework(framework_id)
    except UnknownFramework:
        return None


def _told(before: Framework | None, after: Framework) -> str:
    """What changed, in one line."""
    if before is None:
        return f"Bộ mới: {_size(after)}."
    codes = [
        ("thêm", [code for code in after.by_code if code not in before.by_code]),
        ("bỏ", [code for code in before.by_code if code not in after.by_code]),
        ("sửa", [code for code, row in after.by_code.items() if _altered(before, row)]),
    ]
    changes = [f"{verb} {len(found)} mục ({_listed(found)})" for verb, found in codes if found]
    whole: list[tuple[str, Any, Any]] = [
        ("chỉ số chính", *(_bare(each.pillars, "criteria") for each in (before, after))),
        ("thông tin chung", before.information, after.information),
        ("cơ quan", before.decree.agencies, after.decree.agencies),
        ("phần đầu", _head(before), _head(after)),
    ]
    changes += [f"sửa {name}" for name, old, new in whole if old != new]
    if not changes and [*before.by_code] != [*after.by_code]:
        changes = ["đổi thứ tự các mục"]
    return f"So với {before.id}: {'; '.join(changes) or 'không khác'}."


def _altered(before: Framework, row: Criterion) -> bool:
    old = before.by_code.get(row.code)
    return old is not None and _bare((old,), "children") != _bare((row,), "children")


def _bare(pieces: tuple[Any, ...], without: str) -> list[dict[str, Any]]:
    """The pieces without what stands under them."""
    return [{key: value for key, value in dict(each).items() if key != without} for each in pieces]


def _head(framework: Framework) -> tuple[Any, ...]:
    decree = {k: v for k, v in dict(framework.decree).items() if k not in ("id", "agencies")}
    return (
        decree,
        framework.title,
        framework.citation,
        framework.total_stated,
        framework.criteria_stated,
    )


def _listed(codes: list[str]) -> str:
    more = ", …" if len(codes) > _MOST_CODES else ""
    return ", ".join(codes[:_MOST_CODES]) + more


def _size(framework: Framework) -> str:
    points = [pillar.max_points or 0 for pillar in framework.pillars if not pillar.outside_maximum]
    return (
        f"{len(framework.pillars)} chỉ số chính, {len(framework.criteria)} tiêu chí,"
        f" {vietnamese(sum(points))} điểm"
    )
