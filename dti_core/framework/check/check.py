"""Run every check over a framework."""

from collections.abc import Iterator

from dti_core.framework.check.alike import check_alike
from dti_core.framework.check.containment import check_containment
from dti_core.framework.check.documents import check_documents
from dti_core.framework.check.finding import Finding, Row
from dti_core.framework.check.naming import check_names
from dti_core.framework.check.numbering import check_numbering
from dti_core.framework.check.percents import check_percents
from dti_core.framework.check.recorded import with_errata
from dti_core.framework.check.row_names import check_row_name
from dti_core.framework.check.rows import check_row
from dti_core.framework.check.states import check_states
from dti_core.framework.check.steps import check_steps
from dti_core.framework.check.thresholds import check_thresholds
from dti_core.framework.check.totals import check_children, check_totals
from dti_core.framework.model import Framework

_SEVERITIES = ("error", "warning", "note")
_OF_A_ROW = (
    check_children,
    check_thresholds,
    check_percents,
    check_steps,
    check_states,
    check_alike,
    check_containment,
    check_row_name,
    check_row,
)


def check(framework: Framework) -> list[Finding]:
    """Every finding, the gravest first, in the order of the decree."""
    found = [*check_totals(framework)]
    for criterion in framework.rows:
        found += check_one(Row(framework, criterion))
    found += check_numbering(framework)
    found += check_names(framework)
    found += check_documents(framework)
    told = with_errata(framework, found, check_one)
    return sorted(told, key=lambda finding: _SEVERITIES.index(finding.severity))


def check_one(row: Row) -> Iterator[Finding]:
    """Every check that needs one row only."""
    for each in _OF_A_ROW:
        yield from each(row)
