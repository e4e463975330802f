"""The June round as Prefect flows, on a server that the product starts itself, once."""

import asyncio
from pathlib import Path

import pytest
import yaml

from dti_core.records.database import session
from dti_core.records.flags import LISTED, all_flags
from dti_core.records.outbox import notifications
from tasks.unchanged import NOTES
from tests.conftest import JUNE

pytestmark = pytest.mark.prefect
ROOT = Path(__file__).parents[2]


def _files(home: Path) -> dict[str, bytes]:
    """All that a round has, without the notes of which stages need not run again."""
    folder = home / "rounds"
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and NOTES not in file.parts
    }


def _records() -> list[tuple[str, ...]]:
    from dti_core.records.database import database_url, engine
    from dti_core.records.tables import Record

    with engine(database_url()).connect() as connection:
        return [
            (table.name, *map(str, row))
            for table in Record.metadata.sorted_tables
            for row in connection.execute(table.select().order_by(*table.primary_key))
        ]


def test_the_whole_round_runs_and_a_second_run_changes_nothing(server: Path) -> None:
    from flows.cycle import provincial_cycle

    paths = provincial_cycle(JUNE)
    assert [Path(path).name for path in paths] == ["bao-cao.html", "bao-cao.docx"]
    files, recorded = _files(server), _records()
    # the received data file, what the checks said, and the two forms of the report
    assert len(files) == 4
    page = files["vinh-long/2024-06/documents/bao-cao.html"].decode()
    assert "Số liệu có thể đúng nhưng đáng ngờ" in page
    assert "Cùng một số 8.713 được ghi cho 3 mục" in page
    with session() as records:
        stands = {each.status for each in all_flags(records, JUNE)}
        assert stands == {LISTED}, "published elsewhere: nobody is asked"
        assert notifications(records, JUNE) == []
    provincial_cycle(JUNE)
    assert _files(server) == files
    assert _records() == recorded


@pytest.mark.usefixtures("server")
def test_each_stage_leaves_an_artifact() -> None:
    from prefect.client.orchestration import get_client

    async def keys() -> set[str]:
        async with get_client() as client:
            return {str(artifact.key) for artifact in await client.read_artifacts()}

    wanted = {"nhan-so-lieu", "kiem-tra-so-lieu", "tinh-diem", "bao-cao-chi-so-tinh"}
    assert wanted <= asyncio.run(keys())


@pytest.mark.usefixtures("server")
def test_a_refusal_inside_a_flow_reaches_the_caller_at_once() -> None:
    from dti_core.program.load import UnknownRound
    from flows.stages import score

    with pytest.raises(UnknownRound, match="vinh-long/2031"):
        score("vinh-long/2031")


def test_every_deployment_names_a_flow_that_exists() -> None:
    from prefect.flows import Flow, load_flow_from_entrypoint

    plan = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    assert plan["pull"] is not None, "without a pull step the deploying machine's folder is kept"
    for deployment in plan["deployments"]:
        flow = load_flow_from_entrypoint(deployment["entrypoint"])
        assert isinstance(flow, Flow)
        assert set(deployment.get("parameters", {})) <= set(flow.parameters.properties)
