"""Last year's figure, as it stands beside this year's cell."""

from dti_core.figures import Figure
from dti_core.framework.model import Criterion
from dti_core.scoring.explain import shown_value


def prior_text(criterion: Criterion, variable: str, figure: Figure | None) -> str:
    """The figure without its unit of measure, which has a column of its own; "–" for none."""
    if figure is None or figure.value is None:
        return "–"
    shown = shown_value(criterion, variable, figure)
    unit = criterion.variables[variable].unit if variable in criterion.variables else None
    shown = shown.removesuffix(f" {unit}") if unit else shown
    return shown[:1].upper() + shown[1:]
