"""A simulated year touches nothing of the office that runs it, not even by Prefect's settings."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import os, sys
from pathlib import Path
from flows.simulate.child import one_seed
from dti_core.errors import Refused

assert "prefect" not in sys.modules
try:
    one_seed("vinh-long", 1999, 1, "stages", Path({folder!r}), Path({folder!r}) / "den-dau")
except Refused as refusal:
    print(refusal)
from prefect.settings import get_current_settings

print(get_current_settings().home)
print(get_current_settings().api.url)
print(get_current_settings().server.database.connection_url)
"""


def test_the_seeds_prefect_is_the_simulated_homes_own(tmp_path: Path) -> None:
    simulated, office, user = tmp_path / "mau", tmp_path / "co-quan", tmp_path / "nguoi-dung"
    for each in (simulated, office, user):
        each.mkdir()
    surroundings = {name: v for name, v in os.environ.items() if not name.startswith("PREFECT_")}
    surroundings |= {
        "HOME": str(user),
        "DTI_HOME": str(office),
        "PREFECT_HOME": str(office / "prefect"),
        "PREFECT_API_URL": "http://127.0.0.1:9/api",
        "PREFECT_API_DATABASE_CONNECTION_URL": "postgresql+asyncpg://office@127.0.0.1:9/prefect",
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(folder=str(simulated))],
        env=surroundings,
        capture_output=True,
        text=True,
        check=True,
        timeout=180,
    )
    refused, home, url, database = done.stdout.strip().splitlines()
    assert "không có đợt nào trong năm 1999" in refused
    assert Path(home) == simulated / "prefect"
    assert url == "None"
    assert "office" not in database
    assert list(office.iterdir()) == list(user.iterdir()) == []
    assert (simulated / "logs").is_dir()
    assert "Traceback" not in done.stderr
