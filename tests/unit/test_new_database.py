"""The very first start, with several processes at once."""

import os
import subprocess
import sys
from pathlib import Path

from dti_core.records.location import latest_revision


def test_processes_that_start_at_once_on_a_new_database_upgrade_it_once(
    bare_database: str, tmp_path: Path
) -> None:
    script = (
        "from dti_core.records.database import session\n"
        "from sqlalchemy import text\n"
        "with session() as records:\n"
        "    print(records.execute(text('SELECT version_num FROM alembic_version')).scalar())\n"
    )
    environment = {**os.environ, "DTI_DATABASE_URL": bare_database, "DTI_HOME": str(tmp_path)}
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", script],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    ended = [process.communicate(timeout=120) for process in starting]
    assert [process.returncode for process in starting] == [0] * 4, ended
    assert {told.strip() for told, _ in ended} == {latest_revision()}
