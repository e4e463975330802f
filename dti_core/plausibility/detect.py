"""All doubts about the figures of a round, in the order in which people read them."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from dti_core.framework.model import Framework
from dti_core.plausibility import impossible, prior_year, self_score, unit_mixup
from dti_core.plausibility.copied import DETECTOR as COPIED
from dti_core.plausibility.copied import copied
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.limits import DEFAULT, Limits
from dti_core.scoring.score import FigureMap, Score

DETECTORS = (
    COPIED,
    impossible.DETECTOR,
    unit_mixup.DETECTOR,
    prior_year.DETECTOR,
    self_score.DETECTOR,
)
"""Every detector, in the order in which flags of one row stand."""


def detect(
    framework: Framework,
    units: Sequence[str],
    figures: FigureMap,
    prior: FigureMap,
    self_points: Mapping[tuple[str, str], Fraction],
    scores: Mapping[tuple[str, str], Score],
    submitters: Mapping[tuple[str, str], str] | None = None,
    names: Mapping[str, str] | None = None,
    limits: Limits = DEFAULT,
) -> list[Flag]:
    """Flags of units that share a framework, by unit (in the order given), row and detector.

    A doubt that explains a figure silences the weaker ones about it: what is copied is not also
    asked for its unit of measure or its jump, what is a mix-up not for its jump.

    submitters, names  see `copied`
    """
    copies = copied(framework, units, figures, prior, submitters, names, limits)
    explained = {
        (copy.flag.unit, criterion, variable)
        for copy in copies
        for criterion, variable in copy.figures
    }
    mixups = [
        flag
        for flag in unit_mixup.unit_mixup(framework, units, figures, prior, limits)
        if (flag.unit, flag.criterion, flag.variable) not in explained
    ]
    explained |= {(flag.unit, flag.criterion, flag.variable or "") for flag in mixups}
    flags = [
        *(copy.flag for copy in copies),
        *impossible.part_above_whole(framework, units, figures),
        *mixups,
        *(
            flag
            for flag in prior_year.prior_year(framework, units, figures, prior, limits)
            if (flag.unit, flag.criterion, flag.variable) not in explained
        ),
        *self_score.self_score(framework, units, self_points, scores, limits),
    ]
    unit_place = {unit: place for place, unit in enumerate(units)}
    row_place = {row.code: place for place, row in enumerate(framework.rows)}

    def order(flag: Flag) -> tuple[int, int, int, str]:
        return (
            unit_place[flag.unit],
            row_place[flag.criterion],
            DETECTORS.index(flag.detector),
            flag.variable or "",
        )

    return sorted(flags, key=order)
