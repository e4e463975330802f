"""Write what publishes a round: the papers, the pages, the quality report. All of it a draft."""

from prefect import task
from prefect.artifacts import create_markdown_artifact
from sqlmodel import Session

from dti_core.program.load import RoundContext, load_round
from dti_core.records.database import session
from dti_core.records.digests import DRAFT_DECISION
from dti_core.records.drafts import note_draft
from dti_core.records.files import round_folder
from dti_core.records.gates import require_publishable
from dti_core.records.issued import correction_reason, issues
from dti_core.records.rounds import require_round
from tasks.council import minutes
from tasks.papers import Paper, write_papers
from tasks.quality import write_quality
from tasks.retrying import RETRY
from tasks.unchanged import unless_done

DRAFT = "documents/du-thao-quyet-dinh.docx"
REPORT, SUBMISSION = "documents/bao-cao-tham-dinh.docx", "documents/to-trinh.docx"
SITE, DRAFT_SITE, DATA = "site", "site-du-thao", "du-lieu"
"""The result pages under the round's folder, and the open data beside them."""


@task(name="du-thao-cong-bo", **RETRY)
def publish_task(round_id: str, actor: str) -> list[str]:
    """Write draft decision, appraisal report, submission, minutes, quality report and result pages;
    returns their paths. Refused while anything is open that a decision could not stand on."""
    context = load_round(round_id)
    return unless_done("du-thao-cong-bo", context, (actor,), lambda: _publish(context, actor))


def _publish(context: RoundContext, actor: str) -> list[str]:
    paths = publish(context, actor)
    create_markdown_artifact(
        key="du-thao-cong-bo",
        description=f"Dự thảo công bố, đợt {context.id}",
        markdown="\n".join(f"- `{path}`" for path in paths),
    )
    return paths


def publish(context: RoundContext, actor: str) -> list[str]:
    """Write the drafts and record them; returns their paths, the pages' index last.

    Raises NotPublishable with all that is missing.
    """
    with session() as records:
        require_round(records, context)
        require_publishable(records, context)
        papers = drafts(records, context)
        quality = write_quality(records, context, actor)
        # the pages of an issued result stay what they are until a correction is issued
        site = DRAFT_SITE if issues(records, context.id) else SITE
        made = [*papers, *pages(records, context, draft=True, folder=site)]
        write_papers(records, context.id, made, actor)
        note_draft(records, context.id, actor)
    folder = round_folder(context.id)
    return [
        *(str(folder / name) for _, name, _ in papers),
        *quality,
        str(folder / site / "index.html"),
    ]


def drafts(records: Session, context: RoundContext) -> list[Paper]:
    """The draft of the decision, or of what corrects an issued one, and what goes with it."""
    from reports.letters import appraisal_report, submission
    from reports.unit_round.appraisal_report import report_values
    from reports.unit_round.result import submission_values

    return [
        (DRAFT_DECISION, DRAFT, draft_decision(records, context)),
        (
            "appraisal_report",
            REPORT,
            appraisal_report.render(report_values(records, context)),
        ),
        ("submission", SUBMISSION, submission.render(submission_values(records, context))),
        *minutes(records, context),
    ]


def draft_decision(records: Session, context: RoundContext) -> bytes:
    """The paper that is to be signed, without number and day."""
    from reports.letters import correction, decision
    from reports.unit_round.result import correction_values, decision_values

    if correction_reason(records, context.id) is not None:
        return correction.render(correction_values(records, context))
    return decision.render(decision_values(records, context))


def pages(
    records: Session, context: RoundContext, *, draft: bool, folder: str = SITE
) -> list[Paper]:
    """The result pages; the open data beside them once the result is official."""
    from reports.open_data.files import data_files, open_data
    from reports.site.pages import render_site
    from reports.unit_round.site import site_values

    data = {} if draft else open_data(records, context)
    site = site_values(records, context, draft=draft, data=data_files(data, DATA))
    made: list[Paper] = [
        ("result_page", f"{folder}/{name}", page.encode())
        for name, page in render_site(site).items()
    ]
    return made + [("open_data", f"{folder}/{DATA}/{name}", each) for name, each in data.items()]
