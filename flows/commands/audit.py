"""`dti audit`: whether everything is as it was recorded, and all that stands behind a result."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dti_core.errors import Refused
from flows.commands.frameworks import AsJson
from flows.commands.rounds import Actor, RoundId
from flows.commands.stages import OPERATOR
from flows.commands.terminal import next_step, out, print_json
from flows.commands.vietnamese import Command, Group

if TYPE_CHECKING:
    from reports.dossier.checking import Checked

app = typer.Typer(cls=Group, no_args_is_help=True, help="Kiểm tra và xuất nhật ký.")


class FileThere(Refused):
    """A file of that name is there already."""


@app.command("verify", cls=Command)
def verify(
    round_id: Annotated[
        str | None, typer.Argument(metavar="ĐỢT", help="Bỏ trống: toàn bộ cơ sở dữ liệu.")
    ] = None,
    as_json_: AsJson = False,
) -> None:
    """Tìm bản ghi, sự kiện hay tệp bị sửa, xóa, thêm hoặc đổi thứ tự ngoài chương trình."""
    from dti_core.records.clock_jumps import set_back, words
    from dti_core.records.database import session
    from dti_core.records.verifying import head
    from dti_core.records.verifying import verify as check

    if round_id is not None:
        from dti_core.program.load import load_round

        load_round(round_id)
    with session() as records:
        found = check(records, round_id)
        newest = head(records, round_id) if round_id else None
        jumps = set_back(records, round_id) if round_id else []
    if as_json_:
        print_json({"round": round_id, "problems": found, "head": newest})
    elif found:
        out.print(f"[red]{len(found)} chỗ không còn như lúc ghi:[/]")
        _listed(found)
        out.print(
            "Đừng ghi gì thêm vào đợt; giữ nguyên máy, so với bản sao lưu gần nhất và báo người phụ"
            " trách."
        )
    else:
        out.print("Nhật ký, bản ghi và tệp đều nguyên vẹn.")
        if newest:
            out.print(f"Mã của sự kiện cuối: {newest}", soft_wrap=True)
    if not as_json_:
        for each in jumps:
            out.print(f"Lưu ý: {words(each)}", soft_wrap=True)
    if found:
        raise typer.Exit(1)


@app.command("export", cls=Command)
def export(
    round_id: RoundId,
    unit: Annotated[str, typer.Argument(metavar="ĐƠN_VỊ", help="Mã đơn vị, ví dụ so-y-te.")],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="TỆP", help="Tệp .zip; bỏ trống: đặt tên theo đơn vị và đợt."),
    ] = None,
    recipient: Annotated[
        str, typer.Option("--to", metavar="NƠI_NHẬN", help="Giao cho ai, ghi vào nhật ký.")
    ] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Ghi đè tệp đã có.")] = False,
    actor: Actor = OPERATOR,
    as_json_: AsJson = False,
) -> None:
    """Xuất hồ sơ phục vụ kiểm tra: một tệp có mọi căn cứ của thứ hạng, từ ô đến điều khoản."""
    import hashlib

    from dti_core import clock
    from dti_core.program.load import load_round
    from dti_core.records.database import session
    from dti_core.records.files import write_whole
    from dti_core.records.handed_out import record_export
    from reports.dossier.package import export as dossier_of
    from tasks.busy import until_free

    context = load_round(round_id)
    target = file or Path(f"ho-so-{unit}-{round_id.replace('/', '-')}.zip")
    if target.exists() and not replace:
        raise FileThere(f"Đã có {target}. Hãy đặt tên khác, hoặc thêm --replace để ghi đè.")
    with session() as records:
        dossier, content = dossier_of(records, context, unit, clock.now(), actor, recipient)
    sha256 = hashlib.sha256(content).hexdigest()

    def record() -> None:
        with session() as records:
            record_export(records, context.id, unit, sha256, dossier.head, recipient, actor)

    until_free(record)
    write_whole(target, content)
    if as_json_:
        print_json(
            {
                "file": str(target),
                "sha256": sha256,
                "head": dossier.head,
                "events": len(dossier.links),
                "problems": list(dossier.problems),
            }
        )
        return
    out.print(
        f"Hồ sơ của {dossier.unit}: {target} ({len(content) / 1024:.0f} KB)",
        markup=False,
        soft_wrap=True,
    )
    out.print(f"Mã SHA-256 của tệp, ghi vào biên bản giao nhận: {sha256}", soft_wrap=True)
    if dossier.problems:
        out.print(f"[red]Khi xuất, {len(dossier.problems)} chỗ không còn như lúc ghi:[/]")
        _listed(list(dossier.problems))
    next_step(f"giải nén và mở ho-so.html, hoặc tự kiểm: dti audit check {target}")


@app.command("check", cls=Command)
def check(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Hồ sơ do dti audit export xuất.")],
    head: Annotated[
        str | None,
        typer.Option("--head", metavar="MÃ", help="Mã của sự kiện cuối, đã ghi lại ở ngoài."),
    ] = None,
    recorded: Annotated[
        bool, typer.Option("--recorded", help="So cả với cơ sở dữ liệu đang dùng.")
    ] = False,
    as_json_: AsJson = False,
) -> None:
    """Kiểm một hồ sơ đã xuất, không cần cơ sở dữ liệu: từng tệp và chuỗi sự kiện."""
    from reports.dossier.checking import check as checked_of

    checked = checked_of(file, head)
    problems = [*checked.problems, *(_unlike(checked) if recorded else ())]
    if as_json_:
        print_json(
            {
                "sha256": checked.sha256,
                "problems": problems,
                "files": checked.files,
                "rounds": [
                    {
                        "round": part.data["round_id"],
                        "unit": part.data["unit_id"],
                        "head": part.data["head"],
                        "events": {told: part.count(told) for told in ("whole", "part", "none")},
                    }
                    for part in checked.parts
                ],
            }
        )
    else:
        _told(checked, problems)
    if problems:
        raise typer.Exit(1)


def _unlike(checked: "Checked") -> list[str]:
    from dti_core.records.database import session
    from dti_core.records.handed_out import unlike_records

    with session() as records:
        return [
            f"Đợt {part.data['round_id']}: {problem}"
            for part in checked.parts
            for problem in unlike_records(
                records,
                part.data["round_id"],
                None if part.prefix else checked.sha256,
                part.links,
            )
        ]


def _told(checked: "Checked", problems: list[str]) -> None:
    if problems:
        out.print(f"[red]{len(problems)} chỗ không khớp:[/]")
        _listed(problems)
    else:
        out.print(f"Hồ sơ nguyên vẹn: {checked.files} tệp đúng mã, chuỗi sự kiện nối liền.")
    for part in checked.parts:
        data = part.data
        out.print(f"{data['unit']}, đợt {data['round_id']}", markup=False, soft_wrap=True)
        out.print(
            f"  {len(part.links)} sự kiện: {part.count('whole')} tính lại được mã,"
            f" {part.count('part')} chỉ trích phần của đơn vị, {part.count('none')} của đơn vị khác"
            " (chỉ kiểm được chỗ nối; nội dung kiểm bằng dti audit verify trên cơ sở dữ liệu)",
            soft_wrap=True,
        )
        out.print(f"  Mã của sự kiện cuối: {data['head']}", soft_wrap=True)
    out.print(f"Mã SHA-256 của tệp, so với biên bản giao nhận: {checked.sha256}", soft_wrap=True)


def _listed(problems: list[str]) -> None:
    for problem in problems:
        out.print(f"- {problem}", markup=False, soft_wrap=True)
