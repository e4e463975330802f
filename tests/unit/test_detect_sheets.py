"""Detectors of whole workbooks and of what comes with them: copies, shifts, round numbers,
versions, evidence."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest

from benchmarks.plausibility import false_alarms, found_in, hits
from dti_core.plausibility.detect import DETECTORS, detect
from dti_core.plausibility.evidence_fit import evidence_dates, evidence_file
from dti_core.plausibility.heaping import heaping
from dti_core.plausibility.own_copy import own_copy
from dti_core.plausibility.panel import Panel
from dti_core.plausibility.revised import CHANGING, LATE, revised
from dti_core.plausibility.shifted import shifted
from dti_core.plausibility.trace import Evidence, Version
from tests.sample.planted.kinds import KINDS, clean_round, planted_round
from tests.sample.planted.papers import WINDOW
from tests.sample.planted.rounds import Hand, PlantedRound, unplanted
from tests.sample.planted.sheets import own_numbers

MADE = unplanted("so", 4)
ONE = next(u for u in MADE.units if (u, "3.2", "b") in MADE.prior)
PANEL = Panel.of(MADE.framework, MADE.units, MADE.figures, MADE.prior)


def own(made: PlantedRound, unit: str) -> list[tuple[str, str, str]]:
    return [(unit, row, name) for row, name in own_numbers(Hand(made, unit, Random(1)))]


@pytest.mark.parametrize(
    "seed", range(0, 2 * len(KINDS), 2), ids=lambda seed: KINDS[seed // 2].name
)
def test_each_kind_of_fault_is_seen_in_the_departments(seed: int) -> None:
    """Tuning seeds, all levels and held-out ones: `make bench`. Most of the planted at least."""
    made = planted_round(seed)
    kind = next(each for each in KINDS if each.name == made.kind)
    assert kind.detector in DETECTORS
    flags = found_in(made)
    seen = [any(hits(flag, fault, kind.detector) for flag in flags) for fault in made.faults]
    assert sum(seen) >= len(seen) - 1
    assert all(0.5 <= flag.suspicion <= 1 for flag in flags)
    assert all(flag.message.endswith(".") and flag.criteria[0] == flag.criterion for flag in flags)


def test_small_noise_on_last_year_is_no_doubt_and_a_copy_is_one() -> None:
    found = false_alarms([2])
    shares = found["share of figures, per cent"]
    assert isinstance(shares, dict)
    assert all(share <= 1 for share in shares.values())
    assert found["exact copies of last year flagged"] == 1


# Copies of last year, shifts


def test_last_years_file_is_told_as_such() -> None:
    again = {key: MADE.prior[key] for key in own(MADE, ONE) if key in MADE.prior}
    made = Panel.of(MADE.framework, MADE.units, {**MADE.figures, **again}, MADE.prior)
    (copy,) = own_copy(made)
    assert copy.flag.unit == ONE
    assert "số liệu năm trước của chính đơn vị" in copy.flag.message
    flags = detect(MADE.framework, MADE.units, {**MADE.figures, **again}, MADE.prior, {}, {})
    assert next(f.detector for f in flags if f.unit == ONE) == "own_copy"


def test_where_everybody_reports_last_years_figures_nobody_is_singled_out() -> None:
    assert list(own_copy(Panel.of(MADE.framework, MADE.units, MADE.prior, MADE.prior))) == []


def test_a_first_round_has_no_last_year_to_copy() -> None:
    assert list(own_copy(Panel.of(MADE.framework, MADE.units, MADE.figures, {}))) == []


def test_figures_one_row_too_low() -> None:
    rows = ("6.3", "6.4", "6.5", "6.6", "6.7")
    slipped = {
        (ONE, row, name): replace(MADE.figures[ONE, above, name], criterion=row)
        for above, row in pairwise(rows)
        for name in ("a", "b")
        if (ONE, above, name) in MADE.figures
    }
    made = Panel.of(MADE.framework, MADE.units, {**MADE.figures, **slipped}, MADE.prior)
    (copy,) = [each for each in shifted(made) if each.flag.unit == ONE]
    assert set(copy.flag.criteria) <= set(rows[1:])
    assert "mục liền trước" in copy.flag.message
    assert [each for each in shifted(PANEL) if each.flag.unit == ONE] == []


# Round numbers


def test_round_numbers_are_estimates() -> None:
    counts = [
        key
        for key in own(MADE, ONE)
        if MADE.framework.by_code[key[1]].variables[key[2]].kind == "count"
    ]
    round_ = {
        key: replace(MADE.figures[key], value=Fraction(40 + 10 * place))
        for place, key in enumerate(counts)
    }
    made = Panel.of(MADE.framework, MADE.units, {**MADE.figures, **round_}, MADE.prior)
    (flag,) = [each for each in heaping(made) if each.unit == ONE]
    assert "là số tròn" in flag.message
    staff = {key: replace(MADE.figures[key], value=Fraction(40)) for key in counts}
    same = Panel.of(MADE.framework, MADE.units, {**MADE.figures, **staff}, MADE.prior)
    assert [each for each in heaping(same) if each.unit == ONE] == []  # one number, many rows


# Versions


def version(number: int, value: int, day: date, *, asked: bool = False) -> Version:
    return Version((ONE, "1.3", "a"), number, day, Fraction(value), asked)


EARLY, LATER = date(2024, 1, 20), date(2024, 2, 6)


def test_a_change_after_the_deadline_is_asked_about_unless_it_was_asked_for() -> None:
    first = version(1, 9, EARLY)
    (flag,) = revised(PANEL, [first, version(2, 14, LATER)], WINDOW.closes)
    assert (flag.detector, flag.reported, flag.expected) == (LATE, 14, 9)
    assert "ngày 06/02/2024 sửa thành 14" in flag.message
    assert list(revised(PANEL, [first, version(2, 14, LATER, asked=True)], WINDOW.closes)) == []
    assert list(revised(PANEL, [first, version(2, 9, LATER)], WINDOW.closes)) == []
    assert list(revised(PANEL, [version(1, 14, LATER)], WINDOW.closes)) == []


def test_another_figure_in_each_submission() -> None:
    changing = [version(1, 9, EARLY), version(2, 11, EARLY), version(3, 14, EARLY)]
    (flag,) = revised(PANEL, changing, WINDOW.closes)
    assert flag.detector == CHANGING
    assert "9 → 11 → 14" in flag.message
    assert list(revised(PANEL, changing[:2], WINDOW.closes)) == []
    back = [*changing[:2], version(3, 9, EARLY)]
    assert list(revised(PANEL, back, WINDOW.closes)) == []


# Evidence


def paper(row: str, words: str, file: str | None = None, unit: str = ONE) -> Evidence:
    name = next(iter(MADE.framework.by_code[row].variables))
    return Evidence((unit, row, name), words, file)


@pytest.mark.parametrize(
    ("row", "words", "asked"),
    [
        ("1.3", "Báo cáo số 12/BC-VP ngày 15/12/2021", True),
        ("1.3", "Báo cáo số 12/BC-VP ngày 15/12/2023", False),
        ("1.3", "Báo cáo số 12/BC-VP ngày 05/01/2024", False),  # reports come after the year
        ("1.3", "Báo cáo ngày 15/12/2021 và phụ lục ngày 20.11.2023", False),
        ("1.3", "Báo cáo ngày 3-4-2024", True),
        ("1.3", "Báo cáo ngày 31/02/2021", False),  # no date at all
        ("1.3", "Báo cáo năm 2021", False),
        ("2.2", "Quyết định số 5/QĐ ngày 15/12/2021", False),  # still in force
    ],
)
def test_papers_of_another_time(row: str, words: str, asked: bool) -> None:
    flags = list(evidence_dates(MADE.framework, MADE.units, [paper(row, words)], WINDOW))
    assert bool(flags) is asked
    assert all(words in flag.message for flag in flags)


def test_one_file_for_a_good_part_of_the_form() -> None:
    rows = [row.code for row in MADE.framework.rows if row.needed]
    five = [paper(row, "Báo cáo tổng hợp", "f" * 64) for row in rows[:5]]
    (flag,) = evidence_file(MADE.framework, MADE.units, five)
    assert flag.criteria == tuple(rows[:5])
    assert list(evidence_file(MADE.framework, MADE.units, five[:4])) == []
    nobody = [replace(each, file=None) for each in five]
    assert list(evidence_file(MADE.framework, MADE.units, nobody)) == []


def test_what_the_form_leads_everybody_to_do_is_nobodys_fault() -> None:
    rows = [row.code for row in MADE.framework.rows if row.needed][:6]
    every = [paper(row, "Báo cáo", f"{unit}", unit) for unit in MADE.units for row in rows]
    assert list(evidence_file(MADE.framework, MADE.units, every)) == []


def test_a_clean_round_asks_at_most_two_questions_a_unit() -> None:
    made = clean_round("so", 6)
    assert len(found_in(made)) <= 2 * len(made.units)
