"""MẪU: what the units of a made province answer. Drawn by chance from a seed; nobody's figures.

A part is drawn as a share of its whole, a quantity that is asked in several rows is one number, and
people, households and enterprises of a district are its communes' together. A few answers are left
out or wrong on purpose, so that validation has something to find.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from dti_core.framework.model import Criterion, Framework, Variable
from dti_core.framework.rules import metrics, sub_rules
from dti_core.intake.sample import NO, YES

Numbers = npt.NDArray[np.float64]
Texts = list[str]

MEDIANS = {"so": 60.0, "huyen": 400.0, "xa": 80.0}
"""Orders of magnitude of what a unit counts. Chosen, not measured."""
PEOPLE = {"so": 95.0, "huyen": 120_000.0, "xa": 8_600.0}
QUANTITIES = {
    "dan-so": 1.0,
    "dan-so-tu-15-tuoi": 0.75,
    "dan-so-trong-do-tuoi-lao-dong": 0.58,
    "ho-gia-dinh": 0.275,
    "doanh-nghiep": 0.0075,
    "doanh-nghiep-nho-va-vua": 0.007,
    "ho-so-tiep-nhan-va-xu-ly": 0.4,
}
"""Quantities that go with the number of people, as a share of it."""
ADDED_UP = tuple(QUANTITIES)[:5]
"""Of a district: its communes' together (the check `communes_sum`)."""
MISSING = 0.004
WRONG = 0.002
"""Parts of the answers that are left out, and of the parts that are above their whole."""
OFTEN = ("4 lần/năm", "12 lần/năm", "1 lần/tuần", "2 lần/tháng")


class Drawn:
    """The answers of all units of one level, a column a figure.

    texts  (row code, variable) → what each unit typed; "" where it typed nothing
    known  quantity → number of each unit
    """

    def __init__(
        self,
        framework: Framework,
        size: int,
        chance: np.random.Generator,
        fixed: Mapping[str, Numbers] | None = None,
    ) -> None:
        self.framework, self.size, self.chance = framework, size, chance
        self.level = framework.level
        self.weight = np.exp(chance.normal(0, 0.35, size))
        self.skill = chance.normal(0, 0.5, size)
        self.known: dict[str, Numbers] = dict(fixed or {})
        self.numbers: dict[tuple[str, str], Numbers] = {}
        self.texts: dict[tuple[str, str], Texts] = {}
        for row in framework.rows:
            self._row(row)

    def _row(self, row: Criterion) -> None:
        for metric in dict.fromkeys(metrics(row.rule)):
            halves = metric.quotient
            if halves is not None and all(half.variables for half in halves):
                self._ratio(row, halves[0].variables[0], halves[1].variables)
        for name in row.needed:
            if (row.code, name) not in self.numbers:
                self._single(row, name)
        for name in row.needed:
            key, variable = (row.code, name), row.variables[name]
            if key not in self.texts:
                self.texts[key] = [_typed(number, variable) for number in self.numbers[key]]
            for at in np.flatnonzero(self.chance.random(self.size) < MISSING):
                self.texts[key][at] = ""

    def _ratio(self, row: Criterion, part: str, wholes: Sequence[str]) -> None:
        together = np.zeros(self.size)
        for name in wholes:
            if (row.code, name) not in self.numbers:
                self.numbers[row.code, name] = self._whole(row.variables[name])
            together += self.numbers[row.code, name]
        for name, variable in row.variables.items():
            if name != part and variable.quantity in self.known and variable.kind == "count":
                together = np.minimum(together, self.known[variable.quantity])
        if (row.code, part) in self.numbers:
            return
        variable = row.variables[part]
        if variable.quantity in self.known:
            self.numbers[row.code, part] = np.minimum(self.known[variable.quantity], together)
            return
        full = [float(r.full_at) for r in sub_rules(row.rule) if r.type == "ratio" and r.full_at]
        if full and full[0] < 0.5:
            share = full[0] * np.exp(0.5 * self.skill + self.chance.normal(0, 0.3, self.size))
        else:
            odds = 1.2 + self.skill + self.chance.normal(0, 0.6, self.size)
            share = 1 / (1 + np.exp(-odds))
        found = np.rint(together * np.minimum(share, 1.0))
        wrong = self.chance.random(self.size) < WRONG
        self.numbers[row.code, part] = np.where(wrong, np.rint(together * 1.2) + 1, found)
        if variable.quantity is not None:
            self.known[variable.quantity] = self.numbers[row.code, part]

    def _whole(self, variable: Variable) -> Numbers:
        quantity = variable.quantity
        if quantity is not None and quantity in self.known:
            return self.known[quantity]
        people = QUANTITIES.get(quantity or "")
        spread = 0.03 if people else 0.4
        median = MEDIANS[self.level] if people is None else PEOPLE[self.level] * people
        noise = np.exp(self.chance.normal(0, spread, self.size))
        drawn: Numbers = np.maximum(np.rint(median * self.weight * noise), 2)
        if variable.kind == "money":
            drawn *= 1_000  # of millions of đồng
        if quantity is not None:
            self.known[quantity] = drawn
        return drawn

    def _single(self, row: Criterion, name: str) -> None:
        variable, key = row.variables[name], (row.code, name)
        luck = self.skill + self.chance.normal(0, 0.8, self.size)
        match variable.kind:
            case "flag":
                self.texts[key] = [YES if each > -0.9 else NO for each in luck]
            case "choice":
                words = list(variable.choices.values())
                places = np.minimum(np.maximum(np.rint(0.6 - luck), 0), len(words) - 1)
                self.texts[key] = [words[int(place)] for place in places]
            case "frequency":
                self.texts[key] = [
                    OFTEN[min(max(round(2 + each), 0), len(OFTEN) - 1)] for each in luck
                ]
            case "percent":
                self.numbers[key] = np.rint(1000 / (1 + np.exp(-2 - luck))) / 10
                return
            case "text" | "contact":
                self.texts[key] = ["Mẫu"] * self.size
            case "mean":
                self.numbers[key] = np.maximum(np.rint(300 + 100 * luck), 0) / 10
                return
            case _:
                if variable.quantity is None:
                    drawn = np.maximum(np.rint(8 + 4 * luck), 0)
                    self.numbers[key] = drawn * 1_000 if variable.kind == "money" else drawn
                else:
                    self.numbers[key] = self._whole(variable)
                return
        self.numbers[key] = np.zeros(0)


def added_up(communes: Drawn, district_of: npt.NDArray[np.int64], size: int) -> dict[str, Numbers]:
    """Quantity → number of each of `size` districts, as its communes add up.

    district_of  the place of each commune's district
    """
    return {
        name: np.bincount(district_of, communes.known[name], size).astype(np.float64)
        for name in ADDED_UP
        if name in communes.known
    }


def _typed(number: float, variable: Variable) -> str:
    text = f"{number:.1f}".removesuffix(".0").replace(".", ",")
    return f"{text}%" if variable.kind == "percent" else text
