"""The files of a round under DTI_HOME, each put in place whole or not at all."""

import hashlib
from pathlib import Path

from dti_core.framework.load import home
from dti_core.records.bookkeeping import wrote


def round_folder(round_id: str) -> Path:
    """Where a round's files live: `in`, `out`, `evidence`, `documents`, `site`."""
    return home() / "rounds" / round_id


def write_whole(path: Path, content: bytes) -> bool:
    """Write a file; a reader sees the old one or the new one, never a half. The same content again
    is left alone. Returns whether anything was written."""
    wrote(path)
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".tmp")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)  # a full disk is not to be kept full by half a file
        raise
    return True


def holds(path: Path, sha256: str | None) -> bool:
    """Whether the file is there with exactly this content."""
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256
