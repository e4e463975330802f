"""`dti petition`: objections to the provisional result, lodged, listed and decided."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from dti_core.errors import Refused
from dti_core.program.load import RoundContext, load_round
from dti_core.rational import parse_exact, vietnamese
from flows.commands.frameworks import AsJson
from flows.commands.remind import day_of
from flows.commands.rounds import Actor, RoundId
from flows.commands.stages import OPERATOR
from flows.commands.terminal import next_step, out, print_json, table

if TYPE_CHECKING:
    from fractions import Fraction

    from sqlmodel import Session

    from dti_core.records.tables import PetitionRecord


T = TypeVar("T")


class BadPoints(Refused):
    """Points that cannot be read."""


def petition(
    round_id: RoundId,
    unit: Annotated[
        str | None, typer.Argument(metavar="ĐƠN_VỊ", help="Mã đơn vị kiến nghị.")
    ] = None,
    criterion: Annotated[
        str | None, typer.Option("--criterion", metavar="MỤC", help="Bỏ trống: kết quả chung.")
    ] = None,
    text: Annotated[str, typer.Option("--text", metavar="NỘI_DUNG", help="Nội dung.")] = "",
    file: Annotated[
        Path | None, typer.Option("--file", metavar="TỆP", help="Văn bản kiến nghị.")
    ] = None,
    received: Annotated[
        str | None, typer.Option("--received", metavar="NGÀY", help="Ngày đến; mặc định hôm nay.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="Liệt kê các kiến nghị.")] = False,
    decide: Annotated[
        int | None, typer.Option("--decide", metavar="SỐ", help="Quyết định kiến nghị này.")
    ] = None,
    upheld: Annotated[
        bool | None, typer.Option("--uphold/--dismiss", help="Chấp nhận hay không.")
    ] = None,
    withdraw: Annotated[
        int | None, typer.Option("--withdraw", metavar="SỐ", help="Đơn vị rút kiến nghị này.")
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", metavar="LÝ_DO", help="Lý do quyết định; bắt buộc.")
    ] = "",
    points: Annotated[
        str | None, typer.Option("--points", metavar="ĐIỂM", help="Điểm khi chấp nhận.")
    ] = None,
    announced: Annotated[
        str | None,
        typer.Option("--announced", metavar="NGÀY", help="Ghi ngày đã gửi kết quả dự kiến."),
    ] = None,
    as_json_: AsJson = False,
    actor: Actor = OPERATOR,
) -> None:
    """Nhận, liệt kê và quyết định kiến nghị của đơn vị về kết quả dự kiến."""
    context = load_round(round_id)
    if sum((unit is not None, decide is not None, withdraw is not None, bool(announced))) > 1:
        raise typer.BadParameter("chỉ chọn một: ĐƠN_VỊ, --decide, --withdraw hoặc --announced.")
    if announced:
        _announced(context, day_of(announced), actor)
    elif decide is not None:
        if upheld is None:
            raise typer.BadParameter("--decide đi kèm --uphold (chấp nhận) hoặc --dismiss.")
        _decide(context, decide, reason, _points(points), actor, upheld=upheld)
    elif withdraw is not None:
        _withdraw(context, withdraw, reason, actor)
    elif unit is not None and not list_:
        _lodge(context, unit, text, day_of(received), criterion, file, actor)
    else:
        _list(context, unit, as_json=as_json_)


def _announced(context: RoundContext, day: date, actor: str) -> None:
    from dti_core.clock import today
    from dti_core.records.petitions import announce, announced_on, deadline_of

    if day > today():
        raise typer.BadParameter(f"ngày gửi {day:%d/%m/%Y} chưa đến.")
    new = _recorded(context, lambda records: announce(records, context, day, actor))
    sent = _recorded(context, lambda records: announced_on(records, context.id))
    until = _recorded(context, lambda records: deadline_of(records, context))
    told = "Đã ghi" if new else "Đã ghi từ trước, không có gì thay đổi"
    out.print(f"{told}: gửi kết quả dự kiến ngày {sent:%d/%m/%Y}.")
    if until:
        out.print(f"Nhận kiến nghị đến hết ngày {until:%d/%m/%Y}.")
    next_step(f"nhận kiến nghị: dti petition {context.id} ĐƠN_VỊ --criterion MỤC --text …")


def _lodge(
    context: RoundContext,
    unit: str,
    text: str,
    day: date,
    criterion: str | None,
    file: Path | None,
    actor: str,
) -> None:
    from dti_core.records.petitions import lodge
    from tasks.issuing import read_paper

    paper = None if file is None else read_paper(file)
    record = _recorded(
        context,
        lambda records: lodge(records, context, unit, text, day, criterion, paper, actor=actor),
    )
    name = context.program.unit[unit].name
    what = f"mục {criterion}" if criterion else "kết quả chung"
    out.print(f"Kiến nghị số {record.number}: {name}, {what}, nhận ngày {day:%d/%m/%Y}.")
    if record.sha256:
        out.print(f"Văn bản đã lưu nguyên vẹn, SHA-256 {record.sha256[:12].upper()}…")
    next_step(
        f"dti petition {context.id} --decide {record.number} --uphold --points ĐIỂM --reason LÝ_DO;"
        " hoặc --dismiss --reason LÝ_DO"
    )


def _decide(
    context: RoundContext,
    number: int,
    reason: str,
    points: "Fraction | None",
    actor: str,
    *,
    upheld: bool,
) -> None:
    from dti_core.records.petitions import decide

    new = _recorded(
        context,
        lambda records: decide(records, context, number, upheld, reason, points, actor=actor),
    )
    out.print("Đã ghi quyết định." if new else "Quyết định đã ghi từ trước; không có gì thay đổi.")
    if points is not None:
        out.print(
            f"Điểm mới của mục: {vietnamese(points, 6)}; tổng điểm và xếp hạng phải tính lại."
        )
        next_step(f"dti appraise {context.id}, rồi dti rank {context.id}")
        return
    _what_is_left(context)


def _withdraw(context: RoundContext, number: int, reason: str, actor: str) -> None:
    from dti_core.records.petitions import withdraw

    new = _recorded(
        context, lambda records: withdraw(records, context, number, reason, actor=actor)
    )
    out.print("Đã ghi đơn vị rút kiến nghị." if new else "Kiến nghị này đã được rút từ trước.")
    _what_is_left(context)


def _what_is_left(context: RoundContext) -> None:
    from dti_core.records.petitions import undecided

    left = _recorded(context, lambda records: undecided(records, context.id))
    if left:
        next_step(f"còn {len(left)} kiến nghị chờ quyết định: dti petition {context.id} --list")
    else:
        next_step(f"hết hạn kiến nghị thì: dti approve {context.id} kien-nghi --as VAI_TRÒ")


def _list(context: RoundContext, unit: str | None, *, as_json: bool) -> None:
    from dti_core.records.database import session
    from dti_core.records.petitions import petitions
    from dti_core.records.rounds import require_round

    with session() as records:
        require_round(records, context)
        found = [p for p in petitions(records, context.id) if unit in (None, p.unit)]
        if as_json:
            print_json([p.model_dump(exclude={"id", "round_id"}) for p in found])
            return
        _show(records, context, found)


def _show(records: "Session", context: RoundContext, found: list["PetitionRecord"]) -> None:
    from dti_core.records.petitions import (
        STATUS_TEXT,
        altered,
        announced_on,
        deadline_of,
        takes_petitions,
    )

    sent, until = announced_on(records, context.id), deadline_of(records, context)
    if not takes_petitions(context):
        out.print("Đợt này không nhận kiến nghị về kết quả dự kiến.")
    elif sent is None:
        out.print("Chưa ghi ngày gửi kết quả dự kiến nên chưa nhận kiến nghị.")
        next_step(f"dti petition {context.id} --announced NGÀY")
    else:
        told = f", nhận kiến nghị đến hết ngày {until:%d/%m/%Y}" if until else ""
        out.print(f"Kết quả dự kiến gửi ngày {sent:%d/%m/%Y}{told}.")
    table(
        f"Kiến nghị của đợt {context.id}: {len(found)}",
        [
            ("Số", "right"),
            ("Đơn vị", "left"),
            ("Mục", "left"),
            ("Nội dung", "left"),
            ("Ngày đến", "left"),
            ("Quyết định", "left"),
        ],
        [
            [
                str(p.number),
                context.program.unit[p.unit].name,
                p.criterion or "chung",
                p.text,
                f"{date.fromisoformat(p.received_on):%d/%m/%Y}",
                _decision(p, STATUS_TEXT[p.status]),
            ]
            for p in found
        ],
    )
    for path in altered(records, context.id):
        out.print(f"[red]Văn bản kiến nghị {path} mất hoặc đã bị sửa so với lúc nhận.[/]")


def _decision(record: "PetitionRecord", status: str) -> str:
    points = "" if record.points is None else f", {vietnamese(parse_exact(record.points), 6)} điểm"
    return f"{status}{points}{f': {record.reason}' if record.reason else ''}"


def _points(text: str | None) -> "Fraction | None":
    """Points as typed: "7", "7,5" or "7.5". Raises BadPoints."""
    if text is None:
        return None
    try:
        return parse_exact(text.strip().replace(",", "."))
    except ValueError as error:
        raise BadPoints(f"Điểm {text!r} không đọc được. Hãy nhập số, ví dụ 7,5.") from error


def _recorded(context: RoundContext, work: "Callable[[Session], T]") -> T:
    """Do something with the records of the open round, again where another writer was faster."""
    from dti_core.records.database import session
    from dti_core.records.rounds import require_round
    from tasks.busy import until_free

    def once() -> T:
        with session() as records:
            require_round(records, context)
            return work(records)

    return until_free(once)
