"""What the checker finds in the decrees that ship, each fact read against the text."""

import subprocess
import sys
import time
from fractions import Fraction

import pytest

from dti_core.framework.check import Finding, NotReady, check, require_openable, unrecorded
from dti_core.framework.check.check import check_one
from dti_core.framework.check.finding import Row
from dti_core.framework.load import framework_ids, load_framework
from dti_core.framework.model import Criterion, Pillar

IDS = framework_ids()
RULE_FAULTS = {
    "threshold_jump",
    "exceeds_maximum",
    "factor_disagrees",
    "percent_sign",
    "parts_total",
    "steps_gap",
    "steps_overlap",
    "same_expression",
}


def _found(framework_id: str, kind: str) -> dict[str, Finding]:
    """The findings of one kind by code. Of one kind a row here has one at most."""
    found = [each for each in check(load_framework(framework_id)) if each.kind == kind]
    assert len({each.code for each in found}) == len(found)
    return {each.code: each for each in found}


# every framework


@pytest.mark.parametrize("framework_id", IDS)
def test_every_erratum_is_found_by_the_checker_or_marked_as_a_readers(framework_id: str) -> None:
    """Both ways: `checker` where some finding is recorded by it, `reader` where none is."""
    framework = load_framework(framework_id)
    told = {f"{kind}_erratum" for kind in ("substantive", "transcription", "editorial")}
    claimed = {f.code for f in check(framework) if f.erratum and f.kind not in told}
    bearers: list[Criterion | Pillar] = [*framework.pillars, *framework.rows]
    wrong = {
        each.code: f"found_by: {each.erratum.found_by}"
        for each in bearers
        if each.erratum and (each.erratum.found_by == "checker") != (each.code in claimed)
    }
    assert wrong == {}


@pytest.mark.parametrize("framework_id", IDS)
def test_every_error_is_recorded(framework_id: str) -> None:
    assert unrecorded(check(load_framework(framework_id))) == []


@pytest.mark.parametrize("framework_id", IDS)
def test_a_correction_leaves_no_fault_in_the_rule(framework_id: str) -> None:
    framework = load_framework(framework_id)
    for row in framework.rows:
        if row.erratum and row.erratum.corrected:
            mended = row.model_copy(update={"rule": row.erratum.corrected})
            left = [f for f in check_one(Row(framework, mended)) if f.kind in RULE_FAULTS]
            assert left == [], row.code


@pytest.mark.parametrize("framework_id", IDS)
def test_every_finding_says_where_and_what_in_vietnamese(framework_id: str) -> None:
    framework = load_framework(framework_id)
    for found in check(framework):
        assert found.framework == framework_id
        assert found.citation.decree == framework.decree.number
        assert len(found.message) > 10
        assert found.message.isascii() is False
        assert all(isinstance(number, Fraction) for number in found.numbers.values())


def test_checking_everything_is_a_light_command() -> None:
    """Well under two seconds of work, and no table library is imported for it."""
    frameworks = [load_framework(each) for each in IDS]
    start = time.process_time()
    for framework in frameworks:
        check(framework)
    assert time.process_time() - start < 2
    heavy = "import sys, dti_core.framework.check as _; print({'numpy', 'pandas'} & {*sys.modules})"
    run = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


# points that jump


@pytest.mark.parametrize(
    ("framework_id", "jumps"),
    [
        (
            "vinh-long-2554/tinh",
            {
                "4.12": "1",
                "4.13": "3/2",
                "7.1": "16",
                "7.2": "19",
                "7.3": "9",
                "7.4": "18",
                "7.5": "5",
                "7.6": "2",
                "7.8": "5",
                "7.9": "19/2",
                "7.11": "399/40",
                "7.12": "399/40",
            },
        ),
        ("vinh-phuc-2074/so", {"6.9": "8"}),
        (
            "vinh-phuc-2074/huyen",
            {
                "3.1": "3",
                "3.3": "2",
                "3.6": "2",
                "4.6": "6",
                "6.9": "4",
                "6.12": "5",
                "7.3": "15/2",
                "7.4": "3",
                "8.3": "15/2",
                "8.6": "9",
                "8.7": "6",
                "8.9": "6",
            },
        ),
        ("vinh-phuc-2074/xa", {"3.1": "2", "4.6": "8", "8.3": "10"}),
        ("kon-tum-419/tinh", {}),
        ("dien-bien-2001/so", {}),
        ("dien-bien-2001/huyen", {}),
    ],
)
def test_thresholds_that_the_formula_forgets(framework_id: str, jumps: dict[str, str]) -> None:
    found = _found(framework_id, "threshold_jump")
    assert {code: f.numbers["jump"] for code, f in found.items()} == {
        code: Fraction(points) for code, points in jumps.items()
    }


@pytest.mark.parametrize(
    ("framework_id", "code", "just_below", "times_over"),
    [
        ("vinh-phuc-2074/huyen", "7.1", 75, 5),
        ("vinh-phuc-2074/huyen", "6.16", 1000, 100),
        ("vinh-phuc-2074/xa", "7.2", 50, 5),
        ("vinh-phuc-2074/xa", "6.10", 2000, 100),
    ],
)
def test_factors_that_do_not_match_their_threshold(
    framework_id: str, code: str, just_below: int, times_over: int
) -> None:
    """“Tỷ lệ/1%*Điểm tối đa” under 5 %, and “Tỷ lệ/1%*Điểm tối đa*100” under 1 %."""
    assert len(_found(framework_id, "factor_disagrees")) == 2
    factor = _found(framework_id, "factor_disagrees")[code]
    assert factor.numbers["just_below_share"] == times_over
    assert factor.numbers["divide_by"] == Fraction(1, 100)
    assert _found(framework_id, "exceeds_maximum")[code].numbers["just_below"] == just_below
    assert (code in _found(framework_id, "percent_sign")) == (times_over == 100)


