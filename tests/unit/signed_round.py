"""A round small enough to sign: three departments, three rows that people appraise, no figures.

The organiser is not assessed; it appraises everything. Opened, appraised and ranked it lacks only
what people sign. Its program and framework lie in the current home, as a province's own.
"""

import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from sqlmodel import Session

from dti_core.framework.load import home
from dti_core.program.load import RoundContext, load_round
from dti_core.program.routing import routes
from dti_core.records.appraising import write_appraised, write_self
from dti_core.records.approvals import approve
from dti_core.records.database import session
from dti_core.records.digests import DRAFT_DECISION, digest_of
from dti_core.records.drafts import note_draft
from dti_core.records.opinions import Appraised, write_opinions
from dti_core.records.petitions import announce
from dti_core.records.ranking import write_ranks
from dti_core.records.rounds import open_round
from dti_core.records.scoring import score_round
from tasks.papers import write_paper

ROUND = "ky/2023"
UNITS = {"so-a": "Sở A", "so-b": "Sở B", "so-c": "Sở C"}
ORGANISER = "van-phong"
SENT = date(2024, 3, 1)
OVER = date(2024, 3, 7)
"""The first day after five days of petitions."""

POINTS = {"so-a": (8, 15, 40), "so-b": (7, 20, 50), "so-c": (9, 10, 60)}
"""Unit → self-assessed points of rows 1.1, 1.2 and 2.1: 63, 77, 79."""

ROWS = {"1.1": 10, "1.2": 20, "2.1": 70}
DRAFT = "documents/du-thao-quyet-dinh.docx"
_DECIDED = {"basis": "Kế hoạch 5/KH", "decided_on": "2024-01-02"}
_USUAL: Mapping[str, Any] = {
    "reading": "as_written",
    "overlap": "first_listed",
    "zero_denominator": "zero",
    "missing_figure": "ask",
    "not_available_figure": "ask",
    "not_applicable_figure": "ask",
    "late_submission": "accept",
    "rounding": {"digits": 2, "total": "sum_of_exact"},
    "ties": "same_rank",
    "rank_on": "published",
    "petition_days": 5,
}


def write_round(
    policies: Mapping[str, Any] | None = None,
    round_: Mapping[str, Any] | None = None,
    rows: Mapping[str, Mapping[str, Any]] | None = None,
    exempt: Mapping[str, Mapping[str, Any]] | None = None,
    units_appraised_by: list[Mapping[str, Any]] | None = None,
    **program: Any,
) -> RoundContext:
    """Write decree and program; `policies` by bare value, None for one that is unset.

    rows                row → keys that it has otherwise
    exempt              unit → its rows by ground
    units_appraised_by  fields of appraisal
    """
    _write_decree(rows or {})
    chosen = {name: v for name, v in {**_USUAL, **(policies or {})}.items() if v is not None}
    content = {
        "id": "ky",
        "name": "Tỉnh thử",
        "decree": "1/QĐ-UBND",
        "frameworks": {"so": "ky/so"},
        "organiser": ORGANISER,
        "publisher": "Ủy ban nhân dân tỉnh thử",
        "letterhead": {"issuer": "Văn phòng", "place": "X", "signer": "Y", "file_code": "VP"},
        "decision": {
            "issuer": ["Ủy ban nhân dân", "tỉnh thử"],
            "symbol": "QĐ-UBND",
            "place": "X",
            "signer": ["TM. Ủy ban nhân dân", "Chủ tịch"],
            "competence": "Ủy ban nhân dân tỉnh thử",
            "grounds": ["Căn cứ Quyết định số 1/QĐ-UBND"],
            "proposer": "Chánh Văn phòng",
            "proposal": "TTr-VP",
            "executors": "Chánh Văn phòng; Thủ trưởng các sở",
        },
        "units": [
            {"id": ORGANISER, "name": "Văn phòng"},
            *(
                {"id": unit, "name": name, "level": "so", "exempt": (exempt or {}).get(unit, {})}
                for unit, name in UNITS.items()
            ),
        ],
        "appraisal": {"fields": units_appraised_by or []},
        "policies": {name: {"value": value, **_DECIDED} for name, value in chosen.items()},
        "rounds": [
            {
                "id": "2023",
                "title": "Đánh giá năm 2023",
                "evaluation_year": 2023,
                "data_from": _on("2023-01-01"),
                "data_to": _on("2023-12-31"),
                "opens": _on("2024-01-02"),
                "closes": _on("2024-01-31"),
                "levels": ["so"],
                **(round_ or {}),
            }
        ],
        **program,
    }
    _write("programs/ky/program.yaml", content)
    return load_round(ROUND)


