"""Serve the unit round's cycle from this process: `python -m tests.flows.serve_cycle`.

For tests that need a suspended run and no worker; an office runs `dti up`.
"""

from flows.runtime import prepare

prepare()


def main() -> None:
    """Serve until stopped."""
    from flows.unit_cycle import unit_cycle

    unit_cycle.serve(name="don-vi", pause_on_shutdown=False, limit=1)


if __name__ == "__main__":
    main()
