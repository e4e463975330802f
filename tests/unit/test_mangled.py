"""Workbooks spoilt as offices spoil them: every cell read rightly, or asked about, or refused.

`PROMISED` was written down before the reader was made to keep it: what becomes of each way alone.
"read": every cell means what its author meant. "asked": besides, cells that a person could not tell
either become questions that name what they could mean. "refused": so does the whole file.
"""

from collections import Counter
from pathlib import Path
from typing import Literal

import pytest

from dti_core.errors import Refused
from dti_core.figures import Figure
from dti_core.intake.received import open_received
from dti_core.intake.submission import Submitted, figures_of
from dti_core.program.requests import INFORMATION
from tests.sample.mangler import WAYS, combination, filled, mangle, ways
from tests.sample.spoilt import Asks, Case, Expected, Form, Gone, Means, Says
from tests.sample.ways_of_files import soffice

Outcome = Literal["read", "asked", "refused"]

SEEDS = 12
"""Combinations tried, for each of the two workbooks."""

PROMISED: dict[str, Outcome] = {
    # words, formulas, old letters
    "none_of_them": "read",
    "none_of_the_money": "asked",
    "not_counted_yet": "read",
    "does_not_apply": "read",
    "a_dash": "asked",
    "yes_in_other_words": "read",
    "no_in_other_words": "read",
    "yes_with_its_document": "read",
    "neither_yes_nor_no": "asked",
    "choice_in_another_case": "read",
    "choice_shortened": "read",
    "choice_shortened_too_far": "asked",
    "formula_of_numbers": "read",
    "formula_of_a_cell": "read",
    "formula_from_another_page": "read",
    "formula_without_result": "read",
    "formula_that_cannot_be_reckoned": "asked",
    "formula_with_a_stale_result": "asked",
    "formula_in_error": "asked",
    "decomposed_letters": "read",
    "note_in_tcvn3": "read",
    "note_in_vni": "read",
    "flag_in_old_letters": "read",
    "words_that_look_like_formulas": "read",
    # numbers
    "percent_with_comma": "read",
    "percent_with_dot": "read",
    "percent_after_space": "read",
    "percent_with_leading_zero": "read",
    "percent_in_words": "read",
    "percent_typed_as_whole_number": "read",
    "percent_without_sign": "read",
    "percent_as_fraction": "read",
    "percent_as_share_in_text": "asked",
    "thousands_by_dots": "read",
    "thousands_by_commas": "read",
    "thousands_by_no_break_spaces": "read",
    "thousands_by_narrow_spaces": "read",
    "one_separator_in_a_count": "read",
    "thousands_taken_for_decimals": "asked",
    "full_width_digits": "read",
    "leading_apostrophe": "read",
    "trailing_unit": "read",
    "trailing_unit_in_capitals": "read",
    "trailing_unit_shortened": "read",
    "another_unit": "asked",
    "number_with_its_words": "read",
    "number_against_its_words": "asked",
    "surrounding_newlines": "read",
    "invisible_characters": "read",
    "both_separators": "read",
    "negative_zero": "read",
    "whole_number_with_decimals": "read",
    "money_in_billions": "read",
    "money_in_dong": "read",
    "money_in_two_steps": "read",
    "money_with_short_unit": "read",
    "money_with_one_separator_and_unit": "asked",
    "money_with_one_separator": "asked",
    "part_and_whole_in_one_cell": "asked",
    "turned_into_a_date": "asked",
    "a_range": "asked",
    "an_estimate": "asked",
    "with_a_footnote": "asked",
    "letters_for_digits": "asked",
    "mean_with_unit": "read",
    "percent_in_a_count": "asked",
    # pages
    "rows_inserted_above": "read",
    "rows_inserted_between": "read",
    "rows_inserted_under_header": "read",
    "columns_inserted": "read",
    "columns_moved": "read",
    "blank_rows_deleted": "read",
    "sheets_reordered": "read",
    "sheets_renamed": "read",
    "everything_unhidden": "read",
    "more_hidden": "read",
    "filters_set": "read",
    "sorted_with_keys": "read",
    "coloured": "read",
    "comments_added": "read",
    "page_of_its_own_added": "read",
    "draft_page_added": "read",
    "chart_page_added": "read",
    "protection_removed": "read",
    "protected_with_a_password": "read",
    "block_pasted_over_headings": "read",
    "rows_pasted_with_their_keys": "refused",
    "page_copied_whole": "refused",
    "key_row_deleted": "refused",
    "copied_into_a_new_workbook": "refused",
    # single cells, rows and columns
    "sorted_without_keys": "read",
    "rows_swapped_without_keys": "read",
    "columns_swapped_without_keys": "read",
    "answers_merged": "asked",
    "answer_merged_with_its_neighbour": "read",
    "typed_beside": "asked",
    "typed_outside": "asked",
    "typed_over_last_year": "asked",
    "remarks_outside": "read",
    "answer_row_deleted": "asked",
    "totals_row_added": "asked",
    # files
    "resaved_as_xlsx": "read",
    "resaved_as_ods": "read",
    "resaved_as_xls": "read",
    "resaved_there_and_back": "read",
    "strict_open_xml": "read",
    "saved_as_xlsm": "read",
    "renamed": "read",
    "renamed_to_another_suffix": "read",
    "links_to_another_file": "read",
    "print_titles_set": "read",
    "zipped_with_evidence": "read",
    "saved_as_csv_in_vietnamese": "read",
    "saved_as_csv_in_english": "read",
    "saved_as_unicode_text": "read",
    "csv_with_keys_only": "read",
}