def opened(**given: Any) -> RoundContext:
    """The round, opened, appraised as the units assessed themselves, and ranked."""
    context = write_round(**given)
    with session() as records:
        open_round(records, context, "test")
        own = {
            (unit, code): Fraction(points)
            for unit, every in POINTS.items()
            for code, points in zip(ROWS, every, strict=True)
        }
        write_self(records, context, own, "test")
        score_round(records, context, "test")
        for verifier, pairs in routes(context).items():
            agreed = [Appraised(*pair, own[pair], None) for pair in pairs]
            write_opinions(records, context, verifier, agreed, "test")
        settle(records, context)
    return context


def settle(records: Session, context: RoundContext) -> None:
    """Let official points and ranking follow from the opinions."""
    write_appraised(records, context, "test")
    write_ranks(records, context, "test")


def adjusts(context: RoundContext, unit: str, code: str, points: int, reason: str = "sai") -> None:
    """The organiser changes its mind; points and ranking follow."""
    with session() as records:
        given = [Appraised(unit, code, Fraction(points), reason)]
        write_opinions(records, context, ORGANISER, given, "test")
        settle(records, context)


def drafted(context: RoundContext, content: bytes = b"PK du thao") -> None:
    """There is a draft decision."""
    with session() as records:
        write_paper(records, context.id, DRAFT_DECISION, DRAFT, content, "test")
        note_draft(records, context.id, "test")


def approves(context: RoundContext, *steps: str, role: str = "Trưởng phòng") -> None:
    """Steps are approved as they are, whoever may."""
    with session() as records:
        for step in steps:
            approve(records, context.id, step, role, digest_of(records, context.id, step))


def ready(**given: Any) -> RoundContext:
    """The round with everything before the drafts: petitions over, every step but that approved."""
    context = opened(**given)
    with session() as records:
        announce(records, context, SENT, "test")
    approves(context, "thu-thap", "giai-trinh", "tham-dinh", "kien-nghi")
    return context


def _write_decree(rows: Mapping[str, Mapping[str, Any]]) -> None:
    _write(
        "decrees/ky/decree.yaml",
        {
            "id": "ky",
            "number": "1/QĐ-UBND",
            "issued": "2023-01-01",
            "issuer": "Ủy ban nhân dân tỉnh thử",
            "title": "Quyết định ban hành Bộ chỉ số thử",
            "source": "Đặt ra để thử",
            "agencies": {"so-a": {"name": "Sở A"}},
        },
    )
    cite = {"decree": "1/QĐ-UBND", "appendix": "I"}
    pillars: dict[str, dict[str, Any]] = {}
    for code, most in ROWS.items():
        pillar = pillars.setdefault(
            code[0],
            {
                "code": code[0],
                "name": f"Chỉ số chính {code[0]}",
                "max_points": 0,
                "citation": {**cite, "row": code[0]},
                "criteria": [],
            },
        )
        pillar["max_points"] += most
        pillar["criteria"].append(
            {
                "code": code,
                "name": f"Tiêu chí thứ {code}",
                "max_points": most,
                "rule": {"type": "appraised"},
                "provider": {"relative": "self"},
                "citation": {**cite, "row": code},
                **rows.get(code, {}),
            }
        )
    _write(
        "decrees/ky/so.yaml",
        {
            "level": "so",
            "title": "Bộ chỉ số thử",
            "citation": cite,
            "total_stated": 100,
            "criteria_stated": 3,
            "pillars": list(pillars.values()),
        },
    )


def _on(day: str) -> dict[str, str]:
    return {"on": day, "basis": "ví dụ"}


def _write(name: str, content: Mapping[str, Any]) -> None:
    file = home() / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")  # JSON is YAML
