"""Planters of slips in single figures: factors, percentages, jumps, outliers.

Each takes one unit and returns what it planted, or None where the unit has no figure that fits.
"""

from collections.abc import Callable
from fractions import Fraction
from math import exp, log
from random import Random

from tests.sample.planted.rounds import Fault, Hand, Key

Planted = tuple[frozenset[Key], float] | None
Numeric = tuple[str, str, Fraction]


def between(chance: Random, low: float, high: float) -> float:
    """A factor, even on the logarithm, up or down."""
    return exp(chance.uniform(log(low), log(high)))


def numbers(hand: Hand, *kinds: str) -> list[Numeric]:
    """The unit's positive figures of some kinds, in a random order."""
    found = []
    for row in hand.rows():
        for name in row.needed:
            value = hand.value(row.code, name)
            if value and row.variables[name].kind in kinds:
                found.append((row.code, name, value))
    return hand.chance.sample(found, len(found))


def times(hand: Hand, factors: tuple[int, ...], least: int) -> Planted:
    """A figure with zeros too many or too few. Counts stay whole numbers of at least 1."""
    for code, name, value in numbers(hand, "count", "money", "mean"):
        factor = hand.chance.choice(factors)
        up = value < least or hand.chance.random() < 0.5
        kind = hand.made.framework.by_code[code].variables[name].kind
        other = value * factor if up else value / factor
        if kind == "count" and not up:
            other = Fraction(round(other))
        if value < 5 or other < 1:
            continue
        row = hand.made.framework.by_code[code]
        if hand.moves(row, **{name: other}):
            return frozenset({hand.put(code, name, other)}), float(other / value)
    return None


def times_ten(hand: Hand) -> Planted:
    return times(hand, (10, 10, 100), 50)


def times_thousand(hand: Hand) -> Planted:
    return times(hand, (1000,), 3000)


def percent_as_fraction(hand: Hand) -> Planted:
    """ "0,93" read as 0,93 %, or "93" as 9300 %."""
    for code, name, value in numbers(hand, "percent"):
        factor = Fraction(100) if hand.chance.random() < 0.5 else Fraction(1, 100)
        return frozenset({hand.put(code, name, value * factor)}), float(factor)
    return None


def percent_for_count(hand: Hand) -> Planted:
    """The percentage itself where the number of things is asked."""
    for row, part, whole in hand.quotients():
        shown = Fraction(round(part / whole * 100))
        if row.variables["a"].kind != "count" or shown == part or not shown:
            continue
        if hand.moves(row, a=shown):
            return frozenset({hand.put(row.code, "a", shown)}), float(shown / part)
    return None


def jump(hand: Hand) -> Planted:
    """A figure three to eight times as large, or as small, as it is."""
    return _moved(hand, 3, 8, 10)


def change(hand: Hand) -> Planted:
    """A figure that moved by more than the same figure of the other units, up to threefold."""
    return _moved(hand, 1.35, 3, 30)


def _moved(hand: Hand, low: float, high: float, least: int) -> Planted:
    for code, name, value in numbers(hand, "count", "money", "mean"):
        if (hand.unit, code, name) not in hand.made.prior:
            return None  # a first year has nothing to have moved from
        factor = between(hand.chance, low, high)
        up = hand.chance.random() < 0.5
        other = Fraction(round(float(value) * (factor if up else 1 / factor)))
        row = hand.made.framework.by_code[code]
        if max(value, other) < least or other < 1 or (name == "b" and not up):
            continue
        whole = hand.value(code, "b")
        if name == "a" and whole is not None and other > whole:
            continue  # that is another kind of fault
        if hand.moves(row, **{name: other}):
            return frozenset({hand.put(code, name, other)}), float(other / value)
    return None


def level(hand: Hand) -> Planted:
    """A share far from everybody's, this year and last: only the peers show it."""
    for row, part, whole in hand.quotients():
        share = float(part / whole)
        before = hand.made.prior.get((hand.unit, row.code, "b"))
        if whole < 50 or share >= 1:
            continue
        odds = log(share / (1 - share))
        away = hand.chance.uniform(3, 6)
        other_odds = odds - away if odds > 0 else odds + away
        other = 1 / (1 + exp(-other_odds))
        value = Fraction(round(float(whole) * other))
        if not value or not hand.moves(row, a=value):
            continue
        if before is not None and isinstance(before.value, Fraction):
            hand.put(row.code, "a", Fraction(round(float(before.value) * other)), year="before")
        return frozenset({hand.put(row.code, "a", value)}), away
    return None


STILL = frozenset({"tổ", "cơ sở", "người", "hộ", "doanh nghiệp", "máy tính", "đơn vị cấp xã"})


