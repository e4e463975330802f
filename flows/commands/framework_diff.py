"""`dti frameworks diff`: what changes from one framework to another."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer
from rich.markup import escape

from dti_core.framework.diff import Change, FrameworkDiff, PillarChange, RowChange, points
from dti_core.framework.diff import diff as compare
from dti_core.framework.load import load_framework
from dti_core.framework.model import Criterion, Framework, Pillar
from dti_core.rational import as_json, percent
from flows.commands.frameworks import AsJson
from flows.commands.lines import line
from flows.commands.terminal import next_step, out, print_json, table

Before = Annotated[str, typer.Argument(metavar="MÃ_TRƯỚC", help="Ví dụ vinh-long-2554/tinh.")]
After = Annotated[str, typer.Argument(metavar="MÃ_SAU", help="Ví dụ kon-tum-419/tinh.")]


def diff(before: Before, after: After, as_json_: AsJson = False) -> None:
    """So hai bộ chỉ số: mục thêm, bỏ, đổi mã, đổi điểm tối đa, quy tắc, cơ quan, tên."""
    found = compare(load_framework(before), load_framework(after))
    if as_json_:
        print_json(diff_json(found))
        return
    for name, framework in (("Trước", found.before), ("Sau", found.after)):
        out.print(f"[bold]{name}[/]: {_headline(framework)}", soft_wrap=True)
    if found.empty:
        out.print("Hai bộ chỉ số giống nhau.")
        return
    _print_pillars(found)
    _print_rows("Thêm", found.added)
    _print_rows("Bỏ", found.dropped)
    _print_renumbered(found)
    _print_maxima(found)
    _print_told(found, "rule", "Đổi quy tắc tính điểm")
    _print_told(found, "figures", "Giữ quy tắc, đổi cách nêu số liệu")
    _print_told(found, "name", "Đổi tên")
    _print_agencies(found, "leads", "Đổi cơ quan chủ trì")
    _print_agencies(found, "partners", "Đổi cơ quan phối hợp")
    out.print(f"\n{_summary(found)}")
    next_step(f"xem trọn một bộ chỉ số: dti frameworks show {found.after.id}")


def _headline(framework: Framework) -> str:
    return (
        f"{escape(framework.title)} ({framework.decree.number}, {framework.id}):"
        f" {len(framework.criteria)} tiêu chí, {len(framework.rows)} dòng,"
        f" tổng điểm nêu trong văn bản: {points(framework.total_stated)}"
    )


def _heading(text: str, count: int) -> None:
    out.print(f"\n[bold]{text} ({count})[/]")


def _print_pillars(found: FrameworkDiff) -> None:
    changed = [each for each in found.pillars if _beyond_maxima(found, each)]
    count = len(found.pillars_added) + len(found.pillars_dropped) + len(changed)
    if not count:
        return
    _heading("Chỉ số chính", count)
    for word, pillars in (("Thêm", found.pillars_added), ("Bỏ", found.pillars_dropped)):
        for pillar in pillars:
            line(f"{word} {pillar.code}. {pillar.name}{_worth(pillar)}")
    for each in changed:
        code = f"{each.before.code} → {each.after.code}" if each.renumbered else each.after.code
        told = "; ".join(
            f"{LABEL[change.what]}: {change.before[0]} → {change.after[0]}"
            for change in each.changes
        )
        line(f"{code}. {each.after.name}" + (f": {told}" if told else ""))


LABEL = {"name": "tên", "max_points": "điểm tối đa"}


def _beyond_maxima(found: FrameworkDiff, change: PillarChange) -> bool:
    """Whether it says more than that one of the two texts states no maxima at all."""
    others = [each for each in change.changes if each.what != "max_points"]
    return bool(others) or change.renumbered or not _one_states_none(found)


def _one_states_none(found: FrameworkDiff) -> Framework | None:
    """The framework that states no maximum of any row, where only one of the two does so."""
    silent = [
        each
        for each in (found.before, found.after)
        if all(row.max_points is None for row in each.rows)
    ]
    return silent[0] if len(silent) == 1 else None


def _print_rows(word: str, rows: Sequence[Criterion]) -> None:
    if rows:
        _heading(f"{word} mục", len(rows))
        for row in rows:
            line(f"{row.code} {row.name}{_worth(row)}")


def _print_renumbered(found: FrameworkDiff) -> None:
    moved = [each for each in found.rows if each.renumbered]
    if not moved:
        return
    _heading("Đổi mã số", len(moved))
    for each in moved:
        near = "" if each.likeness == 1 else f" (tên giống {percent(each.likeness, 0)})"
        line(f"{each.before.code} → {each.after.code}{near} {each.after.name}")


def _print_maxima(found: FrameworkDiff) -> None:
    changed = list(_of(found, "max_points"))
    if not changed:
        return
    silent = _one_states_none(found)
    if silent is not None:
        _heading("Đổi điểm tối đa", len(changed))
        line(f"{silent.decree.number} không nêu điểm tối đa của mục nào.")
        return
    out.print()
    table(
        f"Đổi điểm tối đa ({len(changed)})",
        [("Mục", "left"), ("Tên", "left"), ("Trước", "right"), ("Sau", "right")],
        [
            [_code(row), escape(row.after.name), change.before[0], change.after[0]]
            for row, change in changed
        ],
    )


def _print_told(found: FrameworkDiff, what: str, heading: str) -> None:
    changed = list(_of(found, what))
    if not changed:
        return
    _heading(heading, len(changed))
    for row, change in changed:
        line(_code(row) if what == "name" else f"{_code(row)} {row.after.name}")
        for sign, lines in (("−", change.before), ("+", change.after)):
            for each in lines:
                line(f"{sign} {each}", indent=4, style="dim")
        if what == "rule":
            for side in row.mended:
                faulty = (found.before if side == "before" else found.after).decree.number
                line(
                    f"Đúng như cách đọc đã chỉnh của {faulty}: văn bản ấy sai ở mục này.", indent=4
                )


def _print_agencies(found: FrameworkDiff, what: str, heading: str) -> None:
    changed = list(_of(found, what))
    if not changed:
        return
    _heading(heading, len(changed))
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row, change in changed:
        alike[_names(change.before), _names(change.after)].append(_code(row))
    for (before, after), codes in alike.items():
        line(f"{before} → {after}: mục {', '.join(codes)}")


def _worth(each: Pillar | Criterion) -> str:
    return "" if each.max_points is None else f" ({points(each.max_points)} điểm)"


def _names(agencies: Sequence[str]) -> str:
    return "; ".join(agencies) or "không nêu"


def _code(row: RowChange) -> str:
    return f"{row.before.code} → {row.after.code}" if row.renumbered else row.after.code


def _of(found: FrameworkDiff, what: str) -> Iterator[tuple[RowChange, Change]]:
    for row in found.rows:
        for change in row.changes:
            if change.what == what:
                yield row, change


def _summary(found: FrameworkDiff) -> str:
    rules = [row for row, _ in _of(found, "rule")]
    mended = sum(1 for row in rules if row.mended)
    text = (
        f"Thêm {len(found.added)} mục, bỏ {len(found.dropped)}, đổi mã"
        f" {sum(row.renumbered for row in found.rows)}, đổi quy tắc {len(rules)}"
    )
    return text + (f" (trong đó {mended} là chỗ một bên sai, bên kia đúng)." if mended else ".")


def diff_json(found: FrameworkDiff) -> dict[str, Any]:
    """The contract of `frameworks diff --json`."""
    return {
        "before": found.before.id,
        "after": found.after.id,
        "total_stated": {
            "before": as_json(found.before.total_stated),
            "after": as_json(found.after.total_stated),
        },
        "pillars": {
            "added": [_alone_json(each) for each in found.pillars_added],
            "dropped": [_alone_json(each) for each in found.pillars_dropped],
            "changed": [_pair_json(each) for each in found.pillars],
        },
        "added": [_alone_json(each) for each in found.added],
        "dropped": [_alone_json(each) for each in found.dropped],
        "changed": [{**_pair_json(each), "mended": list(each.mended)} for each in found.rows],
    }


def _alone_json(each: Pillar | Criterion) -> dict[str, Any]:
    return {"code": each.code, "name": each.name, "max_points": as_json(each.max_points)}


def _pair_json(each: PillarChange | RowChange) -> dict[str, Any]:
    return {
        "before": each.before.code,
        "after": each.after.code,
        "likeness": as_json(each.likeness),
        "changes": [
            {"what": change.what, "before": list(change.before), "after": list(change.after)}
            for change in each.changes
        ],
    }
