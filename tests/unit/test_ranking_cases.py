"""The worked examples of tests/cases/ranking, each through the records; what they leave out."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dti_core.errors import Refused
from dti_core.program.ranking import Effect
from dti_core.rational import parse_exact
from dti_core.records.database import session
from dti_core.records.exemptions import NotExempted, decide, exemptions, granted, propose
from dti_core.records.official import EXEMPTED, official_awards, write_exempted
from dti_core.records.participation import NotKeptOut, keep_out, places
from dti_core.records.ranking import ExemptionsOpen, OpenPoints, current, ranks, write_ranks
from dti_core.scoring.outcome import exempt
from dti_core.strict_yaml import Document
from tests.trail import events_of
from tests.unit.ranked_round import ID, context_of, fill
from tests.unit.tampered import change_award

FOLDER = Path(__file__).parent.parent / "cases" / "ranking"


def cases() -> Iterator[dict[str, Any]]:
    for file in sorted(FOLDER.glob("*.yaml")):
        yield from Document(file).content


CASES = {case["name"]: case for case in cases()}
_EXACT = {"points", "percent"}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("name", CASES)
def test_the_round_ends_as_the_example_says(name: str) -> None:
    case = CASES[name]
    context = context_of(case)
    with session() as records:
        fill(records, context, case)
    with session() as records:
        write_exempted(records, context, "test")
        if "error" in case:
            with pytest.raises(Refused, match=case["error"]):
                write_ranks(records, context, "test")
            return
        assert write_ranks(records, context, "test") == len(case["points"])
    with session() as records:
        assert write_exempted(records, context, "test") == 0, "again, nothing changes"
        assert write_ranks(records, context, "test") == 0
        assert current(records, context)
        entries = {entry.unit: entry for entry in ranks(records, ID)}
        official = official_awards(records, context)
        for unit, wanted in case["result"].items():
            for key, value in wanted.items():
                if key == "exempted":
                    for code, points in value.items():
                        award = official[unit, code]
                        assert award.kind == EXEMPTED
                        assert _number(award.points) == _number(points), (unit, code)
                        assert case["clause"] in str(award.reason)
                        assert "đúng hồ sơ" in str(award.reason)
                    continue
                found = getattr(entries[unit], "max_points" if key == "max" else key)
                if key in _EXACT or key == "max":
                    found, value = _number(found), _number(value)
                assert found == value, (unit, key)


def _number(value: object) -> Fraction | None:
    return None if value is None else parse_exact(value)


def test_every_effect_and_place_has_an_example() -> None:
    effects = {one["effect"] for case in cases() for one in case.get("exemptions", {}).values()}
    assert effects == set(Effect.__args__)  # type: ignore[attr-defined]
    kept = {place for case in cases() for place in case.get("kept_out", {}).values()}
    assert kept == {"not_ranked", "not_evaluated", "voluntary"}


FIRST = next(case for case in cases() if case["clause"].startswith("2554/QĐ-UBND, mục VII.2"))


@pytest.mark.usefixtures("database")
def test_nobody_is_ranked_while_a_proposal_is_undecided_and_a_decision_needs_a_reason() -> None:
    context = context_of(FIRST)
    with session() as records:
        fill(records, context, {**FIRST, "exemptions": {}})
        assert propose(records, context, "test") == 0, "proposed when it was filled"
        with pytest.raises(ExemptionsOpen, match=r"Còn 1 đề xuất .* dti exemptions thu/2023"):
            write_ranks(records, context, "test")
        with pytest.raises(NotExempted, match="phải có lý do"):
            decide(records, context, "c", "khong-truc-thuoc", True, " ", "Chủ tịch")
        with pytest.raises(NotExempted, match="Không có căn cứ miễn 'khac'"):
            decide(records, context, "c", "khac", True, "x", "Chủ tịch")
        with pytest.raises(NotExempted, match=r"mục 9\.9 không có trong"):
            decide(records, context, "c", "khong-truc-thuoc", True, "x", "Chủ tịch", "9.9")
        with pytest.raises(NotExempted, match="chưa có đề xuất nào"):
            decide(records, context, "a", "khong-truc-thuoc", True, "x", "Chủ tịch")


@pytest.mark.usefixtures("database")
def test_a_refused_exemption_leaves_the_row_to_the_appraiser() -> None:
    context = context_of(FIRST)
    with session() as records:
        fill(records, context, FIRST)
        assert len(granted(records, ID)) == 1
        assert decide(records, context, "c", "khong-truc-thuoc", False, "có hai chi cục", "A") == 1
        assert decide(records, context, "c", "khong-truc-thuoc", False, "có hai chi cục", "A") == 0
        assert granted(records, ID) == {}
        assert propose(records, context, "test") == 0, "a decision is not proposed anew"
        assert [each.status for each in exemptions(records, ID)] == ["refused"]
        write_exempted(records, context, "test")
        with pytest.raises(OpenPoints, match="Đơn vị c"):
            write_ranks(records, context, "test")
        told = events_of(records, "exemption_decided")
    assert told[-1].detail["reason"] == "có hai chi cục"
    assert told[-1].actor == "A"


@pytest.mark.usefixtures("database")
def test_a_later_better_award_is_what_is_borrowed() -> None:
    context = context_of(FIRST)
    with session() as records:
        fill(records, context, FIRST)
        write_exempted(records, context, "test")
        write_ranks(records, context, "test")
        kind = official_awards(records, context)["b", "1.2"].kind
        change_award(records, ID, "b", "1.2", kind, points="20")
        assert write_exempted(records, context, "test") == 1
        assert not current(records, context), "the recorded ranking is of before"
        assert write_ranks(records, context, "test") > 0
        entries = {entry.unit: entry for entry in ranks(records, ID)}
    assert (entries["b"].points, entries["c"].points) == ("28", "27")


@pytest.mark.usefixtures("database")
def test_a_unit_is_kept_out_and_put_back_with_reason_and_basis() -> None:
    context = context_of(
        {
            **FIRST,
            "exemptions": {},
            "points": {"a": {"1.1": 1, "1.2": 1}, "b": {"1.1": 2, "1.2": 2}},
        }
    )
    with session() as records:
        fill(records, context, {"points": {"a": {"1.1": 1, "1.2": 1}, "b": {"1.1": 2, "1.2": 2}}})
        with pytest.raises(NotKeptOut, match="lý do và căn cứ"):
            keep_out(records, context, "b", "not_ranked", "", "", "A")
        with pytest.raises(NotKeptOut, match="không đánh giá đơn vị 'z'"):
            keep_out(records, context, "z", "not_ranked", "x", "x", "A")
        with pytest.raises(NotKeptOut, match="Không có cách 'khac'"):
            keep_out(records, context, "b", "khac", "x", "x", "A")
        assert keep_out(records, context, "b", "not_ranked", "đang thanh tra", "1/TB", "A")
        assert not keep_out(records, context, "b", "not_ranked", "đang thanh tra", "1/TB", "A")
        write_ranks(records, context, "A")
        entries = {entry.unit: entry for entry in ranks(records, ID)}
        assert (entries["b"].rank, entries["a"].rank) == (None, 1)
        assert entries["b"].reason == "đang thanh tra (1/TB)"
        assert keep_out(records, context, "b", "ranked", "đã kết luận", "2/KL", "A")
        assert places(records, context) == {}
        write_ranks(records, context, "A")
        entries = {entry.unit: entry for entry in ranks(records, ID)}
    assert (entries["b"].rank, entries["a"].rank, entries["b"].reason) == (1, 2, None)


pairs = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from(["1", "2"])),
    st.sampled_from(["best_of_group", "full", "not_assessed"]),
    max_size=6,
)
points = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from(["1", "2"])),
    st.fractions(0, 10),
    max_size=8,
)


@given(pairs, points)
def test_what_is_borrowed_was_awarded_to_somebody_and_nobody_had_more(
    grants: dict[tuple[str, str], Effect], awarded: dict[tuple[str, str], Fraction]
) -> None:
    found = exempt(grants, awarded, dict.fromkeys(grants, Fraction(10)), "abcd")
    assert found.keys() == grants.keys()
    for (unit, code), each in found.items():
        if each.effect != "best_of_group":
            continue
        others = [p for (u, c), p in awarded.items() if c == code and (u, c) not in grants]
        assert each.points == (max(others) if others else None)
        assert each.lender != unit
