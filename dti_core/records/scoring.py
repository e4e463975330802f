"""Score a round from its records, and tell whether the recorded points still follow from them."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from dti_core.errors import Refused
from dti_core.figures import Figure
from dti_core.framework.model import READINGS, Reading
from dti_core.program.load import RoundContext
from dti_core.records.awards import recorded, scored, write_scores
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


ROUNDS = 16
"""Of so many rounds what was scored last is kept: a province's sub-rounds go on side by side."""

_last: dict[str, tuple[tuple[Any, ...], Figures, Scores]] = {}
"""What was scored last of a round in this process, and from what: nearly every stage asks for the
same."""


def compute(context: RoundContext, figures: Figures) -> Scores:
    """Score every unit of a round twice, exactly and on columns, under both readings.

    The same round over equal figures is not computed again. Raises ScoringFault where the two ways
    disagree on a published point.
    """
    of = sorted(context.pins.items()), context.program.policies, context.units
    last = _last.get(context.id)  # another thread may put its own there meanwhile
    if last is not None and last[0] == of and last[1] == figures:
        return last[2]
    scores = _compute(context, figures)
    while len(_last) >= ROUNDS:
        _last.pop(next(iter(_last)), None)
    _last[context.id] = of, dict(figures), scores
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
    rounding = context.program.policies.rounding
    changed = write_scores(
        session,
        context.id,
        [one for by_row in scores.values() for one in by_row.values()],
        rounding.value if rounding else None,
        actor,
    )
    return ScoredRound(figures, scores), changed


def scored_round(session: Session, context: RoundContext) -> ScoredRound:
    """The figures and scores of a round, as recorded.

    Raises StaleScores where the recorded awards are not what the recorded figures give now.
    """
    figures = counted_figures(session, context)
    scores = compute(context, figures)
    rounding = context.program.policies.rounding
    every = [one for by_row in scores.values() for one in by_row.values()]
    known = recorded(session, context.id)
    if known != scored(context.id, every, rounding.value if rounding else None):
        raise stale(context.id, ever_scored=bool(known))
    return ScoredRound(figures, scores)
