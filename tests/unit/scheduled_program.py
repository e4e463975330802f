"""A program with one round of two departments, which a test puts anywhere in time."""

import json
from datetime import date, timedelta
from typing import Any

from dti_core.framework.load import home
from dti_core.program.load import RoundContext, load_round
from tests.unit.shipped_departments import departments

PROGRAM, ROUND = "lich", "lich/2030"
DAYS_OPEN = 30


def write_program(opens: date, *, at: str = "07:30", **dates: date | None) -> RoundContext:
    """The program in DTI_HOME: requests go out on the day on which the round opens, at `at`.

    dates  further dates of the round by their keys, `explain_by` …; of none of them by default
    """
    content = departments()
    content["id"] = PROGRAM
    content["timetable"] = {"ask_days_ahead": 0, "at": at, "days_after": 30, "basis": "ví dụ"}
    (round_,) = content["rounds"]
    for key in ("prior", "explain_by", "appraise_by", "petition_by", "publish_by"):
        round_.pop(key, None)
    round_ |= {
        "id": "2030",
        "units": ["so-y-te", "so-tu-phap"],
        "opens": _dated(opens),
        "closes": _dated(opens + timedelta(days=DAYS_OPEN)),
        **{key: _dated(day) for key, day in dates.items() if day},
    }
    file = home() / "programs" / PROGRAM / "program.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")  # JSON is YAML
    return load_round(ROUND)


def _dated(day: date) -> dict[str, Any]:
    return {"on": day.isoformat(), "basis": "ví dụ"}
