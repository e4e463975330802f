"""The channels that messages go out by, through Apprise; their addresses are secrets.

A channel is an Apprise URL in which `{address}` is the recipient's. It comes from the environment
(DTI_CHANNEL, DTI_CHANNEL_<NAME>) or from a Prefect Secret block (dti-channel, dti-channel-<name>),
and goes nowhere else: what Apprise and the libraries under it log or raise is heard here, turned
into words of our own, and let go.
"""

import logging
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from urllib.parse import quote

from dti_core.program.model import Unit

DEFAULT = "default"
ADDRESS = "{address}"

UrlOf = Callable[[str], str | None]
"""channel name → its URL template, None where it is not set up"""

_TALKATIVE = ("apprise", "urllib3", "requests", "smtplib", "paho", "slixmpp", "aiohttp")
"""Loggers that may name a URL, a host or an address."""


@dataclass(frozen=True)
class Route:
    """One way to a recipient: the channel's name, its URL template, the recipient's address."""

    channel: str
    url: str
    address: str


def variable_of(channel: str) -> str:
    """The environment variable of a channel."""
    if channel == DEFAULT:
        return "DTI_CHANNEL"
    return f"DTI_CHANNEL_{channel.upper().replace('-', '_')}"


def from_environment(channel: str) -> str | None:
    return os.environ.get(variable_of(channel)) or None


def addresses_of(unit: Unit, *, head: bool) -> list[tuple[str, str]]:
    """(channel, address) of a unit's contact or head, in the order in which they are tried."""
    if head:
        return [(DEFAULT, unit.head_address)] if unit.head_address else []
    default = [(DEFAULT, unit.address)] if unit.address else []
    return [*unit.channels.items(), *default]


def routes(addresses: Sequence[tuple[str, str]], url_of: UrlOf) -> list[Route]:
    """The ways that are set up."""
    found = [(name, url_of(name), address) for name, address in addresses]
    return [Route(name, url, address) for name, url, address in found if url]


def deliver(route: Route, title: str, body: str, files: Sequence[Path]) -> str | None:
    """Hand one message to a channel. Returns None once it took it, else why not, in Vietnamese."""
    # Apprise takes a while to import: only where something is sent
    import apprise

    for file in files:
        if not file.is_file():
            return f"thiếu tệp kèm {file.name}"
    with _heard() as words:
        try:
            asset = apprise.AppriseAsset(app_id="DTI", app_desc="DTI", async_mode=False)
            sender = apprise.Apprise(asset=asset)
            if not sender.add(route.url.replace(ADDRESS, quote(route.address, safe=""))):
                return f"{variable_of(route.channel)} không phải địa chỉ kênh mà Apprise hiểu"
            if files and not all(each.attachment_support for each in sender.servers):
                return f"kênh {route.channel} không gửi được tệp kèm"
            for each in sender.servers:
                # turned into HTML, every space would become one at which no line breaks
                each.notify_format = apprise.NotifyFormat.TEXT
            taken = sender.notify(
                title=title,
                body=body,
                body_format=apprise.NotifyFormat.TEXT,
                attach=[str(file) for file in files] or None,
            )
        except Exception as error:
            # its text, and those it was raised from, may name the channel: only its kind is kept
            return f"kênh {route.channel} gặp lỗi {type(error).__name__}"
    return None if taken else _reason(route.channel, words)


_REASONS = (
    (r"Connection refused|ConnectionRefused", "máy chủ từ chối kết nối"),
    (r"timed out|TimeoutError", "máy chủ không trả lời"),
    (r"Name or service not known|getaddrinfo|Temporary failure in name", "không tìm thấy máy chủ"),
    (r"\(535, b|SMTPAuthenticationError|401 Unauthorized", "sai tên đăng nhập hoặc mật khẩu"),
    (r"\(55[0-4], b|RecipientsRefused", "máy chủ từ chối nơi nhận"),
    (r"\(4[0-9]{2}, b", "máy chủ đề nghị gửi lại sau"),
    (r"CERTIFICATE_VERIFY|SSLError|WRONG_VERSION_NUMBER", "không lập được kết nối bảo mật"),
)
"""What a channel's own words come down to, the first that fits."""


def _reason(channel: str, words: Sequence[str]) -> str:
    said = "\n".join(words)
    known = next((text for pattern, text in _REASONS if re.search(pattern, said)), None)
    return f"kênh {channel}: {known or 'từ chối hoặc không trả lời'}"


class _Ear(logging.Handler):
    """Keeps what is logged, in memory."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.words: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.words.append(record.getMessage())
        if record.exc_info and record.exc_info[1]:
            self.words.append(repr(record.exc_info[1]))


_ONE_AT_A_TIME = Lock()
"""Loggers belong to the whole process: two deliveries at once would restore each other's."""


@contextmanager
def _heard() -> Iterator[list[str]]:
    """What the talkative loggers say meanwhile; it reaches no other handler."""
    with _ONE_AT_A_TIME, _overheard() as words:
        yield words


@contextmanager
def _overheard() -> Iterator[list[str]]:
    ear = _Ear()
    loggers = [
        logging.getLogger(name)
        for name in [*logging.root.manager.loggerDict, *_TALKATIVE]
        if name.partition(".")[0] in _TALKATIVE
    ]
    before = [(each, each.handlers, each.propagate, each.level) for each in loggers]
    for each in loggers:
        each.handlers, each.propagate = [ear], False
        each.setLevel(logging.DEBUG)
    try:
        yield ear.words
    finally:
        for each, handlers, propagate, level in before:
            each.handlers, each.propagate = handlers, propagate
            each.setLevel(level)
