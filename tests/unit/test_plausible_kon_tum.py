"""Kon Tum's published figures (419/KH-UBND): what the detectors find without being told a cell."""

import pytest

from dti_core.intake.published import load_published
from dti_core.plausibility.detect import detect
from dti_core.plausibility.flag import Flag
from dti_core.program.load import load_round

CONTEXT = load_round("vinh-long/2024-06")
FRAMEWORK = CONTEXT.frameworks["tinh"]


@pytest.fixture(scope="module")
def flags() -> list[Flag]:
    published = load_published(CONTEXT.program.folder / CONTEXT.round.data[0], FRAMEWORK)
    figures = {figure.key: figure for figure in published.figures}
    return detect(FRAMEWORK, ["kon-tum"], figures, {}, {}, {})


def only(flags: list[Flag], detector: str, criterion: str) -> Flag:
    (flag,) = [f for f in flags if f.detector == detector and f.criterion == criterion]
    return flag


def test_one_count_of_people_is_given_for_three_criteria(flags: list[Flag]) -> None:
    (flag,) = [flag for flag in flags if flag.detector == "reused"]
    assert set(flag.criteria) == {"4.10", "4.11", "8.5"}
    assert flag.reported == 8713
    assert "Cùng một số 8.713 được ghi cho 3 mục" in flag.message


def test_one_ratio_over_two_wholes_cannot_be(flags: list[Flag]) -> None:
    """2,65 % of the working-age people and of the whole population would be the same people."""
    flag = only(flags, "across_rows", "4.11")
    assert set(flag.criteria) == {"4.10", "4.11", "8.5"}
    assert "khoảng 328.792" in flag.message


@pytest.mark.parametrize("full", ["6.10", "6.13"])
def test_all_of_it_stands_beside_little_of_a_related_row(flags: list[Flag], full: str) -> None:
    flag = only(flags, "contradicting", full)
    assert {"6.11", "6.12"} <= set(flag.criteria)
    assert "32,51 %" in flag.message
    assert "28,58 %" in flag.message


@pytest.mark.parametrize(
    ("criterion", "counted"), [("3.7", "02 ứng dụng"), ("6.21", "02 hệ thống")]
)
def test_the_words_count_something_else(flags: list[Flag], criterion: str, counted: str) -> None:
    assert counted in only(flags, "other_thing", criterion).message


def test_a_percentage_where_systems_are_counted(flags: list[Flag]) -> None:
    flag = only(flags, "other_thing", "5.1")
    assert flag.expected == 24
    assert "77 % của 31" in flag.message


def test_nothing_else_is_asked_than_what_was_read_and_judged(flags: list[Flag]) -> None:
    """Every flag was read: 5.6 (all systems watched, 7 % fully protected), and "Trường" for
    "cơ sở" in 4.8 and 4.12, of which 4.12 should count vocational schools too."""
    assert {(flag.detector, flag.criterion) for flag in flags} == {
        ("reused", "8.5"),
        ("across_rows", "4.11"),
        ("contradicting", "5.6"),
        ("contradicting", "6.10"),
        ("contradicting", "6.13"),
        ("other_thing", "3.7"),
        ("other_thing", "4.8"),
        ("other_thing", "4.12"),
        ("other_thing", "5.1"),
        ("other_thing", "6.21"),
    }
