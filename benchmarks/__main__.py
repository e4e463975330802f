"""`make bench`: what a command costs beside its imports, and the engine beside plain numpy."""

import json

from benchmarks.commands import command_costs
from benchmarks.engine import engine_costs

if __name__ == "__main__":
    print(json.dumps({"engine": engine_costs(), "commands": command_costs()}, indent=1))
