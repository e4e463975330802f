"""Figures that several providers give together, worked out anew when a part of one arrives."""

from sqlmodel import Session

from dti_core.figures import Figure
from dti_core.intake.parts import combined
from dti_core.program.load import RoundContext
from dti_core.program.requests import shared_figures
from dti_core.records import audit
from dti_core.records.figures import add_versions, current_figures
from dti_core.records.rights import Right, need
from dti_core.records.tables import SubmissionRecord


def combine(
    session: Session, context: RoundContext, submission: SubmissionRecord, actor: str
) -> int:
    """Write the shared figures that follow from the parts now; returns how many changed."""
    actor = need(session, context.id, Right.OPERATE, actor)
    shared = shared_figures(context)
    if not any(submission.unit in each.providers for each in shared.values()):
        return 0
    figures = current_figures(session, context.id)
    names = {unit.id: unit.name for unit in context.program.units}
    changed: list[Figure] = []
    for key, each in shared.items():
        figure = combined(each, figures, names)
        if figure is not None and figures.get(key) != figure:
            changed.append(figure)
    if changed:
        add_versions(session, context.id, submission, changed)
        detail = {"changed": len(changed), "submission": submission.sha256}
        audit.append(session, context.id, "parts_combined", submission.source, detail, actor)
    return len(changed)