def denominator(hand: Hand) -> Planted:
    """Another whole than last year: of people, households, schools there are not suddenly fewer.

    In half of the cases only one row gives the new whole, in the others every row of the quantity.
    """
    for row, _, whole in hand.quotients():
        variable = row.variables["b"]
        if variable.quantity is None or variable.unit not in STILL or whole < 20:
            continue
        factor = between(hand.chance, 1.08, 1.7)
        smaller = hand.chance.random() < 0.7
        other = Fraction(round(float(whole) / factor if smaller else float(whole) * factor))
        alone = hand.chance.random() < 0.5
        if other < 1 or not hand.moves(row, Fraction(1, 20), b=other):
            continue
        cells = set()
        for each in hand.made.framework.rows:
            for name, asked in each.variables.items():
                if asked.quantity != variable.quantity or (alone and (each, name) != (row, "b")):
                    continue
                if hand.value(each.code, name) is None:
                    continue
                cells.add(hand.put(each.code, name, other))
                own = hand.value(each.code, "a")
                if name == "b" and own is not None and own > other:
                    cells.add(hand.put(each.code, "a", other))
        return frozenset(cells), float(other / whole)
    return None


WITHIN = (
    ("he-thong-thong-tin-duoc-phe-duyet-cap-do", "he-thong-thong-tin"),
    ("dan-so-tu-15-tuoi", "dan-so"),
    ("dan-so-trong-do-tuoi-lao-dong", "dan-so"),
    ("ho-gia-dinh", "dan-so"),
    ("doanh-nghiep-nho-va-vua", "doanh-nghiep"),
)
"""What is part of what, in every row where they are counted."""


def across(hand: Hand) -> Planted:
    """A part larger than the whole that another row gives, by 2 % to the double, at least 1."""
    wholes = {
        variable.quantity: value
        for row in hand.made.framework.rows
        for name, variable in row.variables.items()
        if variable.quantity and (value := hand.value(row.code, name))
    }
    for row in hand.rows():
        for part, whole in hand.chance.sample(WITHIN, len(WITHIN)):
            for name in ("b", "c"):
                variable = row.variables.get(name)
                if variable is None or variable.quantity != part or whole not in wholes:
                    continue
                if hand.value(row.code, name) is None:
                    continue
                by = between(hand.chance, 1.02, 2)
                other = Fraction(max(round(float(wholes[whole]) * by), wholes[whole] + 1))
                return frozenset({hand.put(row.code, name, other)}), by
    return None


RELATED = {
    "so": (("6.4", "6.3"), ("6.4", "6.5")),
    "huyen": (("6.4", "6.3"), ("6.5", "6.4")),
    "xa": (("6.3", "6.2"), ("6.4", "6.3")),
}
"""Rows where all of the one cannot stand beside next to nothing of the other: every dossier is
handled online, yet few of the services ever had an online dossier."""


def contradiction(hand: Hand) -> Planted:
    """100 % beside a related 5 to 33 %, in both years: it has always been reported so."""
    every, few = hand.chance.choice(RELATED[hand.made.years.level])
    share = between(hand.chance, 0.05, 0.33)
    cells = set()
    for code, portion in ((every, 1.0), (few, share)):
        for figures, year in ((hand.made.prior, "before"), (hand.made.figures, "now")):
            whole = figures.get((hand.unit, code, "b"))
            if (hand.unit, code, "a") not in figures or whole is None:
                if year == "now":
                    return None
                continue
            value = Fraction(round(float(Fraction(whole.value or 0)) * portion))
            cells.add(hand.put(code, "a", value, year=year))
    return frozenset(cells), share


def reused(hand: Hand) -> Planted:
    """One number, of 100 or more, given in one or two unlike rows as well."""
    for row, part, _ in hand.quotients():
        if part < 100 or row.variables["a"].kind != "count":
            continue
        others = [
            other
            for other, old, whole in hand.quotients()
            if other.code != row.code
            and whole >= part != old
            and other.variables["a"].kind == "count"
            and other.variables["b"].quantity != row.variables["b"].quantity
            and hand.moves(other, Fraction(1, 20), a=part)
        ]
        if others:
            cells = {(hand.unit, row.code, "a")}
            for other in others[: hand.chance.choice([1, 2])]:
                cells.add(hand.put(other.code, "a", part))
            return frozenset(cells), float(len(cells))
    return None


Planter = Callable[[Hand], Planted]


def planted(kind: str, hand: Hand, plant: Planter) -> Fault | None:
    """The fault that a planter leaves in one unit's figures."""
    found = plant(hand)
    return Fault(kind, hand.unit, *found) if found else None
