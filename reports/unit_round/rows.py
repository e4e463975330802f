"""Official points row by row, as appendices and score sheets show them."""

from fractions import Fraction

from sqlmodel import Session

from dti_core.framework.model import Criterion, Framework, Pillar
from dti_core.program.load import RoundContext
from dti_core.records.official import EXEMPTED, official_awards
from dti_core.records.stored import StoredAward
from dti_core.scoring.total import scored_rows
from reports.letters.standings import RowColumn, RowValue


class OfficialRows:
    """The official awards of a round, read once."""

    def __init__(self, records: Session, context: RoundContext) -> None:
        self._awards = official_awards(records, context)

    def award(self, unit: str, row: Criterion) -> StoredAward | None:
        """The award that counts, of a row with points of its own."""
        return self._awards.get((unit, row.code))

    def value(self, unit: str, row: Criterion) -> RowValue:
        """A row's official points; a row with child rows has what they add up to."""
        awards = [self._awards.get((unit, each.code)) for each in scored_rows(row)]
        known = [Fraction(a.points) for a in awards if a is not None and a.points is not None]
        return RowValue(
            points=sum(known, Fraction(0)) if known else None,
            exempt=len(awards) == 1 and awards[0] is not None and awards[0].kind == EXEMPTED,
            assessed=any(award is None or award.status != "not_assessed" for award in awards),
        )

    def values(self, unit: str, framework: Framework) -> tuple[RowValue, ...]:
        """Of every row of the framework, in its order."""
        return tuple(self.value(unit, row) for row in framework.rows)


def row_columns(framework: Framework) -> tuple[RowColumn, ...]:
    """The rows of the framework, each with the place of its pillar."""
    return tuple(
        RowColumn(row.code, row.name, row.max_points, place)
        for place, pillar in enumerate(framework.pillars)
        for row in pillar.rows
    )


def maximum(pillar: Pillar) -> Fraction:
    """What a pillar adds to a unit's maximum where nothing is exempted."""
    if pillar.outside_maximum:
        return Fraction(0)
    if pillar.max_points is not None:
        return pillar.max_points
    return sum((row.max_points or Fraction(0) for row in pillar.criteria), Fraction(0))
