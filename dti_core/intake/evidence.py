"""Evidence (tài liệu kiểm chứng) as it arrives: which files are taken, and what they evidence.

A file is what its content says, not its name: the first bytes decide. Nothing is ever opened or
run here.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from dti_core.errors import Refused

MOST_BYTES = 20 * 2**20
"""20 MB: a scanned decision of a hundred pages; what an office line carries in a minute or two."""

_TYPES: dict[str, tuple[str, bytes]] = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    ".docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        b"PK\x03\x04",
    ),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
    ".doc": ("application/msword", b"\xd0\xcf\x11\xe0"),
    ".xls": ("application/vnd.ms-excel", b"\xd0\xcf\x11\xe0"),
}


class UnusableEvidence(Refused):
    """A file that is not taken as evidence. The text names it, why, and what to send."""


@dataclass(frozen=True)
class EvidenceFile:
    """A file of evidence, checked."""

    name: str
    content: bytes
    media_type: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def checked(name: str, content: bytes) -> EvidenceFile:
    """The file, if it may be kept. Raises UnusableEvidence for its type, size or content."""
    plain = unicodedata.normalize("NFC", PurePosixPath(name.replace("\\", "/")).name)
    suffix = PurePosixPath(plain).suffix.lower()
    if suffix not in _TYPES:
        known = ", ".join(sorted(_TYPES))
        raise UnusableEvidence(
            f"Tài liệu kiểm chứng {plain!r} không thuộc loại được nhận ({known}). Hãy gửi bản PDF."
        )
    if not content:
        raise UnusableEvidence(f"Tài liệu kiểm chứng {plain!r} rỗng. Hãy kiểm tra rồi gửi lại.")
    if len(content) > MOST_BYTES:
        raise UnusableEvidence(
            f"Tài liệu kiểm chứng {plain!r} nặng {len(content) // 2**20} MB, quá"
            f" {MOST_BYTES // 2**20} MB. Hãy quét ở độ phân giải thấp hơn hoặc tách tệp."
        )
    media_type, magic = _TYPES[suffix]
    if not content.startswith(magic):
        raise UnusableEvidence(
            f"Tài liệu kiểm chứng {plain!r} có nội dung không phải loại {suffix}. Hãy mở tệp, lưu"
            " lại thành PDF rồi gửi lại."
        )
    return EvidenceFile(plain, content, media_type)


def files_named(words: str, files: Iterable[EvidenceFile]) -> list[EvidenceFile]:
    """The files that a cell of evidence names: by whole name, or by name without its ending.

    A longer name that contains a shorter one does not name the shorter.
    """
    text = _folded(words)
    found = []
    for file in files:
        stem = PurePosixPath(file.name).stem
        names = {_folded(file.name)} | ({_folded(stem)} if len(stem) >= _SHORTEST else set())
        if any(re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text) for name in names):
            found.append(file)
    return found


_SHORTEST = 4
"""A stem of fewer letters ("12") stands in too many sentences to name a file."""


def lacking(
    asked: Mapping[tuple[str, str], str], told: Mapping[tuple[str, str], str]
) -> dict[tuple[str, str], str]:
    """(unit, criterion) → the evidence that the decree asks for and nobody named.

    asked  rows with figures given → the evidence that the decree asks for there
    told   rows → what the unit named
    """
    return {key: words for key, words in asked.items() if not told.get(key, "").strip()}


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
