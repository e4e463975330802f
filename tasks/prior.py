"""Last year's figures of a round, from the file that its program names."""

from dti_core.figures import Figure
from dti_core.intake.sample import prior_figures
from dti_core.program.load import RoundContext


def prior_of(context: RoundContext) -> dict[tuple[str, str, str], Figure]:
    """(unit, criterion, variable) → figure of the year before; empty in a first year."""
    if context.round.prior is None:
        return {}
    return prior_figures(context.program.folder / context.round.prior, context)
