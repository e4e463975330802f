"""The districts and communes of the round vinh-phuc/2023: their figures and their faults."""

from fractions import Fraction

from dti_core.program.load import RoundContext, load_round
from tests.sample.districts import (
    ADDED_UP,
    COMMUNE,
    COMMUNE_QUANTITIES,
    DISTRICT,
    DISTRICT_QUANTITIES,
)
from tests.sample.drawing import Recipes, figures, quantities
from tests.sample.level import LevelSample, only
from tests.sample.slips import Slips
from tests.sample.years import Figures

ROUND = "vinh-phuc/2023"
SLIPS = {
    "huyen": Slips(
        late={"yen-lac": 3},
        last_hour=("vinh-tuong",),
        above_whole={("lap-thach", "4.6"): 4},
        in_billions=(("song-lo", "6.16", "a"),),
        unsupported_self=(("binh-xuyen", "1.3"),),
    ),
    "xa": Slips(
        late={"lap-thach-xa-11": 2, "tam-duong-xa-09": 1},
        last_hour=("tam-duong-xa-03", "vinh-tuong-xa-20", "phuc-yen-xa-04"),
        missing=("tam-duong-xa-12",),
        above_whole={("tam-duong-xa-06", "4.6"): 2, ("vinh-tuong-xa-07", "1.3.2"): 1},
        in_billions=(("yen-lac-xa-15", "6.10", "a"),),
        copied={"tam-duong-xa-08": "tam-duong-xa-07"},
        unsupported_self=(("tam-duong-xa-05", "1.4"), ("binh-xuyen-xa-02", "3.2")),
    ),
}


def files(notice: str) -> dict[str, str]:
    """Name → text of the files of both levels."""
    context = load_round(ROUND)
    found: dict[str, str] = {}
    for level, true in _true(context).items():
        sample = LevelSample(only(context, level), true, SLIPS[level])
        found |= sample.files(f"{context.round.evaluation_year}-{level}", notice)
    return found


def _true(context: RoundContext) -> dict[str, Figures]:
    """Level → the true figures. People, households and enterprises of a district are its communes'
    together."""
    communes = [unit for unit in context.units if unit.level == "xa"]
    known = {unit.id: quantities(unit.id, COMMUNE_QUANTITIES, {}) for unit in communes}
    for district in (unit for unit in context.units if unit.level == "huyen"):
        below = [known[unit.id] for unit in communes if unit.parent == district.id]
        together = {name: sum((each[name] for each in below), Fraction(0)) for name in ADDED_UP}
        fixed = {**together, "xa": Fraction(len(below))}
        known[district.id] = quantities(district.id, DISTRICT_QUANTITIES, fixed)
    return {
        level: _level(context, level, recipes, known)
        for level, recipes in (("huyen", DISTRICT), ("xa", COMMUNE))
    }


def _level(
    context: RoundContext, level: str, recipes: Recipes, known: dict[str, dict[str, Fraction]]
) -> Figures:
    return {
        (unit.id, *place): value
        for unit in context.units
        if unit.level == level
        for place, value in figures(
            unit.id, context.frameworks[level], recipes, known[unit.id]
        ).items()
    }
