"""A mail server on this machine for `dti demo` and the tests: real SMTP, every message a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from flows.runtime import free_port


class Mailbox:
    """Keeps each accepted message as an .eml file that a mail program opens."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        number = sum(1 for _ in self.folder.glob("*.eml")) + 1
        to = envelope.rcpt_tos[0].partition("@")[0]
        path = self.folder / f"{number:03d}-{to}.eml"
        path.write_bytes(envelope.content)
        return "250 OK"


@contextmanager
def mail_server(folder: Path, sender: str) -> Iterator[str]:
    """A server on a free loopback port; gives the DTI_CHANNEL that reaches it."""
    port = free_port()
    controller = Controller(Mailbox(folder), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"mailto://127.0.0.1:{port}/?from={sender}&to={{address}}&mode=insecure"
    finally:
        controller.stop()
