"""Which findings the framework has already recorded, and errata that no check can find.

A finding is *recorded* where the erratum of its row or pillar answers it:

- a substantive erratum answers a finding about the rule if its `corrected` rule, checked in the
  same way, no longer has it; in a pillar, it answers points that do not add up;
- any substantive or editorial erratum answers a finding about words (a label, a name, a cited
  document), or one that leaves the rule as it is, if its note speaks of it: uses one of the
  words that the finding is `about`. An error of the rule has none, so that no note mends it;
- a damaged copy (`transcription`) answers nothing: the rule already holds the one reading.

So `found_by: checker` is true of an erratum exactly where some finding is recorded by it.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from dti_core.framework.check.finding import Finding, Row
from dti_core.framework.check.words import says
from dti_core.framework.model import Criterion, Erratum, Framework, Pillar, PillarErratum

BESIDE_OTHERS = frozenset({"same_name", "label_units", "quantity_differs", "document_dates"})
"""Kinds that are found beside other rows: no corrected rule can remove them."""

ChecksOfARow = Callable[[Row], Iterator[Finding]]


def with_errata(
    framework: Framework, found: list[Finding], check_row: ChecksOfARow
) -> Iterator[Finding]:
    """The findings with the erratum that answers each, then the errata that none leads to."""
    everything: list[Criterion | Pillar] = [*framework.pillars, *framework.rows]
    bearers = {each.code: each for each in everything if each.erratum}
    left = {code: _kinds_left(framework, each, check_row) for code, each in bearers.items()}
    claimed: set[str] = set()
    for finding in found:
        bearer = bearers.get(finding.code)
        if bearer and bearer.erratum and answers(bearer.erratum, finding, left[finding.code]):
            claimed.add(finding.code)
            finding = replace(finding, erratum=bearer.erratum.kind)
        yield finding
    for code, bearer in bearers.items():
        if bearer.erratum and code not in claimed:
            yield _told(framework, bearer, bearer.erratum)


def answers(erratum: Erratum | PillarErratum, finding: Finding, kinds_left: frozenset[str]) -> bool:
    """Whether an erratum answers a finding. `kinds_left`: what its corrected rule still has."""
    if erratum.kind == "transcription":
        return False
    if isinstance(erratum, PillarErratum) and finding.kind == "pillar_total":
        return erratum.kind == "substantive"
    if (
        isinstance(erratum, Erratum)
        and erratum.kind == "substantive"
        and finding.kind not in kinds_left | BESIDE_OTHERS
    ):
        return True
    return any(_speaks(erratum.note, about) for about in finding.about)


def _speaks(note: str, about: str) -> bool:
    """Word by word, so that "0 tin" is not found in "10 tin"; signs ("dấu %") as they stand."""
    if about.replace(" ", "").isalnum():
        return says(note, about)
    return about.casefold() in note.casefold()


def _kinds_left(
    framework: Framework, bearer: Criterion | Pillar, check_row: ChecksOfARow
) -> frozenset[str]:
    erratum = bearer.erratum
    if not isinstance(bearer, Criterion) or not isinstance(erratum, Erratum):
        return frozenset()
    if erratum.corrected is None:
        return frozenset()
    corrected = bearer.model_copy(update={"rule": erratum.corrected, "erratum": None})
    return frozenset(finding.kind for finding in check_row(Row(framework, corrected)))


def _told(
    framework: Framework, bearer: Criterion | Pillar, erratum: Erratum | PillarErratum
) -> Finding:
    """An erratum that only a reader can find, or a damaged copy: the framework tells it."""
    return Finding(
        framework.id,
        bearer.code,
        f"{erratum.kind}_erratum",
        "error" if erratum.kind == "substantive" else "note",
        {},
        erratum.note,
        bearer.citation,
        erratum.kind,
    )
