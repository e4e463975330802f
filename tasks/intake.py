"""Read received material into figures."""

from prefect import task
from prefect.artifacts import create_markdown_artifact

from dti_core.intake.data_files import receive_data_files
from dti_core.program.load import load_round
from dti_core.records.database import session
from dti_core.records.figures import Written
from tasks.retrying import RETRY


@task(name="nhan-so-lieu", **RETRY)
def intake_task(round_id: str, actor: str) -> Written:
    """Read the round's published data files; the same content again writes nothing."""
    context = load_round(round_id)
    with session() as records:
        written = receive_data_files(records, context, actor)
    create_markdown_artifact(
        key="nhan-so-lieu",
        description=f"Số liệu đã nhận, đợt {round_id}",
        markdown=f"| Mới | Thay đổi | Giữ nguyên |\n|---|---|---|\n"
        f"| {written.added} | {written.changed} | {written.unchanged} |",
    )
    return written
