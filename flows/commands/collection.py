"""A round's collection on the screen: counts by group, who was in time, who has work left."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from dti_core.framework.sheets.words import GROUPS
from dti_core.program.load import RoundContext
from dti_core.rational import as_json, percent
from flows.commands.lines import line
from flows.commands.terminal import out, table

if TYPE_CHECKING:
    from sqlmodel import Session

    from dti_core.records.on_time import GroupProgress
    from dti_core.records.progress import Progress, UnitProgress
    from dti_core.records.rounds import Gate

MOST = 30
"""Units that are listed without --all: one screen."""

WIDE = 96
"""Columns of a terminal from which names of units stand beside their codes."""

PROVIDERS = "Chỉ cung cấp số liệu"
COLUMNS = {
    "received": "Đã nhận",
    "readable": "Đọc được",
    "complete": "Đủ",
    "valid": "Hợp lệ",
    "explained": "Giải trình",
    "confirmed": "Ký",
}
YES, NO = "[green]✓[/]", "·"


def collection_json(records: "Session", context: RoundContext, day: date) -> dict[str, Any]:
    """The collection for machines: rates are exact fractions, null while nobody's time is over."""
    from dti_core.records.collecting import quarantined
    from dti_core.records.progress import progress
    from dti_core.records.rounds import gate_of

    found, gate = progress(records, context, day), gate_of(records, context.id)
    return {
        "day": day.isoformat(),
        "closed_on": gate.closed_on.isoformat() if gate.closed_on else None,
        "finished": gate.finished,
        "reopened_for": sorted(gate.exceptions),
        "set_aside": [
            {"file": each.name, "reason": each.reason} for each in quarantined(records, context.id)
        ],
        "groups": [{**found.reached(g.group), **_rate_json(g)} for g in found.groups],
        "earlier": [
            {
                "round": each.round_id,
                "evaluation_year": each.evaluation_year,
                "groups": [_rate_json(group) for group in each.groups],
            }
            for each in found.earlier
        ],
        "units": [
            {
                **vars(unit),
                "due": unit.due.isoformat(),
                "received_on": unit.received_on.isoformat() if unit.received_on else None,
                "late": unit.late(day),
            }
            for unit in found.units
        ],
        "notes": list(found.notes),
    }


def _rate_json(group: "GroupProgress") -> dict[str, Any]:
    return {**vars(group), "rate": as_json(group.rate)}


def show_collection(records: "Session", context: RoundContext, day: date, *, every: bool) -> None:
    """Print the collection as of a day; of the units those that are late or have something to do,
    or every one."""
    from dti_core.records.collecting import quarantined
    from dti_core.records.progress import progress
    from dti_core.records.rounds import gate_of

    found = progress(records, context, day)
    out.print(f"[bold]{context.round.title}[/] ({context.id}), đến ngày {day:%d/%m/%Y}")
    if context.round.illustration:
        line(context.round.illustration, 0, "yellow")
    if not found.units:
        out.print("Chưa gửi yêu cầu nào.")
        return
    _show_gate(context, gate_of(records, context.id))
    _show_groups(context, found)
    _show_units(context, found, day, every=every)
    aside = quarantined(records, context.id)
    if aside:
        out.print(f"[yellow]{len(aside)} tệp để riêng, chưa nhận được:[/]")
        for one in aside[-5:]:
            line(f"- {one.reason}")
        if len(aside) > 5:
            line(f"… và {len(aside) - 5} tệp khác: dti status {context.id} --json")
    for note in found.notes:
        line(f"Lưu ý: {note}", 0, "yellow")


def _show_gate(context: RoundContext, gate: "Gate") -> None:
    if gate.closed_by is None:
        out.print("Thu thập: đang nhận tệp.")
        return
    what = "Dự thảo đã duyệt" if gate.finished else "Thu thập: đã khép"
    names = ", ".join(context.program.unit[each].name for each in sorted(gate.exceptions))
    again = f"; đang mở lại cho: {names}" if names else ""
    line(f"{what} ngày {gate.closed_on:%d/%m/%Y} ({gate.closed_by}){again}.", 0)


