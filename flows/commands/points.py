"""Points, totals and places as the commands show them."""

from typing import TYPE_CHECKING, Any

from dti_core.program.load import RoundContext
from dti_core.rational import as_json, round_half_up, vietnamese

if TYPE_CHECKING:
    from fractions import Fraction

    from dti_core.scoring.score import Score
    from dti_core.scoring.standings import Standing
    from dti_core.scoring.total import RowPoints


def points_digits(context: RoundContext) -> int:
    """Decimals that points are shown with."""
    rounding = context.program.policies.rounding
    return rounding.value.digits if rounding else 2


def shown(value: "Fraction", digits: int) -> str:
    return vietnamese(round_half_up(value, digits))


def signed(value: "Fraction", digits: int) -> str:
    """A difference with its sign; one that rounding hides keeps the digits that show it."""
    text = vietnamese(value, digits if abs(value) * 10**digits * 2 >= 1 else 6)
    return f"+{text}" if value > 0 else text


def points_or_bounds(score: "Score | RowPoints", digits: int) -> str:
    if score.points is not None:
        return shown(score.points, digits)
    return f"{shown(score.low, digits)} – {shown(score.high, digits)}"


def whole(standing: "Standing | None", digits: int) -> str:
    """A total; its bounds while it is open."""
    if standing is None:
        return ""
    if standing.points is not None:
        return shown(standing.points, digits)
    return f"{shown(standing.total.low, digits)} – {shown(standing.total.high, digits)}"


def place(standing: "Standing | None") -> str:
    return "" if standing is None or standing.rank is None else str(standing.rank)


def moved(gained: int | None) -> str:
    """Places gained or lost, as an arrow with a number."""
    if not gained:
        return ""
    return f"↑ {gained}" if gained > 0 else f"↓ {-gained}"


def points_json(score: "Score | RowPoints") -> dict[str, Any]:
    """Points for machines: exact fractions, null where open, with their bounds."""
    return {"points": as_json(score.points), "low": as_json(score.low), "high": as_json(score.high)}


def standing_json(standing: "Standing") -> dict[str, Any]:
    """A total and a place for machines: exact fractions, null where open."""
    total = standing.total
    return {
        "points": as_json(standing.points),
        "computed": as_json(total.computed),
        "low": as_json(total.low),
        "high": as_json(total.high),
        "max_points": as_json(total.max_points),
        "rank": standing.rank,
    }
