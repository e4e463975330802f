"""A program in its first year here: departments and districts, some of them not as last year.

so-y-te replaced so-dan-so; so-tai-chinh came from so-vat-gia and so-kho-bac; so-xay-dung and
so-gtvt were one, so-ha-tang.
"""

import json
from typing import Any

from dti_core.framework.load import home
from dti_core.program.load import RoundContext, load_round
from tests.unit.shipped_departments import departments

PROGRAM = "truoc"
ROUND, LAST = f"{PROGRAM}/2023", f"{PROGRAM}/2022"

CAME_FROM = {
    "so-y-te": ["so-dan-so"],
    "so-tai-chinh": ["so-vat-gia", "so-kho-bac"],
    "so-xay-dung": ["so-ha-tang"],
    "so-gtvt": ["so-ha-tang"],
}
GONE = {"so-dan-so": "Sở Dân số", "so-vat-gia": "Sở Vật giá", "so-ha-tang": "Sở Hạ tầng"}


def first_year(**round_: Any) -> RoundContext:
    """Write the program into the current home; `round_` are further keys of its round of 2023."""
    content = departments()
    content["id"] = PROGRAM
    content["frameworks"]["huyen"] = "vinh-phuc-2074/huyen"
    for unit in content["units"]:
        unit["predecessors"] = CAME_FROM.get(unit["id"], [])
    content["units"] += [
        {"id": unit, "name": name, "level": "so", "until": "2022-12-31"}
        for unit, name in GONE.items()
    ]
    content["units"] += [
        {"id": f"huyen-{number}", "name": f"Huyện {number}", "level": "huyen"} for number in (1, 2)
    ]
    now = content["rounds"][0]
    del now["prior"]
    now["levels"] = ["so", "huyen"]
    days = ("data_from", "data_to", "opens", "closes", "explain_by")
    then = {
        **now,
        "id": "2022",
        "evaluation_year": 2022,
        "title": "Đợt năm 2022",
        **{day: {**now[day], "on": _year_before(now[day]["on"])} for day in days},
    }
    now |= round_
    content["rounds"] = [then, now]
    file = home() / "programs" / PROGRAM / "program.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")  # JSON is YAML
    return load_round(ROUND)


def _year_before(day: str) -> str:
    year, rest = day.split("-", 1)
    return f"{int(year) - 1}-{rest}"
