"""A round that is killed at any moment ends as if nobody had; `make kills` does it at length."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.conftest import POSTGRES

pytestmark = pytest.mark.prefect
ROOT = Path(__file__).parents[2]
RUNS = 25 if os.environ.get("DTI_TEST_WHOLE") else 5
"""On each database; a run takes about ten seconds of one processor."""


def _postgres() -> bool:
    try:
        psycopg.connect(POSTGRES, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def test_rounds_killed_at_any_moment_end_as_if_nobody_had(tmp_path: Path) -> None:
    databases = ["sqlite", "postgres"] if _postgres() else ["sqlite"]
    command = [sys.executable, "-m", "tests.flows.kills", f"--runs={RUNS}", f"--out={tmp_path}"]
    # on a server of its own, which does what a round needs and no more
    own = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    done = subprocess.run(
        [*command, "--database", *databases],
        cwd=ROOT,
        env=own,
        capture_output=True,
        text=True,
        timeout=120 + 90 * RUNS,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    for database in databases:
        lines = (tmp_path / f"{database}.jsonl").read_text(encoding="utf-8").splitlines()
        runs = [json.loads(line) for line in lines]
        assert len(runs) == RUNS
        assert not [each["wrong"] for each in runs if each["wrong"]]
        assert any(each["kills"] for each in runs)
    if "postgres" not in databases:
        pytest.skip(f"PostgreSQL không có ở {POSTGRES}")