_SINGLE = [
    pytest.param(name, form, marks=[pytest.mark.tools] if way.office else [])
    for name, way in WAYS.items()
    for form in way.forms
]
_FORMS: tuple[Form, ...] = ("own", "about")


def test_every_way_has_its_promise() -> None:
    assert list(PROMISED) == [way.name for way in ways()]
    assert Counter(PROMISED.values())["read"] >= 32
    assert all(way.words for way in ways())


@pytest.fixture(scope="module")
def outcomes() -> Counter[str]:
    """What became of the workbooks of this run; those that were tried and came to no promised end
    were read wrongly, or crashed the reader."""
    return Counter()


@pytest.mark.parametrize(("name", "form"), _SINGLE)
def test_a_spoilt_workbook_is_never_read_wrongly(
    name: str, form: Form, tmp_path: Path, outcomes: Counter[str]
) -> None:
    if WAYS[name].office and soffice() is None:
        pytest.skip("LibreOffice (soffice) không có trên máy này")
    outcomes["tried"] += 1
    case = filled(form, tmp_path, seed=1)
    mangle(case, [name])
    outcome = _outcome(case)
    assert outcome == PROMISED[name]
    outcomes[outcome] += 1


@pytest.mark.parametrize("form", _FORMS)
@pytest.mark.parametrize("seed", range(SEEDS))
def test_combined_ways_are_never_read_wrongly(
    seed: int, form: Form, tmp_path: Path, outcomes: Counter[str]
) -> None:
    outcomes["tried"] += 1
    names = combination(form, seed, office=soffice() is not None)
    case = filled(form, tmp_path, seed)
    mangle(case, names)
    outcome = _outcome(case)
    promised = {PROMISED[name] for name in names}
    assert outcome == ("asked" if "asked" in promised else "read"), names
    outcomes[outcome] += 1


def test_an_unspoilt_workbook_asks_nothing(tmp_path: Path) -> None:
    for form in _FORMS:
        assert _outcome(filled(form, tmp_path, seed=0)) == "read"


def test_the_counts_are_told(outcomes: Counter[str], capsys: pytest.CaptureFixture[str]) -> None:
    """The last of the module: what the others came to."""
    ended = sum(outcomes[each] for each in ("read", "asked", "refused"))
    with capsys.disabled():
        print(
            f"\nspoilt workbooks: {outcomes['tried']} tried, {outcomes['read']} read rightly,"
            f" {outcomes['asked']} read with questions, {outcomes['refused']} refused,"
            f" {outcomes['tried'] - ended} wrong"
        )
    assert ended == outcomes["tried"]


def _outcome(case: Case) -> Outcome:
    """What became of the file; fails where a cell was read otherwise than it was meant."""
    try:
        received = open_received(case.path, case.context)
        read = figures_of(received.workbook, case.context, case.path.name)
    except Refused as refusal:
        if case.path.name not in str(refusal):
            pytest.fail(f"the refusal does not name the file: {refusal}")
        return "refused"
    _same_figures(case, read)
    assert read.self_points == case.self_points
    assert read.information == case.information
    assert read.evidence == case.evidence
    assert read.notes == case.notes
    assert {each.name: each.content for each in received.evidence} == case.attached
    asked = [question.text for question in read.questions]
    typed = [figure for figure in read.figures if figure.key in case.figures]
    asked += [figure.question for figure in typed if figure.question]
    gone = [key for key, expected in case.figures.items() if isinstance(expected, Gone)]
    for unit, criterion, variable in gone:
        row = f"cả dòng {case.context.program.unit[unit].name}"
        place = f"mục {criterion}, số liệu {variable}"
        assert any(place in each or row in each for each in asked), criterion
    for pattern in case.asking:
        assert any(pattern in each for each in asked), pattern
    to_ask = sum(isinstance(each, Asks) for each in case.figures.values())
    # whatever is gone is one question
    assert len(asked) == to_ask + bool(gone) + len(case.asking), asked
    return "asked" if asked else "read"


def _same_figures(case: Case, read: Submitted) -> None:
    expected = {key: each for key, each in case.figures.items() if not isinstance(each, Gone)}
    for key, (_, criterion, code) in case.request.same.items():
        source = case.request.same[key]
        if criterion == INFORMATION and code in case.information:
            expected[key] = Means(case.information[code])
        elif source in expected:
            expected[key] = expected[source]
    found = {figure.key: figure for figure in read.figures}
    assert found.keys() == expected.keys()
    wrong = {
        key: (each, found[key]) for key, each in expected.items() if not _says(found[key], each)
    }
    assert not wrong, wrong


def _says(figure: Figure, expected: Expected) -> bool:
    """The figure says what was meant, and shows where it stands and what stands there."""
    match expected:
        case Means(value):
            right = figure.known and figure.value == value and figure.question is None
        case Says(status):
            right = (figure.status, figure.value) == (status, None) and bool(figure.raw)
        case Asks(naming):
            question = figure.question or ""
            right = figure.status == "to_ask" and figure.value is None
            right = right and all(words in question for words in naming)
        case _:
            right = False
    return right and bool(figure.cells)
