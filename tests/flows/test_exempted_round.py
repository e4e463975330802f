"""A fourth-quarter round with each exemption of 2554/QĐ-UBND, VII, to the issued decision."""

import pytest

from dti_core.program.load import load_round
from dti_core.records.awards import awards
from dti_core.records.database import session
from dti_core.records.exemptions import granted
from dti_core.records.official import EXEMPTED
from dti_core.records.ranking import ranks
from tests.flows.round_of_units import run_ahead
from tests.flows.whole_rounds import ends_with_its_documents, nothing_is_unfilled

pytestmark = pytest.mark.prefect

EXEMPT = "vinh-long-mau/2024-q4"


@pytest.mark.usefixtures("server")
def test_the_fourth_quarter_round_ends_with_each_exemption_in_its_papers() -> None:
    context = load_round(EXEMPT)
    run_ahead(EXEMPT, flow=False)
    with session() as records:
        exempted = granted(records, EXEMPT)
        awarded = {(a.unit, a.criterion): a for a in awards(records, EXEMPT, EXEMPTED)}
        entries = {each.unit: each for each in ranks(records, EXEMPT)}
    assert {each.effect for each in exempted.values()} == {"best_of_group", "full"}
    assert len({each.ground for each in exempted.values()}) == 3, "VII.2, VII.3 and VII.4"
    assert set(awarded) == set(exempted)
    assert all(award.points is not None and award.reason for award in awarded.values())
    statuses = {each.status for each in entries.values()}
    assert statuses >= {"ranked", "voluntary"}
    ends_with_its_documents(context)
    assert nothing_is_unfilled(EXEMPT) > 3 * 17
