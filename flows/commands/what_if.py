"""`dti what-if`: points, total and place of a unit under other figures. Nothing is recorded."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from dti_core.errors import Refused
from dti_core.framework.describe import READING
from dti_core.framework.model import RATIO, Criterion
from dti_core.program.load import RoundContext, load_round
from dti_core.rational import as_json, vietnamese
from flows.commands.frameworks import AsJson
from flows.commands.lines import line
from flows.commands.points import (
    moved,
    place,
    points_digits,
    points_json,
    points_or_bounds,
    signed,
    standing_json,
    whole,
)
from flows.commands.rounds import RoundId
from flows.commands.terminal import next_step, out, print_json, table

if TYPE_CHECKING:
    from dti_core.figures import Figure
    from dti_core.scoring.what_if import Changed, WhatIf

Unit = Annotated[str, typer.Argument(metavar="ĐƠN_VỊ", help="Mã đơn vị, ví dụ so-tu-phap.")]
Code = Annotated[str, typer.Argument(metavar="MỤC", help="Mã tiêu chí, ví dụ 6.9.")]
Supposed = Annotated[
    list[str],
    typer.Argument(
        metavar="SỐ_LIỆU=GIÁ_TRỊ...",
        help="Ví dụ a=1204 b=1500, x=có, hoặc a=? nếu chưa biết. Mức có dấu cách thì đặt trong"
        " dấu ngoặc kép.",
    ),
]


class NoSuchSubject(Refused):
    """The round has no such unit, or its framework no such row."""


def what_if(
    round_id: RoundId,
    unit: Unit,
    criterion: Code,
    figures: Supposed,
    as_json_: AsJson = False,
) -> None:
    """Thử: nếu số liệu khác đi thì điểm, tổng điểm và hạng ra sao. Không ghi gì vào hồ sơ."""
    from dti_core.intake.assignments import read_assignments
    from dti_core.records.analysing import analysed
    from dti_core.records.database import session

    context = load_round(round_id)
    row = _row(context, unit, criterion)
    values = read_assignments(figures, row)
    with session() as records:
        read = analysed(records, context)
    answer = read.what_if(unit, criterion, values)
    if as_json_:
        print_json(what_if_json(answer))
        return
    _print(context, row, answer)


def _row(context: RoundContext, unit: str, code: str) -> Criterion:
    """The row that is asked about. Raises NoSuchSubject."""
    units = [each.id for each in context.units]
    if unit not in units:
        raise NoSuchSubject(f"Đợt {context.id} không có đơn vị {unit!r}. Có: {', '.join(units)}.")
    framework = context.framework_of(unit)
    if code not in framework.by_code:
        raise NoSuchSubject(
            f"{framework.id} không có mục {code!r}. Có: {', '.join(framework.by_code)}."
        )
    return framework.by_code[code]


def _print(context: RoundContext, row: Criterion, answer: "WhatIf") -> None:
    unit = context.program.unit[answer.move.unit]
    digits = points_digits(context)
    if context.round.illustration:
        out.print(f"[yellow]{escape(context.round.illustration)}[/]\n")
    out.print(f"[bold]{unit.name}, mục {row.code}: {escape(row.name)}[/]")
    out.print("Giả định để thử; không ghi gì vào hồ sơ của đợt.\n")
    for changed in answer.figures:
        line(_figure_line(row, changed))
    before, after = answer.move.before, answer.move.after
    out.print()
    table(
        None,
        [("", "left"), ("Hiện nay", "right"), ("Nếu vậy", "right"), ("Chênh", "right")],
        [
            [
                f"Điểm mục {row.code}{_maximum(row)}",
                points_or_bounds(answer.before, digits),
                points_or_bounds(answer.after, digits),
                _difference(answer.before.points, answer.after.points, digits),
            ],
            [
                f"Tổng điểm (tối đa {vietnamese(before.total.max_points)})",
                whole(before, digits),
                whole(after, digits),
                _difference(before.points, after.points, digits),
            ],
            ["Hạng", place(before), place(after), moved(answer.move.gained)],
        ],
    )
    _print_remarks(context, row, answer, digits)
    _print_others(context, answer, digits)
    next_step(f"xem phép tính hiện nay: dti why {context.id} {unit.id} {row.code}")


def _figure_line(row: Criterion, changed: "Changed") -> str:
    name = "tỷ lệ" if changed.variable == RATIO else changed.variable
    variable = row.variables.get(changed.variable)
    label = f" ({variable.label})" if variable else ""
    before, after = _shown(row, changed, changed.before), _shown(row, changed, changed.after)
    if not changed.differs:
        return f"{name}{label}: {before}, như đã ghi"
    why = ", vì trái với số liệu giả định" if changed.implied else ""
    return f"{name}{label}: {before} → {after}{why}"


def _shown(row: Criterion, changed: "Changed", figure: "Figure | None") -> str:
    from dti_core.scoring.explain import shown_value

    text = shown_value(row, changed.variable, figure)
    return "chưa biết" if text == "?" else text


def _maximum(row: Criterion) -> str:
    return "" if row.max_points is None else f" (tối đa {vietnamese(row.max_points)})"


def _difference(before: Any, after: Any, digits: int) -> str:
    if before is None or after is None:
        return ""
    return signed(after - before, digits) if after != before else "0"


def _print_remarks(context: RoundContext, row: Criterion, answer: "WhatIf", digits: int) -> None:
    for reason in answer.scored.problem.reasons:
        out.print(f"{reason}.", markup=False)
    if answer.scored.unclipped is not None:
        shown = vietnamese(answer.scored.unclipped * 100)
        out.print(f"Công thức cho {shown} % điểm tối đa; phần vượt được cắt ở 100 %.")
    if row.erratum is not None and row.erratum.corrected is not None:
        out.print(
            f"Với số liệu giả định, cách đọc {READING[answer.other.reading]} cho"
            f" {points_or_bounds(answer.other, digits)} điểm."
        )
    if answer.set_aside is not None:
        out.print(
            f"Điểm thẩm định {vietnamese(answer.set_aside)} (có lý do riêng) là cho số liệu đã ghi"
            " nên không xét ở đây; người thẩm định có thể cho điểm khác."
        )
    for name, codes in _shared(context, row, answer):
        out.print(
            f"Số liệu {name} là đại lượng dùng chung với mục {', '.join(codes)}; các mục ấy giữ số"
            " liệu đã ghi."
        )


def _shared(context: RoundContext, row: Criterion, answer: "WhatIf") -> list[tuple[str, list[str]]]:
    """Supposed figures that other rows ask for too."""
    found = []
    for changed in answer.figures:
        variable = row.variables.get(changed.variable)
        if variable is None or variable.quantity is None or not changed.differs:
            continue
        codes = [
            other.code
            for other in context.framework_of(answer.move.unit).rows
            if other.code != row.code
            and any(v.quantity == variable.quantity for v in other.variables.values())
        ]
        if codes:
            found.append((changed.variable, codes))
    return found


def _print_others(context: RoundContext, answer: "WhatIf", digits: int) -> None:
    others = answer.others
    if answer.move.before.rank is not None and answer.move.after.rank is None:
        out.print("Tổng điểm còn để ngỏ nên chưa có hạng; đơn vị xếp sau tạm lên hạng.")
        others = tuple(each for each in others if each.before.total != each.after.total)
    elif not others and len(context.units) > 1:
        out.print("Điểm và hạng của các đơn vị khác không đổi.")
    if not others:
        return
    table(
        "Đơn vị khác cũng đổi điểm hoặc hạng",
        [
            ("Hạng", "right"),
            ("Đơn vị", "left"),
            ("Hiện nay", "right"),
            ("Nếu vậy", "right"),
            ("Đổi hạng", "right"),
        ],
        [
            [
                " → ".join(dict.fromkeys((place(each.before), place(each.after)))),
                context.program.unit[each.unit].name,
                whole(each.before, digits),
                whole(each.after, digits),
                moved(each.gained),
            ]
            for each in sorted(others, key=lambda each: each.before.rank or 0)
        ],
    )


def what_if_json(answer: "WhatIf") -> dict[str, Any]:
    """The contract of `what-if --json`."""
    return {
        "unit": answer.move.unit,
        "criterion": answer.scored.criterion,
        "figures": [
            {
                "variable": each.variable,
                "before": as_json(each.before.value) if each.before else None,
                "after": as_json(each.after.value) if each.after else None,
                "implied": each.implied,
            }
            for each in answer.figures
        ],
        "before": points_json(answer.before),
        "after": points_json(answer.after),
        "status": answer.scored.status,
        "other_reading": {"reading": answer.other.reading, **points_json(answer.other)},
        "appraised_set_aside": as_json(answer.set_aside),
        "total": {
            "before": standing_json(answer.move.before),
            "after": standing_json(answer.move.after),
        },
        "gained": answer.move.gained,
        "others": [
            {
                "unit": each.unit,
                "before": standing_json(each.before),
                "after": standing_json(each.after),
                "gained": each.gained,
            }
            for each in answer.others
        ],
    }
