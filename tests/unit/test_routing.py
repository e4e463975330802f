"""Who appraises which row: the worked examples of tests/cases/appraisal/routing.yaml."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dti_core.framework.model import Decree, Framework
from dti_core.program.appraisal import CHAIR, PETITION
from dti_core.program.load import RoundContext, load_round
from dti_core.program.model import Program
from dti_core.program.routing import (
    NotRouted,
    assigned,
    decider_of,
    routes,
    verifier_address,
    verifier_name,
    verifiers_of,
)
from dti_core.strict_yaml import Document
from tests.unit.small_round import row

CASES = Document(Path(__file__).parents[1] / "cases" / "appraisal" / "routing.yaml").content[
    "cases"
]
KEYS = {"name", "clause", "fields", "council", "verifier_of", "organiser_rows", "rows", "refused"}
KEYS |= {"organiser_assessed"}
CITE = {"decree": "1/QĐ", "row": "1"}
SELF = {"relative": "self"}


def framework(verifier_of: Mapping[str, str]) -> Framework:
    flag = {"type": "flag", "of": "x"}

    def one(code: str, provider: Mapping[str, Any] = SELF, **more: Any) -> dict[str, Any]:
        if code in verifier_of:
            more["verifier"] = verifier_of[code]
        figures = {} if "children" in more else {"x": "flag"}
        rule = {"type": "sum_of_children"} if "children" in more else flag
        return row(code, 10, rule, figures=figures, provider=provider, **more)

    agencies = {name: {"name": f"Sở {name}"} for name in ("so-a", "so-b", "so-chu-tri")}
    agencies["hoi-dong-tham-dinh"] = {"name": "Hội đồng thẩm định"}
    decree = Decree.model_validate(
        {
            "id": "d",
            "number": "1/QĐ",
            "issued": "2024-01-01",
            "issuer": "x",
            "title": "x",
            "source": "x",
            "agencies": agencies,
        }
    )
    pillars = {
        "1": [one("1.1", {"leads": ["so-b"]}), one("1.2", children=[one("1.2.1"), one("1.2.2")])],
        "2": [one("2.1"), one("2.2", {"leads": ["so-chu-tri"]})],
    }
    return Framework.model_validate(
        {
            "id": "d/so",
            "decree": decree,
            "level": "so",
            "title": "Bộ chỉ số",
            "citation": CITE,
            "total_stated": None,
            "sha256": "x",
            "pillars": [
                {"code": c, "name": c, "max_points": 20, "citation": CITE, "criteria": rows}
                for c, rows in pillars.items()
            ],
        }
    )


def context_of(case: Mapping[str, Any]) -> RoundContext:
    """A round of the small program that an example describes."""
    dated = {"basis": "ví dụ", "decided_on": "2024-01-02"}
    days = {name: {"on": "2024-01-02", "basis": "x"} for name in ("opens", "closes")}
    window = {name: {"on": "2023-12-31", "basis": "x"} for name in ("data_from", "data_to")}
    organiser = {"id": "so-chu-tri", "name": "Sở Chủ trì", "agency": "so-chu-tri"}
    if case.get("organiser_assessed"):
        organiser["level"] = "so"
    appraisal: dict[str, Any] = {
        "fields": [{"basis": "ví dụ", **field} for field in case.get("fields", [])]
    }
    if "council" in case:
        members = [
            {"id": who, "position": f"Chức vụ {who}", "duty": "member", "unit": unit}
            for who, unit in case["council"].items()
        ]
        members[0]["duty"] = "chair"
        appraisal["council"] = {
            "name": "Hội đồng",
            "symbol": "HĐ",
            "members": members,
            "basis": "ví dụ",
        }
    policies = {}
    if "organiser_rows" in case:
        policies["organiser_rows"] = {"value": case["organiser_rows"], **dated}
    head = {"issuer": "x", "place": "x", "signer": "x", "file_code": "x"}
    program = Program.model_validate(
        {
            "id": "nho",
            "name": "Nhỏ",
            "decree": "1/QĐ",
            "frameworks": {"so": "d/so"},
            "organiser": "so-chu-tri",
            "publisher": "x",
            "letterhead": head,
            "units": [
                organiser,
                *(
                    {"id": f"so-{x}", "name": f"Sở {x}", "level": "so", "agency": f"so-{x}"}
                    for x in "abc"
                ),
            ],
            "appraisal": appraisal,
            "policies": policies,
            "rounds": [
                {
                    "id": "2023",
                    "title": "x",
                    "evaluation_year": 2023,
                    "levels": ["so"],
                    **days,
                    **window,
                }
            ],
            "folder": ".",
            "sha256": "x",
        }
    )
    round_ = program.rounds[0]
    frameworks = {"so": framework(case.get("verifier_of", {}))}
    return RoundContext("nho/2023", program, round_, program.units_of(round_), frameworks)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_worked_example(case: dict[str, Any]) -> None:
    assert not case.keys() - KEYS
    assert case["clause"]
    context = context_of(case)
    if "refused" in case:
        with pytest.raises(NotRouted, match=case["refused"]):
            routes(context)
        return
    for where, expected in case["rows"].items():
        assert verifiers_of(context, *where.split()) == tuple(expected), where


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_every_row_has_a_verifier_who_is_not_of_its_unit(case: dict[str, Any]) -> None:
    if "refused" in case:
        return
    context = context_of(case)
    rows = {(u.id, c) for u in context.units for c in ("1.1", "1.2.1", "1.2.2", "2.1", "2.2")}
    assert set(assigned(context)) == rows
    of = {unit.id: unit.id for unit in context.program.units} | case.get("council", {})
    for (unit, code), verifiers in assigned(context).items():
        assert verifiers, (unit, code)
        assert unit not in {of[verifier] for verifier in verifiers}
    mine = routes(context)
    assert {pair for pairs in mine.values() for pair in pairs} == rows


COUNCIL = {"council": {"ct": "so-a", "uv-b": "so-b", "uv-c": None}}


def test_where_verifiers_differ_the_chair_decides_but_never_about_his_own_unit() -> None:
    council, none = context_of(COUNCIL), context_of({"organiser_rows": {"verifier": "so-b"}})
    assert (decider_of(council, "so-b"), decider_of(council, "so-a")) == ("ct", "uv-b")
    assert (decider_of(none, "so-a"), decider_of(none, "so-chu-tri")) == ("so-chu-tri", None)


def test_whoever_gives_points_has_a_name_that_papers_can_print() -> None:
    council, none = context_of(COUNCIL), context_of({})
    assert verifier_name(council, "ct") == "Chức vụ ct – Chủ tịch Hội đồng"
    assert verifier_name(council, CHAIR) == "Chủ tịch Hội đồng"
    assert verifier_name(none, CHAIR) == "Sở Chủ trì"
    assert verifier_name(none, "so-a") == "Sở a"
    assert verifier_name(none, PETITION) == "Kết quả xem xét kiến nghị"


def test_the_shipped_program_shares_the_rows_among_the_agencies_that_its_decree_names() -> None:
    context = load_round("vinh-phuc/2023-so")
    assert set(routes(context)) == {"so-tttt", "vp-ubnd", "so-tai-chinh", "so-khdt", "so-noi-vu"}
    assert verifiers_of(context, "so-y-te", "6.14") == ("so-tai-chinh",)
    assert verifiers_of(context, "so-y-te", "4.1") == ("so-noi-vu",)
    assert verifiers_of(context, "so-noi-vu", "4.1") == ("so-tttt",)
    assert verifiers_of(context, "so-tttt", "1.1") == ("vp-ubnd",)
    assert verifier_address(context, "so-noi-vu") == "so-noi-vu@mau.example"
