"""`dti up`: an office's Prefect server, its worker and the inbox watcher, kept running together.

The supervisor imports neither Prefect nor the records: it starts processes, looks after them and
ends them, and stays small for the year that it runs. The children share a process group that the
guard leads; whatever they start carries their mark, and ends with them.
"""

import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import FrameType

from dti_core.errors import Refused
from dti_core.framework.load import home
from flows.office.api import NoAnswer, is_healthy
from flows.office.lock import held
from flows.office.logs import log_path, logger
from flows.office.marked import end_all, mark_of
from flows.office.processes import Child
from flows.office.surroundings import (
    page_of,
    require_guarded,
    runs_at_once,
    surroundings,
    url_of,
)
from flows.office.unfinished import has_other_workers, put_back, unfinished
from flows.runtime import STARTUP_SECONDS, ServerDidNotStart, server_arguments

PORT = 4200
"""Prefect's own default."""
POOL = "dti"
"""The work pool of the deployments (flows/deployments.py): named here too, so that the supervisor
does not import Prefect for a word. A test holds the two equal."""
PATIENCE = 20.0
"""Seconds that a child has to end in good order."""
LOOK_SECONDS = 0.5

SERVER, READY, WORKER, WATCHER = "prefect-server", "up-ready", "worker", "watcher"
"""The names of the children, and of their log files."""

Say = Callable[[str], None]


class PortTaken(Refused):
    """Somebody listens on the port already. The text says what to do."""


class _Stop(Exception):
    """Somebody asked for the end."""


def up(host: str, port: int, say: Say) -> None:
    """Run the office's server until SIGTERM or SIGINT. Raises Busy, PortTaken, OpenToAll,
    ServerDidNotStart."""
    require_guarded(host)
    log = logger("up", "%(asctime)s %(levelname)-7s %(message)s")
    with held(url_of(host, port)), _stoppable():
        _sweep_leftovers(log)
        _require_free(host, port)
        mark = mark_of(home(), secrets.token_hex(8))
        office = _Office(host, port, mark, log, say)
        try:
            office.start()
            office.look_after()
        except _Stop:
            pass
        finally:
            with _undisturbed():
                office.stop()


