"""A simulated year's own parts: habits, dice, agenda, and what made-up offices type."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from dti_core.framework.model import Variable
from dti_core.program.load import load_round
from dti_core.strict_yaml import DataError
from flows.simulate import typed
from flows.simulate.agenda import Agenda
from flows.simulate.habits import FILE, day_between, dice, habits, last_hour, office_hour

MORNING = datetime(2024, 1, 2, 0, 30, tzinfo=UTC)


def test_shares_that_do_not_add_up_are_refused_with_their_line(tmp_path: Path) -> None:
    wrong = tmp_path / "habits.yaml"
    text = FILE.read_text(encoding="utf-8")
    wrong.write_text(text.replace("never: 0.08", "never: 0.5"), encoding="utf-8")
    with pytest.raises(DataError, match="cộng lại bằng 1"):
        habits(wrong)


def test_the_same_seed_falls_the_same_way_whatever_came_before() -> None:
    first = dice(7, "dien-bien/2023", "so-y-te").random()
    dice(7, "another").random()
    assert dice(7, "dien-bien/2023", "so-y-te").random() == first
    assert dice(8, "dien-bien/2023", "so-y-te").random() != first


def test_over_many_offices_each_way_comes_as_often_as_the_habits_say() -> None:
    sending = habits().sending
    drawn = [sending.draw(dice(1, number)) for number in range(4000)]
    for way, share in sending.model_dump().items():
        assert drawn.count(way) / 4000 == pytest.approx(share, abs=0.03), way


def test_hours_are_those_of_an_office_in_viet_nam() -> None:
    day = MORNING.date()
    for number in range(200):
        assert 8 <= office_hour(day, Random(number)).hour < 17
        assert 20 <= last_hour(day, Random(number)).hour < 24
        assert last_hour(day, Random(number)).date() == day
        assert day <= day_between(day, day + timedelta(days=3), Random(number))
        assert day_between(day, day + timedelta(days=3), Random(number)) <= day + timedelta(days=3)


def test_deeds_happen_in_time_order_once_and_may_plan_others() -> None:
    agenda, done = Agenda(), list[str]()
    late, early = MORNING + timedelta(days=2), MORNING + timedelta(days=1)
    assert agenda.add(late, ("late",), lambda: done.append("late"))
    assert not agenda.add(MORNING, ("late",), lambda: done.append("never"))

    def plan() -> None:
        done.append("early")
        agenda.add(early + timedelta(hours=1), ("between",), lambda: done.append("between"))

    agenda.add(early, ("early",), plan)
    for _, deed in agenda:
        deed()
    assert done == ["early", "between", "late"]


@pytest.mark.parametrize("round_id", ["vinh-long-mau/2024-06", "vinh-long-mau/2024-q4"])
def test_an_office_types_every_cell_that_it_is_asked_for(round_id: str, tmp_path: Path) -> None:
    """Typed into the very workbook: a key that it does not have raises KeyError."""
    from dti_core.intake.fill import fill
    from reports.workbooks.about_units import about_units_workbook

    context = load_round(round_id)
    request = next(each for each in typed.requests(context) if each.about_units)
    path = tmp_path / "cung-cap.xlsx"
    path.write_bytes(about_units_workbook(context, request, {}))
    values = typed.values(context, request.provider, "about_units", Random(1))
    fill(path, values)
    assert values


def test_a_part_is_never_above_its_whole() -> None:
    count = Variable(label="số", kind="count")
    for number in range(100):
        part = typed.made_up(count, "a", Random(number))
        whole = typed.made_up(count, "b", Random(number))
        assert isinstance(part, int)
        assert isinstance(whole, int)
        assert part < whole


def test_a_slip_spoils_one_number_and_nothing_else() -> None:
    context = load_round("vinh-phuc/2023-so")
    good = typed.values(context, "so-tu-phap", "own", Random(1))
    bad = typed.with_slip(good, Random(1))
    changed = [key for key in good if good[key] != bad[key]]
    assert len(changed) == 1
    assert bad[changed[0]] in typed.SLIPS
