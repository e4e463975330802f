"""Runs that were cut off with the server: put back, so that they go on when it is up again.

Every stage may run again, and does only what is still to do: a run that is put back loses nothing
and doubles nothing.
"""

from datetime import UTC, datetime
from typing import Any

from flows.office.api import NotThere, ask

PAGE = 200
"""How many runs Prefect gives at once."""


def unfinished(url: str, pool: str) -> list[str]:
    """The runs of a work pool that the server takes for running. With no worker alive, none is."""
    found: list[str] = []
    while True:
        page = ask(
            url,
            "/flow_runs/filter",
            {
                "flow_runs": {"state": {"type": {"any_": ["RUNNING", "PENDING"]}}},
                "work_pools": {"name": {"any_": [pool]}},
                "limit": PAGE,
                "offset": len(found),
            },
        )
        # a stage inside a run is a run too: it comes again with the one that it is in
        found += [run["id"] for run in page if not run.get("parent_task_run_id")]
        if len(page) < PAGE:
            return found


def has_other_workers(url: str, pool: str, name: str) -> bool:
    """Whether workers other than the one of this name are alive in a pool: the runs that the server
    takes for running may be theirs."""
    try:
        workers = ask(url, f"/work_pools/{pool}/workers/filter", {})
    except NotThere:
        return False
    return any(each["status"] == "ONLINE" and each["name"] != name for each in workers)


def put_back(url: str, runs: list[str], why: str) -> list[str]:
    """Schedule runs again for now; returns those that had not ended in good order meanwhile."""
    back = []
    for run in runs:
        state = ask(url, f"/flow_runs/{run}")["state"]
        if state["type"] in ("COMPLETED", "CANCELLED", "FAILED", "PAUSED", "SCHEDULED"):
            continue
        ask(url, f"/flow_runs/{run}/set_state", {"state": _again(why), "force": True})
        back.append(run)
    return back


def _again(why: str) -> dict[str, Any]:
    return {
        "type": "SCHEDULED",
        "name": "AwaitingRetry",
        "message": why,
        "state_details": {"scheduled_time": datetime.now(UTC).isoformat()},
    }
