"""Frameworks in which nothing that the model can say is left out, with any rule."""

from fractions import Fraction
from typing import Any

import hypothesis.strategies as st

from dti_core.framework.model import Framework

NUMBER = "1/2"
"""Any exact number will do where the spelling is not what is tested."""

CITATION = {"decree": "1/QĐ", "appendix": "II", "table": "3", "row": "1.10", "clause": "V.1"}
PROVIDER = {
    "leads": ["so-a"],
    "partners": ["so-b"],
    "relative": "parent",
    "aggregate": "sum",
    "duties": {"so-a": "phần vốn: sự nghiệp", "so-b": "phần còn lại"},
}
VARIABLES: dict[str, Any] = {
    **{name: {"label": name, "kind": "mean"} for name in "abcd"},
    "p": {"label": "p", "kind": "percent", "unit": "%", "quantity": "ty-le", "provider": PROVIDER},
    "co": {"label": "có", "kind": "flag"},
    "x": {"label": "x", "kind": "choice", "choices": {"mot": "Một", "hai": "Hai", "ba": "Ba"}},
}

fractions = st.builds(Fraction, st.integers(-300, 100_000), st.sampled_from([1, 2, 3, 7, 8, 1000]))
parts = st.builds(Fraction, st.integers(0, 1000), st.sampled_from([1, 3, 9, 16, 100, 1000, 12_345]))
thresholds = parts.filter(bool)
exprs = st.sampled_from(["a", "p", "a / b", "(a + b) / (c + d)", "a / 7 - 2", "a*b"])


