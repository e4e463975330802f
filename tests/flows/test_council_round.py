"""A round with a council and percentages (2001/QĐ-UBND), from request to issued decision."""

from fractions import Fraction

import pytest

from dti_core.program.load import load_round
from dti_core.records.adjustments import adjustments
from dti_core.records.appraising import SELF
from dti_core.records.awards import awards
from dti_core.records.database import session
from dti_core.records.exemptions import granted
from dti_core.records.files import round_folder
from dti_core.records.ranking import ranks
from tests.flows.round_of_units import run_ahead
from tests.flows.whole_rounds import ends_with_its_documents, nothing_is_unfilled
from tests.unit.official_papers import text_of

pytestmark = pytest.mark.prefect

COUNCIL = "dien-bien/2023"


@pytest.mark.usefixtures("server")
def test_the_councils_round_ends_with_percentages_and_its_minutes() -> None:
    context = load_round(COUNCIL)
    run_ahead(COUNCIL)
    with session() as records:
        entries = ranks(records, COUNCIL)
        exempted = granted(records, COUNCIL)
        changed = adjustments(records, context)
        own = [a for a in awards(records, COUNCIL, SELF) if a.points is not None]
    assert len(context.program.appraisal.council.members) == 7  # type: ignore[union-attr]
    assert len(exempted) == 30
    assert {each.effect for each in exempted.values()} == {"not_assessed"}
    assessed = [a for a in own if (a.unit, a.criterion) not in exempted]
    share = Fraction(len(changed), len(assessed))
    assert Fraction(19, 100) <= share <= Fraction(21, 100), "a fifth of the points is adjusted"
    assert all(each.reason for each in changed)
    for each in entries:
        assert (
            Fraction(str(each.percent))
            == Fraction(str(each.points)) / Fraction(str(each.max_points)) * 100
        )
    by_percent = [e for e in entries if e.group == entries[0].group and e.rank]
    shown = [Fraction(str(e.percent_published)) for e in by_percent]
    assert shown == sorted(shown, reverse=True)
    minutes = list((round_folder(COUNCIL) / "documents").glob("bien-ban-*.docx"))
    assert minutes
    text = text_of(minutes[0].read_bytes())
    assert all(member.position in text for member in context.program.appraisal.council.members)  # type: ignore[union-attr]
    assert (round_folder(COUNCIL) / "documents" / "du-thao-quyet-dinh-hoi-dong.docx").exists()
    ends_with_its_documents(context)
    assert nothing_is_unfilled(COUNCIL) > 3 * 29
