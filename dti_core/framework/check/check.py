"""Run every check over a framework."""

from collections.abc import Iterator

from dti_core.framework.check.finding import Finding
from dti_core.framework.check.rows import check_row
from dti_core.framework.check.steps import check_steps
from dti_core.framework.check.thresholds import check_thresholds
from dti_core.framework.check.totals import check_children, check_totals
from dti_core.framework.model import Framework

_SEVERITIES = ("error", "warning", "note")


def check(framework: Framework) -> list[Finding]:
    """Every finding, the gravest first, in the order of the decree."""
    found = [*check_totals(framework)]
    for criterion in framework.rows:
        found += check_children(framework, criterion)
        found += check_thresholds(framework, criterion)
        found += check_steps(framework, criterion)
        found += check_row(framework, criterion)
    found += _recorded(framework, found)
    return sorted(found, key=lambda finding: _SEVERITIES.index(finding.severity))


def _recorded(framework: Framework, found: list[Finding]) -> Iterator[Finding]:
    """Errata that only a reader can find, and copies that are damaged: the framework tells."""
    reported = {(finding.code, finding.erratum) for finding in found if finding.erratum}
    for criterion in framework.rows:
        if criterion.erratum and (criterion.code, criterion.erratum.kind) not in reported:
            yield Finding(
                framework.id,
                criterion.code,
                f"{criterion.erratum.kind}_erratum",
                "error" if criterion.erratum.kind == "substantive" else "note",
                {},
                criterion.erratum.note,
                criterion.citation,
                criterion.erratum.kind,
            )
