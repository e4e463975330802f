"""Sub-rounds: a district evaluates its communes, the organiser appraises what it hands over."""

import shutil
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from sqlmodel import Session, select

from dti_core.figures import Figure
from dti_core.program.load import RoundContext, UnknownRound, load_round
from dti_core.program.requests import plan
from dti_core.rational import exact_text
from dti_core.records.appraising import APPRAISED
from dti_core.records.approvals import approve
from dti_core.records.bases import HANDED_OVER, bases
from dti_core.records.database import session
from dti_core.records.digests import digest_of
from dti_core.records.figures import current_figures, receive, write_figures
from dti_core.records.rounds import open_round
from dti_core.records.sub_rounds import (
    handed_points,
    open_sub_rounds,
    sub_rounds,
    take_over,
)
from dti_core.records.tables import AwardRecord, SubmissionRecord
from dti_core.scoring.total import scored_rows

ROUND, DISTRICT = "vinh-phuc/2023", "tam-dao"
SUB = f"{ROUND}@{DISTRICT}"


def test_a_sub_round_has_the_communes_of_one_district_and_its_own_papers() -> None:
    whole, sub = load_round(ROUND), load_round(SUB)
    assert [unit.parent for unit in sub.units] == [DISTRICT] * 9
    assert sub.within == ROUND
    assert sub.program.organiser == DISTRICT
    assert "Tam Đảo" in sub.program.letterhead.issuer
    assert set(sub.frameworks) == {"xa"}
    assert SUB in whole.sub_rounds
    assert len(whole.sub_rounds) == 9
    sizes = [len(load_round(each).units) for each in whole.sub_rounds]
    assert (sum(sizes), min(sizes), max(sizes)) == (136, 9, 28)
    assert sub.program.policies.petition_days is not None
    assert sub.program.policies.petition_days.value == 0, "petitions go to the whole round"


def test_nobody_is_asked_twice_about_a_commune() -> None:
    asked = {
        item.unit
        for request in plan(load_round(ROUND)).requests
        for item in (*request.own, *request.about_units)
    }
    communes = {unit.id for unit in load_round(SUB).units}
    assert not asked & communes
    below = {item.unit for r in plan(load_round(SUB)).requests for item in (*r.own, *r.about_units)}
    assert below == communes


@pytest.mark.parametrize("name", ["vinh-phuc/2023@so-y-te", "vinh-phuc/2023-so@tam-dao"])
def test_a_sub_round_that_is_not_there_is_refused_with_those_that_are(name: str) -> None:
    with pytest.raises(UnknownRound, match="không có đợt thành phần"):
        load_round(name)


def _evaluate(records: Session, context: RoundContext, points: Fraction) -> None:
    """A figure and official points for every row of every commune, as the district would."""
    unit = context.units[0]
    file, _ = receive(records, SUB, unit.id, f"{unit.id}:own", "a" * 64, "x", "test")
    row = next(r for r in context.framework_of(unit.id).rows if r.variables)
    name = next(iter(row.variables))
    figure = Figure(unit.id, row.code, name, "given", Fraction(7), file="x.xlsx", cells=("E9",))
    write_figures(records, SUB, file, [figure], "test")
    for one in context.units:
        for criterion in context.framework_of(one.id).criteria:
            for each in scored_rows(criterion):
                if each.max_points is None:
                    continue
                records.add(
                    AwardRecord(
                        round_id=SUB,
                        unit=one.id,
                        criterion=each.code,
                        reading="as_written",
                        kind=APPRAISED,
                        points=exact_text(points),
                        low=exact_text(points),
                        high=exact_text(points),
                        status="computed",
                        reasons=[],
                    )
                )
    records.flush()


def _agree(records: Session) -> None:
    approve(records, SUB, "du-thao", "Chủ tịch", digest_of(records, SUB, "du-thao"))


