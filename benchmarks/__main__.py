"""`make bench`: commands beside their imports, the engine beside plain numpy, workbooks beside the
libraries that write and read them, detectors on faults that tuning never saw, and the whole cycle
beside its fixed cost. `python -m benchmarks cycle [SIZE …]` measures the last alone."""

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.cycle import SIZES, cycle_costs
from benchmarks.engine import NATIONAL, engine_cost
from benchmarks.page import write_page


def cycle(sizes: tuple[int, ...]) -> dict[str, Any]:
    """Measure the cycle and national scoring, and write the page."""
    costs, national = cycle_costs(sizes), engine_cost(NATIONAL)
    write_page(costs, national)
    return {"cycle": costs, "national scoring": national}


def parts() -> dict[str, Any]:
    """What is measured piece by piece."""
    from benchmarks.commands import command_costs
    from benchmarks.engine import engine_costs
    from benchmarks.plausibility import plausibility_costs
    from benchmarks.validation import validation_costs
    from benchmarks.workbooks import workbook_costs

    return {
        "engine": engine_costs(),
        "commands": command_costs(),
        "workbooks": workbook_costs(),
        "validation": validation_costs(),
        "plausibility": plausibility_costs(),
    }


def main(arguments: list[str]) -> None:
    """Print everything, or the cycle alone for the named sizes, as JSON."""
    if arguments[:1] == ["page"]:  # out of figures that were kept before
        kept = json.loads(Path(arguments[1]).read_text(encoding="utf-8"))
        write_page(kept["cycle"], kept["national scoring"])
    elif arguments[:1] == ["cycle"]:
        print(json.dumps(cycle(tuple(map(int, arguments[1:])) or SIZES), indent=1))
    else:
        print(json.dumps(parts() | cycle(SIZES), indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
