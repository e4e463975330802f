"""What the processes of an office's server find in their environment."""

import os
import socket
from collections.abc import Mapping
from pathlib import Path

from dti_core.errors import Refused
from dti_core.framework.load import home
from dti_core.records.location import database_url
from flows.office.marked import MARK

LOOPBACK = ("127.0.0.1", "localhost", "::1")
MANY = 4
"""How many runs at once on PostgreSQL, where the machine has so many processors."""
PREFECT_DATABASE = (
    "PREFECT_SERVER_DATABASE_CONNECTION_URL",
    "PREFECT_API_DATABASE_CONNECTION_URL",
)
"""The variables that name the database of Prefect's own server: the first is its name since
Prefect 3, the second the older one, still read (prefect.settings.models.server.database)."""


class OpenToAll(Refused):
    """The server would take orders from everybody on the network. The text says how to bar it."""


def require_guarded(host: str) -> None:
    """Raises OpenToAll for an address that others reach, where no password is set: whoever opens
    Prefect's page may start runs and approve."""
    if host in LOOPBACK or os.environ.get("PREFECT_SERVER_API_AUTH_STRING"):
        return
    raise OpenToAll(
        f"Không mở trang Prefect ra địa chỉ {host}: trang này không có mật khẩu, ai trong mạng cũng"
        " chạy và xác nhận được. Hãy để mặc định (127.0.0.1), hoặc đặt biến môi trường"
        " PREFECT_SERVER_API_AUTH_STRING=tên:mật-khẩu (và PREFECT_API_AUTH_STRING cùng giá trị)."
    )


def url_of(host: str, port: int) -> str:
    """Where the server's own processes reach it."""
    near = "127.0.0.1" if host in ("0.0.0.0", "localhost") else host
    return f"http://{f'[{near}]' if ':' in near else near}:{port}/api"


def page_of(host: str, port: int) -> str:
    """What people open in a browser."""
    seen = socket.gethostname() if host in ("0.0.0.0", "::") else host
    return f"http://{f'[{seen}]' if ':' in seen else seen}:{port}"


def surroundings(host: str, port: int, mark: str) -> dict[str, str]:
    """The environment of the server's processes; what is set already stays."""
    found = dict(os.environ)
    secret = found.get("PREFECT_SERVER_API_AUTH_STRING")
    defaults = {
        "PREFECT_HOME": str(home() / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_UI_API_URL": f"{page_of(host, port)}/api",
        "PREFECT_WORKER_QUERY_SECONDS": "5",
        "PREFECT_LOGGING_COLORS": "false",
        "DO_NOT_TRACK": "1",
        "GX_ANALYTICS_ENABLED": "false",
        **({"PREFECT_API_AUTH_STRING": secret} if secret else {}),
    }
    fixed = {
        # a run works in a folder of its own: nothing relative holds there
        "DTI_HOME": str(home()),
        "PREFECT_API_URL": url_of(host, port),
        "PREFECT_LOGGING_SETTINGS_PATH": str(Path(__file__).with_name("logging.yaml")),
        "PYTHONUNBUFFERED": "1",
        MARK: mark,
    }
    return {**defaults, **found, **fixed}


def runs_at_once(environment: Mapping[str, str]) -> int:
    """How many runs a worker may have at once: one while either database is SQLite, which has one
    writer at a time; else so many as there are processors, MANY at most."""
    prefect = next((environment[name] for name in PREFECT_DATABASE if environment.get(name)), "")
    if database_url().startswith("sqlite") or not prefect.startswith("postgresql"):
        return 1
    return max(1, min(os.cpu_count() or 1, MANY))
