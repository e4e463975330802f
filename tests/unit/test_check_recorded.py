"""Which findings an erratum answers, and whether a round can open on a framework."""

from typing import Any

import pytest

from dti_core.errors import Refused
from dti_core.framework.check import NotReady, check, require_openable, unrecorded
from tests.unit.small_frameworks import (
    RATIO,
    VARIABLES,
    check_row,
    criterion,
    framework,
    kinds,
    of_rows,
    one,
    only,
    pillar,
)

JUMP = {**RATIO, "full_at": "80%", "below": "proportional"}
MENDED = {**JUMP, "below": "scaled"}
WIDER = {
    "a": {"label": "Số người trưởng thành có chữ ký số", "kind": "count", "unit": "người"},
    "b": {"label": "Tổng dân số", "kind": "count", "unit": "người"},
}


def _substantive(corrected: dict[str, Any], note: str = "Công thức sai") -> dict[str, Any]:
    return {"kind": "substantive", "note": note, "corrected": corrected}


# rules


def test_a_substantive_erratum_answers_what_its_correction_removes() -> None:
    found = only(check_row(JUMP, erratum=_substantive(MENDED)))
    assert (found.kind, found.erratum) == ("threshold_jump", "substantive")
    assert only(check_row(JUMP)).erratum is None


def test_a_substantive_erratum_does_not_answer_what_its_correction_keeps() -> None:
    still = {**JUMP, "full_at": "70%"}
    found = check_row(JUMP, erratum=_substantive(still))
    assert kinds(found) == {"threshold_jump", "substantive_erratum"}
    assert one(found, "threshold_jump").erratum is None


def test_an_unrelated_finding_of_the_row_is_not_recorded_by_it() -> None:
    found = check_row(JUMP, erratum=_substantive(MENDED), provider=None)
    assert one(found, "threshold_jump").erratum == "substantive"
    assert one(found, "no_provider").erratum is None


@pytest.mark.parametrize("kind", ["editorial", "transcription"])
def test_only_another_rule_answers_an_error_of_the_rule(kind: str) -> None:
    note = "Công thức không chia cho ngưỡng, điểm nhảy bậc."
    found = check_row(JUMP, erratum={"kind": kind, "note": note})
    assert kinds(found) == {"threshold_jump", f"{kind}_erratum"}
    assert one(found, "threshold_jump").erratum is None


def test_a_correction_with_another_denominator_answers_what_the_label_showed() -> None:
    other = {"label": "Tổng số người trưởng thành", "kind": "count", "unit": "người"}
    erratum = _substantive({"type": "ratio", "of": "a / c"}, note="Phải chia cho c")
    found = only(check_row(variables={**WIDER, "c": other}, erratum=erratum))
    assert (found.kind, found.erratum) == ("denominator_wider", "substantive")


# words


@pytest.mark.parametrize(
    ("note", "answered"),
    [("Mẫu số đếm mọi người, cả chưa trưởng thành.", True), ("Tên tiêu chí sót chữ.", False)],
)
def test_an_editorial_erratum_answers_what_its_note_speaks_of(note: str, answered: bool) -> None:
    found = check_row(variables=WIDER, erratum={"kind": "editorial", "note": note})
    assert one(found, "denominator_wider").erratum == ("editorial" if answered else None)
    assert ("editorial_erratum" in kinds(found)) != answered


def test_what_the_note_of_a_substantive_erratum_says_besides_is_recorded_too() -> None:
    note = "Công thức không chia cho ngưỡng. Ngoài ra mẫu số đếm cả người chưa trưởng thành."
    found = check_row(JUMP, variables=WIDER, erratum=_substantive(MENDED, note))
    assert {each.erratum for each in found} == {"substantive"}
    silent = check_row(JUMP, variables=WIDER, erratum=_substantive(MENDED))
    assert one(silent, "denominator_wider").erratum is None


@pytest.mark.parametrize(
    ("note", "answered"),
    [("Dấu % đứng không có số.", True), ("Dấu cộng bị mất, còn 80 %.", False)],
)
def test_signs_in_a_note_are_read_as_they_stand(note: str, answered: bool) -> None:
    erratum = {"kind": "editorial", "note": note}
    found = check_row(name="Tỷ lệ báo cáo đầy đủ % trên hệ thống", erratum=erratum)
    assert one(found, "percent_sign").erratum == ("editorial" if answered else None)


