"""Score a round from its records, and tell whether the recorded points still follow from them."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from dti_core.errors import Refused
from dti_core.figures import Figure
from dti_core.framework.model import READINGS, Reading
from dti_core.program.load import RoundContext
from dti_core.records.awards import Awarded, recorded, scored, write_scores
from dti_core.records.exemptions import counted_figures
from dti_core.records.glance import StaleScores, stale
from dti_core.scoring.compare import disagreements
from dti_core.scoring.score import Score, score

__all__ = ["ScoredRound", "ScoringFault", "StaleScores", "compute", "score_round", "scored_round"]

Scores = dict[Reading, dict[tuple[str, str], Score]]
Figures = dict[tuple[str, str, str], Figure]


class ScoringFault(Refused):
    """The engine and the referee disagree: a fault of the program. Nothing was recorded."""


@dataclass(frozen=True)
class ScoredRound:
    """Figures and scores of a round, under each reading."""

    figures: Figures
    scores: Scores


@dataclass
class _Scoring:
    """What was scored, and from what.

    awarded  the same as rows of the records; None until somebody asks
    """

    of: tuple[Any, ...]
    figures: Figures
    scores: Scores
    awarded: Awarded | None = None


_last: _Scoring | None = None
"""What was scored last in this process: nearly every stage asks for the same."""


def compute(context: RoundContext, figures: Figures) -> Scores:
    """Score every unit of a round twice, exactly and on columns, under both readings.

    The same round over equal figures is not computed again. Raises ScoringFault where the two ways
    disagree on a published point.
    """
    global _last
    of = context.id, sorted(context.pins.items()), context.program.policies, context.units
    last = _last  # another thread may put its own there meanwhile
    if last is not None and last.of == of and last.figures == figures:
        return last.scores
    scores = _compute(context, figures)
    _last = _Scoring(of, dict(figures), scores)
    return scores


def _compute(context: RoundContext, figures: Figures) -> Scores:
    policies = context.program.policies
    scores: Scores = {}
    for reading in READINGS:
        scores[reading] = {}
        for framework in context.frameworks.values():
            units = [unit.id for unit in context.units if unit.level == framework.level]
            exact = score(framework, units, figures, policies, reading)
            wrong = disagreements(framework, units, figures, policies, exact, reading)
            if wrong:
                unit, code = wrong[0]
                raise ScoringFault(
                    f"Hai cách tính độc lập cho kết quả khác nhau ở {len(wrong)} chỗ (ví dụ đơn vị"
                    f" {unit}, mục {code}). Đây là lỗi của phần mềm; chưa ghi điểm nào."
                )
            scores[reading].update(exact)
    return scores


def score_round(session: Session, context: RoundContext, actor: str) -> tuple[ScoredRound, int]:
    """Compute and record the points of a round. Returns them and how many awards changed."""
    figures = counted_figures(session, context)
    scores = compute(context, figures)
    changed = write_scores(session, context.id, _awarded(context, scores), actor)
    return ScoredRound(figures, scores), changed


def scored_round(session: Session, context: RoundContext) -> ScoredRound:
    """The figures and scores of a round, as recorded.

    Raises StaleScores where the recorded awards are not what the recorded figures give now.
    """
    figures = counted_figures(session, context)
    scores = compute(context, figures)
    known = recorded(session, context.id)
    if known != _awarded(context, scores):
        raise stale(context.id, ever_scored=bool(known))
    return ScoredRound(figures, scores)


def _awarded(context: RoundContext, scores: Scores) -> Awarded:
    """The rows that record these scores."""
    last = _last
    if last is not None and last.scores is scores and last.awarded is not None:
        return last.awarded
    rounding = context.program.policies.rounding
    every = [one for by_row in scores.values() for one in by_row.values()]
    made = scored(context.id, every, rounding.value if rounding else None)
    if last is not None and last.scores is scores:
        last.awarded = made
    return made
