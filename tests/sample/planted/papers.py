"""What comes with the figures of a faultless round: versions, evidence, self-assessed points.

Units send again before the deadline, mend a typing slip when they are asked, name papers of the
year, share one paper among a few rows and round the points that they give themselves.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from dti_core.figures import Figure
from dti_core.framework.model import Framework
from dti_core.plausibility.trace import Evidence, Version, Window
from dti_core.scoring.score import Score

WINDOW = Window(date(2023, 1, 1), date(2023, 12, 31), date(2024, 1, 31))
SENT_AGAIN = 0.2
"""Part of the units that send a second version in time; some of their figures change once."""
ASKED_BACK = 0.08
"""Part of the units that mend figures after the deadline because they were asked to."""
OLD_PAPER = 0.01
"""Part of the rows with a figure whose paper is of an earlier year and right all the same."""

Key = tuple[str, str, str]
Figures = Mapping[Key, Figure]


def versions(units: tuple[str, ...], figures: Figures, seed: int) -> list[Version]:
    """Every version of every numeric figure."""
    chance = Random(f"{seed} versions")
    found: list[Version] = []
    keys: dict[str, list[Key]] = {unit: [] for unit in units}
    for key, figure in figures.items():
        if isinstance(figure.value, Fraction):
            keys[key[0]].append(key)
    for unit in units:
        first = WINDOW.closes - timedelta(days=chance.randint(1, 20))
        for key in keys[unit]:
            found.append(Version(key, 1, first, value_of(figures[key])))
        if chance.random() < SENT_AGAIN:
            second = min(first + timedelta(days=chance.randint(1, 6)), WINDOW.closes)
            found += changed_in(chance, found, keys[unit], 2, second, asked=False)
        if chance.random() < ASKED_BACK:
            late = WINDOW.closes + timedelta(days=chance.randint(3, 15))
            found += changed_in(chance, found, keys[unit], 3, late, asked=True)
    return found


def changed_in(
    chance: Random, found: list[Version], keys: list[Key], number: int, day: date, *, asked: bool
) -> list[Version]:
    """One to four figures that had another value in the version before this one."""
    picked = chance.sample(keys, min(len(keys), chance.randint(1, 4)))
    again = []
    for place, version in enumerate(found):
        if version.key in picked and version.value is not None:
            wrong = version.value + chance.choice([-3, -2, -1, 1, 2, 3, 5])
            again.append(Version(version.key, number, day, version.value, asked))
            found[place] = Version(version.key, version.submission, version.received, max(0, wrong))
            picked.remove(version.key)
    return again


def evidence(
    framework: Framework, units: tuple[str, ...], figures: Figures, seed: int
) -> list[Evidence]:
    """One paper a row, of the year or of the weeks after it, now and then shared by two or three
    rows; plans and decisions are of whatever year they were issued in."""
    chance = Random(f"{seed} evidence")
    found = []
    for unit in units:
        last: tuple[str, str] | None = None
        shared, of_numbers = 0, False
        for row in framework.rows:
            name = next((n for n in row.needed if (unit, row.code, n) in figures), None)
            if name is None:
                continue
            numeric = any(row.variables[n].kind not in ("flag", "choice") for n in row.needed)
            if last is None or numeric != of_numbers or shared >= 2 or chance.random() < 0.75:
                of_numbers = numeric
                last, shared = (paper(chance, numeric), f"{chance.getrandbits(256):064x}"), 0
            else:
                shared += 1
            found.append(Evidence((unit, row.code, name), *last))
    return found


def paper(chance: Random, of_the_year: bool) -> str:
    """How an official cites one."""
    if not of_the_year or chance.random() < OLD_PAPER:
        day = date(2021, 1, 1) + timedelta(days=chance.randint(0, 1090))
        return f"Kế hoạch số {chance.randint(5, 400)}/KH-UBND ngày {day:%d/%m/%Y}"
    day = WINDOW.data_from + timedelta(days=chance.randint(20, 385))
    kind = chance.choice(["Báo cáo số {}/BC", "Công văn số {}/CV", "Biểu thống kê số {}/TK"])
    return f"{kind.format(chance.randint(3, 900))} ngày {day:%d/%m/%Y}"


def self_points(
    scores: Mapping[tuple[str, str], Score], seed: int
) -> dict[tuple[str, str], Fraction]:
    """What the figures earn, sometimes rounded to half a point as people do."""
    chance = Random(f"{seed} points")
    found = {}
    for key, score in scores.items():
        if score.points is not None and score.max_points:
            points = score.points
            if chance.random() < 0.1:
                points = min(Fraction(round(points * 2), 2), score.max_points)
            found[key] = points
    return found


def value_of(figure: Figure) -> Fraction:
    assert isinstance(figure.value, Fraction)
    return figure.value
