"""`dti status`: how far a round has come, who is behind, and which command comes next."""

from datetime import date
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
            state["sub_rounds"] = _sub_rounds(records, context, day)
        if asks:
            state["next"] = next_of(records, context, day)
        if as_json_:
            print_json(state)
            return
        if asks:
            show_collection(records, context, day, every=every)
            _show_sub_rounds(records, context, day)
    if asks:
        _show_problems(state)
        next_step(state["next"])
    else:
        _show_steps(context, state)


def _state(records: "Session", context: RoundContext, record: "RoundRecord") -> dict[str, Any]:
    from dti_core.records import audit, awards, figures, rounds
    from dti_core.records.approvals import approval_states
    from dti_core.records.sign_off import told_as_missing

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
        "void_approvals": [
            told_as_missing(context, each)
            for each in approval_states(records, context)
            if each.state == "void"
        ],
        "audit": audit.verify(records, context.id) or "nguyên vẹn",
    }


def _sub_rounds(records: "Session", context: RoundContext, day: date) -> list[dict[str, Any]]:
    if not context.sub_rounds:
        return []
    from dti_core.records.sub_rounds import sub_rounds

    return [
        {
            "round": each.id,
            "parent": each.parent,
            "units": each.units,
            "state": each.state,
            "due": each.due.isoformat(),
            "late": each.late(day),
            "handed_on": each.handed_on,
        }
        for each in sub_rounds(records, context)
    ]


def _show_sub_rounds(records: "Session", context: RoundContext, day: date) -> None:
    found = _sub_rounds(records, context, day)
    if not found:
        return
    from dti_core.records.sub_rounds import STATE_TEXT

    table(
        "Đợt thành phần",
        [("Đợt", "left"), ("Đơn vị", "right"), ("Hạn nộp", "left"), ("Tình trạng", "left")],
        [
            [
                each["round"],
                str(each["units"]),
                f"{date.fromisoformat(each['due']):%d/%m/%Y}",
                STATE_TEXT[each["state"]] + (", quá hạn" if each["late"] else ""),
            ]
            for each in found
        ],
    )


def _show_problems(state: dict[str, Any]) -> None:
    problems = [] if isinstance(state["audit"], str) else state["audit"]
    for problem in problems:
        out.print(f"[red]Nhật ký: {problem}[/]")
    for told in state["void_approvals"]:
        out.print(told, style="red", markup=False, soft_wrap=True)


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
