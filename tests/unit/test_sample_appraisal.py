"""The sample's appraisers fill the workbooks that they got, and the round reads them back."""

from fractions import Fraction
from pathlib import Path

import pytest

from dti_core.intake.sample import load_appraisals
from dti_core.intake.sample_round import appraisals
from dti_core.program.routing import assigned, verifiers_of
from dti_core.records.appraising import APPRAISED
from dti_core.records.assignments import progress
from dti_core.records.awards import awards
from dti_core.records.collecting import quarantined
from dti_core.records.database import session
from dti_core.records.opinions import opinions
from dti_core.strict_yaml import DataError
from flows import sample_appraisal
from tasks.appraising import appraise, write_workbooks
from tests.unit.scored_unit_round import ROUND, score_sample

MARK = "# MẪU: ví dụ\n"
PLAIN = "unit,criterion,points,reason\n"


def written(folder: Path, text: str) -> Path:
    file = folder / "appraisals.csv"
    file.write_text(MARK + text, encoding="utf-8")
    return file


def test_a_sample_may_say_who_of_several_gives_the_points(tmp_path: Path) -> None:
    both = written(tmp_path, f"verifier,{PLAIN}uv-a,so-a,1.1,10,Vì.\n,so-a,1.1,5,Vì.\n")
    assert [each.verifier for each in load_appraisals(both)] == ["uv-a", None]
    (plain,) = load_appraisals(written(tmp_path, f"{PLAIN}so-a,1.1,12.5,Vì.\n"))
    assert (plain.verifier, plain.points) == (None, Fraction(25, 2))
    with pytest.raises(DataError, match="hai lần"):
        load_appraisals(written(tmp_path, f"verifier,{PLAIN}x,so-a,1.1,1,A.\nx,so-a,1.1,2,B.\n"))


def test_every_part_is_filled_read_and_closed(empty_home: Path) -> None:
    assert empty_home.is_dir()
    context = score_sample()
    write_workbooks(context, "test")
    done = sample_appraisal.appraise(context)
    rows = appraisals(context)
    assert done == f"người thẩm định cho điểm, {len(rows)} dòng có lý do riêng"
    read = appraise(context, "test")
    assert (read.opinions, read.set_aside) == (len(rows), [])
    with session() as records:
        assert quarantined(records, ROUND) == []
        given = {(o.unit, o.criterion): o for o in opinions(records, ROUND)}
    for each in rows:
        opinion = given[each.unit, each.criterion]
        assert Fraction(opinion.points) == each.points
        assert (opinion.verifier,) == verifiers_of(context, each.unit, each.criterion)
    assert sample_appraisal.appraise(context) == "khép việc thẩm định"
    with session() as records:
        assert all(each.closed_on for each in progress(records, context))
        decided = awards(records, ROUND, APPRAISED)
    assert len(decided) == len(assigned(context)), "no row is open"
