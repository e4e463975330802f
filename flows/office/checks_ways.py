"""`dti doctor`: the ways out. Channels for messages, and Prefect's server. Nothing is sent."""

import os
import socket
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from flows.office.finding import Finding, fail, ok, warn

SECONDS = 5.0
"""How long a server may take to accept a connection."""

_PORTS = {"mailto": 25, "mailtos": 587, "http": 80, "https": 443, "json": 80, "jsons": 443}
"""Where a channel without a port is tried: mail as Apprise has it (plain 25, STARTTLS 587)."""
_MODES = {"ssl": 465, "starttls": 587, "insecure": 25}
"""The same for a mail channel that names its way of encrypting (`mode=`)."""


def channels(environment: Mapping[str, str] = os.environ) -> Iterator[Finding]:
    """Every channel of the environment: understood by Apprise, its server answering. The address is
    a secret: only its variable, its kind and its server are named."""
    name = "kênh gửi thư"
    found = {
        variable: url
        for variable, url in sorted(environment.items())
        if (variable == "DTI_CHANNEL" or variable.startswith("DTI_CHANNEL_")) and url
    }
    if not found:
        yield warn(
            name,
            "Chưa đặt DTI_CHANNEL: thư nằm chờ trong hộp thư đi. (Kênh đặt bằng khối Secret của"
            " Prefect không được kiểm tra ở đây.)",
        )
    for variable, url in found.items():
        yield from _channel(name, variable, url)


def _channel(name: str, variable: str, url: str) -> Iterator[Finding]:
    import apprise

    from tasks.channels import ADDRESS

    if ADDRESS not in url:
        yield warn(name, f"{variable} không có {ADDRESS}: mọi thư sẽ đến cùng một nơi.")
    filled = url.replace(ADDRESS, "kiem-tra%40mau.example")
    if not apprise.Apprise().add(filled):
        yield fail(name, f"{variable} không phải địa chỉ kênh mà Apprise hiểu. Hãy sửa lại.")
        return
    server = server_of(filled)
    if server is None:
        yield ok(name, f"{variable} đúng dạng; kênh này không có máy chủ để thử trước.")
        return
    host, port = server
    try:
        with socket.create_connection((host, port), timeout=SECONDS):
            yield ok(name, f"{variable}: máy chủ {host}:{port} nhận kết nối (chưa gửi gì).")
    except OSError as error:
        why = "quá thời gian chờ" if isinstance(error, TimeoutError) else error.strerror or error
        yield fail(
            name,
            f"{variable}: máy chủ {host}:{port} không nhận kết nối ({why}). Hãy xem tên máy chủ,"
            " cổng, tường lửa; thư vẫn được giữ trong hộp thư đi.",
        )


def server_of(url: str) -> tuple[str, int] | None:
    """The server (host, port) that a channel speaks with; None where the channel's address does not
    name one (a service, whose address Apprise knows)."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        return None
    options = dict(pair.partition("=")[::2] for pair in parts.query.split("&") if "=" in pair)
    host = options.get("smtp") or parts.hostname
    port = parts.port or _MODES.get(options.get("mode", ""), _PORTS[parts.scheme])
    return host, port


def prefect() -> Iterator[Finding]:
    """The server of `dti up`, or the one that PREFECT_API_URL names."""
    from flows.office.api import NoAnswer, ask, is_healthy
    from flows.office.lock import holder

    name = "Prefect"
    running = holder()
    url = os.environ.get("PREFECT_API_URL") or (running.url if running else "")
    if not url:
        yield warn(
            name,
            "dti up không chạy và PREFECT_API_URL chưa đặt: mỗi lệnh tự khởi động Prefect (chậm),"
            " không có lịch tự chạy. Chạy máy chủ: dti up",
        )
        return
    if not is_healthy(url, SECONDS):
        yield fail(
            name, f"Máy chủ Prefect ở {url} không trả lời. Hãy xem dti up và nhật ký của nó."
        )
        return
    try:
        said = ask(url, "/admin/version", seconds=SECONDS)
    except NoAnswer as refusal:
        yield fail(name, str(refusal))
        return
    from importlib.metadata import version

    mine = version("prefect")
    if said == mine:
        yield ok(name, f"Máy chủ Prefect {said} ở {url} trả lời.")
    else:
        yield warn(
            name,
            f"Máy chủ Prefect ở {url} là bản {said}, máy này là bản {mine}. Hãy dùng cùng một bản.",
        )
