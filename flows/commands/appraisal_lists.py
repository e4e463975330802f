"""What `dti appraise --list` and `--differing` print: who judges what, where they differ."""

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import typer

from dti_core.program.load import RoundContext
from dti_core.program.routing import verifier_name
from dti_core.rational import vietnamese
from flows.commands.terminal import next_step, out, print_json, table

if TYPE_CHECKING:
    from dti_core.records.assignments import Progress
    from dti_core.records.opinions import Differing


def show_progress(context: RoundContext, *, as_json: bool) -> None:
    from dti_core.clock import today
    from dti_core.records.assignments import assignments, progress
    from dti_core.records.database import session
    from dti_core.records.rounds import require_round

    with session() as records:
        require_round(records, context)
        found = progress(records, context)
        sent = {each.verifier for each in assignments(records, context.id)}
    if as_json:
        print_json([_as_json(each, each.verifier in sent) for each in found])
        return
    day = today()
    table(
        f"Phân công thẩm định đợt {context.id}",
        [
            ("Mã", "left"),
            ("Người thẩm định", "left"),
            ("Cho điểm", "right"),
            ("Còn thiếu", "right"),
            ("Hạn", "left"),
            ("Tình trạng", "left"),
        ],
        [
            [
                each.verifier,
                each.name,
                f"{each.judged}/{each.items}",
                str(len(each.lacking) or ""),
                f"{each.due:%d/%m/%Y}" if each.due else "",
                _state(each, each.verifier in sent, each.late(day)),
            ]
            for each in found
        ],
    )
    out.print(
        "Còn thiếu: dòng không có điểm tính hay điểm tự đánh giá, hoặc chờ lý do; còn thì chưa khép"
        " được.",
        style="dim",
    )
    next_step(f"từng dòng của một nơi: dti appraise {context.id} --list --verifier MÃ")


def _state(each: "Progress", sent: bool, late: bool) -> str:
    if each.closed_on:
        return f"đã khép ({each.closed_by})"
    if not sent:
        return "chưa gửi tệp"
    if late:
        return "quá hạn"
    return "đã cho đủ điểm" if each.done else "đang thẩm định"


def _as_json(each: "Progress", sent: bool) -> dict[str, Any]:
    return {
        "verifier": each.verifier,
        "name": each.name,
        "items": each.items,
        "judged": each.judged,
        "lacking": [list(pair) for pair in each.lacking],
        "due": each.due.isoformat() if each.due else None,
        "sent": sent,
        "closed_at": each.closed_on,
        "closed_by": each.closed_by,
    }


def show_rows(context: RoundContext, verifier: str, *, as_json: bool) -> None:
    """Every row of one verifier with his points."""
    from dti_core.records.assignments import rows_by_verifier
    from dti_core.records.database import session
    from dti_core.records.opinions import by_row
    from dti_core.records.rounds import require_round

    with session() as records:
        require_round(records, context)
        shares, given = rows_by_verifier(records, context), by_row(records, context.id)
    if verifier not in shares:
        raise typer.BadParameter(f"không có người thẩm định {verifier!r}. Có: {', '.join(shares)}.")
    rows = [(pair, given.get(pair, {}).get(verifier)) for pair in shares[verifier]]
    if as_json:
        print_json(
            [
                {
                    "unit": unit,
                    "criterion": code,
                    "points": each.points if each else None,
                    "reason": each.reason if each else None,
                }
                for (unit, code), each in rows
            ]
        )
        return
    named = (f.field for f in context.program.appraisal.fields if verifier in f.verifiers)
    fields = "; ".join(dict.fromkeys(named))
    table(
        f"{verifier_name(context, verifier)}{f' ({fields})' if fields else ''}",
        [("Đơn vị", "left"), ("Mục", "left"), ("Điểm", "right"), ("Lý do", "left")],
        [
            [
                context.program.unit[unit].name,
                code,
                _points(each.points) if each else "",
                (each.reason or "") if each else "",
            ]
            for (unit, code), each in rows
        ],
    )


def show_differing(context: RoundContext, *, as_json: bool) -> None:
    from dti_core.records.database import session
    from dti_core.records.opinions import differing
    from dti_core.records.rounds import require_round

    with session() as records:
        require_round(records, context)
        found = differing(records, context)
    if as_json:
        print_json([_differing_json(each) for each in found])
        return
    for each in found:
        _tell(context, each)
    if not found:
        out.print("Không có dòng nào các nơi thẩm định cho điểm khác nhau.")


def _tell(context: RoundContext, each: "Differing") -> None:
    from dti_core.program.routing import decider_of

    given = "; ".join(
        f"{verifier_name(context, o.verifier)} {_points(o.points)}"
        f"{f' ({o.reason})' if o.reason else ''}"
        for o in each.opinions
    )
    if each.decision is not None:
        outcome = f"đã quyết định {_points(each.decision.points)} ({each.decision.reason})"
    elif decider_of(context, each.unit) is None:
        outcome = "dòng của chính cơ quan chủ trì: các nơi thẩm định phải thống nhất"
    else:
        outcome = "chờ người chủ trì quyết định"
    name = context.program.unit[each.unit].name
    out.print(f"- {name} mục {each.criterion}: {given}; {outcome}", markup=False, soft_wrap=True)


def _differing_json(each: "Differing") -> dict[str, Any]:
    return {
        "unit": each.unit,
        "criterion": each.criterion,
        "opinions": [
            {"verifier": o.verifier, "points": o.points, "reason": o.reason} for o in each.opinions
        ],
        "decision": (
            {"points": each.decision.points, "reason": each.decision.reason}
            if each.decision
            else None
        ),
    }


def _points(exact: str) -> str:
    return vietnamese(Fraction(exact), 6)
