"""What a round knows about its units' rows now: figures, points and results, in words too."""

from dataclasses import dataclass
from fractions import Fraction

from sqlmodel import Session

from dti_core.framework.model import Criterion, Reading
from dti_core.framework.rules import Percent, Rule
from dti_core.program.load import RoundContext
from dti_core.records.official import EXEMPTED, official_awards
from dti_core.records.scoring import ScoredRound, scored_round
from dti_core.scoring.improvement import figures_told, points_told
from dti_core.scoring.outcome import Row
from dti_core.scoring.total import scored_rows


@dataclass(frozen=True)
class Results:
    """What a round knows about its units' rows now; points official ones where there are any."""

    context: RoundContext
    scored: ScoredRound
    official: dict[Row, Fraction]
    exempted: frozenset[Row]

    @property
    def digits(self) -> int:
        rounding = self.context.program.policies.rounding
        return rounding.value.digits if rounding else 2

    def points(self, unit: str, row: Criterion) -> Fraction | None:
        """Points of a row, its child rows added up; None while any of them is open."""
        total = Fraction(0)
        for each in scored_rows(row):
            points = self.official.get((unit, each.code))
            if points is None:
                points = self.scored.scores[self._reading(each.code)][unit, each.code].points
            if points is None:
                return None
            total += points
        return total

    def value(self, unit: str, row: Criterion) -> Fraction | None:
        """What the row's rule measures, where it is known."""
        rule = self.rule(row)
        if not isinstance(rule, Percent):
            return self.scored.scores[self._reading(row.code)][unit, row.code].metric
        figure = self.scored.figures.get((unit, row.code, rule.of))
        return figure.value if figure and isinstance(figure.value, Fraction) else None

    def figures(self, unit: str, row: Criterion) -> str:
        """The row's figures in words; empty where it asks for none."""
        score = self.scored.scores[self._reading(row.code)][unit, row.code]
        return figures_told(row, self.rule(row), self.scored.figures, unit, score.metric)

    def told(self, unit: str, row: Criterion) -> str:
        """Figures and points in words: "7/8 (87,5 %); 13,13/15 điểm"."""
        points = self.points(unit, row)
        shown = "" if points is None else points_told(points, row.max_points, self.digits)
        return "; ".join(each for each in (self.figures(unit, row), shown) if each)

    def rule(self, row: Criterion) -> Rule:
        """The rule under the reading by which the row officially counts."""
        return row.rule_under(self._reading(row.code))

    def _reading(self, code: str) -> Reading:
        return self.context.program.policies.reading_of(code) or "as_written"


def results(session: Session, context: RoundContext) -> Results:
    """Raises StaleScores where the recorded points do not follow from the figures."""
    official, exempted = {}, set()
    for pair, award in official_awards(session, context).items():
        if award.points is not None:
            official[pair] = Fraction(award.points)
        if award.kind == EXEMPTED:
            exempted.add(pair)
    return Results(context, scored_round(session, context), official, frozenset(exempted))
