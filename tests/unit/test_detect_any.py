"""Whatever figures come in, under whichever framework: flags that can be recorded and read."""

import random
import unicodedata
import warnings
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

import pytest

from dti_core.figures import Figure, Value
from dti_core.framework.load import load_framework
from dti_core.framework.model import RATIO, Framework, Variable
from dti_core.framework.rules import stated_ratio
from dti_core.plausibility.detect import DETECTORS, detect
from dti_core.plausibility.impact import Impacts
from dti_core.scoring.score import score
from dti_core.scoring.standings import Group
from tests.sample.planted.rounds import POLICIES

FRAMEWORKS = (
    "vinh-phuc-2074/so",
    "vinh-phuc-2074/huyen",
    "vinh-phuc-2074/xa",
    "vinh-long-2554/tinh",
    "kon-tum-419/tinh",
    "dien-bien-2001/so",  # asks for no figure at all
    "vinh-long-mau/so",
)
NUMBERS = (0, 0, 1, 2, 7, 10, 50, 99, 100, 101, 1000, 12345, 10**9, 10**18, -3)

Figures = dict[tuple[str, str, str], Figure]


def scrambled(
    framework: Framework, units: Sequence[str], missing: float, chance: random.Random
) -> Figures:
    """Figures without rhyme or reason, some of them missing."""
    found: Figures = {}
    for unit in units:
        for row in framework.rows:
            for name, variable in row.variables.items():
                if chance.random() > missing and variable.kind not in ("text", "contact"):
                    key = unit, row.code, name
                    raw = chance.choice([None, "12 cái", "77%"])
                    found[key] = Figure(*key, "given", anything(variable, chance), raw=raw)
            if stated_ratio(row.rule) is not None and chance.random() < 0.3:
                key = unit, row.code, RATIO
                ratio = Fraction(chance.choice([0, 1, 265, 2858, 10000, 12000]), 10000)
                found[key] = Figure(*key, "given_as_ratio", ratio)
    return found


def anything(variable: Variable, chance: random.Random) -> Value:
    match variable.kind:
        case "flag":
            return chance.random() < 0.5
        case "choice":
            return chance.choice(list(variable.choices))
        case "percent":
            return Fraction(chance.choice([0, 1, 50, 93, 100, 9300]), 100)
        case _:
            return Fraction(chance.choice(NUMBERS))


@pytest.mark.parametrize("framework_id", FRAMEWORKS)
@pytest.mark.parametrize("size", [0, 1, 9, 12])
def test_scrambled_figures_give_flags_that_can_be_recorded(framework_id: str, size: int) -> None:
    chance = random.Random(f"{framework_id} {size}")
    framework, units = load_framework(framework_id), [f"u{number}" for number in range(size)]
    figures = scrambled(framework, units, chance.choice([0, 0.3]), chance)
    prior = scrambled(framework, units, chance.choice([0, 0.5, 1]), chance)
    scores = score(framework, units, figures, POLICIES, "as_written")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # an official must not see one
        flags = detect(framework, units, figures, prior, {}, scores)
        group = Group("nhóm", framework, tuple(units))
        impacts = Impacts(group, figures, scores, POLICIES, "as_written")
        for flag in flags[:5]:
            impacts.of(flag)
    assert max(Counter(flag.id for flag in flags).values(), default=1) == 1
    for flag in flags:
        assert flag.detector in DETECTORS
        assert flag.criteria[0] == flag.criterion
        assert 0.5 <= flag.suspicion <= 1
        assert flag.message.endswith(".")
        assert unicodedata.is_normalized("NFC", flag.message)