def _show_groups(context: RoundContext, found: "Progress") -> None:
    """How many reached what, and who was in time, now and in earlier years."""
    rows = []
    for group in found.groups:
        reached = found.reached(group.group)
        count = group.on_time + group.came_late + group.overdue + group.open
        rows.append([_name(group.group), str(count), *(str(reached[each]) for each in COLUMNS)])
    titles = [("Nhóm", "left"), ("Nơi", "right"), *((each, "right") for each in COLUMNS.values())]
    table(None, titles, rows)
    years: list[tuple[str, Sequence[GroupProgress]]] = [
        (str(context.round.evaluation_year), found.groups)
    ]
    years += [(str(each.evaluation_year), each.groups) for each in found.earlier]
    table(
        None,
        [
            ("Nhóm", "left"),
            ("Năm", "left"),
            ("Đúng hạn", "right"),
            ("Muộn", "right"),
            ("Quá hạn, chưa gửi", "right"),
            ("Chưa đến hạn", "right"),
            ("Tỷ lệ đúng hạn", "right"),
        ],
        [
            [
                _name(group.group),
                year,
                str(group.on_time),
                str(group.came_late),
                str(group.overdue),
                str(group.open),
                "" if group.rate is None else percent(group.rate, 1),
            ]
            for year, groups in years
            for group in groups
        ],
    )


def _show_units(context: RoundContext, found: "Progress", day: date, *, every: bool) -> None:
    busy = [unit for unit in found.units if every or _has_something_to_do(unit, day)]
    shown = busy if every else busy[:MOST]
    if shown:
        named = out.width >= WIDE
        table(
            None,
            [
                ("Mã", "left"),
                *([("Đơn vị", "left")] if named else []),
                ("Nhận", "left"),
                ("Đọc", "center"),
                ("Đủ", "center"),
                ("Hợp lệ", "center"),
                ("Giải trình", "center"),
                ("Ký", "center"),
            ],
            [_row(context, unit, day, named=named) for unit in shown],
        )
    if len(busy) > len(shown):
        out.print(f"… và {len(busy) - len(shown)} nơi khác còn việc; thêm --all để xem hết.")
    rest = [unit for unit in found.units if unit not in busy]
    waiting = sum(not unit.received for unit in rest)
    unsigned = sum(unit.received and not unit.confirmed for unit in rest)
    told = [
        f"{waiting} nơi còn hạn, chưa gửi" if waiting else "",
        f"{unsigned} nơi chỉ chưa có bản ký" if unsigned else "",
    ]
    if any(told):
        text = "; ".join(filter(None, told))
        out.print(f"Không liệt kê: {text}; thêm --all để xem hết.")


def _has_something_to_do(unit: "UnitProgress", day: date) -> bool:
    """Late, or what came is not in order; a signature alone is nobody's delay."""
    if not unit.received:
        return unit.late(day)
    return not (unit.readable and unit.complete and unit.valid and unit.explained)


def _row(context: RoundContext, unit: "UnitProgress", day: date, *, named: bool) -> list[str]:
    if unit.received_on is not None:
        came = f"{unit.received_on:%d/%m/%Y}" if unit.on_time else f"{unit.received_on:%d/%m} muộn"
    elif unit.late(day):
        came = f"[red]quá {(day - unit.due).days} ngày[/]"
    else:
        came = f"hạn {unit.due:%d/%m}"
    complete = YES if unit.complete else f"{unit.answered}/{unit.asked}"
    marks = [YES if each else NO for each in (unit.valid, unit.explained, unit.confirmed)]
    return [
        unit.provider,
        *([context.program.unit[unit.provider].name] if named else []),
        came,
        YES if unit.readable else NO,
        complete,
        *marks,
    ]


def _name(group: str | None) -> str:
    return GROUPS[group] if group else PROVIDERS