def test_the_same_clause_with_one_conversion_is_right() -> None:
    """2074/QĐ-UBND, Phụ lục 1, mục 6.14: “Tỷ lệ*Điểm tối đa*100” under 1 %."""
    assert [f for f in check(load_framework("vinh-phuc-2074/so")) if f.code == "6.14"] == []


@pytest.mark.parametrize(
    ("framework_id", "most"),
    [("vinh-long-2554/tinh", {"most": 10}), ("kon-tum-419/tinh", {"most_share": 2})],
)
def test_graduates_over_a_half_without_a_cap(framework_id: str, most: dict[str, int]) -> None:
    found = _found(framework_id, "exceeds_maximum")["4.9"]
    assert most.items() <= found.numbers.items()


# totals and tables


def test_pillar_of_the_communes_whose_criteria_do_not_add_up() -> None:
    """2074/QĐ-UBND, Phụ lục 3: “Nhân lực số” 105, its rows 25, 25, 20, 20, 20, 20."""
    (found,) = _found("vinh-phuc-2074/xa", "pillar_total").values()
    assert (found.code, found.erratum) == ("4", "substantive")
    assert found.numbers == {"stated": 105, "added": 130}
    assert "25 + 25 + 20 + 20 + 20 + 20" in found.message


@pytest.mark.parametrize("framework_id", [each for each in IDS if each != "vinh-phuc-2074/xa"])
def test_every_other_total_adds_up(framework_id: str) -> None:
    for kind in ("total", "count", "pillar_total", "pillar_count", "children_total"):
        assert _found(framework_id, kind) == {}


def test_forty_five_articles_are_in_two_steps_of_the_districts() -> None:
    """2074/QĐ-UBND, Phụ lục 2, mục 6.2: “từ 45 đến <=60” and “từ 30 đến <=45”."""
    (found,) = [
        f
        for f in _found("vinh-phuc-2074/huyen", "steps_overlap").values()
        if f.severity == "warning"
    ]
    assert (found.code, found.numbers["value"]) == ("6.2", 45)
    assert (found.numbers["most"], found.numbers["least"]) == (Fraction(1, 2), Fraction(1, 4))


@pytest.mark.parametrize(
    ("framework_id", "rows"),
    [
        ("vinh-long-2554/tinh", {"1.4": "5", "1.5": "5/2"}),
        ("vinh-phuc-2074/so", {"1.4": "10"}),
        ("vinh-phuc-2074/huyen", {"1.4": "5"}),
        ("vinh-phuc-2074/xa", {"6.7": "15/2"}),
    ],
)
def test_no_article_and_no_meeting_still_earns(framework_id: str, rows: dict[str, str]) -> None:
    found = _found(framework_id, "zero_earns")
    assert {c: f.numbers["points"] for c, f in found.items()} == {
        code: Fraction(points) for code, points in rows.items()
    }


# denominators


@pytest.mark.parametrize(
    ("framework_id", "wider", "misses"),
    [
        ("vinh-long-2554/tinh", {"3.1"}, {"4.6", "8.3"}),
        ("kon-tum-419/tinh", {"3.1"}, {"4.6", "8.3"}),
        ("vinh-phuc-2074/so", {"6.9", "6.11"}, {"6.11"}),
        ("vinh-phuc-2074/huyen", {"3.1", "3.7", "4.5", "6.9", "6.13"}, {"6.13", "8.3"}),
        ("vinh-phuc-2074/xa", {"4.5"}, {"8.3"}),
    ],
)
def test_denominators_that_do_not_fit(framework_id: str, wider: set[str], misses: set[str]) -> None:
    assert set(_found(framework_id, "denominator_wider")) == wider
    assert set(_found(framework_id, "denominator_misses")) == misses


@pytest.mark.parametrize(
    ("framework_id", "code"),
    [
        ("vinh-long-2554/tinh", "7.9"),
        ("kon-tum-419/tinh", "7.9"),
        ("vinh-phuc-2074/huyen", "7.6"),
        ("vinh-phuc-2074/xa", "7.4"),
    ],
)
def test_transactions_over_parcels_are_no_part_of_a_whole(framework_id: str, code: str) -> None:
    found = _found(framework_id, "denominator_kind")
    assert set(found) == {code}
    assert found[code].severity == "note"  # the clause caps it at 5 %


def test_percent_sign_without_its_number() -> None:
    """2074/QĐ-UBND: “đúng hạn đầy đủ % trên Hệ thống” in each of its three appendices."""
    for framework_id, code in (("so", "6.12"), ("huyen", "6.14"), ("xa", "6.9")):
        assert _found(f"vinh-phuc-2074/{framework_id}", "percent_sign")[code].severity == "note"


# whether a round can open


@pytest.mark.parametrize("framework_id", IDS)
def test_rounds_open_on_what_is_complete(framework_id: str) -> None:
    framework = load_framework(framework_id)
    if framework.criteria:
        require_openable(framework)
    else:
        with pytest.raises(NotReady, match=f"không kèm {framework.criteria_stated} tiêu chí"):
            require_openable(framework)


def test_the_frames_of_vinh_long_are_not_complete() -> None:
    for level in ("so", "huyen", "xa"):
        assert load_framework(f"vinh-long-2554/{level}").criteria == ()