@pytest.mark.usefixtures("database")
def test_what_a_district_hands_over_is_what_the_organiser_starts_from() -> None:
    whole, sub = load_round(ROUND), load_round(SUB)
    first = sub.units[0].id
    with session() as records:
        open_round(records, whole, "test")
        assert [each.state for each in sub_rounds(records, whole)] == ["not_open"] * 9
        assert open_sub_rounds(records, whole, "test") == 9
        assert open_sub_rounds(records, whole, "test") == 0
        _evaluate(records, sub, Fraction(3, 2))
        assert take_over(records, whole, "test") == [], "nobody has agreed to anything yet"
        _agree(records)
    with session() as records:
        stands = {each.parent: each for each in sub_rounds(records, whole)}
        assert stands[DISTRICT].state == "handed_over"
        assert not stands[DISTRICT].late(date(2030, 1, 1))
        assert stands["yen-lac"].late(date(2030, 1, 1))
        assert take_over(records, whole, "test") == [DISTRICT]
    with session() as records:
        assert take_over(records, whole, "test") == [], "again, nothing changes"
        taken = current_figures(records, ROUND)
        (figure,) = taken.values()
        assert (figure.unit, figure.value, figure.cells) == (first, 7, ("E9",))
        handed = handed_points(records, ROUND)
        assert {unit for unit, _ in handed} == {unit.id for unit in sub.units}
        assert set(handed.values()) == {Fraction(3, 2)}
        code = next(code for unit, code in handed if unit == first)
        assert bases(records, whole).of((first, code)) == Fraction(3, 2)


@pytest.mark.usefixtures("database")
def test_a_later_change_takes_the_hand_over_back_and_the_next_one_replaces_it() -> None:
    whole, sub = load_round(ROUND), load_round(SUB)
    with session() as records:
        open_round(records, whole, "test")
        open_sub_rounds(records, whole, "test")
        _evaluate(records, sub, Fraction(1))
        _agree(records)
        take_over(records, whole, "test")
        award = records.exec(
            select(AwardRecord).where(AwardRecord.round_id == SUB, AwardRecord.kind == APPRAISED)
        ).first()
        assert award is not None
        unit, code = award.unit, award.criterion
        award.points, award.reason = "1/2", "đính chính"
        records.add(award)
        records.flush()
        stands = {each.parent: each for each in sub_rounds(records, whole)}
        assert stands[DISTRICT].state == "running", "its agreement was over other points"
        assert take_over(records, whole, "test") == []
        assert handed_points(records, ROUND)[unit, code] == 1, "what was handed over stays"
        _agree(records)
        assert take_over(records, whole, "test") == [DISTRICT]
        assert handed_points(records, ROUND)[unit, code] == Fraction(1, 2)
        versions = records.exec(
            select(SubmissionRecord.version).where(
                SubmissionRecord.round_id == ROUND,
                SubmissionRecord.source == f"{DISTRICT}:sub_round",
            )
        ).all()
        kinds = {
            each.kind
            for each in records.exec(select(AwardRecord).where(AwardRecord.round_id == ROUND))
        }
    assert sorted(versions) == [1, 2]
    assert kinds == {HANDED_OVER}


def test_a_district_that_set_its_own_framework_ranks_its_communes_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = load_round(ROUND).program.folder / "program.yaml"
    own = tmp_path / "programs" / "vinh-phuc"
    shutil.copytree(source.parent, own)
    text = (own / "program.yaml").read_text(encoding="utf-8")
    marked = "        basis: 2074/QĐ-UBND, mục III.2b\n"
    assert marked in text
    chosen = "        frameworks: {tam-dao: vinh-phuc-2074/huyen}\n"
    (own / "program.yaml").write_text(text.replace(marked, marked + chosen), encoding="utf-8")
    monkeypatch.setenv("DTI_HOME", str(tmp_path))
    whole, sub = load_round(ROUND), load_round(SUB)
    assert sub.frameworks["xa"].id == "vinh-phuc-2074/huyen"
    assert len(sub.units) == 9
    assert len(whole.units) == 165 - 9, "points of two frameworks do not compare"
    assert SUB not in whole.sub_rounds
