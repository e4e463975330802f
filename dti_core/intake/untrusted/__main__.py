"""The process that reads: requests come in on stdin, answers go out on stdout.

A request is eight bytes of length and as many of a file; an answer likewise, in JSON. The process
ends when stdin does.
"""

import datetime
import gc
import json
import math
import sys
from typing import Any, BinaryIO

from dti_core.intake.untrusted.fault import DAMAGED, TOO_MUCH_MEMORY, Fault

try:
    import resource
except ImportError:  # no such thing on Windows: there the clock alone holds the process
    resource = None  # type: ignore[assignment]


_COLLECT_EVERY = 20  # files


def main(memory: int, cpu_seconds: int) -> None:
    _hold(memory)
    # a page is thousands of values and no circle; collecting would go through them again and again
    gc.disable()
    done = 0
    from dti_core.intake.untrusted.sheets import read

    source, target = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing but answers may go out
    while length := source.read(8):
        content = source.read(int.from_bytes(length, "big"))
        _allow(cpu_seconds)
        _answer(target, _read(content, read))
        done += 1
        if done % _COLLECT_EVERY == 0:
            gc.collect()


def _read(content: bytes, read: Any) -> bytes:
    try:
        found = read(content)
    except Fault as fault:
        return _json({"fault": str(fault)})
    except (MemoryError, RecursionError):
        return _json({"fault": TOO_MUCH_MEMORY})
    except Exception:
        return _json({"fault": DAMAGED})
    except BaseException as panic:
        # calamine's panics are no Exception
        if type(panic).__name__ != "PanicException":
            raise
        return _json({"fault": DAMAGED})
    try:
        return _json(found)
    except ValueError:
        _drop_infinities(found)
        return _json(found)


def _json(found: dict[str, Any]) -> bytes:
    return json.dumps(found, ensure_ascii=False, allow_nan=False, default=_plain).encode(
        "utf-8", "replace"
    )


def _plain(value: object) -> dict[str, str]:
    """Dates and times as their kind and text."""
    if isinstance(value, datetime.timedelta):
        return {"$": "timedelta", "of": str(value.total_seconds())}
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return {"$": type(value).__name__, "of": value.isoformat()}
    raise TypeError(type(value))


def _drop_infinities(found: dict[str, Any]) -> None:
    """A cell that holds no finite number holds the words for it."""
    for page in found["pages"]:
        for row in page["rows"]:
            for column, value in enumerate(row):
                if isinstance(value, float) and not math.isfinite(value):
                    row[column] = str(value)


def _answer(target: BinaryIO, answer: bytes) -> None:
    target.write(len(answer).to_bytes(8, "big") + answer)
    target.flush()


def _hold(memory: int) -> None:
    """Hold the process to its memory, for good, and let it write no file."""
    if resource is None:
        return
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            print(f"{what}: not limited here", file=sys.stderr)


def _allow(seconds: int) -> None:
    """Computing time for one more file."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + seconds + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (most, hard))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
