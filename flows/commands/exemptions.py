"""`dti exemptions` and `dti place`: rows on which a unit is not scored as others are, and units
that have no place in the ranking. Each is a person's decision with its reason."""

from typing import Annotated

import typer

from dti_core.program.load import RoundContext, load_round
from flows.commands.frameworks import AsJson
from flows.commands.rounds import Actor, RoundId
from flows.commands.stages import OPERATOR
from flows.commands.terminal import next_step, out, print_json, table

UnitId = Annotated[str, typer.Argument(metavar="ĐƠN_VỊ", help="Mã đơn vị, ví dụ so-y-te.")]


def exemptions(
    round_id: RoundId,
    unit: Annotated[
        str | None, typer.Argument(metavar="ĐƠN_VỊ", help="Chỉ một đơn vị; cần khi quyết định.")
    ] = None,
    grant: Annotated[
        str | None, typer.Option("--grant", metavar="CĂN_CỨ", help="Đồng ý theo căn cứ này.")
    ] = None,
    refuse: Annotated[
        str | None, typer.Option("--refuse", metavar="CĂN_CỨ", help="Không đồng ý.")
    ] = None,
    criterion: Annotated[
        str | None,
        typer.Option("--criterion", metavar="MỤC", help="Chỉ mục này; mặc định mọi mục đề xuất."),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="LÝ_DO", help="Bắt buộc.")] = "",
    as_json_: AsJson = False,
    actor: Actor = OPERATOR,
) -> None:
    """Xem và quyết định các mục được miễn, tính theo nhóm hoặc không đánh giá."""
    context = load_round(round_id)
    from dti_core.records import exemptions as kept
    from dti_core.records.database import session
    from dti_core.records.rights import Right, may
    from dti_core.records.rounds import require_round

    if grant and refuse:
        raise typer.BadParameter("chỉ chọn một trong --grant và --refuse.")
    with session() as records:
        require_round(records, context)
        if grant or refuse or may(records, context.id, Right.DECIDE):
            kept.propose(records, context, actor)  # whoever only reads is shown what there is
        if grant or refuse:
            if unit is None:
                raise typer.BadParameter("hãy nêu đơn vị được quyết định.")
            done = kept.decide(
                records, context, unit, grant or refuse or "", bool(grant), reason, actor, criterion
            )
            out.print(f"{done} mục vừa được quyết định." if done else "Không có gì thay đổi.")
    with session() as records:
        found = [
            each
            for each in kept.exemptions(records, context.id)
            if unit is None or each.unit == unit
        ]
        rows = [each.model_dump(exclude={"id", "round_id"}) for each in found]
    if as_json_:
        print_json(rows)
        return
    if not rows:
        out.print("Không có mục nào được đề xuất miễn.")
        return
    _show(context, rows, kept.STATUS_TEXT)
    waiting = next((row for row in rows if row["status"] == kept.PROPOSED), None)
    if waiting:
        next_step(
            f"dti exemptions {round_id} {waiting['unit']} --grant {waiting['ground']} --reason"
            " LÝ_DO (hoặc --refuse)"
        )
    else:
        next_step(f"dti rank {round_id}")


def _show(context: RoundContext, rows: list[dict[str, str]], words: dict[str, str]) -> None:
    grounds = {each.id: each for each in context.program.exemptions}
    table(
        None,
        [
            ("Đơn vị", "left"),
            ("Mục", "left"),
            ("Căn cứ", "left"),
            ("Tình trạng", "left"),
            ("Lý do", "left"),
        ],
        [
            [
                context.program.unit[row["unit"]].name,
                row["criterion"],
                f"{grounds[row['ground']].name} ({grounds[row['ground']].basis})"
                if row["ground"] in grounds
                else row["ground"],
                words[row["status"]],
                row["reason"] or "",
            ]
            for row in rows
        ],
    )


def place(
    round_id: RoundId,
    unit: Annotated[
        str | None, typer.Argument(metavar="ĐƠN_VỊ", help="Đơn vị được quyết định.")
    ] = None,
    ranked: Annotated[bool, typer.Option("--ranked", help="Đưa lại vào xếp hạng.")] = False,
    not_ranked: Annotated[
        bool, typer.Option("--not-ranked", help="Đánh giá nhưng không xếp hạng.")
    ] = False,
    not_evaluated: Annotated[bool, typer.Option("--not-evaluated", help="Không đánh giá.")] = False,
    reason: Annotated[str, typer.Option("--reason", metavar="LÝ_DO", help="Bắt buộc.")] = "",
    basis: Annotated[str, typer.Option("--basis", metavar="CĂN_CỨ", help="Văn bản.")] = "",
    as_json_: AsJson = False,
    actor: Actor = OPERATOR,
) -> None:
    """Xem và quyết định đơn vị không được xếp hạng hoặc không được đánh giá."""
    context = load_round(round_id)
    from dti_core.records.database import session
    from dti_core.records.participation import keep_out, places
    from dti_core.records.rounds import require_round

    chosen = [
        name
        for name, wanted in (
            ("ranked", ranked),
            ("not_ranked", not_ranked),
            ("not_evaluated", not_evaluated),
        )
        if wanted
    ]
    if len(chosen) > 1 or (chosen and unit is None):
        raise typer.BadParameter(
            "nêu một đơn vị và một trong --ranked, --not-ranked, --not-evaluated."
        )
    with session() as records:
        require_round(records, context)
        if chosen and unit is not None:
            new = keep_out(records, context, unit, chosen[0], reason, basis, actor)
            out.print("Đã ghi." if new else "Không có gì thay đổi.")
    with session() as records:
        found = places(records, context)
    if as_json_:
        print_json([{"unit": each, **why.model_dump()} for each, why in found.items()])
        return
    words = {
        "not_ranked": "đánh giá, không xếp hạng",
        "not_evaluated": "không đánh giá",
        "voluntary": "tự nguyện, không xếp hạng",
    }
    if not found:
        out.print("Mọi đơn vị của đợt đều được xếp hạng.")
        return
    table(
        None,
        [("Đơn vị", "left"), ("Quyết định", "left"), ("Lý do", "left"), ("Căn cứ", "left")],
        [
            [context.program.unit[each].name, words[why.place], why.reason, why.basis]
            for each, why in found.items()
        ],
    )
    next_step(f"dti rank {round_id}")
