"""Record what was signed and issued, and start what corrects it; the round's files lie beside."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlmodel import Session

from dti_core.errors import Refused
from dti_core.intake.evidence import EvidenceFile, checked
from dti_core.program.load import RoundContext
from dti_core.records import issues
from dti_core.records.database import session
from dti_core.records.issued import CORRECTION as ISSUED_CORRECTION
from dti_core.records.issued import DECISION as ISSUED_DECISION
from dti_core.records.issued import Difference, correction_reason
from dti_core.records.issued import issues as issues_of
from dti_core.records.rounds import require_round
from tasks.busy import until_free
from tasks.papers import Paper, write_papers

if TYPE_CHECKING:
    from reports.letters.issued import Issued


DECISION, CORRECTION = "documents/quyet-dinh-cong-bo.docx", "documents/dinh-chinh-{place}.docx"
"""The paper with its number and day, and those that corrected it, counted from 1."""


class NoFile(Refused):
    """There is no file where one was named."""


def read_paper(path: Path) -> EvidenceFile:
    """A scanned or signed paper. Raises NoFile, UnusableEvidence."""
    if not path.is_file():
        raise NoFile(f"Không có tệp {path}. Hãy kiểm tra đường dẫn.")
    return checked(path.name, path.read_bytes())


def issue(
    context: RoundContext,
    number: str,
    issued_on: date,
    actor: str,
    signed: Path | None = None,
    *,
    correction: bool = False,
) -> bool:
    """Record number and day of the signed decision, or of a correction, and write the paper with
    them; returns whether anything is new.

    Raises NotIssued, NotIssuable, NoFile, UnusableEvidence, BrokenNumber.
    """
    paper = None if signed is None else read_paper(signed)

    def record() -> bool:
        with session() as records:
            require_round(records, context)
            kind = ISSUED_CORRECTION if correction else ISSUED_DECISION
            known = (kind, number.strip()) in {
                (each.kind, each.number) for each in issues_of(records, context.id)
            }
            # a correction tells what differs from the last issue: once it is one itself, nothing
            made = None
            if correction and not known and correction_reason(records, context.id) is not None:
                made = _correction(records, context, _told(context, number, issued_on))
            new = issues.issue(
                records,
                context,
                number,
                issued_on,
                actor=actor,
                signed=paper,
                correction=correction,
            )
            if not correction and not known:
                made = _decision(records, context, _told(context, number, issued_on))
            if made is not None:
                write_papers(records, context.id, [made], actor)
            return new

    return until_free(record)


def _told(context: RoundContext, number: str, on: date) -> "Issued":
    from reports.letters.issued import Issued
    from reports.unit_round.result import paper_of

    return Issued.of(number, on, paper_of(context).symbol)


def _decision(records: Session, context: RoundContext, told: "Issued") -> Paper:
    from reports.letters import decision
    from reports.unit_round.result import decision_values

    values = decision_values(records, context, issued=told)
    return "decision", DECISION, decision.render(values)


def _correction(records: Session, context: RoundContext, told: "Issued") -> Paper:
    from reports.letters import correction
    from reports.unit_round.result import correction_values

    place = len(issues_of(records, context.id))
    values = correction_values(records, context, issued=told)
    return "correction", CORRECTION.format(place=place), correction.render(values)


def start_correction(context: RoundContext, reason: str, actor: str) -> list[Difference]:
    """Start to correct the issued result; returns what differs from it. Raises NotIssued."""

    def record() -> list[Difference]:
        with session() as records:
            require_round(records, context)
            return issues.start_correction(records, context, reason, actor=actor)

    return until_free(record)
