"""Write what publishes a round: the papers, the pages, the quality report. All of it a draft."""

import hashlib

from prefect import task
from prefect.artifacts import create_markdown_artifact

from dti_core.program.load import load_round
from dti_core.records.database import session
from dti_core.records.files import round_folder, write_whole
from dti_core.records.rounds import record_document, require_round
from tasks.retrying import RETRY


@task(name="du-thao-cong-bo", **RETRY)
def publish_task(round_id: str, actor: str) -> list[str]:
    """Write draft decision, submission, quality report and result pages; returns their paths."""
    from reports.letters import decision, submission
    from reports.quality.files import quality_files
    from reports.site.pages import render_site
    from reports.unit_round.result import decision_values, submission_values
    from reports.unit_round.site import site_values

    context = load_round(round_id)
    with session() as records:
        require_round(records, context)
        made: dict[str, tuple[str, bytes]] = {
            "documents/du-thao-quyet-dinh.docx": (
                "draft_decision",
                decision.render(decision_values(records, context)),
            ),
            "documents/to-trinh.docx": (
                "submission",
                submission.render(submission_values(records, context)),
            ),
        }
        for name, content in quality_files(records, context).items():
            kind = "quality_page" if "/" in name else "quality_report"
            made[f"documents/{name}"] = (kind, content)
        for name, page in render_site(site_values(records, context, draft=True)).items():
            made[f"site/{name}"] = ("result_page", page.encode())
        for name, (kind, content) in made.items():
            write_whole(round_folder(round_id) / name, content)
            digest = hashlib.sha256(content).hexdigest()
            record_document(records, round_id, kind, name, digest, actor)
    paths = [
        str(round_folder(round_id) / name)
        for name, (kind, _) in made.items()
        if kind not in ("result_page", "quality_page") or name == "site/index.html"
    ]
    create_markdown_artifact(
        key="du-thao-cong-bo",
        description=f"Dự thảo công bố, đợt {round_id}",
        markdown="\n".join(f"- `{path}`" for path in paths),
    )
    return paths
