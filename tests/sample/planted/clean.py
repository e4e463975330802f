"""Two plausible years of one level, as columns: what a faultless round looks like.

Growth is small, counts move by chance like counts do, shares creep upwards, a few figures truly
leap (`EVENTS`): a detector that asks about those is not wrong, but it is counted as a false alarm
all the same. Some units are new, some figures zero, some tiny, some missing.
"""

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from dti_core.figures import Figure, Value
from dti_core.framework.load import load_framework
from dti_core.framework.model import Criterion, Framework
from dti_core.framework.rules import metrics, sub_rules
from tests.sample.planted.wholes import (
    MEASURES,
    QUANTITIES,
    ROWS,
    SIZE_SPREAD,
    UNITS,
    Level,
    Whole,
)

Numbers = npt.NDArray[np.float64]
Key = tuple[str, str, str]

STOCK = (0.006, 0.012)
FLOW = (0.04, 0.07)
"""Mean and spread of a year's growth on the logarithm, beside chance of the size of half a Poisson
standard deviation."""
SHARE = (0.12, 0.16)
"""… and of the growth of shares, on the log-odds."""
EVENTS = 0.003
"""Part of the figures that truly leap, to half or twice."""
FIRST_YEAR = 0.06
MISSING = 0.01
NOTHING = 0.02
"""Part of the shares that are zero in both years."""
COMPLETE = 0.12
"""Part of the shares that are 100 %, mostly in both years."""


@dataclass(frozen=True)
class Pair:
    """A column in both years, in whole units of 1/`scale`."""

    before: Numbers
    now: Numbers
    scale: int = 1


@dataclass
class Years:
    """A faultless round. `first_year` marks units without a prior year."""

    level: Level
    framework: Framework
    units: tuple[str, ...]
    columns: dict[tuple[str, str], Pair]
    choices: dict[tuple[str, str], tuple[list[Value], list[Value]]]
    first_year: npt.NDArray[np.bool_]
    missing: dict[tuple[str, str], npt.NDArray[np.bool_]] = field(default_factory=dict)

    def figures(self) -> tuple[dict[Key, Figure], dict[Key, Figure]]:
        """This year's figures and last year's, as the detectors take them."""
        now: dict[Key, Figure] = {}
        before: dict[Key, Figure] = {}
        for (row, name), pair in self.columns.items():
            gone = self.missing[row, name]
            for place, unit in enumerate(self.units):
                key = unit, row, name
                if not gone[place]:
                    now[key] = _figure(key, Fraction(int(pair.now[place]), pair.scale))
                if not self.first_year[place]:
                    before[key] = _figure(key, Fraction(int(pair.before[place]), pair.scale))
        for (row, name), (then, later) in self.choices.items():
            for place, unit in enumerate(self.units):
                key = unit, row, name
                now[key] = _figure(key, later[place])
                if not self.first_year[place]:
                    before[key] = _figure(key, then[place])
        return now, before


def years(level: Level, seed: int, units: int | None = None) -> Years:
    """Draw a level. `units` for another number of them than the province has."""
    return _Draw(level, np.random.default_rng([seed, len(level)]), units or UNITS[level]).years()


