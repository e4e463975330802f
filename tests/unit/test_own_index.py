"""The June round of a province's own index: collected and explained, then reported; nobody is
ranked (2554/QĐ-UBND, VI.2)."""

from datetime import date
from fractions import Fraction

import pytest

from dti_core.plausibility.flag import Flag
from dti_core.program.load import load_round
from dti_core.records.approvals import steps_of
from dti_core.records.database import session
from dti_core.records.flags import all_flags, write_flags
from dti_core.records.rounds import open_round
from dti_core.records.sign_off import NotApproved, sign
from flows.schedules import PROVINCE, UNITS, cycle_of
from tasks.flagging import _asked
from tasks.recipients import addresses

JUNE, AUTUMN = "vinh-long-mau/2024-06", "vinh-long-mau/2024-q4"
pytestmark = pytest.mark.usefixtures("empty_home")


def test_the_round_is_run_by_the_provinces_cycle() -> None:
    assert cycle_of(JUNE) is PROVINCE
    assert cycle_of("vinh-long/2024-06") is PROVINCE
    assert cycle_of(AUTUMN) is UNITS


def test_it_has_the_steps_up_to_the_explanations() -> None:
    assert steps_of(load_round(JUNE)) == ("thu-thap", "giai-trinh")
    assert steps_of(load_round(AUTUMN))[-1] == "du-thao"
    context = load_round(JUNE)
    with session() as records:
        open_round(records, context, "test")
        with pytest.raises(NotApproved, match="không xếp hạng ai nên không có bước tham-dinh"):
            sign(records, context, "tham-dinh", "Giám đốc Sở")


def test_the_organiser_answers_for_the_province() -> None:
    context = load_round(JUNE)
    row = next(row for row in context.frameworks["tinh"].rows if row.needed)
    doubt = Flag(
        unit="vinh-long",
        criterion=row.code,
        variable=row.needed[0],
        criteria=(row.code,),
        detector="prior_year",
        reported=Fraction(12),
        expected=Fraction(1200),
        message="Số liệu giảm 100 lần so với năm trước.",
    )
    with session() as records:
        open_round(records, context, "test")
        write_flags(records, JUNE, [doubt], {}, "test", set(), date(2024, 7, 10))
    with session() as records:
        papers, letter = _asked(context, "vinh-long", all_flags(records, JUNE))
    assert letter.recipient == context.program.organiser
    assert addresses(context, letter.recipient), "somebody reads it"
    assert not addresses(context, "vinh-long"), "a province is no office"
    assert letter.key.startswith("explain:vinh-long:")
    assert {name for _, name, _ in papers} == set(letter.attachments)
