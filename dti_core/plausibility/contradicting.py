"""Shares that contradict each other: all of the one beside next to nothing of a related one."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np

from dti_core.framework.model import RATIO, Criterion, Framework
from dti_core.framework.rules import stated_ratio
from dti_core.framework.similar import normal
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.limits import DEFAULT, Limits
from dti_core.plausibility.panel import Floats, Panel, places
from dti_core.plausibility.peers import known
from dti_core.rational import percent

DETECTOR = "contradicting"

ABBREVIATIONS = {
    "dvctt": "dịch vụ công trực tuyến",
    "dvc": "dịch vụ công",
    "tthc": "thủ tục hành chính",
    "httt": "hệ thống thông tin",
    "cqnn": "cơ quan nhà nước",
    "attt": "an toàn thông tin",
    "ccvc": "công chức viên chức",
}
"""Short forms that the decrees use beside the long ones."""

COMMON = 2
"""Terms (two syllables in a row: "hồ sơ", "trực tuyến") that related rows have in common. Ours."""

_MOSTLY = 0.6
"""A term tells of a pillar's matter where so much of its use is there, and where no more than a
third of all rows use it."""


def contradicting(panel: Panel, limits: Limits = DEFAULT) -> Iterator[Flag]:
    """Rows at exactly 100 % of which a related row stands at a third or less, one flag a row.

    Related are rows of one pillar that have terms in common (`COMMON`, in their names and labels)
    which other pillars hardly use: they speak of one matter, such as online public services.
    Nothing at all (0 %) is work that has not begun and contradicts nothing. Where peers are enough
    and more than `limits.ordinary` of those that have both shares show the same pattern, or most
    have next to nothing of the related row, it is what the matter is like.

    Source: ours. The pattern is that of 419/KH-UBND, Phụ lục 2: all accounts use online services
    (6.13, 100 %), and 28,58 % of dossiers are handled online (6.12).

    Limits: terms are compared by their letters; a third is a guess of what "next to nothing" is.
    """
    shares = {row.code: _share(panel, row) for row in panel.framework.rows}
    full: dict[str, dict[int, list[str]]] = {}
    for one, two in related(panel.framework):
        for every, few in ((one, two), (two, one)):
            high, low = shares[every], shares[few]
            with np.errstate(invalid="ignore"):
                found = (high == 1) & (low > 0) & (low <= float(limits.next_to_nothing))
            both = known(high + low)
            if both > limits.peers and (
                found.sum() > float(limits.ordinary) * both + 2
                or float(np.nanmedian(low)) <= float(limits.next_to_nothing)
            ):
                continue
            for place in places(found):
                full.setdefault(every, {}).setdefault(place, []).append(few)
    for every, units in full.items():
        for place, others in units.items():
            yield _flag(panel, place, every, others, shares)


def _flag(
    panel: Panel, place: int, every: str, others: Sequence[str], shares: Mapping[str, Floats]
) -> Flag:
    row = panel.framework.by_code[every]
    ratio = stated_ratio(row.rule)
    stated = panel.place.get((every, RATIO))
    variable: str | None = RATIO
    if stated is None or np.isnan(panel.now[place, stated]):
        assert ratio is not None
        top = ratio.quotient[0].variables if ratio.quotient else ()
        variable = top[0] if len(top) == 1 else None
    reported = None
    if variable is not None:
        reported = panel.value(place, panel.place[every, variable])
    lowest = min(others, key=lambda code: shares[code][place])
    beside = "; ".join(
        f"mục {code} ({panel.framework.by_code[code].name}) chỉ"
        f" {percent(Fraction(repr(round(float(shares[code][place]), 6))))}"
        for code in others
    )
    return Flag(
        unit=panel.units[place],
        criterion=every,
        variable=variable,
        detector=DETECTOR,
        reported=reported,
        criteria=(every, *others),
        suspicion=round(0.9 - float(shares[lowest][place]), 3),
        message=(
            f"Mục {every} ({row.name}) báo cáo 100 %, nhưng {beside}; các mục này nói về cùng một"
            " việc nên khó cùng đúng. Đề nghị kiểm tra lại cách tính của các mục này."
        ),
    )


def related(framework: Framework) -> Iterator[tuple[str, str]]:
    """Pairs of rows of one pillar with a share each that speak of one matter."""
    terms = {row.code: _terms(row) for row in framework.rows}
    everywhere = Counter(term for found in terms.values() for term in found)
    for pillar in framework.pillars:
        here = Counter(term for row in pillar.rows for term in terms[row.code])
        telling = {
            term
            for term, count in here.items()
            if count >= _MOSTLY * everywhere[term] and 3 * everywhere[term] <= len(terms)
        }
        rows = [row.code for row in pillar.rows if _counts(row)]
        for one, two in combinations(rows, 2):
            if len(terms[one] & terms[two] & telling) >= COMMON:
                yield one, two


def _counts(row: Criterion) -> bool:
    """Whether the row is a share of counted things: money follows other ways."""
    ratio = stated_ratio(row.rule)
    return ratio is not None and all(
        row.variables[name].kind == "count" for name in ratio.variables
    )


def _terms(row: Criterion) -> frozenset[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for text in (row.name, *(each.label for each in row.variables.values())):
        syllables: list[str] = []
        for syllable in normal(text):
            syllables += ABBREVIATIONS.get(syllable, syllable).split()
        found |= set(pairwise(syllables))
    return frozenset(found)


def _share(panel: Panel, row: Criterion) -> Floats:
    """The row's share of every unit: as stated outright, else from its figures."""
    nothing = np.full(len(panel.units), np.nan)
    ratio = stated_ratio(row.rule)
    if ratio is None:
        return nothing
    stated = panel.place.get((row.code, RATIO))
    given = nothing if stated is None else panel.now[:, stated]
    if any((row.code, name) not in panel.place for name in ratio.variables):
        return given
    values = {name: panel.now[:, panel.place[row.code, name]] for name in ratio.variables}
    with np.errstate(divide="ignore", invalid="ignore"):
        worked_out = ratio.evaluate(values, lambda number: np.array(float(number)))
    share: Floats = np.where(np.isnan(given), worked_out, given)
    return share
