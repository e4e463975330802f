"""`make bench`: commands beside their imports, the engine beside plain numpy, workbooks beside the
libraries that write and read them, detectors on faults that tuning never saw."""

import json

from benchmarks.commands import command_costs
from benchmarks.engine import engine_costs
from benchmarks.plausibility import plausibility_costs
from benchmarks.validation import validation_costs
from benchmarks.workbooks import workbook_costs

if __name__ == "__main__":
    costs = {
        "engine": engine_costs(),
        "commands": command_costs(),
        "workbooks": workbook_costs(),
        "validation": validation_costs(),
        "plausibility": plausibility_costs(),
    }
    print(json.dumps(costs, indent=1))
