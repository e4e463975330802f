"""`dti rounds` and `dti status`: which rounds there are and how far one has come."""

from typing import Annotated

import typer

from dti_core.program.load import load_round, round_ids
from flows.commands.frameworks import AsJson
from flows.commands.run import running
from flows.commands.terminal import next_step, out, print_json, table
from flows.commands.vietnamese import Command, Group

app = typer.Typer(cls=Group, no_args_is_help=True, help="Mở, mở lại và liệt kê các đợt đánh giá.")

RoundId = Annotated[str, typer.Argument(metavar="ĐỢT", help="Ví dụ vinh-long/2024-06.")]
Actor = Annotated[str, typer.Option("--as", metavar="VAI_TRÒ", help="Ai làm, ghi vào nhật ký.")]


@app.command("list", cls=Command)
def list_(as_json_: AsJson = False) -> None:
    """Liệt kê các đợt của mọi chương trình."""
    from dti_core.records.database import session
    from dti_core.records.rounds import opened_rounds

    with session() as records:
        opened = {record.id: record.opened_at for record in opened_rounds(records)}
    rounds = [load_round(each) for each in round_ids()]
    if as_json_:
        print_json(
            [
                {
                    "id": c.id,
                    "title": c.round.title,
                    "evaluation_year": c.round.evaluation_year,
                    "opens": c.round.opens.on.isoformat(),
                    "closes": c.round.closes.on.isoformat(),
                    "units": len(c.units),
                    "opened_at": opened.get(c.id),
                }
                for c in rounds
            ]
        )
        return
    table(
        None,
        [
            ("Đợt", "left"),
            ("Tên", "left"),
            ("Thời gian", "left"),
            ("Đơn vị", "right"),
            ("Tình trạng", "left"),
        ],
        [
            [
                c.id,
                c.round.title,
                f"{c.round.opens.on:%d/%m/%Y} – {c.round.closes.on:%d/%m/%Y}",
                str(len(c.units)),
                "đã mở" if c.id in opened else "chưa mở",
            ]
            for c in rounds
        ],
    )


@app.command("open", cls=Command)
def open_(round_id: RoundId, actor: Actor = "Người vận hành") -> None:
    """Mở một đợt: ghim bộ chỉ số và chương trình bằng mã băm."""
    load_round(round_id)
    with running(f"Mở đợt {round_id}"):
        from flows.stages import open_round

        new = open_round(round_id, actor)
    out.print("Đã mở đợt." if new else "Đợt đã mở từ trước; không có gì thay đổi.")
    next_step(f"dti intake {round_id}")


@app.command("reopen", cls=Command)
def reopen(
    round_id: RoundId,
    unit: Annotated[
        str | None,
        typer.Argument(metavar="ĐƠN_VỊ", help="Chỉ mở cho nơi này; bỏ trống: mọi nơi."),
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", metavar="LÝ_DO", help="Vì sao mở lại; bắt buộc.")
    ] = "",
    actor: Actor = "Người vận hành",
) -> None:
    """Nhận tệp trở lại sau khi khép thu thập (dti approve ĐỢT thu-thap) hoặc duyệt dự thảo."""
    from dti_core.records.database import session
    from dti_core.records.rounds import reopen as let_in
    from dti_core.records.rounds import require_round

    context = load_round(round_id)
    with session() as records:
        require_round(records, context)
        new = let_in(records, context, reason, actor, unit)
    whom = context.program.unit[unit].name if unit else "mọi nơi cung cấp"
    if not new:
        out.print(f"Đợt đang nhận tệp của {whom}; không có gì thay đổi.")
        return
    out.print(f"Đã mở lại cho {whom}. Nhận xong, khép lại: dti approve {round_id} thu-thap --as …")
    next_step(f"dti intake {round_id}")
