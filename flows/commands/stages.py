"""The commands that run a stage: `dti validate | quality | score | report | cycle`.

A stage's command runs its flow; with `--json` it only reads what is recorded.
"""

from typing import Annotated, Any, Literal

import typer

from dti_core.program.load import RoundContext, load_round
from dti_core.rational import round_half_up, vietnamese
from flows.commands.frameworks import AsJson
from flows.commands.rounds import Actor, RoundId
from flows.commands.run import running
from flows.commands.terminal import next_step, out, print_json, table

OPERATOR = "Người vận hành"


def validate(round_id: RoundId, as_json_: AsJson = False, actor: Actor = OPERATOR) -> None:
    """Kiểm tra số liệu bằng Great Expectations."""
    context = load_round(round_id)
    if as_json_:
        print_json(_findings(context))
        return
    with running("Kiểm tra số liệu"):
        from flows.stages import validate as flow

        counts = flow(round_id, actor)
    from dti_core.records.awards import LACKING

    found = _findings(context)
    serious = [f for f in found if f["rule"] not in LACKING]
    for finding in serious:
        out.print(f"- {finding['message']}", markup=False)
    figures = sum(f["rule"] == "required" for f in found)
    out.print(
        f"{counts['fatal']} lỗi phải sửa, {counts['warning']} cảnh báo (trong đó {figures} số liệu"
        f" và {len(found) - len(serious) - figures} tài liệu kiểm chứng chưa có)."
    )
    next_step(f"dti score {round_id}")


def _findings(context: RoundContext) -> list[dict[str, Any]]:
    from dti_core.records.awards import findings
    from dti_core.records.database import session
    from dti_core.records.rounds import require_round

    with session() as records:
        require_round(records, context)
        return [f.model_dump(exclude={"id", "round_id"}) for f in findings(records, context.id)]


Reading = Annotated[
    Literal["as_written", "corrected"] | None,
    typer.Option("--reading", help="Cách đọc; mặc định theo chính sách của chương trình."),
]


def score(
    round_id: RoundId,
    as_json_: AsJson = False,
    reading: Reading = None,
    actor: Actor = OPERATOR,
) -> None:
    """Tính điểm theo cả hai cách đọc."""
    context = load_round(round_id)
    if as_json_:
        print_json(score_json(context, reading))
        return
    with running("Tính điểm"):
        from flows.stages import score as flow

        changed = flow(round_id, actor)
    out.print(f"{changed} điểm mới hoặc thay đổi.")
    print_totals(context, reading)
    next_step(f"dti report {round_id}")


def score_json(context: RoundContext, reading: str | None) -> list[dict[str, Any]]:
    """The contract of `score --json`, from the records: points as published, and exact."""
    from dti_core.records.awards import awards
    from dti_core.records.database import session
    from dti_core.records.rounds import require_round

    policies = context.program.policies
    with session() as records:
        require_round(records, context)
        return [
            {
                "unit": award.unit,
                "criterion": award.criterion,
                "max_points": award.max_points,
                "points": award.published,
                "exact": award.points,
                "status": award.status,
                "reading": award.reading,
            }
            for award in awards(records, context.id)
            if award.reading == (reading or policies.reading_of(award.criterion))
        ]


def print_totals(context: RoundContext, reading: str | None) -> None:
    """Print every unit's computed points with the bounds of what is possible."""
    from dti_core.framework.describe import READING
    from dti_core.records.database import session
    from dti_core.records.scoring import scored_round
    from dti_core.scoring.total import totals

    policies = context.program.policies
    digits = policies.rounding.value.digits if policies.rounding else 2
    with session() as records:
        scored = scored_round(records, context)
    rows = []
    for unit in context.units:
        for each, scores in scored.scores.items():
            if reading not in (None, each):
                continue
            _, total = totals(context.framework_of(unit.id), unit.id, scores, policies)
            shown = [
                vietnamese(round_half_up(value, digits))
                for value in (total.computed, total.low, total.high, total.max_points)
            ]
            rows.append([unit.name, READING[each], *shown])
    if context.round.illustration:
        out.print(f"[yellow]{context.round.illustration}[/]")
    table(
        None,
        [
            ("Đơn vị", "left"),
            ("Cách đọc", "left"),
            ("Đã tính", "right"),
            ("Thấp nhất", "right"),
            ("Cao nhất", "right"),
            ("Tối đa", "right"),
        ],
        rows,
    )


def quality(round_id: RoundId, actor: Actor = OPERATOR) -> None:
    """Viết báo cáo chất lượng số liệu của đợt và của từng đơn vị (trang HTML và .xlsx)."""
    context = load_round(round_id)
    with running("Viết báo cáo chất lượng số liệu"):
        from flows.stages import quality as flow

        paths = flow(round_id, actor)
    for path in paths:
        out.print(path, soft_wrap=True)
    if context.round.data:
        next_step(f"dti report {round_id}")
        return
    from dti_core.clock import today
    from dti_core.records.database import session
    from flows.commands.next_steps import next_of

    with session() as records:
        next_step(next_of(records, context, today()))


def report(round_id: RoundId, actor: Actor = OPERATOR) -> None:
    """Viết báo cáo của đợt tính chỉ số cấp tỉnh (trang HTML và .docx)."""
    load_round(round_id)
    with running("Viết báo cáo"):
        from flows.stages import report as flow

        paths = flow(round_id, actor)
    for path in paths:
        out.print(path, soft_wrap=True)


def cycle(
    round_id: RoundId,
    sub_rounds: Annotated[
        bool,
        typer.Option("--sub-rounds", help="Chạy các đợt thành phần của đợt này, song song."),
    ] = False,
    actor: Actor = OPERATOR,
) -> None:
    """Chạy mọi bước của một đợt trong một luồng; dừng ở chỗ chờ người, chạy lại để đi tiếp."""
    context = load_round(round_id)
    if sub_rounds:
        _sub_rounds(context, actor)
        return
    with running(f"Chạy đợt {round_id}"):
        from flows.cycle import provincial_cycle
        from flows.schedules import PROVINCE, cycle_of
        from flows.unit_cycle import unit_cycle

        run = provincial_cycle if cycle_of(round_id) is PROVINCE else unit_cycle
        paths = run(round_id, actor)
    for path in paths:
        out.print(path, soft_wrap=True)


def _sub_rounds(context: RoundContext, actor: str) -> None:
    """Run every sub-round until it waits for people; say of each how far it came."""
    if not context.sub_rounds:
        raise typer.BadParameter(f"đợt {context.id} không có đợt thành phần.")
    from dti_core.clock import today
    from tasks.sub_rounds import hand_overs

    refused = 0
    with running(f"Chạy {len(context.sub_rounds)} đợt thành phần của {context.id}"):
        from flows.sub_cycles import run_sub_rounds

        for ran in run_sub_rounds(context):
            refused += ran.refused is not None
            told = ran.refused or ran.waits or "xong: " + ", ".join(ran.paths)
            out.print(f"{ran.round_id}: {told}", soft_wrap=True, markup=False)
    found = hand_overs(context, today(), actor)
    handed = sum(each.state == "handed_over" for each in found)
    out.print(f"{handed} trên {len(found)} đợt thành phần đã nộp kết quả.")
    next_step(f"dti cycle {context.id}" if handed == len(found) else f"dti status {context.id}")
    if refused:
        raise typer.Exit(1)
