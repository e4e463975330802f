"""Chromium through its devtools pipe: a page at a true phone width, real keys, pictures.

`--remote-debugging-pipe` speaks JSON, a zero byte after each message, over file descriptors 3 and
4: no port, no library.
"""

import base64
import fcntl
import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.test_what_people_see import CHROMIUM, need

KEYS = {"Tab": ("\t", 9), "Enter": ("\r", 13), " ": (" ", 32)}
"""Key → what it types, and its Windows key code."""

_LIMIT = 60.0
"""Seconds that an answer may take."""


class Page:
    """One page. Raises AssertionError with what the browser said where a call fails."""

    def __init__(self, to: int, back: int) -> None:
        self._to, self._back, self._last, self._left = to, back, 0, b""
        self._session: str | None = None
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        attached = self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self._call("Page.enable")

    def open(self, address: str, width: int, height: int = 900) -> None:
        """Load a page in a window of so many CSS pixels."""
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        self._call("Page.navigate", url=address)
        for _ in range(600):
            if self.run("return document.readyState + location.href") == f"complete{address}":
                return
            time.sleep(0.05)
        raise AssertionError(f"{address} did not load")

    def run(self, script: str) -> Any:
        """What a script returns, promises awaited."""
        told = self._call(
            "Runtime.evaluate",
            expression=f"(async () => {{ {script} }})()",
            awaitPromise=True,
            returnByValue=True,
        )
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def press(self, key: str, times: int = 1, *, shift: bool = False) -> None:
        """Press a key as a person does."""
        text, code = KEYS[key]
        names = {"key": key, "code": "Space" if key == " " else key, "windowsVirtualKeyCode": code}
        for _ in range(times):
            common = {**names, "modifiers": 8 if shift else 0}
            self._call("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
            self._call("Input.dispatchKeyEvent", type="keyUp", **common)

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        self._call("Input.insertText", text=text)

    def picture(self, file: Path) -> None:
        """The whole page as a PNG."""
        data = self._call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        file.write_bytes(base64.b64decode(data))

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        for answer in self._answers():
            if answer.get("id") == self._last:
                assert "error" not in answer, (method, answer["error"])
                result: dict[str, Any] = answer["result"]
                return result
        raise AssertionError(f"{method}: Chromium went away")

    def _answers(self) -> Iterator[dict[str, Any]]:
        while True:
            while b"\0" in self._left:
                message, _, self._left = self._left.partition(b"\0")
                yield json.loads(message)
            more = os.read(self._back, 1 << 16)
            if not more:
                return
            self._left += more


@contextmanager
def browser(folder: Path) -> Iterator[Page]:
    """A browser with a profile of its own; skips the test where there is none."""
    program = need("chromium", "chromium-browser", "google-chrome")
    here_in, to = os.pipe()
    back, here_out = os.pipe()
    # away from 3 and 4, where the child wants its ends
    ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (here_in, here_out)]

    def place() -> None:
        os.dup2(ends[0], 3)
        os.dup2(ends[1], 4)

    arguments = [each for each in CHROMIUM if not each.startswith("--virtual-time")]
    child = subprocess.Popen(
        [
            program,
            *arguments,
            f"--user-data-dir={folder / 'profile'}",
            "--remote-debugging-pipe",
            "about:blank",
        ],
        preexec_fn=place,
        pass_fds=(3, 4),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for end in (here_in, here_out, *ends):
        os.close(end)
    try:
        yield Page(to, back)
    finally:
        child.terminate()
        child.wait(_LIMIT)
        os.close(to)
        os.close(back)
