"""The round's inbox: what lies in it, in the order of arrival, kept or set aside."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from dti_core.errors import Refused
from dti_core.intake.workbook import UnreadableWorkbook, Workbook, read_workbook
from dti_core.records.collecting import set_aside
from dti_core.records.files import round_folder, write_whole


@dataclass(frozen=True)
class InboxFile:
    """A received file as it lies in the inbox."""

    round_id: str
    path: Path
    content: bytes
    sha256: str

    @property
    def name(self) -> str:
        """The name under which it is kept: no two contents share one."""
        return f"{self.sha256[:12]}-{self.path.name}"

    def keep(self) -> str:
        """Keep a copy among the received files; returns its name."""
        write_whole(round_folder(self.round_id) / "in" / "received" / self.name, self.content)
        return self.name

    def put_aside(self, records: Session, refusal: Refused, actor: str) -> bool:
        """Keep a copy of a refused file and record why; returns whether that is new."""
        write_whole(round_folder(self.round_id) / "in" / "set-aside" / self.name, self.content)
        return set_aside(records, self.round_id, self.path.name, self.sha256, str(refusal), actor)


def inbox(round_id: str) -> Path:
    """Where received files are put."""
    return round_folder(round_id) / "in" / "inbox"


def files(round_id: str) -> Iterator[InboxFile]:
    """Every file of the inbox, the earliest first; those still being written are left alone."""
    lying = sorted(inbox(round_id).glob("*"), key=lambda path: (path.stat().st_mtime, path.name))
    for path in lying:
        if path.is_file() and not path.name.startswith((".", "~$")):
            content = path.read_bytes()
            yield InboxFile(round_id, path, content, hashlib.sha256(content).hexdigest())


def workbooks(round_id: str, kind: str) -> Iterator[tuple[InboxFile, Workbook]]:
    """The readable workbooks of one kind. What cannot be read is set aside by the collection."""
    for file in files(round_id):
        try:
            workbook = read_workbook(file.path)
        except UnreadableWorkbook:
            continue
        if workbook.kind == kind:
            yield file, workbook
