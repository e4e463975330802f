"""Lost points and what wins them back: by hand, and by property on rules of every type."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dti_core.figures import Figure
from dti_core.framework.model import READINGS, Criterion, Framework
from dti_core.program.policies import Policies
from dti_core.rational import parse_exact
from dti_core.scoring.compare import disagreements
from dti_core.scoring.score import score
from dti_core.scoring.standings import ReadingUndecided
from dti_core.scoring.win_back import Chance, supposed, win_back
from dti_core.scoring.win_back_words import ORDER, gain_text, sentences
from dti_core.strict_yaml import Document
from tests.unit.strategies import (
    ANY,
    decided,
    figures,
    framework_of,
    framework_with,
    nested,
    pillar_of,
    policies,
)
from tests.unit.worked_examples import CASES

VARIABLES = {
    "a": {"label": "Số hồ sơ trực tuyến", "kind": "count", "unit": "hồ sơ"},
    "b": {"label": "Tổng số hồ sơ", "kind": "count", "unit": "hồ sơ"},
    "c": {"label": "Số hồ sơ thanh toán", "kind": "count", "unit": "hồ sơ"},
    "d": {"label": "Tổng số hồ sơ có phí", "kind": "count", "unit": "hồ sơ"},
    "p": {"label": "Tỷ lệ văn bản ký số", "kind": "percent"},
    "co": {"label": "Đã ban hành kế hoạch", "kind": "flag"},
    "s": {
        "label": "Trưởng ban chỉ đạo",
        "kind": "choice",
        "choices": {"dung-dau": "Người đứng đầu", "cap-pho": "Cấp phó", "khong": "Không có"},
    },
}
POLICIES = decided({"reading": "as_written"})
FILE = Document(CASES / "win_back" / "rules.yaml").content["cases"]


def row(rule: Mapping[str, Any], maximum: object, code: str = "1.1") -> dict[str, Any]:
    return {
        "code": code,
        "name": "Tỷ lệ hồ sơ trực tuyến",
        "max_points": maximum,
        "rule": rule,
        "variables": VARIABLES,
        "citation": {"decree": "1/QĐ-UBND", "row": code},
    }


def given_figures(code: str, values: Mapping[str, Any]) -> dict[tuple[str, str, str], Figure]:
    found = {}
    for name, value in values.items():
        exact = value if isinstance(value, bool) or name == "s" else parse_exact(value)
        status = "given_as_ratio" if name == "ratio" else "given"
        found["u", code, name] = Figure("u", code, name, status, exact)  # type: ignore[arg-type]
    return found


def chances(
    framework: Framework,
    found: Mapping[tuple[str, str, str], Figure],
    official: Mapping[str, Fraction] | None = None,
    how: Policies = POLICIES,
) -> tuple[Chance, ...]:
    scores = {each: score(framework, ["u"], found, how, each) for each in READINGS}
    return win_back(framework, "u", found, how, scores, official or {})


@pytest.mark.parametrize("case", FILE, ids=[case["name"] for case in FILE])
def test_worked_examples(case: dict[str, Any]) -> None:
    framework = framework_with([pillar_of("1", "100", [row(case["rule"], case["max_points"])])])
    found = given_figures("1.1", case["figures"])
    official = {"1.1": parse_exact(case["official"])} if "official" in case else {}
    (chance,) = chances(framework, found, official)
    assert chance.kind == case["kind"]
    assert chance.lost == parse_exact(case["lost"])
    told = [({c.variable: c.after for c in s.changes}, s.gain) for s in chance.steps]
    assert told == [
        (
            {
                name: value if isinstance(value, bool) or name == "s" else parse_exact(value)
                for name, value in step["change"].items()
            },
            parse_exact(step["gain"]),
        )
        for step in case["steps"]
    ]
    if chance.steps:
        assert chance.steps[-1].full == (chance.steps[-1].gain == chance.lost)


def told(case: int | str, digits: int = 2) -> tuple[str, ...]:
    each = next(c for c in FILE if c["name"].startswith(str(case)))
    framework = framework_with([pillar_of("1", "100", [row(each["rule"], each["max_points"])])])
    found = given_figures("1.1", each["figures"])
    (chance,) = chances(framework, found)
    by_name = {name: figure for (_, _, name), figure in found.items()}
    return sentences(framework.by_code["1.1"], chance, by_name, digits)


def test_a_step_is_told_as_an_official_would_say_it() -> None:
    assert told("46 trên 120") == (
        "Thêm 14 hồ sơ ở “Số hồ sơ trực tuyến” (từ 46 thành 60), trên 120 hồ sơ, thì đạt 50 %:"
        " +5 điểm.",
        "Thêm 50 hồ sơ ở “Số hồ sơ trực tuyến” (từ 46 thành 96), trên 120 hồ sơ, thì đạt 80 %:"
        " +10 điểm, đủ điểm tối đa.",
    )
    assert told("Chưa ban hành") == (
        "“Đã ban hành kế hoạch”: từ “không” thành “có”: +20 điểm, đủ điểm tối đa.",
    )
    assert told("Trạng thái") == (
        "“Trưởng ban chỉ đạo”: từ “Cấp phó” thành “Người đứng đầu”: +10 điểm, đủ điểm tối đa.",
    )
    assert told("Nguồn nêu thẳng") == (
        "Tỷ lệ từ 75,5 % thành 80 %: +0,56 điểm (làm tròn), đủ điểm tối đa.",
    )
    assert told("Trừ 2 điểm")[0].startswith("Bớt 1 hồ sơ ở “Số hồ sơ trực tuyến” (từ 2 thành 1)")
    assert told("Văn bản đi ký số") == (
        "“Tỷ lệ văn bản ký số”: từ 94 % thành 100 %: +2,4 điểm, đủ điểm tối đa.",
    )
    assert "người thẩm định cho" in told("Điểm do người")[0]
    assert "tùy kết quả của nơi khác" in told("So với đơn vị")[0]
    assert "thiếu số liệu" in told("Chưa có số liệu")[0]
    assert gain_text(Fraction(10, 3), 2) == "+3,33 điểm (làm tròn)"
    assert "không biết chi phí" in ORDER


def test_decisions_first_then_points_per_effort_then_what_has_no_number() -> None:
    rows = [
        row({"type": "min_max", "of": "a", "peers": "group"}, 40, "1.1"),
        row({"type": "appraised"}, 40, "1.2"),
        row({"type": "ratio", "of": "a / b"}, 40, "1.3"),  # 10 of 20: 20 points, effort 1/2 → 40
        row({"type": "ratio", "of": "a / b"}, 10, "1.4"),  # 19 of 20: 1/2 point, effort 1/20 → 10
        row({"type": "flag", "of": "co"}, 1, "1.5"),
        row({"type": "flag", "of": "co"}, 5, "1.6"),
        row({"type": "ratio", "of": "a / b"}, 10, "1.7"),  # nothing lost
        row({"type": "ratio", "of": "a / b"}, 10, "1.8"),  # a figure lacks
        # 18 of 20, and 19 (95 %) earn 50 points: effort 1/19 → 950
        row(
            {
                "type": "steps",
                "of": "a / b",
                "table": [{"from": "95%", "share": 1}, {"below": "95%", "share": 0}],
            },
            50,
            "1.9",
        ),
    ]
    values: dict[str, dict[str, Any]] = {
        "1.1": {"a": 1},
        "1.3": {"a": 10, "b": 20},
        "1.4": {"a": 19, "b": 20},
        "1.5": {"co": False},
        "1.6": {"co": False},
        "1.7": {"a": 20, "b": 20},
        "1.8": {"b": 20},
        "1.9": {"a": 18, "b": 20},
    }
    framework = framework_with([pillar_of("1", "300", rows)])
    found = {k: f for code, each in values.items() for k, f in given_figures(code, each).items()}
    assert [each.criterion for each in chances(framework, found, {"1.2": Fraction(10)})] == [
        "1.6",
        "1.5",
        "1.9",
        "1.3",
        "1.4",
        "1.8",
        "1.2",
        "1.1",
    ]


def test_rows_that_are_left_out_or_not_scored_are_not_told_of() -> None:
    rows = [row({"type": "flag", "of": "co"}, 1), row({"type": "flag", "of": "co"}, None, "1.2")]
    framework = framework_with([pillar_of("1", "1", rows)])
    found = given_figures("1.1", {"co": False}) | given_figures("1.2", {"co": False})
    scores = {each: score(framework, ["u"], found, POLICIES, each) for each in READINGS}
    assert win_back(framework, "u", found, POLICIES, scores, {}, ["1.1"]) == ()
    assert [c.criterion for c in win_back(framework, "u", found, POLICIES, scores, {})] == ["1.1"]
    with pytest.raises(ReadingUndecided, match="reading"):
        win_back(framework, "u", found, decided({}), scores, {})


def test_a_penalty_is_won_back_by_having_none() -> None:
    penalty = row({"type": "per_item", "of": "a", "each": 2}, -10)
    framework = framework_with([pillar_of("1", "-10", [penalty], outside_maximum=True)])
    (chance,) = chances(framework, given_figures("1.1", {"a": 3}))
    assert chance.lost == 6
    assert [(s.changes[0].after, s.gain, s.full) for s in chance.steps] == [
        (Fraction(2), Fraction(2), False),
        (Fraction(0), Fraction(6), True),
    ]


RULES = st.one_of(ANY, *nested(ANY).values())


@settings(max_examples=300, deadline=None)
@given(st.data(), RULES, st.sampled_from(["10", "7.5", "40", "-10"]), policies())
def test_the_told_change_through_the_scorer_gives_exactly_the_told_gain(
    data: st.DataObject, rule: dict[str, Any], maximum: str, how: Policies
) -> None:
    try:
        framework = framework_of(rule, maximum)
    except ValueError:
        assume(False)
    criterion: Criterion = framework.by_code["1.1"]
    found = data.draw(figures(["u"], criterion, lacking=False))
    how = how.model_copy(update={"reading": POLICIES.reading})
    now = score(framework, ["u"], found, how, "as_written")["u", "1.1"]
    for chance in chances(framework, found, how=how):
        best = max(Fraction(maximum), Fraction(0))
        assert chance.lost == best - (now.low if now.points is None else now.points)
        for step in chance.steps:
            values = {change.variable: change.after for change in step.changes}
            then = supposed(criterion, "u", found, values)
            scores = score(framework, ["u"], then, how, "as_written")
            after = scores["u", "1.1"]
            assert now.points is not None
            assert after.points == now.points + step.gain
            assert 0 < step.gain <= chance.lost
            assert step.full == (after.points == best)
            assert 0 <= step.effort <= 1
            # and the engine, which shares no code with the referee, says the same
            assert not disagreements(framework, ["u"], then, how, scores, "as_written")
