"""`dti dispatch --plan`: who gives which figures about whom, before anything is sent."""

from typing import Any

from rich.markup import escape

from dti_core.program.load import RoundContext
from dti_core.program.requests import Plan, plan
from flows.commands.terminal import out, print_json, table


def show_plan(context: RoundContext, *, as_json: bool) -> bool:
    """Print the plan; returns whether every figure has somebody to ask."""
    found = plan(context)
    if as_json:
        print_json(_json(found))
        return not found.gaps
    table(
        None,
        [
            ("Mã", "left"),
            ("Nơi cung cấp", "left"),
            ("Số liệu của mình", "right"),
            ("Số liệu về nơi khác", "right"),
            ("Đơn vị", "right"),
            ("Mục", "left"),
        ],
        [
            [
                one.provider,
                context.program.unit[one.provider].name,
                str(len(one.due(own=True)) or ""),
                str(len(one.asked(own=False)) or ""),
                str(len({item.unit for item in one.about_units}) or ""),
                _rows(
                    [item.criterion for item in (*one.own, *one.self_assessed, *one.about_units)]
                ),
            ]
            for one in found.requests
        ],
    )
    repeated = sum(len(one.same) for one in found.requests)
    if repeated:
        out.print(f"{repeated} ô trùng đại lượng đã hỏi ở mục trước: chỉ hỏi một lần, tự điền.")
    if found.shared:
        out.print("\n[bold]Số liệu do nhiều nơi cùng cung cấp[/]")
        for each in found.shared.values():
            how = "cộng các phần" if each.together == "sum" else "các nơi phải thống nhất"
            names = [context.program.unit[who].name for who in each.providers]
            shown = "; ".join(names[:4]) + (f" … ({len(names)} nơi)" if len(names) > 4 else "")
            out.print(f"  mục {each.criterion}, {each.variable} ({how}): {escape(shown)}")
    if found.gaps:
        out.print("\n[red]Số liệu chưa biết hỏi ai[/]")
        for gap in found.gaps:
            out.print(f"  {gap}", markup=False)
        out.print("Hãy thêm đơn vị (units, với agency) vào program.yaml rồi chạy lại.")
    return not found.gaps


def _rows(codes: list[str]) -> str:
    """ "1.1, 1.2 … 6.9 (42 mục)" of the codes in their order, each once."""
    rows = list(dict.fromkeys(codes))
    return ", ".join(rows) if len(rows) <= 6 else f"{rows[0]}, {rows[1]} … {rows[-1]} ({len(rows)})"


def _json(found: Plan) -> dict[str, Any]:
    return {
        "requests": [
            {
                "provider": one.provider,
                "own": [f"{item.criterion}|{item.variable}" for item in one.asked(own=True)],
                "about_units": [
                    f"{item.unit}|{item.criterion}|{item.variable}" for item in one.asked(own=False)
                ],
                "self_assessed": [item.criterion for item in one.self_assessed],
                "spared": [item.criterion for item in one.spared],
                "same": {"|".join(key): "|".join(first) for key, first in one.same.items()},
            }
            for one in found.requests
        ],
        "shared": [
            {
                "unit": each.unit,
                "criterion": each.criterion,
                "variable": each.variable,
                "together": each.together,
                "providers": list(each.providers),
            }
            for each in found.shared.values()
        ],
        "gaps": list(found.gaps),
    }
