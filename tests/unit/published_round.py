"""A ranked round written straight into the records: two groups, one of communes in two districts.

Everything that a result can say is in it: an adjusted row with its reason, an exempted row, a row
that is not assessed, a unit without a rank, percent and grade, a place of the year before, results
of earlier years.
"""

from fractions import Fraction
from typing import Any

from sqlmodel import Session

from dti_core.figures import Figure
from dti_core.program.load import RoundContext
from dti_core.rational import exact_text, round_half_up
from dti_core.records.appraising import APPRAISED
from dti_core.records.database import session
from dti_core.records.figures import receive, write_figures
from dti_core.records.official import EXEMPTED, official_totals
from dti_core.records.scoring import score_round
from dti_core.records.tables import (
    AwardRecord,
    EarlierResultRecord,
    IssueRecord,
    RankRecord,
    RoundRecord,
)
from dti_core.scoring.total import scored_rows
from tests.unit.published_program import PROGRAM, ROUND, context

EXEMPT_REASON = "Tính bằng điểm cao nhất của nhóm: MẪU không có phát sinh"
LEFT_OUT_REASON = "Không đánh giá, trừ khỏi điểm tối đa: MẪU không có chức năng"
ADJUSTED = "Bớt 2 điểm vì tài liệu kiểm chứng không khớp"


def write_round(made: RoundContext | None = None) -> RoundContext:
    """Write the round into the current home, ranked."""
    here = made or context()
    with session() as records:
        records.add(
            RoundRecord(
                id=ROUND,
                title=here.round.title,
                evaluation_year=2023,
                opens="2024-01-02",
                closes="2024-01-31",
                pins=here.pins,
                state="open",
                opened_at="2024-01-02T00:00:00+00:00",
            )
        )
        records.flush()
        file, _ = receive(records, ROUND, "mau", "answers", "a" * 64, "mau.csv", "test")
        write_figures(records, ROUND, file, _figures(here), "test")
        scored, _ = score_round(records, here, "test")
        for award in _awards(here, scored.scores["as_written"]):
            records.add(award)
        records.flush()
        _rank(records, here)
        _earlier(records)
    return here


def _figures(here: RoundContext) -> list[Figure]:
    found = []
    for place, unit in enumerate(here.units):
        values: dict[tuple[str, str], Fraction | bool] = {
            ("1.1", "x"): place % 3 != 1,
            ("1.2", "x"): Fraction(place % 5),
            ("2.1", "a"): Fraction(46 + 7 * place),
            ("2.1", "b"): Fraction(120),
        }
        for (code, name), value in values.items():
            found.append(Figure(unit.id, code, name, "given", value))
    return found


def _awards(here: RoundContext, scores: Any) -> list[AwardRecord]:
    found = []
    for unit in here.units:
        for row in (row for c in here.framework_of(unit.id).criteria for row in scored_rows(c)):
            points, kind, reason, status = (
                scores[unit.id, row.code].points,
                APPRAISED,
                None,
                "appraised",
            )
            if row.code == "2.2":
                points = Fraction(40, 3)
            if (unit.id, row.code) == ("so-tu-phap", "2.1"):
                points, reason = points - 2, ADJUSTED
            if (unit.id, row.code) == ("so-y-te", "2.1"):
                points, kind, reason, status = Fraction(40), EXEMPTED, EXEMPT_REASON, "exempt"
            if (unit.id, row.code) == ("ban-dan-toc", "1.2"):
                points, kind, reason, status = None, EXEMPTED, LEFT_OUT_REASON, "not_assessed"
            text = None if points is None else exact_text(points)
            found.append(
                AwardRecord(
                    round_id=ROUND,
                    unit=unit.id,
                    criterion=row.code,
                    reading="as_written",
                    kind=kind,
                    max_points=exact_text(row.max_points or Fraction(0)),
                    points=text,
                    published=None if points is None else str(round_half_up(points, 2)),
                    low=text or "0",
                    high=text or exact_text(row.max_points or Fraction(0)),
                    status=status,
                    reasons=[],
                    reason=reason,
                    decided_by="MẪU",
                )
            )
    return found


def _rank(records: Session, here: RoundContext) -> None:
    wholes, _ = official_totals(records, here)
    for level in ("so", "xa"):
        units = [unit.id for unit in here.units if unit.level == level]
        out = units[-1]  # of each group one unit has no place
        placed = sorted((u for u in units if u != out), key=lambda u: -wholes[u].low)
        for place, unit in [*enumerate(placed, 1), (None, out)]:
            total = wholes[unit]
            percent = total.low / total.max_points * 100
            records.add(
                RankRecord(
                    round_id=ROUND,
                    group=level,
                    unit=unit,
                    points=exact_text(total.low),
                    published=str(round_half_up(total.low, 2)),
                    rank=place,
                    status="ranked" if place else "voluntary",
                    reason=None if place else "tham gia tự nguyện",
                    max_points=exact_text(total.max_points),
                    percent=exact_text(percent),
                    percent_published=str(round_half_up(percent, 2)),
                    grade="Khá" if percent >= 65 else "Trung bình",
                    previous_rank=2 if unit in (placed[0], placed[1]) else None,
                    previous_points="50" if unit in (placed[0], placed[1]) else None,
                    previous_of=7 if unit in (placed[0], placed[1]) else None,
                )
            )
    records.flush()


def _earlier(records: Session) -> None:
    for year, place, points in ((2021, 3, "45"), (2022, 2, "50.5")):
        records.add(
            EarlierResultRecord(
                program=PROGRAM,
                year=year,
                group="so",
                unit="so-tu-phap",
                points=exact_text(Fraction(points)),
                rank=place,
                source="MẪU",
            )
        )
    records.flush()


def issue(records: Session, kind: str, number: str, day: str) -> None:
    """Record a paper as issued."""
    records.add(
        IssueRecord(
            round_id=ROUND,
            kind=kind,
            number=number,
            issued_on=day,
            digest="x",
            document="x",
            content="x",
            actor="test",
            at=f"{day}T00:00:00+00:00",
        )
    )
    records.flush()
