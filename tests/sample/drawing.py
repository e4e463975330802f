"""Draw a unit's true figures from recipes: what a row's figures may be, and what they depend on.

A recipe names what it is a part of, another figure of its row or a quantity of the unit, so that
no part is above its whole and a thing that is asked twice has one value. Draws are keyed: another
unit or row changes no figure already there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from dti_core.figures import Value
from dti_core.framework.model import Framework
from tests.sample.years import draw


@dataclass(frozen=True)
class Count:
    """A whole number from `low` to `high`."""

    low: float
    high: float


@dataclass(frozen=True)
class Tenths:
    """A number with one decimal, from `low` to `high`."""

    low: float
    high: float


@dataclass(frozen=True)
class Share:
    """A whole number: `low` to `high` of another figure of the row, or of a quantity, and no more
    than that unless `high` says so."""

    of: str
    low: float = 1
    high: float = 1
    least: int = 0


@dataclass(frozen=True)
class TenthsOf:
    """The same with one decimal, for money."""

    of: str
    low: float
    high: float


@dataclass(frozen=True)
class PerCent:
    """A percentage with one decimal, from `low` to `high` per cent."""

    low: float
    high: float


@dataclass(frozen=True)
class Yes:
    """Yes as often as `likely` says."""

    likely: float


@dataclass(frozen=True)
class Pick:
    """The first choice whose share of the draw is reached: {choice: share}, shares adding to 1."""

    shares: Mapping[str, float]


@dataclass(frozen=True)
class Often:
    """One of a few frequencies, in times a year."""

    times: tuple[int, ...]


Recipe = Count | Tenths | Share | TenthsOf | PerCent | Yes | Pick | Often
Recipes = Mapping[str, Mapping[str, Recipe]]
"""Row code → variable → recipe, what others depend on first."""


def ratio(whole: Recipe, low: float, high: float) -> dict[str, Recipe]:
    """a / b of a row: the whole, and `low` to `high` of it."""
    return {"b": whole, "a": Share("b", low, high)}


def same(quantity: str) -> Share:
    """The quantity itself."""
    return Share(quantity)


def quantities(
    unit: str, recipes: Mapping[str, Recipe], fixed: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    """The unit's named quantities: those that are fixed, and the rest drawn."""
    found = dict(fixed)
    for name, recipe in recipes.items():
        if name not in found:
            value = _drawn((unit, name), recipe, found)
            assert isinstance(value, Fraction), name
            found[name] = value
    return found


def figures(
    unit: str, framework: Framework, recipes: Recipes, known: Mapping[str, Fraction]
) -> dict[tuple[str, str], Value]:
    """(row, variable) → value, for every figure that the framework needs.

    A variable that names a quantity takes it where the recipes say nothing else.
    """
    found: dict[tuple[str, str], Value] = {}
    for row in framework.rows:
        here = dict(known)
        for name, variable in row.variables.items():
            if variable.quantity in known and name not in recipes.get(row.code, {}):
                here[name] = known[variable.quantity or ""]
                found[row.code, name] = here[name]
        for name, recipe in recipes.get(row.code, {}).items():
            value = _drawn((unit, row.code, name), recipe, here)
            found[row.code, name] = value
            if isinstance(value, Fraction):
                here[name] = value
        needed = {(row.code, name) for name in row.needed}
        assert needed <= set(found), f"{framework.id}: không có cách sinh {needed - set(found)}"
    order = {(row.code, name): 0 for row in framework.rows for name in row.needed}
    return {key: found[key] for key in order}


def _drawn(key: tuple[str, ...], recipe: Recipe, known: Mapping[str, Fraction]) -> Value:
    at = draw(*key)

    def between(low: float, high: float) -> float:
        return low + (high - low) * at

    match recipe:
        case Count():
            return Fraction(round(between(recipe.low, recipe.high)))
        case Tenths():
            return Fraction(round(between(recipe.low, recipe.high) * 10), 10)
        case Share():
            whole = known[recipe.of]
            part = round(between(recipe.low, recipe.high) * float(whole))
            most = whole if recipe.high <= 1 else Fraction(part)
            return min(most, Fraction(max(part, recipe.least)))
        case TenthsOf():
            return Fraction(
                round(between(recipe.low, recipe.high) * float(known[recipe.of]) * 10), 10
            )
        case PerCent():
            return Fraction(round(between(recipe.low, recipe.high) * 10), 1000)
        case Yes():
            return at < recipe.likely
        case Often():
            return Fraction(recipe.times[int(at * len(recipe.times))])
        case Pick():
            for choice, share in recipe.shares.items():
                at -= share
                if at < 0:
                    return choice
            return choice
