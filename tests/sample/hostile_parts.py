"""The register of hostile files, and how a good workbook is turned into one."""

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Maker = Callable[[bytes], bytes]
MIB = 2**20


@dataclass(frozen=True)
class Hostile:
    """A file to be set aside: its name, what it does, and words of the reason."""

    name: str
    words: str
    suffix: str
    says: str
    make: Maker


HOSTILE: dict[str, Hostile] = {}


def hostile(words: str, says: str, suffix: str = ".xlsx") -> Callable[[Maker], Maker]:
    def register(make: Maker) -> Maker:
        assert make.__name__ not in HOSTILE, make.__name__
        HOSTILE[make.__name__] = Hostile(make.__name__, words, suffix, says, make)
        return make

    return register


def parts_of(good: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(good: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The workbook with these parts replaced or added."""
    return zipped({**parts_of(good), **parts})


def inserted(
    good: bytes, part: str, before: bytes, told: bytes, ending: bytes, end: bytes = b""
) -> bytes:
    """The workbook with `told` before the first element of a part, and its end replaced."""
    content = parts_of(good)[part]
    if before:
        content = content.replace(before, told + before, 1)
        end = end or b"</" + before.strip(b"<") + b">"
    head, found, tail = content.rpartition(end)
    assert found, (part, end)
    return changed(good, {part: head + ending + tail})


def zipped(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
