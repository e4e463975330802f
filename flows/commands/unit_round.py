"""The commands of a round that ranks units: `dti dispatch | flag | explain |
rank`. With `--json` they only read what is recorded."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal

import typer

from dti_core.program.load import RoundContext, load_round
from dti_core.program.ranking import RankGroup
from dti_core.rational import vietnamese
from flows.commands.frameworks import AsJson
from flows.commands.outbox import delivered, show_unsent
from flows.commands.rounds import Actor, RoundId
from flows.commands.run import running
from flows.commands.stages import OPERATOR
from flows.commands.terminal import next_step, out, print_json, table


def dispatch(
    round_id: RoundId,
    plan: Annotated[bool, typer.Option("--plan", help="Chỉ in ai phải cung cấp gì.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ in ai sẽ nhận thư gì, không gửi.")
    ] = False,
    as_json_: AsJson = False,
    actor: Actor = OPERATOR,
) -> None:
    """Gửi yêu cầu: biểu mẫu, công văn và thư cho từng nơi cung cấp số liệu."""
    from flows.commands.request_plan import show_plan

    context = load_round(round_id)
    if dry_run:
        from tasks.dispatching import messages

        show_unsent(context, messages(context))
        return
    complete = show_plan(context, as_json=as_json_)
    if plan or as_json_ or not complete:
        if not complete:
            raise typer.Exit(1)
        return
    with running("Viết biểu mẫu, công văn và gửi thư"):
        from flows.unit_stages import dispatch as flow

        delivery = flow(round_id, actor)
    out.print(delivered(delivery))
    next_step(f"đặt tệp nhận được vào hộp nhận rồi chạy dti intake {round_id}")


def flag(round_id: RoundId, as_json_: AsJson = False, actor: Actor = OPERATOR) -> None:
    """Tìm số liệu đáng ngờ và yêu cầu đơn vị giải trình."""
    context = load_round(round_id)
    if not as_json_:
        with running("Tìm số liệu đáng ngờ"):
            from flows.unit_stages import flag as flow

            flow(round_id, actor)
    found = _flags(context)
    if as_json_:
        print_json(found)
        return
    from dti_core.records.flags import LISTED, STATUS_TEXT

    for each in found:
        told = f" [{STATUS_TEXT[LISTED]}]" if each["status"] == LISTED else ""
        out.print(f"- {each['unit']}: {each['message']}{_worth(each)}{told}", markup=False)
    next_step(f"nhận tệp giải trình rồi chạy dti explain {round_id}")


def _flags(context: RoundContext) -> list[dict[str, Any]]:
    """The contract of `flag --json`, from the records: the weightiest flags first."""
    from dti_core.records.database import session
    from dti_core.records.flags import WITHDRAWN, all_flags, weightiest
    from dti_core.records.rounds import require_round

    frameworks = {unit.id: context.framework_of(unit.id) for unit in context.units}
    with session() as records:
        require_round(records, context)
        return [
            {
                "id": f.flag_id,
                "unit": f.unit,
                "criterion": f.criterion,
                "criteria": f.criteria,
                "variable": f.variable,
                "detector": f.detector,
                "reported": f.reported,
                "expected": f.expected,
                "message": f.message,
                "suspicion": f.suspicion,
                "impact": {"points": f.impact, "total": f.impact_total, "rank": f.impact_rank},
                "status": f.status,
                "due": f.due,
            }
            for f in weightiest(all_flags(records, context.id), frameworks)
            if f.status != WITHDRAWN
        ]


def _worth(flag: dict[str, Any]) -> str:
    """What is in doubt: " (nếu là số dự kiến: tổng điểm −3,5, xuống 2 hạng)"."""
    points, places = Fraction(flag["impact"]["total"] or 0), flag["impact"]["rank"] or 0
    told = []
    if points:
        told.append(f"tổng điểm {'+' if points > 0 else '−'}{_shown(str(abs(points)))}")
    if places:
        told.append(f"{'lên' if places > 0 else 'xuống'} {abs(places)} hạng")
    return f" (nếu là số dự kiến: {', '.join(told)})" if told else ""


def explain(
    round_id: RoundId,
    accept: Annotated[
        str | None, typer.Option(help="Chấp nhận giải trình của nghi vấn này.")
    ] = None,
    refuse: Annotated[str | None, typer.Option(help="Không chấp nhận nghi vấn này.")] = None,
    reason: Annotated[str, typer.Option(help="Lý do, bắt buộc khi chấp nhận hay không.")] = "",
    actor: Actor = OPERATOR,
) -> None:
    """Đọc tệp giải trình đã nhận; hoặc chấp nhận, không chấp nhận một giải trình kèm lý do."""
    context = load_round(round_id)
    if accept and refuse:
        raise typer.BadParameter("chỉ chọn một trong --accept và --refuse.")
    if accept or refuse:
        from tasks.judging import judge

        done = judge(context, accept or refuse or "", bool(accept), reason, actor)
        out.print("Đã ghi." if done else "Nghi vấn này đã được xem trước đó; không thay đổi.")
        return
    with running("Đọc giải trình"):
        from flows.unit_stages import explain as flow

        answered = flow(round_id, actor)
    out.print(f"{answered} nghi vấn vừa được giải trình.")
    from dti_core.records.flags import STATUS_TEXT

    for each in _flags(context):
        out.print(
            f"- {each['id']} {each['unit']} mục {each['criterion']}: {STATUS_TEXT[each['status']]}"
        )
    next_step(f"xem từng giải trình: dti explain {round_id} --accept MÃ --reason LÝ_DO")
    for unit in wish_to_send_again(context):
        next_step(
            f"{context.program.unit[unit].name} báo gửi lại cả biểu mẫu:"
            f" dti rounds reopen {round_id} {unit} --reason LÝ_DO"
        )


def wish_to_send_again(context: RoundContext) -> list[str]:
    """Units whose whole workbook is doubted, that will send it anew, and that may not just now."""
    from dti_core.records.database import session
    from dti_core.records.flags import ANSWERED, all_flags
    from dti_core.records.rounds import gate_of

    with session() as records:
        gate = gate_of(records, context.id)
        return list(
            dict.fromkeys(
                flag.unit
                for flag in all_flags(records, context.id)
                if flag.status == ANSWERED
                and flag.decision == "changed"
                and flag.variable is None
                and not gate.takes_figures(flag.unit)
            )
        )


def rank(round_id: RoundId, as_json_: AsJson = False, actor: Actor = OPERATOR) -> None:
    """Xếp hạng theo điểm thẩm định."""
    context = load_round(round_id)
    if not as_json_:
        with running("Xếp hạng"):
            from flows.unit_stages import rank as flow

            flow(round_id, actor)
    rows = rank_json(context)
    if as_json_:
        print_json(rows)
        return
    print_ranking(context)
    next_step(f"dti publish {round_id}")


def print_ranking(context: RoundContext) -> None:
    """Print the recorded ranking, a table a group, with the columns that it has use for."""
    from dti_core.program.groups import groups_of

    rows = rank_json(context)
    if context.round.illustration:
        out.print(context.round.illustration, style="yellow", markup=False)
    groups = groups_of(context)
    for group in groups:
        mine = [row for row in rows if row["group"] == group.id]
        columns = [column for column in _RANKING if column.wanted(group, mine)]
        table(
            group.name if len(groups) > 1 else None,
            [(column.name, column.align) for column in columns],
            [[column.cell(context, row) for column in columns] for row in mine],
        )


@dataclass(frozen=True)
class _Column:
    """A column of the printed ranking: when it is shown, and what stands in it."""

    name: str
    align: Literal["left", "right"]
    cell: Callable[[RoundContext, dict[str, Any]], str]
    wanted: Callable[[RankGroup, list[dict[str, Any]]], bool] = lambda _group, _rows: True


def _change(row: dict[str, Any]) -> str:
    """How many places up or down since last year: "▲2", "▼1", "–" where it stayed."""
    if row["rank"] is None or row["previous_rank"] is None:
        return ""
    by = row["previous_rank"] - row["rank"]
    return f"▲{by}" if by > 0 else f"▼{-by}" if by else "–"


_RANKING = (
    _Column("Hạng", "right", lambda _context, row: str(row["rank"] or "")),
    _Column("Đơn vị", "left", lambda context, row: context.program.unit[row["unit"]].name),
    _Column("Điểm", "right", lambda _context, row: _shown(row["points"])),
    _Column(
        "Tỷ lệ (%)",
        "right",
        lambda _context, row: _shown(row["percent"]),
        lambda group, _rows: group.by == "percent",
    ),
    _Column(
        "Xếp loại",
        "left",
        lambda _context, row: row["grade"] or "",
        lambda _group, rows: any(row["grade"] for row in rows),
    ),
    _Column(
        "So với năm trước",
        "right",
        lambda _context, row: _change(row),
        lambda _group, rows: any(row["previous_rank"] for row in rows),
    ),
    _Column(
        "Lý do không xếp hạng",
        "left",
        lambda _context, row: row["reason"] or "",
        lambda _group, rows: any(row["reason"] for row in rows),
    ),
)


def _shown(points: str | None) -> str:
    return "" if points is None else vietnamese(Fraction(points), 6)


def rank_json(context: RoundContext) -> list[dict[str, Any]]:
    """The contract of `rank --json`, from the records."""
    from dti_core.records.database import session
    from dti_core.records.ranking import ranks
    from dti_core.records.rounds import require_round

    with session() as records:
        require_round(records, context)
        return [
            {
                "group": r.group,
                "unit": r.unit,
                "points": r.published,
                "exact": r.points,
                "percent": r.percent_published,
                "rank": r.rank,
                "grade": r.grade,
                "status": r.status,
                "reason": r.reason,
                "max_points": r.max_points,
                "previous_rank": r.previous_rank,
            }
            for r in ranks(records, context.id)
        ]
