"""A round of a worked example in the records: its units appraised, nothing else in it."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from sqlmodel import Session

from dti_core.program.load import RoundContext
from dti_core.program.model import Program
from dti_core.program.policies import Policies
from dti_core.rational import exact_text, parse_exact
from dti_core.records import audit
from dti_core.records.appraising import APPRAISED
from dti_core.records.exemptions import decide, propose
from dti_core.records.tables import AwardRecord, EarlierResultRecord, RoundRecord
from tests.unit.small_round import framework_of, row

ID = "thu/2023"
_DECIDED = {"basis": "ví dụ", "decided_on": "2024-01-02"}
_USUAL: Mapping[str, Any] = {
    "reading": "as_written",
    "rounding": {"digits": 2, "total": "sum_of_exact"},
    "ties": "same_rank",
    "rank_on": "published",
}


def context_of(case: Mapping[str, Any]) -> RoundContext:
    """The round of a case: one group of departments, every row awarded by people."""
    pillars = {
        code: (
            each.get("max") or sum(each["rows"].values()),
            [row(code_, most, {"type": "appraised"}) for code_, most in each["rows"].items()],
        )
        for code, each in case["pillars"].items()
    }
    framework = framework_of(pillars)
    exemptions = case.get("exemptions", {})
    kept_out = case.get("kept_out", {})
    dated = {"on": "2023-12-31", "basis": "ví dụ"}
    units = [
        {
            "id": unit,
            "name": f"Đơn vị {unit}",
            "level": "so",
            "voluntary": kept_out.get(unit) == "voluntary",
            "exempt": {
                ground: rows[unit]
                for ground, one in exemptions.items()
                if unit in (rows := one["units"])
            },
        }
        for unit in case["points"]
    ]
    policies = dict(_USUAL) | case.get("policies", {})
    program = Program.model_validate(
        {
            "id": "thu",
            "name": "Thử",
            "decree": "1/QĐ",
            "frameworks": {"so": "d/so"},
            "organiser": next(iter(case["points"])),
            "publisher": "x",
            "letterhead": {"issuer": "x", "place": "x", "signer": "x", "file_code": "x"},
            "units": units,
            "policies": {name: {"value": value, **_DECIDED} for name, value in policies.items()},
            "groups": [
                {
                    "id": "so",
                    "name": "Các sở",
                    "levels": ["so"],
                    "by": case.get("by", "points"),
                    "basis": "ví dụ",
                }
            ],
            "exemptions": [
                {
                    "id": ground,
                    "name": ground,
                    "effect": one["effect"],
                    "levels": ["so"],
                    "basis": case["clause"],
                }
                for ground, one in exemptions.items()
            ],
            "rounds": [
                {
                    "id": "2023",
                    "title": "Thử",
                    "evaluation_year": 2023,
                    **dict.fromkeys(("data_from", "data_to", "opens", "closes"), dated),
                    "levels": ["so"],
                    "kept_out": {
                        unit: {"place": place, "reason": "theo ví dụ", "basis": case["clause"]}
                        for unit, place in kept_out.items()
                        if place != "voluntary"
                    },
                }
            ],
            "folder": Path(),
            "sha256": "x",
        }
    )
    assert isinstance(program.policies, Policies)
    round_ = program.rounds[0]
    return RoundContext(ID, program, round_, program.units, {"so": framework})


def fill(session: Session, context: RoundContext, case: Mapping[str, Any]) -> None:
    """Open the round and record what the case gives; its exemptions are granted."""
    session.add(
        RoundRecord(
            id=context.id,
            title="Thử",
            evaluation_year=2023,
            opens="2023-12-31",
            closes="2023-12-31",
            pins=context.pins,
            state="open",
            opened_at=audit.now(),
        )
    )
    session.flush()
    for unit, rows in case["points"].items():
        for code, points in rows.items():
            session.add(_award(context, unit, code, parse_exact(points)))
    before = case.get("before", {})
    for unit, place in before.items():
        session.add(
            EarlierResultRecord(
                program="thu", year=2022, group="so", unit=unit, rank=place, source="ví dụ"
            )
        )
    propose(session, context, "test")
    for ground, one in case.get("exemptions", {}).items():
        for unit in one["units"]:
            decide(session, context, unit, ground, True, "đúng hồ sơ", "test")


def _award(context: RoundContext, unit: str, code: str, points: Fraction) -> AwardRecord:
    most = context.framework_of(unit).by_code[code].max_points
    assert most is not None
    return AwardRecord(
        round_id=context.id,
        unit=unit,
        criterion=code,
        reading="as_written",
        kind=APPRAISED,
        max_points=exact_text(most),
        points=exact_text(points),
        low=exact_text(points),
        high=exact_text(points),
        status="computed",
        reasons=[],
    )
