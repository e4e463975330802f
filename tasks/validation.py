"""Validate the figures of a round with Great Expectations."""

from prefect import task
from prefect.artifacts import create_table_artifact

from dti_core.program.load import load_round
from dti_core.records.awards import write_findings
from dti_core.records.database import session
from dti_core.records.figures import current_figures
from dti_core.records.rounds import require_round
from dti_core.records.tables import FindingRecord
from tasks.retrying import RETRY


@task(name="kiem-tra-so-lieu", **RETRY)
def validate_task(round_id: str, actor: str) -> dict[str, int]:
    """Run every check over one pooled frame a level and record the findings, by severity."""
    # Great Expectations takes seconds to import: here, and nowhere else
    from expectations.frame import pooled_frame
    from expectations.run import validate

    context = load_round(round_id)
    with session() as records:
        require_round(records, context)
        figures = current_figures(records, round_id)
        found = [
            FindingRecord(round_id=round_id, **vars(finding))
            for level, framework in context.frameworks.items()
            for finding in validate(
                pooled_frame(framework, [u.id for u in context.units if u.level == level], figures)
            )
        ]
        write_findings(records, round_id, found, actor)
        counts = {"fatal": 0, "warning": 0}
        for finding in found:
            counts[finding.severity] += 1
        create_table_artifact(
            key="kiem-tra-so-lieu",
            description=f"Phát hiện khi kiểm tra số liệu, đợt {round_id}",
            table=[
                {
                    "đơn vị": finding.unit,
                    "mục": finding.criterion,
                    "mức": finding.severity,
                    "nội dung": finding.message,
                }
                for finding in found
            ],
        )
    return counts
