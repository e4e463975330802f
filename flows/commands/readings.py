"""`dti readings`: what the choice of reading does to points, totals and places."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from dti_core.framework.describe import READING
from dti_core.program.load import RoundContext, load_round
from dti_core.rational import as_json
from flows.commands.frameworks import AsJson
from flows.commands.lines import line
from flows.commands.points import (
    moved,
    place,
    points_digits,
    points_json,
    points_or_bounds,
    shown,
    signed,
    standing_json,
    whole,
)
from flows.commands.rounds import RoundId
from flows.commands.terminal import next_step, out, print_json, table

if TYPE_CHECKING:
    from fractions import Fraction

    from dti_core.records.analysing import Analysed
    from dti_core.scoring.readings import Difference, Readings, UnitReadings
    from dti_core.scoring.standings import Standing


def readings(round_id: RoundId, as_json_: AsJson = False) -> None:
    """So hai cách đọc văn bản: mục nào lệch điểm, ai lên hay xuống hạng, điều nào cần sửa."""
    from dti_core.records.analysing import analysed
    from dti_core.records.database import session

    context = load_round(round_id)
    with session() as records:
        read = analysed(records, context)
    found = read.readings()
    if as_json_:
        print_json(readings_json(found))
        return
    _print(read, found)


def _print(read: "Analysed", found: "Readings") -> None:
    from dti_core.scoring.told import amendment

    context = read.context
    if context.round.illustration:
        out.print(f"[yellow]{escape(context.round.illustration)}[/]\n")
    digits = points_digits(context)
    if found.differences:
        _print_differences(context, found.differences, digits)
    else:
        out.print("Hai cách đọc cho mọi đơn vị cùng một điểm ở mọi mục.")
    if len(context.units) == 1:
        _print_totals(found.units[0], digits)
    else:
        _print_units(context, found, digits)
    out.print()
    for told in amendment(found, context.program.letterhead.issuer, context.program.publisher):
        out.print(told, markup=False)
    unit = found.differences[0].unit if found.differences else context.units[0].id
    code = found.differences[0].row.code if found.differences else "MỤC"
    next_step(f"xem cả hai phép tính: dti why {context.id} {unit} {code}")


def _print_differences(
    context: RoundContext, differences: Sequence["Difference"], digits: int
) -> None:
    table(
        "Mục mà hai cách đọc cho điểm khác nhau",
        [
            ("Mục", "left"),
            ("Đơn vị", "left"),
            ("Theo câu chữ", "right"),
            ("Đã chỉnh", "right"),
            ("Chênh", "right"),
        ],
        [
            [
                each.row.code,
                context.program.unit[each.unit].name + ("" if each.awarded is None else " *"),
                points_or_bounds(each.as_written, digits),
                points_or_bounds(each.corrected, digits),
                "chưa rõ" if each.difference is None else signed(each.difference, digits),
            ]
            for each in differences
        ],
    )
    if any(each.awarded is not None for each in differences):
        out.print("* Điểm do người thẩm định cho có lý do riêng, giữ nguyên ở cả hai cách đọc.")
    for row in {each.row.code: each.row for each in differences}.values():
        assert row.erratum is not None
        out.print(f"\n[bold]{row.code}[/] {escape(row.name)}")
        line(row.erratum.note)
        line(f"Căn cứ: {row.citation}.", style="dim")
    out.print()


def _print_totals(unit: "UnitReadings", digits: int) -> None:
    sides = [
        (READING["as_written"].capitalize(), unit.as_written),
        (READING["corrected"].capitalize(), unit.corrected),
        ("Chính sách của đợt", unit.official),
    ]
    table(
        None,
        [
            ("Cách đọc", "left"),
            ("Đã tính", "right"),
            ("Thấp nhất", "right"),
            ("Cao nhất", "right"),
            ("Tối đa", "right"),
        ],
        [
            [name, *(shown(value, digits) for value in _bounds(standing))]
            for name, standing in sides
            if standing is not None
        ],
    )


def _bounds(standing: "Standing") -> tuple["Fraction", ...]:
    total = standing.total
    return total.computed, total.low, total.high, total.max_points


def _print_units(context: RoundContext, found: "Readings", digits: int) -> None:
    from dti_core.scoring.standings import undecided

    sides = _sides(found)
    columns = [("Đơn vị", "left")]
    for name, _ in sides:
        columns += [(name, "right"), ("Hạng", "right")]
    table(
        "Tổng điểm và hạng của từng đơn vị",
        [*columns, ("Đổi hạng", "right")],
        [
            [
                context.program.unit[unit.unit].name,
                *(
                    text
                    for _, side in sides
                    for text in (whole(getattr(unit, side), digits), place(getattr(unit, side)))
                ),
                moved(unit.gained),
            ]
            for unit in sorted(found.units, key=_by_place)
        ],
    )
    if missing := undecided(context.program.policies):
        out.print(f"Không xếp hạng: chưa đặt chính sách {', '.join(missing)}.")
    if any(unit.as_written.points is None for unit in found.units):
        out.print("Đơn vị còn mục chưa đủ số liệu thì nêu khoảng điểm có thể có và chưa có hạng.")
    for name, side in (("Lên", 1), ("Xuống", -1)):
        movers = [unit for unit in found.units if (unit.gained or 0) * side > 0]
        if movers:
            told = "; ".join(
                f"{context.program.unit[u.unit].name} ({u.as_written.rank} → {u.corrected.rank})"
                for u in movers
            )
            out.print(f"{name} hạng nếu áp dụng cách đọc đã chỉnh: {told}.")
    if not any(unit.gained for unit in found.units):
        out.print("Không đơn vị nào đổi hạng giữa hai cách đọc.")


def _sides(found: "Readings") -> list[tuple[str, str]]:
    """The columns of totals: both readings, the official one marked; a third where the policy
    mixes the two."""
    official = next(
        (
            side
            for side in READING
            if all(getattr(unit, side) == unit.official for unit in found.units)
        ),
        None,
    )
    sides = [
        (name.capitalize() + ("\n(chính thức)" if side == official else ""), side)
        for side, name in READING.items()
    ]
    if official is None and found.units[0].official is not None:
        sides.insert(0, ("Chính thức", "official"))
    return sides


def _by_place(unit: "UnitReadings") -> tuple[str, bool, int]:
    rank = (unit.official or unit.as_written).rank
    return unit.group, rank is None, rank or 0


def readings_json(found: "Readings") -> dict[str, Any]:
    """The contract of `readings --json`."""
    return {
        "rows": [
            {
                "unit": each.unit,
                "criterion": each.row.code,
                "as_written": points_json(each.as_written),
                "corrected": points_json(each.corrected),
                "difference": as_json(each.difference),
                "awarded": as_json(each.awarded),
                "note": each.row.erratum.note if each.row.erratum else None,
                "citation": each.row.citation.model_dump(exclude_none=True),
            }
            for each in found.differences
        ],
        "units": [
            {
                "unit": unit.unit,
                "group": unit.group,
                "as_written": standing_json(unit.as_written),
                "corrected": standing_json(unit.corrected),
                "official": standing_json(unit.official) if unit.official else None,
                "gained": unit.gained,
            }
            for unit in found.units
        ],
        "clauses": [
            {
                "group": clause.group,
                "criterion": clause.code,
                "citation": clause.citation.model_dump(exclude_none=True),
                "note": clause.note,
                "moved": list(clause.moved),
            }
            for clause in found.clauses
        ],
    }
