"""What an office's own processes ask of its Prefect server, without importing Prefect."""

import base64
import json
import os
import urllib.error
import urllib.request
from typing import Any

from dti_core.errors import Refused


class NoAnswer(Refused):
    """The Prefect server did not answer, or refused. The text says which, and what to do."""


class NotThere(NoAnswer):
    """The server knows no such thing."""


def is_healthy(url: str, seconds: float = 2.0) -> bool:
    """Whether a server answers at this address (…/api)."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=seconds) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def ask(url: str, path: str, body: Any = None, seconds: float = 30.0) -> Any:
    """What the server answers, as JSON: a GET, or a POST where there is a body.

    Raises NotThere, NoAnswer.
    """
    request = urllib.request.Request(f"{url}{path}", headers=_headers())
    if body is not None:
        request.data = json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        kind = NotThere if error.code == 404 else NoAnswer
        hint = (
            " Hãy đặt PREFECT_API_AUTH_STRING giống PREFECT_SERVER_API_AUTH_STRING của máy chủ."
            if error.code == 401
            else ""
        )
        raise kind(f"Máy chủ Prefect trả lời {error.code} cho {path}.{hint}") from error
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise NoAnswer(f"Máy chủ Prefect ở {url} không trả lời ({error}).") from error


def _headers() -> dict[str, str]:
    headers = {"Content-Type": "application/json"}
    secret = os.environ.get("PREFECT_API_AUTH_STRING")
    if secret:
        headers["Authorization"] = f"Basic {base64.b64encode(secret.encode()).decode()}"
    return headers