def test_a_damaged_copy_answers_nothing() -> None:
    erratum = {"kind": "transcription", "note": "Mất dấu cộng; mẫu số cả người chưa trưởng thành"}
    found = check_row(variables=WIDER, erratum=erratum)
    assert kinds(found) == {"denominator_wider", "transcription_erratum"}
    assert one(found, "denominator_wider").erratum is None


def test_who_found_an_erratum_does_not_decide_what_it_answers() -> None:
    """So that a wrong `found_by` shows: see the test of every framework that ships."""
    for who in ("checker", "reader"):
        erratum = {**_substantive(MENDED), "found_by": who}
        assert only(check_row(JUMP, erratum=erratum)).erratum == "substantive"


# errata that no check finds


def test_an_erratum_that_only_a_reader_can_find_is_told() -> None:
    found = only(check_row(erratum={"kind": "editorial", "note": "Sót chữ", "found_by": "reader"}))
    assert (found.kind, found.severity) == ("editorial_erratum", "note")
    assert (found.erratum, found.message) == ("editorial", "Sót chữ")


def test_a_damaged_copy_is_told() -> None:
    found = only(check_row(erratum={"kind": "transcription", "note": "Mất dấu cộng"}))
    assert (found.kind, found.severity) == ("transcription_erratum", "note")


def test_a_substantive_erratum_that_no_check_finds_is_an_error() -> None:
    found = only(check_row(erratum=_substantive({**RATIO, "of": "a / 7"})))
    assert (found.kind, found.severity) == ("substantive_erratum", "error")


# pillars


def _pillar_of_nine(**other: Any) -> Any:
    return check(framework(pillar(criterion(max_points="9"), **other)))


def test_an_erratum_of_the_pillar_answers_points_that_do_not_add_up() -> None:
    assert only(_pillar_of_nine()).erratum is None
    erratum = {"kind": "substantive", "note": "Cộng lại chỉ được 9"}
    found = only(_pillar_of_nine(erratum=erratum))
    assert (found.kind, found.erratum) == ("pillar_total", "substantive")


def test_an_erratum_of_a_pillar_that_no_check_finds_is_told() -> None:
    erratum = {"kind": "transcription", "note": "Mất tên", "found_by": "reader"}
    found = only(check(framework(pillar(criterion(), erratum=erratum))))
    assert (found.kind, found.code, found.message) == ("transcription_erratum", "1", "Mất tên")
    beside = _pillar_of_nine(erratum=erratum)
    assert kinds(beside) == {"pillar_total", "transcription_erratum"}
    assert one(beside, "pillar_total").erratum is None


# whether a round can open


def test_a_round_opens_on_a_faultless_framework_and_on_recorded_errors() -> None:
    require_openable(of_rows(criterion()))
    require_openable(of_rows(criterion(JUMP, erratum=_substantive(MENDED))))
    require_openable(of_rows(criterion(variables=WIDER)))  # a warning is no obstacle


def test_no_round_opens_on_a_frame_without_criteria() -> None:
    with pytest.raises(NotReady) as refused:
        require_openable(framework(pillar(criteria_stated=4), criteria_stated=4))
    assert isinstance(refused.value, Refused)
    assert "bộ chỉ số d/so (Bộ chỉ số thử, 1/QĐ-UBND)" in str(refused.value)
    assert "nêu 1 chỉ số chính nhưng không kèm 4 tiêu chí" in str(refused.value)
    assert "decrees/d/so.yaml" in str(refused.value)


def test_no_round_opens_on_a_framework_with_an_empty_pillar() -> None:
    empty = pillar(code="2", name="Thể chế số")
    with pytest.raises(NotReady, match="chưa có tiêu chí nào: 2 “Thể chế số”"):
        require_openable(framework(pillar(criterion()), empty, total_stated="20"))


def test_no_round_opens_on_an_error_that_nobody_recorded() -> None:
    with pytest.raises(NotReady) as refused:
        require_openable(of_rows(criterion(JUMP)))
    assert "1/QĐ-UBND, mục 1: Ngay dưới ngưỡng 80 %" in str(refused.value)
    assert "ghi cách đọc vào erratum" in str(refused.value)


def test_many_unrecorded_errors_are_counted_not_listed() -> None:
    rows = [criterion(JUMP, code=f"1.{n}", variables=VARIABLES) for n in range(1, 9)]
    broken = of_rows(*rows)
    assert len(unrecorded(check(broken))) == 8
    with pytest.raises(NotReady, match="Và 3 chỗ sai khác; xem: dti frameworks check d/so"):
        require_openable(broken)
