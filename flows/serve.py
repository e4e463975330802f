"""Serve the unit round's cycle from this process: `python -m flows.serve`.

Runs are started from Prefect's page, by `prefect deployment run`, or on a schedule; a run that
waits for people is suspended and costs nothing, and `dti approve` resumes it in a new process.
"""

from flows.runtime import prepare

prepare()


def main() -> None:
    """Serve until stopped. Schedules keep running state over a restart."""
    from flows.unit_cycle import unit_cycle

    unit_cycle.serve(name="don-vi", pause_on_shutdown=False, limit=1)


if __name__ == "__main__":
    main()
