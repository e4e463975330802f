"""`dti rounds` and `dti status`: which rounds there are and how far one has come."""

from typing import Annotated

import typer

from dti_core.program.load import load_round, round_ids
from flows.commands.frameworks import AsJson
from flows.commands.run import running
from flows.commands.terminal import next_step, out, print_json, table
from flows.commands.vietnamese import Command, Group

app = typer.Typer(cls=Group, no_args_is_help=True, help="Mở và liệt kê các đợt đánh giá.")

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


def status(round_id: RoundId, as_json_: AsJson = False) -> None:
    """Cho biết đợt đã đi đến đâu và việc tiếp theo."""
    from dti_core.records import audit, awards, figures, rounds
    from dti_core.records.database import session

    context = load_round(round_id)
    with session() as records:
        record = rounds.require_round(records, context)
        known = figures.current_figures(records, round_id)
        open_questions = sum(1 for figure in known.values() if figure.status == "to_ask")
        points = awards.awards(records, round_id)
        found = awards.findings(records, round_id)
        papers = rounds.documents(records, round_id)
        problems = audit.verify(records, round_id)
        state = {
            "round": round_id,
            "opened_at": record.opened_at,
            "units": len(context.units),
            "figures": len(known),
            "questions": open_questions,
            "findings": {s: sum(f.severity == s for f in found) for s in ("fatal", "warning")},
            "awards": len(points),
            "documents": [paper.path for paper in papers],
            "audit": problems or "nguyên vẹn",
        }
    if as_json_:
        print_json(state)
        return
    steps = [
        ("Mở đợt", True, f"{record.opened_at[:10]}"),
        ("Nhận số liệu", bool(known), f"{len(known)} số liệu, {open_questions} câu hỏi"),
        ("Kiểm tra", bool(found) or bool(points), f"{len(found)} phát hiện"),
        ("Tính điểm", bool(points), f"{len(points)} điểm (hai cách đọc)"),
        ("Báo cáo", bool(papers), f"{len(papers)} văn bản"),
    ]
    table(
        f"{context.round.title} ({round_id})",
        [("Bước", "left"), ("", "left"), ("Kết quả", "left")],
        [
            [name, "[green]xong[/]" if done else "chưa", text if done else ""]
            for name, done, text in steps
        ],
    )
    for problem in problems:
        out.print(f"[red]Nhật ký: {problem}[/]")
    commands = ["", "intake", "validate", "score", "report"]
    for (_, done, _), stage in zip(steps, commands, strict=True):
        if not done:
            next_step(f"dti {stage} {round_id}")
            return
    next_step(
        f"mở báo cáo, hoặc xem vì sao một điểm bằng dti why {round_id} {context.units[0].id} MỤC"
    )
