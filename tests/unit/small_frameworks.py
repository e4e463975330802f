"""Frameworks of one or two rows, faultless unless told otherwise, for the tests of the checker."""

from collections.abc import Mapping
from typing import Any

from dti_core.framework.check import Finding, check
from dti_core.framework.model import Framework

CITE = {"decree": "1/QĐ-UBND", "row": "1"}
RATIO = {"type": "ratio", "of": "a / b"}
VARIABLES = {
    "a": {"label": "Số hồ sơ trực tuyến", "kind": "count"},
    "b": {"label": "Tổng số hồ sơ đã tiếp nhận", "kind": "count"},
}


def criterion(rule: Mapping[str, Any] = RATIO, **other: Any) -> dict[str, Any]:
    """A row of ten points; it declares what its rule uses."""
    code = other.get("code", "1.1")
    return {
        "code": code,
        "name": f"Tỷ lệ hồ sơ trực tuyến theo mục {code}",
        "max_points": "10",
        "rule": rule,
        "variables": VARIABLES,
        "provider": {"relative": "self"},
        "citation": CITE,
        **other,
    }


def pillar(*criteria: dict[str, Any], **other: Any) -> dict[str, Any]:
    return {
        "code": "1",
        "name": "Nhận thức số",
        "max_points": "10",
        "citation": CITE,
        "criteria": criteria,
        **other,
    }


def framework(*pillars: dict[str, Any], **other: Any) -> Framework:
    decree = {
        "id": "d",
        "number": "1/QĐ-UBND",
        "issued": "2024-01-01",
        "issuer": "x",
        "title": "x",
        "source": "x",
        "agencies": {"so-a": {"name": "Sở A"}},
    }
    return Framework.model_validate(
        {
            "id": "d/so",
            "decree": decree,
            "level": "so",
            "title": "Bộ chỉ số thử",
            "citation": CITE,
            "total_stated": "10",
            "pillars": pillars,
            "sha256": "x",
            **other,
        }
    )


def of_rows(*rows: dict[str, Any], **other: Any) -> Framework:
    """A framework of these rows, whose stated points are those of the rows."""
    whole = str(sum(int(row["max_points"] or 0) for row in rows))
    return framework(pillar(*rows, max_points=whole), total_stated=whole, **other)


def check_row(rule: Mapping[str, Any] = RATIO, **other: Any) -> list[Finding]:
    """What the checker finds in a framework of one row."""
    return check(framework(pillar(criterion(rule, **other))))


def check_figures(rule: Mapping[str, Any], figures: Mapping[str, Any], **other: Any) -> set[str]:
    """The kinds found in a row of counts, each figure "label" or ("label", "unit")."""
    variables = {}
    for name, told in figures.items():
        label, unit = told if isinstance(told, tuple) else (told, None)
        variables[name] = {"label": label, "kind": "count", "unit": unit}
    return {found.kind for found in check_row(rule, variables=variables, **other)}


def only(findings: list[Finding]) -> Finding:
    """The one finding that there is."""
    assert len(findings) == 1, findings
    return findings[0]


def one(findings: list[Finding], kind: str) -> Finding:
    """The one finding of a kind."""
    return only([found for found in findings if found.kind == kind])


def kinds(findings: list[Finding]) -> set[str]:
    return {found.kind for found in findings}
