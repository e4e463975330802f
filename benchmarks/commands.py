"""Light commands as a ratio of `import pandas`: an official waits for the answer, not for us."""

import os
import subprocess
import sys
import tempfile

from benchmarks.timing import command_cost


def command_costs() -> dict[str, float]:
    """Seconds of `import pandas`, and commands as a multiple of it."""
    pandas = command_cost("-c", "import pandas")
    costs = {"import pandas, seconds": round(pandas, 3)}
    commands: dict[str, tuple[str, ...]] = {
        "dti --help": ("--help",),
        "dti frameworks show": ("frameworks", "show", "vinh-long-2554/tinh"),
        "dti frameworks show --json": ("frameworks", "show", "vinh-long-2554/tinh", "--json"),
    }
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DTI_HOME"] = folder
        _score_a_round()
        commands["dti why"] = ("why", "vinh-long/2024-06", "kon-tum", "5.7")
        for name, arguments in commands.items():
            cost = command_cost("-m", "flows.cli", *arguments)
            costs[f"{name} / import pandas"] = round(cost / pandas, 2)
    return costs


def _score_a_round() -> None:
    """A round with recorded points, for `dti why` to explain."""
    for arguments in (
        ("rounds", "open", "vinh-long/2024-06"),
        ("intake", "vinh-long/2024-06"),
        ("score", "vinh-long/2024-06"),
    ):
        subprocess.run(
            [sys.executable, "-m", "flows.cli", *arguments], check=True, capture_output=True
        )
