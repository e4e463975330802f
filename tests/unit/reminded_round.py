"""A round of the sample's twenty departments with policies on deadlines and reminders.

The program is the shipped one under another name, in DTI_HOME, with what a test changes in it.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from dti_core.framework.load import home
from dti_core.program.load import RoundContext, load_round
from dti_core.records.collecting import Asked, record_requests, source_of
from dti_core.records.database import session
from dti_core.records.figures import receive
from dti_core.records.rounds import open_round
from tests.unit.shipped_departments import departments

ROUND = "nhac/2023"
DUE = date(2024, 1, 31)  # a Wednesday
LADDER = {
    "before": [7, 2],
    "after": [1, 3, 5],
    "then_every": 5,
    "escalate_to_head_after": 5,
    "digest_to_organiser": "daily",
}


def write_program(
    policies: Mapping[str, Any],
    units: Mapping[str, Mapping[str, Any]] | None = None,
    closes: date = DUE,
) -> RoundContext:
    """The program with policies by bare value, and changes to its units: id → keys."""
    content = departments()
    content["id"] = "nhac"
    decided = {"basis": "ví dụ", "decided_on": "2024-01-02"}
    content["policies"] |= {name: {"value": value, **decided} for name, value in policies.items()}
    for unit in content["units"]:
        unit |= (units or {}).get(unit["id"], {})
    content["rounds"][0]["closes"] = {"on": closes.isoformat(), "basis": "ví dụ"}
    del content["rounds"][0]["prior"]
    file = home() / "programs" / "nhac" / "program.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")  # JSON is YAML
    return load_round(ROUND)


def opened(
    policies: Mapping[str, Any],
    units: Mapping[str, Mapping[str, Any]] | None = None,
    closes: date = DUE,
) -> RoundContext:
    """The round, opened, with everybody asked."""
    context = write_program(policies, units, closes)
    with session() as records:
        open_round(records, context, "test")
        asked = [
            Asked(provider, kind, closes, 45, "x.xlsx", "a" * 64)
            for provider, kind in asked_of(context)
        ]
        record_requests(records, ROUND, asked, "test")
    return context


def arrives(provider: str, kind: str, day: date, at: time = time(5)) -> None:
    """A workbook comes in; `at` is UTC."""
    content = f"{provider}:{kind}".encode().hex().ljust(64, "0")[:64]
    with session() as records:
        moment = datetime.combine(day, at, UTC).isoformat(timespec="seconds")
        source = source_of(provider, kind)
        receive(records, ROUND, provider, source, content, "x.xlsx", "test", moment)


def asked_of(context: RoundContext) -> list[tuple[str, str]]:
    """Everybody for its own figures, and two agencies for what they know of the others."""
    own = [(unit.id, "own") for unit in context.program.units]
    return [*own, ("vp-ubnd", "about_units"), ("so-tttt", "about_units")]


def all_but(context: RoundContext, late: set[str], day: date = DUE) -> None:
    """Everybody has sent in time, but those."""
    for provider, kind in asked_of(context):
        if provider not in late:
            arrives(provider, kind, day)


def every_text(folder: Path) -> bytes:
    """Everything that lies in a folder, to look for what must not be in it."""
    return b"\n".join(
        str(file).encode() + b"\n" + file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    )
