"""All doubts about the figures of a round, in the order in which people read them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain

from dti_core.framework.model import Framework
from dti_core.plausibility import (
    across_rows,
    contradicting,
    denominator,
    evidence_fit,
    heaping,
    impossible,
    other_thing,
    own_copy,
    peer_change,
    peer_level,
    percent_for_count,
    prior_year,
    reused,
    revised,
    self_score,
    shifted,
    unit_mixup,
)
from dti_core.plausibility.copied import DETECTOR as COPIED
from dti_core.plausibility.copied import copied
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.limits import DEFAULT, Limits
from dti_core.plausibility.panel import Panel
from dti_core.plausibility.trace import Evidence, Version, Window
from dti_core.scoring.score import FigureMap, Score

DETECTORS = (
    COPIED,
    own_copy.DETECTOR,
    shifted.DETECTOR,
    unit_mixup.DETECTOR,
    percent_for_count.DETECTOR,
    impossible.DETECTOR,
    across_rows.DETECTOR,
    denominator.DETECTOR,
    reused.DETECTOR,
    prior_year.DETECTOR,
    peer_change.DETECTOR,
    contradicting.DETECTOR,
    peer_level.DETECTOR,
    heaping.DETECTOR,
    other_thing.DETECTOR,
    revised.LATE,
    revised.CHANGING,
    evidence_fit.DATES,
    evidence_fit.FILE,
    self_score.DETECTOR,
)
"""Every detector, in the order in which flags of one row stand, and in which one doubt about a
figure silences the next: what explains most comes first."""


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
    versions: Iterable[Version] = (),
    evidence: Sequence[Evidence] = (),
    window: Window | None = None,
) -> list[Flag]:
    """Flags of units that share a framework, by unit (in the order given), row and detector.

    figures, prior  this year's, and last year's under this year's units and codes
    submitters      (unit, row) → who gave the row, see `Panel.of`
    names           unit → its name for people
    versions        every version of the figures; `evidence` what units name as such. Neither is
                    looked at without the round's `window`.

    A doubt that explains a figure silences the weaker ones about it: what is copied is not also
    asked for its unit of measure or its jump, what is a mix-up not for the impossible sum or the
    unusual share that follow from it.
    """
    panel = Panel.of(framework, units, figures, prior, submitters)
    flags = [*_about_values(panel, names or {}, limits)]
    flags += heaping.heaping(panel, limits)
    flags += other_thing.other_thing(panel)
    if window is not None:
        flags += revised.revised(panel, versions, window.closes, limits)
        flags += evidence_fit.evidence_dates(framework, units, evidence, window)
        flags += evidence_fit.evidence_file(framework, units, evidence, limits)
    flags += self_score.self_score(framework, units, self_points, scores, limits)
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


def _about_values(panel: Panel, names: Mapping[str, str], limits: Limits) -> Iterator[Flag]:
    """Doubts about what the figures are, each figure's strongest only."""
    copies = [
        *copied(panel, names, limits),
        *own_copy.own_copy(panel, limits),
        *shifted.shifted(panel, limits),
    ]
    cells: set[tuple[str, str, str]] = set()
    asked: set[str] = set()
    for copy in copies:
        if copy.flag.unit in asked:
            continue  # one explanation of a whole workbook is enough
        asked.add(copy.flag.unit)
        cells |= {(copy.flag.unit, *cell) for cell in copy.figures}
        yield copy.flag
    explained = {(unit, row) for unit, row, _ in cells}
    # one number in unlike rows and a part above another row's whole are two doubts, both told
    ladder: tuple[tuple[Iterator[Flag], ...], ...] = (
        (unit_mixup.unit_mixup(panel, limits),),
        (percent_for_count.percent_for_count(panel, limits),),
        (impossible.part_above_whole(panel),),
        (reused.reused(panel, limits), across_rows.across_rows(panel)),
        (denominator.denominator(panel, limits),),
        (prior_year.prior_year(panel, limits),),
        (peer_change.peer_change(panel, limits),),
        (contradicting.contradicting(panel, limits),),
        (peer_level.peer_level(panel, limits),),
    )
    for step in ladder:
        new: set[tuple[str, str]] = set()
        for flag in chain(*step):
            if not _rests_on(flag) & explained:
                new |= {(flag.unit, row) for row in flag.criteria}
                yield flag
        explained |= new


def _rests_on(flag: Flag) -> set[tuple[str, str]]:
    """The rows without which there would be no such doubt: the row itself, and of rows that
    contradict each other all of them."""
    rows = flag.criteria if flag.detector == contradicting.DETECTOR else (flag.criterion,)
    return {(flag.unit, row) for row in rows}
