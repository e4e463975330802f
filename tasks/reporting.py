"""Write the documents of a round."""

from prefect import task
from prefect.artifacts import create_markdown_artifact

from dti_core.program.load import RoundContext, load_round
from dti_core.records.awards import findings
from dti_core.records.database import session
from dti_core.records.files import round_folder
from dti_core.records.flags import all_flags, weightiest
from dti_core.records.rounds import require_round
from dti_core.records.scoring import scored_round
from tasks.papers import write_papers
from tasks.retrying import RETRY
from tasks.unchanged import unless_done

REPORT = "report"
"""The kind under which the report is recorded."""


@task(name="bao-cao-chi-so-tinh", **RETRY)
def provincial_report_task(round_id: str, actor: str) -> list[str]:
    """Write the report as a page and as a .docx; returns their paths."""
    context = load_round(round_id)
    return unless_done("bao-cao-chi-so-tinh", context, (actor,), lambda: _report(context, actor))


def _report(context: RoundContext, actor: str) -> list[str]:
    from reports.provincial import data, document, page

    round_id, folder = context.id, round_folder(context.id) / "documents"
    with session() as records:
        require_round(records, context)
        frameworks = {unit.id: context.framework_of(unit.id) for unit in context.units}
        report = data.gather(
            context,
            scored_round(records, context),
            findings(records, round_id),
            weightiest(all_flags(records, round_id), frameworks),
        )
        made = {
            "bao-cao.html": page.render(report).encode(),
            "bao-cao.docx": document.render(report),
        }
        papers = [(REPORT, f"documents/{name}", content) for name, content in made.items()]
        write_papers(records, round_id, papers, actor)
    paths = [str(folder / name) for name in made]
    create_markdown_artifact(
        key="bao-cao-chi-so-tinh",
        description=f"Báo cáo đợt {round_id}",
        markdown="\n".join(f"- `{path}`" for path in paths),
    )
    return paths
