"""`dti status`: how far a round has come, who is behind, and which command comes next."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from dti_core.program.load import RoundContext, load_round
from flows.commands.frameworks import AsJson
from flows.commands.remind import day_of
from flows.commands.rounds import RoundId
from flows.commands.terminal import next_step, out, print_json, table

if TYPE_CHECKING:
    from sqlmodel import Session

    from dti_core.records.tables import RoundRecord


def status(
    round_id: RoundId,
    as_json_: AsJson = False,
    every: Annotated[
        bool, typer.Option("--all", help="Liệt kê mọi đơn vị, cả nơi không còn việc.")
    ] = False,
    on: Annotated[
        str | None, typer.Option("--on", metavar="NGÀY", help="Mặc định hôm nay.")
    ] = None,
) -> None:
    """Cho biết đợt đã đi đến đâu, nơi nào chậm hay còn việc, và lệnh tiếp theo."""
    from dti_core.records import rounds
    from dti_core.records.database import session
    from flows.commands.collection import collection_json, show_collection
    from flows.commands.next_steps import next_of

    context = load_round(round_id)
    asks = not context.round.data
    day = day_of(on)
    with session() as records:
        record = rounds.require_round(records, context)
        state = _state(records, context, record)
        if asks and as_json_:
            state["collection"] = collection_json(records, context, day)
        if asks:
            state["next"] = next_of(records, context, day)
        if as_json_:
            print_json(state)
            return
        if asks:
            show_collection(records, context, day, every=every)
    if asks:
        _show_problems(state)
        next_step(state["next"])
    else:
        _show_steps(context, state)


def _state(records: "Session", context: RoundContext, record: "RoundRecord") -> dict[str, Any]:
    from dti_core.records import audit, awards, figures, rounds

    known = figures.current_figures(records, context.id)
    found = awards.findings(records, context.id)
    return {
        "round": context.id,
        "opened_at": record.opened_at,
        "units": len(context.units),
        "figures": len(known),
        "questions": sum(1 for figure in known.values() if figure.status == "to_ask"),
        "findings": {s: sum(f.severity == s for f in found) for s in ("fatal", "warning")},
        "awards": len(awards.awards(records, context.id)),
        "documents": [paper.path for paper in rounds.documents(records, context.id)],
        "audit": audit.verify(records, context.id) or "nguyên vẹn",
    }


def _show_problems(state: dict[str, Any]) -> None:
    problems = [] if isinstance(state["audit"], str) else state["audit"]
    for problem in problems:
        out.print(f"[red]Nhật ký: {problem}[/]")


def _show_steps(context: RoundContext, state: dict[str, Any]) -> None:
    """The steps of a round whose figures are published elsewhere."""
    found, points, papers = sum(state["findings"].values()), state["awards"], state["documents"]
    steps = [
        ("Mở đợt", True, f"{state['opened_at'][:10]}"),
        (
            "Nhận số liệu",
            bool(state["figures"]),
            f"{state['figures']} số liệu, {state['questions']} câu hỏi",
        ),
        ("Kiểm tra", bool(found) or bool(points), f"{found} phát hiện"),
        ("Tính điểm", bool(points), f"{points} điểm (hai cách đọc)"),
        ("Báo cáo", bool(papers), f"{len(papers)} văn bản"),
    ]
    table(
        f"{context.round.title} ({context.id})",
        [("Bước", "left"), ("", "left"), ("Kết quả", "left")],
        [
            [name, "[green]xong[/]" if done else "chưa", text if done else ""]
            for name, done, text in steps
        ],
    )
    _show_problems(state)
    commands = ["", "intake", "validate", "score", "report"]
    for (_, done, _), stage in zip(steps, commands, strict=True):
        if not done:
            next_step(f"dti {stage} {context.id}")
            return
    next_step(
        f"mở báo cáo, hoặc xem vì sao một điểm bằng dti why {context.id} {context.units[0].id} MỤC"
    )
