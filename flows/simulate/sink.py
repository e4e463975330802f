"""Where a simulated year's mail goes: a channel of Apprise that keeps every message in memory."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from dti_core.clock import now

SCHEMA = "dtimophong"


@dataclass(frozen=True)
class Mail:
    """One message as the channel took it."""

    moment: datetime
    address: str
    title: str
    files: int


_taken: list[Mail] = []


def _take(body: str, title: str, _kind: str, *_: Any, meta: dict[str, Any], **more: Any) -> bool:
    """Apprise's hook. The same as a mail server does: take, or refuse what has no words."""
    address = unquote(str(meta.get("url", "")).partition("://")[2]).strip("/")
    _taken.append(Mail(now(), address, title, len(more.get("attach") or ())))
    return bool(body.strip())


@contextmanager
def sink() -> Iterator[list[Mail]]:
    """Let the default channel lead here; gives the messages that come. The real outbox, its
    claims, texts, attachments and Apprise are all on the way: only the wire is missing."""
    _register()
    _taken.clear()
    before = os.environ.get("DTI_CHANNEL")
    os.environ["DTI_CHANNEL"] = f"{SCHEMA}://{{address}}"
    try:
        yield _taken
    finally:
        os.environ.pop("DTI_CHANNEL")
        if before is not None:
            os.environ["DTI_CHANNEL"] = before


@lru_cache(maxsize=1)
def _register() -> None:
    """Make the scheme known to Apprise, once a process."""
    from apprise.decorators import notify

    notify(on=SCHEMA, name="Mô phỏng")(_take)
