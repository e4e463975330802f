"""One seed in a process of its own, which has not imported Prefect yet: it reads its settings when
it is imported, and what it keeps and logs belongs to the simulated home, not to the user's."""

import os
import tempfile
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.runtime import prepare

if TYPE_CHECKING:
    from flows.simulate.outcome import Outcome
    from flows.simulate.passes import Through


def one_seed(
    program: str, year: int, seed: int, through: "Through", folder: Path | None, reached: Path
) -> "Outcome":
    """Run one seed in `folder`, or in one that is thrown away afterwards.

    reached  a file that always says up to which moment the year has gone
    """
    kept = nullcontext(str(folder)) if folder else tempfile.TemporaryDirectory(prefix="dti-nam-")
    with kept as home:
        for theirs in [name for name in os.environ if name.startswith("PREFECT_")]:
            del os.environ[theirs]  # a real office's server and its database are not for samples
        prepare(Path(home))
        from flows.simulate.seeds import simulate

        def passed(moment: datetime) -> None:
            partial = reached.with_name(f".{reached.name}")
            partial.write_text(moment.isoformat(), encoding="utf-8")
            partial.replace(reached)

        return simulate(program, year, seed, through, Path(home), passed)
