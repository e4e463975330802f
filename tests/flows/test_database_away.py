"""The database goes away under a flow and comes back: the stage waits for it and goes on."""

import threading
from pathlib import Path

import pytest

from dti_core.records.awards import awards
from dti_core.records.database import database_url, engine, session
from dti_core.records.verifying import verify
from flows.stages import score
from tests.flows.kills.program import ROUND
from tests.unit.private_cluster import private_cluster
from tests.unit.small_sent_round import opened

pytestmark = [pytest.mark.prefect, pytest.mark.postgres]
AWAY = 1.0
"""Seconds: the first retry comes after two."""


@pytest.mark.usefixtures("server")
def test_a_stage_waits_for_a_database_that_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DTI_HOME", str(tmp_path))
    with private_cluster() as cluster:
        monkeypatch.setenv("DTI_DATABASE_URL", cluster.url)
        opened()
        cluster.stop()
        back = threading.Timer(AWAY, cluster.start)
        back.start()
        try:
            assert score(ROUND) > 0
        finally:
            back.join()
        with session() as records:
            assert awards(records, ROUND)
            assert verify(records, ROUND) == []
        engine(database_url()).dispose()
