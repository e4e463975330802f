"""A province with its districts' sub-rounds (2074/QĐ-UBND, III.2b), to the issued decision."""

import os
import shutil
from pathlib import Path

import pytest

from dti_core.program.load import RoundContext, load_round
from dti_core.records.awards import awards
from dti_core.records.bases import HANDED_OVER
from dti_core.records.database import session
from dti_core.records.files import round_folder
from dti_core.records.ranking import ranks
from dti_core.records.sub_rounds import sub_rounds
from tests.flows.round_of_units import run_ahead, run_all
from tests.flows.whole_rounds import ends_with_its_documents, nothing_is_unfilled

pytestmark = pytest.mark.prefect

PROVINCE = "vinh-phuc/2023"
WHOLE = bool(os.environ.get("DTI_TEST_WHOLE"))
"""All nine districts with their 136 communes, as `make whole` runs it; else two of them."""

DISTRICTS = ("vinh-yen", "phuc-yen")


@pytest.fixture
def province(server: Path) -> RoundContext:
    """The bundled province, or the same program with the communes of two districts only."""
    if WHOLE:
        return load_round(PROVINCE)
    shipped = load_round(PROVINCE).program.folder
    own = server / "programs" / shipped.name
    shutil.copytree(shipped, own)
    file = own / "program.yaml"
    kept = [
        line
        for line in file.read_text(encoding="utf-8").splitlines()
        if "level: xa, parent:" not in line or line.endswith(tuple(f" {d}}}" for d in DISTRICTS))
    ]
    file.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return load_round(PROVINCE)


def test_a_province_ranks_its_communes_through_their_districts(province: RoundContext) -> None:
    context, communes = province, 136 if WHOLE else 19
    run_all(context.sub_rounds, flow=WHOLE)
    run_ahead(PROVINCE)
    with session() as records:
        stands = sub_rounds(records, context)
        entries = ranks(records, PROVINCE)
        handed = awards(records, PROVINCE, HANDED_OVER)
    sizes = [each.units for each in stands]
    assert (len(sizes), sum(sizes)) == ((9, 136) if WHOLE else (2, 19))
    assert (min(sizes), max(sizes)) == ((9, 28) if WHOLE else (9, 10))
    assert {each.state for each in stands} == {"handed_over"}
    by_group = {group: [e for e in entries if e.group == group] for group in ("so", "huyen", "xa")}
    assert {group: len(each) for group, each in by_group.items()} == {
        "so": 20,
        "huyen": 9,
        "xa": communes,
    }
    for sub in context.sub_rounds:
        below = load_round(sub)
        with session() as records:
            inside = ranks(records, sub)
        assert {e.unit for e in inside} == {unit.id for unit in below.units}
        assert sorted(e.rank for e in inside if e.rank)[0] == 1
        assert nothing_is_unfilled(sub) > len(below.units)
        assert (round_folder(sub) / "documents" / "du-thao-quyet-dinh.docx").exists()
    assert {award.unit for award in handed} == {e.unit for e in by_group["xa"]}
    ends_with_its_documents(context)
    assert nothing_is_unfilled(PROVINCE) > 3 * (29 + communes)
