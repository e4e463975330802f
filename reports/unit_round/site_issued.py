"""The papers that published a result and corrected it, as pages and open data cite them."""

from datetime import date

from sqlmodel import Session

from dti_core.program.load import RoundContext
from dti_core.records.issued import issues
from reports.letters.issued import Issued
from reports.unit_round.result import paper_of


def issued(records: Session, context: RoundContext) -> list[tuple[str, Issued]]:
    """Kind (`DECISION`, then any `CORRECTION`) and paper, in order; none while nothing was issued.

    Raises NoDecisionPaper where the program no longer says how its decision is headed.
    """
    return [
        (
            each.kind,
            Issued.of(each.number, date.fromisoformat(each.issued_on), paper_of(context).symbol),
        )
        for each in issues(records, context.id)
    ]