class _Draw:
    def __init__(self, level: Level, chance: np.random.Generator, size: int) -> None:
        self.level, self.chance, self.size = level, chance, size
        self.framework = load_framework(f"vinh-phuc-2074/{level}")
        self.unit_size = np.exp(chance.normal(0, SIZE_SPREAD[level], size))
        self.quantities: dict[str, Pair] = {}
        self.columns: dict[tuple[str, str], Pair] = {}
        self.choices: dict[tuple[str, str], tuple[list[Value], list[Value]]] = {}

    def years(self) -> Years:
        for name, whole in QUANTITIES[self.level].items():
            self.quantities[name] = self.whole(whole)
        for row in self.framework.rows:
            self.row(row)
        first = self.chance.random(self.size) < FIRST_YEAR
        missing = {key: self.chance.random(self.size) < MISSING for key in self.columns}
        units = tuple(f"{self.level}-{number:03d}" for number in range(1, self.size + 1))
        return Years(self.level, self.framework, units, self.columns, self.choices, first, missing)

    def whole(self, whole: Whole) -> Pair:
        noise = np.exp(self.chance.normal(0, whole.spread, self.size))
        if whole.of:
            of = self.quantities.get(whole.of) or self.columns[whole.of, "b"]
            share = whole.median * noise
            if whole.median < 1:
                share = np.minimum(share, 1.0)
            return Pair(_least(of.before * share, 1), _least(of.now * share, 1))
        before = _least(whole.median * self.unit_size**whole.grows * noise, 1)
        return Pair(before, self.grown(before, whole.stock))

    def grown(self, before: Numbers, stock: bool) -> Numbers:
        mean, spread = STOCK if stock else FLOW
        growth = np.exp(self.chance.normal(mean, spread, self.size))
        if stock:
            return _least(before * growth, 1)
        by_chance = self.chance.normal(0, 0.5, self.size) * np.sqrt(before)
        return self.leapt(_least(before * growth + by_chance, 0))

    def leapt(self, values: Numbers) -> Numbers:
        leaps = self.chance.random(self.size) < EVENTS
        times = np.where(self.chance.random(self.size) < 0.5, 2.0, 0.5)
        return np.where(leaps, np.rint(values * times), values)

    def row(self, row: Criterion) -> None:
        done: set[str] = set()
        for metric in dict.fromkeys(metrics(row.rule)):
            halves = metric.quotient
            if halves is not None and all(half.variables for half in halves):
                self.ratio(row, halves[0].variables[0], halves[1].variables)
                done |= set(metric.variables)
        for name in row.needed:
            if name not in done:
                self.single(row, name)

    def ratio(self, row: Criterion, part: str, wholes: tuple[str, ...]) -> None:
        whole = self.place(row, wholes[0])
        scale = 10 if row.variables[part].kind == "money" else 1
        if row.variables[part].kind == "money":
            whole = Pair(whole.before * scale, whole.now * scale, scale)
        self.columns[row.code, wholes[0]] = whole
        for other in wholes[1:]:
            rest = whole.before * self.chance.uniform(0.04, 0.3, self.size)
            self.columns[row.code, other] = Pair(np.rint(rest), self.grown(np.rint(rest), False))
        self.columns[row.code, part] = self.part(row, whole)

    def place(self, row: Criterion, name: str) -> Pair:
        quantity = row.variables[name].quantity
        if quantity == "he-thong-thong-tin-duoc-phe-duyet-cap-do":
            return self.columns["5.1", "a"]
        if quantity is not None:
            return self.quantities[quantity]
        own = ROWS.get((self.level, row.code))
        return self.whole(own or MEASURES[row.variables[name].unit or ""][self.level])

    def part(self, row: Criterion, whole: Pair) -> Pair:
        full_at = [
            float(rule.full_at)
            for rule in sub_rules(row.rule)
            if rule.type == "ratio" and rule.full_at is not None
        ]
        if full_at and full_at[0] < 0.5:
            mean = full_at[0] * self.chance.uniform(0.6, 1.2)
        elif row.code == "4.5" and self.level != "so":  # people of working age out of all people
            mean = self.chance.uniform(0.1, 0.3)
        else:
            mean = self.chance.uniform(0.6, 0.93)
        odds = np.log(mean / (1 - mean)) + self.chance.normal(0, 0.6, self.size)
        later = odds + self.chance.normal(*SHARE, self.size)
        then, now = (1 / (1 + np.exp(-each)) for each in (odds, later))
        if row.code == "4.5":
            then, now = np.minimum(then, 0.5), np.minimum(now, 0.5)
        if mean > 0.5:
            complete = self.chance.random(self.size) < COMPLETE
            then = np.where(complete & (self.chance.random(self.size) < 0.8), 1.0, then)
            now = np.where(complete, 1.0, now)
        nothing = self.chance.random(self.size) < NOTHING
        then, now = np.where(nothing, 0.0, then), np.where(nothing, 0.0, now)
        jitter = np.where((now == 0) | (now == 1), 0.0, self.chance.normal(0, 0.3, self.size))
        before = np.rint(whole.before * then)
        after = np.rint(whole.now * now + jitter * np.sqrt(whole.now * now * (1 - now)))
        after = np.where(self.chance.random(self.size) < EVENTS, np.rint(after / 2), after)
        return Pair(before, np.clip(after, 0, whole.now), whole.scale)

    def single(self, row: Criterion, name: str) -> None:
        variable = row.variables[name]
        key = row.code, name
        if variable.kind in ("flag", "choice"):
            states: list[Value] = list(variable.choices) if variable.choices else [True, False]
            likely = [0.85, *[0.15 / (len(states) - 1)] * (len(states) - 1)]
            picked = self.chance.choice(len(states), self.size, p=likely)
            better = (self.chance.random(self.size) < 0.2) & (picked > 0)
            now = [states[0 if up else at] for at, up in zip(picked, better, strict=True)]
            self.choices[key] = [states[at] for at in picked], now
        elif variable.kind == "frequency":
            times = self.chance.choice([4.0, 12.0, 24.0, 52.0], self.size, p=[0.1, 0.2, 0.1, 0.6])
            more = (self.chance.random(self.size) < 0.1) & (times < 52)
            self.columns[key] = Pair(times, np.where(more, 52.0, times))
        elif variable.kind == "percent":
            odds = 2.4 + self.chance.normal(0, 0.6, self.size)
            later = odds + self.chance.normal(*SHARE, self.size)
            then, share = (np.rint(1000 / (1 + np.exp(-each))) for each in (odds, later))
            self.columns[key] = Pair(then, share, 1000)
        elif variable.quantity is not None and variable.quantity in self.quantities:
            self.columns[key] = self.quantities[variable.quantity]
        else:
            of = self.whole(
                ROWS.get((self.level, row.code)) or MEASURES[variable.unit or ""][self.level]
            )
            scale = 10 if variable.kind == "mean" else 1
            self.columns[key] = Pair(of.before * scale, of.now * scale, scale)


def _figure(key: Key, value: Value) -> Figure:
    return Figure(*key, status="given", value=value)


def _least(values: Numbers, least: int) -> Numbers:
    return np.maximum(np.rint(values), least)
