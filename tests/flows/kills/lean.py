"""What Prefect is spared here, so that a run costs what the round does.

None of it is what a round hangs on: its state is in our records, and Prefect's server only knows
which flow runs there are. Measured on a small round: 8.5 s of the processor in the round's process
and 8 s in the server without, 5.6 s and 2 s with.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from flows.runtime import NOT_FOR_A_WHILE

UNUSED_SERVICES = (*NOT_FOR_A_WHILE, "TASK_RUN_RECORDER")
"""Services of the server that only look at schedules, workers, automations, and what its page
shows of events: they take more of the processor than all flow runs together."""


def settings(folder: Path) -> None:
    """Into the environment, before Prefect is imported and its server started."""
    for each in UNUSED_SERVICES:
        os.environ.setdefault(f"PREFECT_SERVER_SERVICES_{each}_ENABLED", "false")
    os.environ.setdefault("PREFECT_LOGGING_TO_API_ENABLED", "false")
    # to read the machine's certificates takes 30 ms a letter and a flow; the server is its own
    os.environ.setdefault("PREFECT_API_TLS_INSECURE_SKIP_VERIFY", "true")
    os.environ.setdefault("SSL_CERT_FILE", str(_one_certificate(folder)))


def _one_certificate(folder: Path) -> Path:
    """A file with the first certificate of the usual ones: with none in it, it cannot be read."""
    import certifi

    end = "-----END CERTIFICATE-----\n"
    everything = Path(certifi.where()).read_text(encoding="utf-8")
    first = everything[everything.index("-----BEGIN") : everything.index(end)] + end
    file = folder / "certificate.pem"
    file.write_text(first, encoding="utf-8")
    return file


@contextlib.contextmanager
def client() -> Iterator[None]:
    """Flows inside send no signs of life: each would wait up to a second at its end for the thread
    that does, asleep."""
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield
