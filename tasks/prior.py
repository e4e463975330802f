"""Last year's figures of a round, for the workbooks that go out and the doubts about figures."""

from dti_core.figures import Figure
from dti_core.program.load import RoundContext
from dti_core.records.database import session
from dti_core.records.prior import figures_of_last_year


def prior_of(context: RoundContext) -> dict[tuple[str, str, str], Figure]:
    """(unit, criterion, variable) → figure of the year before; empty in a first year.

    From the program's own rounds of that year, else imported by `dti earlier import`, else from
    the file that the program names.
    """
    with session() as records:
        return figures_of_last_year(records, context)
