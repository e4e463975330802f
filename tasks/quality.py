"""Write the data-quality report: a page and a workbook of the round, a page for each unit."""

from prefect import task
from prefect.artifacts import create_markdown_artifact
from sqlmodel import Session

from dti_core.program.load import RoundContext, load_round
from dti_core.records.database import session
from dti_core.records.files import round_folder
from dti_core.records.rounds import require_round
from tasks.papers import write_papers
from tasks.retrying import RETRY
from tasks.unchanged import unless_done


@task(name="chat-luong-so-lieu", **RETRY)
def quality_task(round_id: str, actor: str) -> list[str]:
    """Write the report over the records as they are; see `write_quality`."""
    context = load_round(round_id)
    return unless_done(
        "chat-luong-so-lieu",
        context,
        (actor,),
        lambda: _quality(context, actor),
        folders=("validation",),
    )


def _quality(context: RoundContext, actor: str) -> list[str]:
    with session() as records:
        require_round(records, context)
        paths = write_quality(records, context, actor)
    create_markdown_artifact(
        key="chat-luong-so-lieu",
        description=f"Báo cáo chất lượng số liệu, đợt {context.id}",
        markdown="\n".join(f"- `{path}`" for path in paths),
    )
    return paths


def write_quality(records: Session, context: RoundContext, actor: str) -> list[str]:
    """Write the report's files; returns the paths of the round's page and workbook."""
    from reports.quality.files import quality_files

    paths, made = [], []
    for name, content in quality_files(records, context).items():
        page_of_unit = "/" in name
        kind = "quality_page" if page_of_unit else "quality_report"
        made.append((kind, f"documents/{name}", content))
        if not page_of_unit:
            paths.append(str(round_folder(context.id) / "documents" / name))
    write_papers(records, context.id, made, actor)
    return paths
