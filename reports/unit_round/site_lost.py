"""The lost points of a unit as its page tells them: which are the cheapest to win back, and how."""

from fractions import Fraction

from dti_core.figures import Figure
from dti_core.scoring.total import scored_rows
from dti_core.scoring.win_back import win_back
from dti_core.scoring.win_back_words import ORDER, sentences
from reports.shown import points
from reports.site.beside import ChanceLine, Chances
from reports.unit_round.site_gathered import Gathered

SHOWN = 12
"""How many criteria a page lists."""


def chances(known: Gathered, unit: str) -> Chances | None:
    """None where nothing is lost, where the unit has no official points, or where nobody has
    decided which reading applies."""
    context = known.context
    if context.program.policies.reading is None or unit not in known.ranks:
        return None
    framework = context.framework_of(unit)
    codes = [row.code for each in framework.criteria for row in scored_rows(each)]
    official = {code: value for code in codes if (value := known.points(unit, code)) is not None}
    if not official:
        return None
    found = win_back(
        framework,
        unit,
        known.of(unit),
        context.program.policies,
        known.scores,
        official,
        [code for code in codes if known.exempted(unit, code) is not None],
    )
    lines = []
    for chance in found[:SHOWN]:
        row = framework.by_code[chance.criterion]
        mine: dict[str, Figure] = {
            name: figure
            for (_, code, name), figure in known.of(unit).items()
            if code == chance.criterion
        }
        steps = sentences(row, chance, mine, known.digits)
        lines.append(ChanceLine(row.code, row.name, points(chance.lost, known.digits), steps))
    if not lines:
        return None
    return Chances(
        lost=points(sum((each.lost for each in found), Fraction(0)), known.digits),
        order=ORDER,
        lines=tuple(lines),
        others=str(len(found) - SHOWN) if len(found) > SHOWN else "",
    )