class _Office:
    """The processes of one start."""

    def __init__(self, host: str, port: int, mark: str, log: logging.Logger, say: Say) -> None:
        self.host, self.port, self.mark, self.log, self._say = host, port, mark, log, say
        self.url = url_of(host, port)
        self.environment = surroundings(host, port, mark)
        self.worker = f"dti-{socket.gethostname()}"
        self.guard: subprocess.Popen[bytes] | None = None
        self.children: dict[str, Child] = {}

    def say(self, text: str) -> None:
        self._say(text)
        self.log.info("%s", text)

    def start(self) -> None:
        """Bring everything up, in the order in which each needs the other."""
        self.log.info("dti up bắt đầu (tiến trình %s, %s).", os.getpid(), home())
        self.guard = self._guarded()
        self._add(SERVER, "Máy chủ Prefect", "uvicorn", server_arguments(self.host, self.port))
        # both import Prefect meanwhile, and wait for the server by themselves
        self._add(READY, "Phần chuẩn bị", "flows.office.ready")
        worker = (POOL, self.worker, str(runs_at_once(self.environment)))
        self._add(WORKER, "Tiến trình chạy luồng", "flows.office.worker", worker)
        self._await_server()
        self.say(
            f"Máy chủ Prefect đã lên: {page_of(self.host, self.port)}\n"
            "Đang xem lại cơ sở dữ liệu và đăng ký lịch …"
        )
        _tell_systemd("READY=1")

    def _set_out(self) -> None:
        """All is prepared, or refused and said: watch the inboxes, and say what to do next."""
        self._add(WATCHER, "Phần theo dõi hộp nhận", "flows.office.watcher")
        self.say(
            "Đang chạy.\n"
            f"Tệp đặt vào {home()}/rounds/<đợt>/in/inbox được nhận khi đã nằm yên.\n"
            f"Nhật ký: {log_path('up').parent}. Kiểm tra: dti doctor. Sao lưu: dti backup THƯ_MỤC."
            " Dừng: Ctrl-C."
        )

    def look_after(self) -> None:
        """Start again whatever dies, until somebody asks for the end."""
        while True:
            self._look_at_ready()
            for name, child in self.children.items():
                if name != READY:  # runs once
                    child.look(self.log)
            if self.guard is not None and self.guard.poll() is not None:
                self.log.warning("Tiến trình canh giữ đã dừng, được chạy lại.")
                self.guard = self._guarded()
            time.sleep(LOOK_SECONDS)

    def stop(self) -> None:
        """End everything: no new work first, then the runs, the server last, which is told which
        runs were cut off."""
        _tell_systemd("STOPPING=1")
        self.say("Đang dừng …")
        cut_off = self._running()
        for name in (WATCHER, READY, WORKER):
            self._end(name)
        self._put_back(cut_off, "dti up dừng giữa chừng; chạy tiếp khi khởi động lại.")
        self._end(SERVER)
        left = end_all(lambda found: found == self.mark)
        if left:
            self.log.warning("Đã kết thúc %s tiến trình còn sót.", left)
        self._end_guard()
        self.say("Đã dừng hẳn.")

    def _add(self, name: str, title: str, module: str, arguments: tuple[str, ...] = ()) -> Child:
        assert self.guard is not None
        child = Child(name, title, module, arguments, self.environment, self.guard.pid)
        child.start()
        assert child.process is not None
        self.log.info("%s: tiến trình %s.", title, child.process.pid)
        self.children[name] = child
        return child

    def _end(self, name: str) -> None:
        child = self.children.pop(name, None)
        if child is not None and not child.stop(PATIENCE):
            self.log.warning("%s không dừng sau %.0f giây, đã bị buộc dừng.", child.title, PATIENCE)

    def _guarded(self) -> subprocess.Popen[bytes]:
        """A guard that leads the children's group. It reads our end of a pipe that only we hold."""
        return subprocess.Popen(
            [sys.executable, "-m", "flows.office.guard", self.mark],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
        )

    def _end_guard(self) -> None:
        if self.guard is None or self.guard.stdin is None:
            return
        self.guard.stdin.close()
        try:
            self.guard.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.guard.kill()
            self.guard.wait()

    def _await_server(self) -> None:
        deadline = time.monotonic() + STARTUP_SECONDS
        server = self.children[SERVER].process
        assert server is not None
        while not is_healthy(self.url):
            if time.monotonic() > deadline or server.poll() is not None:
                raise ServerDidNotStart(
                    f"Máy chủ Prefect không khởi động được. Xem nhật ký: {log_path(SERVER)}"
                )
            time.sleep(0.2)

    def _look_at_ready(self) -> None:
        """Go on once the preparation has ended; where it was refused the rest works, and it is
        said."""
        ready = self.children.get(READY)
        if ready is None or ready.process is None or ready.process.poll() is None:
            return
        del self.children[READY]
        code = ready.process.returncode
        if code:
            self.say(
                f"Chưa chuẩn bị xong lịch chạy (mã {code}). Lý do ở cuối tệp {log_path(READY)}."
                " Sửa xong thì chạy: dti deploy"
            )
        self._set_out()

    def _running(self) -> list[str]:
        """The runs that end with our worker; none where others work too, and may have them."""
        try:
            if not is_healthy(self.url) or has_other_workers(self.url, POOL, self.worker):
                return []
            return unfinished(self.url, POOL)
        except NoAnswer as refusal:
            self.log.warning("Không hỏi được các luồng đang chạy: %s", refusal)
            return []

    def _put_back(self, runs: list[str], why: str) -> int:
        try:
            return len(put_back(self.url, runs, why))
        except NoAnswer as refusal:
            self.log.warning("Không xếp lại được các luồng bị ngắt: %s", refusal)
            return 0


def _sweep_leftovers(log: logging.Logger) -> None:
    """End what an earlier start left behind: we hold the home's lock, so nobody looks after it."""
    left = end_all(lambda found: found.startswith(f"{home()}|"))
    if left:
        log.warning("Đã kết thúc %s tiến trình còn sót từ lần chạy trước.", left)


def _require_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # as the server itself does: a port that was left a moment ago is free
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"Không mở được cổng {port} ở {host} ({error.strerror}). Nếu chương trình khác đang"
                f" dùng cổng ấy, hãy chọn cổng khác: dti up --port {port + 1}"
            ) from error


@contextmanager
def _stoppable() -> Iterator[None]:
    """SIGTERM, SIGINT and SIGHUP raise _Stop inside."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _Stop

    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    with ExitStack() as stack:
        for number in numbers:
            before = signal.getsignal(number)
            if before is not signal.SIG_IGN:  # as nohup wants it
                signal.signal(number, stop)
                stack.callback(signal.signal, number, before)
        with suppress(_Stop):
            yield


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A second Ctrl-C does not break off the end."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = [(number, signal.signal(number, signal.SIG_IGN)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _tell_systemd(state: str) -> None:
    """Say how far we are to systemd, where it started us (sd_notify(3)); else nothing."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender, suppress(OSError):
        sender.connect("\0" + address[1:] if address.startswith("@") else address)
        sender.send(state.encode())