def _given(*pairs: tuple[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(dict(pairs))


@st.composite
def intervals(draw: st.DrawFn) -> dict[str, Any]:
    step: dict[str, Any] = {"share": draw(parts)}
    for ends in (("from", "above"), ("to", "below")):
        if end := draw(st.sampled_from([*ends, None])):
            step[end] = draw(fractions)
    return step


@st.composite
def ratios(draw: st.DrawFn) -> dict[str, Any]:
    rule: dict[str, Any] = {"type": "ratio", "of": draw(exprs)}
    match draw(st.integers(0, 2)):
        case 1:
            rule["scale_at"] = draw(thresholds)
        case 2:
            factor = _given(("divide_by", thresholds), ("times", fractions))
            words = st.sampled_from(["proportional", "scaled", "zero"])
            rule |= {"full_at": draw(thresholds), "below": draw(st.one_of(words, factor))}
    return {**rule, "below_includes_full_at": draw(st.booleans())}


peers = st.sampled_from(["group", "external"])
simple = st.one_of(
    ratios(),
    _given(("type", st.just("flag")), ("of", st.just("co"))),
    _given(("type", st.just("percent")), ("of", st.just("p"))),
    _given(
        ("type", st.just("options")),
        ("of", st.just("x")),
        ("shares", st.dictionaries(st.sampled_from(["mot", "hai", "ba"]), parts, min_size=1)),
    ),
    _given(("type", st.just("steps")), ("of", exprs), ("table", st.lists(intervals(), min_size=1))),
    _given(("type", st.just("per_item")), ("of", exprs), ("each", fractions)),
    _given(
        ("type", st.sampled_from(["relative_to_best", "min_max"])), ("of", exprs), ("peers", peers)
    ),
    _given(
        ("type", st.just("deductions")),
        ("events", st.lists(_given(("of", exprs), ("each", fractions)), min_size=1, max_size=3)),
        ("floor", fractions),
    ),
    _given(("type", st.just("appraised")), ("step", st.none() | fractions)),
    _given(("type", st.just("untabled"))),
)


def _nested(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    part = _given(("label", st.none() | st.just("Phần: một")), ("weight", parts), ("rule", inner))
    return st.one_of(
        _given(("type", st.just("parts")), ("parts", st.lists(part, min_size=1, max_size=3))),
        _given(("type", st.just("gate")), ("flag", st.just("co")), ("then", inner)),
        _given(
            ("type", st.just("best_of")),
            ("alternatives", st.lists(inner, min_size=2, max_size=3)),
        ),
    )


def _compared(rule: Any) -> set[str]:
    """What a rule compares within the group, wherever in it."""
    if isinstance(rule, list):
        return set().union(*map(_compared, rule))
    if not isinstance(rule, dict):
        return set()
    here = {rule["of"]} if rule.get("peers") == "group" else set()
    return here.union(*map(_compared, rule.values()))


rules = st.recursive(simple, _nested, max_leaves=6).filter(lambda rule: len(_compared(rule)) <= 1)
"""A row compares one thing with its group."""


def framework_of(rule: dict[str, Any], corrected: dict[str, Any] | None = None) -> Framework:
    """A framework in which nothing that the model knows is left out."""
    erratum: dict[str, Any] = {"kind": "editorial", "note": "Sơ suất", "found_by": "reader"}
    if corrected is not None:
        erratum |= {"kind": "substantive", "note": "Sai: xem mục 2", "corrected": corrected}
    row = {
        "code": "1.10",
        "name": "Tên [MẪU]: có, không",
        "max_points": "7.5",
        "rule": rule,
        "variables": VARIABLES,
        "erratum": erratum,
        "provider": PROVIDER,
        "evidence": "Dòng một\n- dòng hai\n\n# dòng bốn",
        "verifier": "so-a",
        "follow_up": {"year": 2023, "result": "75,5%", "target": "Đạt", "deadline": "Quý IV/2024"},
        "citation": {**CITATION, "column": "Cách tính"},
    }
    sums = {
        "name": "Cộng",
        "max_points": 10,
        "citation": CITATION,
        "rule": {"type": "sum_of_children"},
    }
    agencies = {
        "so-a": {"name": "Sở A", "group": "so", "includes": ["Chi cục X", "Trung tâm Y"]},
        "so-b": {"name": "Sở B"},
    }
    return Framework.model_validate(
        {
            "id": "tinh-a/so",
            "decree": {
                "id": "tinh-a",
                "number": "1/QĐ",
                "issued": "2024-02-29",
                "issuer": "UBND tỉnh A",
                "title": "Quyết định: bộ chỉ số",
                "source": "Bản gốc",
                "agencies": agencies,
            },
            "level": "so",
            "title": "Bộ chỉ số",
            "citation": CITATION,
            "total_stated": "0",
            "criteria_stated": 3,
            "information": [
                {
                    "code": "10",
                    "name": "Người liên hệ",
                    "kind": "contact",
                    "unit": "người",
                    "quantity": "nguoi",
                    "fields": ["Họ tên", "Chức vụ"],
                    "stated": "12",
                    "note": "Ghi chú",
                    "provider": PROVIDER,
                    "evidence": "Danh sách",
                    "citation": CITATION,
                }
            ],
            "pillars": [
                {
                    "code": "I",
                    "name": "Thưởng",
                    "max_points": "1/3",
                    "citation": CITATION,
                    "outside_maximum": True,
                    "criteria_stated": 1,
                    "erratum": {"kind": "substantive", "note": "Sai tổng", "found_by": "reader"},
                    "criteria": [{**sums, "code": "1.1", "children": [row]}],
                },
                {"code": "2", "name": "Trống", "max_points": None, "citation": CITATION},
            ],
            "sha256": "",
        }
    )


EVERY_RULE: dict[str, Any] = {
    "type": "best_of",
    "alternatives": [
        {"type": "gate", "flag": "co", "then": {"type": "appraised", "step": NUMBER}},
        {"type": "options", "of": "x", "shares": {"mot": NUMBER}},
        {"type": "deductions", "events": [{"of": "a", "each": 1}], "floor": NUMBER},
        {"type": "per_item", "of": "a", "each": NUMBER},
        {"type": "min_max", "of": "a", "peers": "group"},
        {"type": "relative_to_best", "of": "a", "peers": "external"},
        {"type": "ratio", "of": "a / b", "scale_at": "50%", "below_includes_full_at": True},
        {
            "type": "parts",
            "parts": [
                {
                    "label": "Một",
                    "weight": NUMBER,
                    "rule": {
                        "type": "steps",
                        "of": "a",
                        "table": [{"from": 1, "to": 2, "share": 1}],
                    },
                },
                {
                    "weight": NUMBER,
                    "rule": {
                        "type": "steps",
                        "of": "a",
                        "table": [{"above": 1, "below": 2, "share": 1}],
                    },
                },
            ],
        },
        {"type": "percent", "of": "p"},
        {"type": "flag", "of": "co"},
        {"type": "untabled"},
    ],
}
FACTORED = {
    "type": "ratio",
    "of": "a / b",
    "full_at": "80%",
    "below": {"divide_by": "70%", "times": 2},
}
