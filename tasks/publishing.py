"""Write what publishes a round: the papers, the pages, the quality report. All of it a draft."""

from prefect import task
from prefect.artifacts import create_markdown_artifact

from dti_core.program.load import load_round
from dti_core.records.database import session
from dti_core.records.files import round_folder
from dti_core.records.rounds import require_round
from tasks.papers import write_papers
from tasks.quality import write_quality
from tasks.retrying import RETRY


@task(name="du-thao-cong-bo", **RETRY)
def publish_task(round_id: str, actor: str) -> list[str]:
    """Write draft decision, submission, quality report and result pages; returns their paths."""
    from reports.letters import decision, submission
    from reports.site.pages import render_site
    from reports.unit_round.result import decision_values, submission_values
    from reports.unit_round.site import site_values

    context = load_round(round_id)
    with session() as records:
        require_round(records, context)
        papers = {
            "documents/du-thao-quyet-dinh.docx": (
                "draft_decision",
                decision.render(decision_values(records, context)),
            ),
            "documents/to-trinh.docx": (
                "submission",
                submission.render(submission_values(records, context)),
            ),
        }
        made = [(kind, name, content) for name, (kind, content) in papers.items()]
        quality = write_quality(records, context, actor)
        pages = render_site(site_values(records, context, draft=True))
        made += [("result_page", f"site/{name}", page.encode()) for name, page in pages.items()]
        write_papers(records, round_id, made, actor)
    folder = round_folder(round_id)
    paths = [
        *(str(folder / name) for name in papers),
        *quality,
        str(folder / "site" / "index.html"),
    ]
    create_markdown_artifact(
        key="du-thao-cong-bo",
        description=f"Dự thảo công bố, đợt {round_id}",
        markdown="\n".join(f"- `{path}`" for path in paths),
    )
    return paths
