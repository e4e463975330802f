"""The round's inbox: what lies in it, in the order of arrival, kept or set aside."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session

from dti_core.errors import Refused
from dti_core.intake.evidence import EvidenceFile, UnusableEvidence, checked
from dti_core.intake.many import before_many
from dti_core.intake.package import Evidence
from dti_core.intake.received import Received, open_received
from dti_core.intake.signature import require_key
from dti_core.program.load import RoundContext
from dti_core.records.collecting import figure_files, set_aside
from dti_core.records.database import session
from dti_core.records.evidence import keep
from dti_core.records.files import round_folder, write_whole


class NotForTheInbox(Refused):
    """A workbook of ours that comes in by a command of its own. The text names it."""


@dataclass(frozen=True)
class InboxFile:
    """A received file as it lies in the inbox."""

    round_id: str
    path: Path
    content: bytes
    sha256: str

    @property
    def arrived(self) -> str:
        """When the file was put into the inbox, by its time stamp: ISO 8601 in UTC."""
        moment = datetime.fromtimestamp(self.path.stat().st_mtime, UTC)
        return moment.isoformat(timespec="seconds")

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
    before_many()
    for path in lying:
        if path.is_file() and not path.name.startswith((".", "~$")):
            content = path.read_bytes()
            yield InboxFile(round_id, path, content, hashlib.sha256(content).hexdigest())


def opened(file: InboxFile, context: RoundContext) -> Received:
    """What came in a file. Raises UnreadableWorkbook, UnusablePackage, NotForTheInbox."""
    received = open_received(file.path, context)
    if received.workbook.kind == "earlier":
        raise NotForTheInbox(
            f"Tệp {file.path.name} là biểu mẫu kết quả, số liệu của năm trước, không nhận qua hộp"
            f" nhận. Hãy nhập bằng lệnh: dti earlier import {context.id} {file.path.name}"
        )
    return received


def workbooks(context: RoundContext, kind: str, actor: str) -> Iterator[tuple[InboxFile, Received]]:
    """The workbooks of one kind, in whatever format they came; what cannot be read is set aside.

    Raises NoKey.
    """
    require_key()
    with session() as records:
        figures = figure_files(records, context.id)
    for file in files(context.id):
        if file.sha256 in figures:
            continue
        try:
            received = opened(file, context)
        except Refused as refusal:
            with session() as records:
                file.put_aside(records, refusal, actor)
            continue
        if received.workbook.kind == kind:
            yield file, received


def keep_evidence(
    records: Session, round_id: str, files: Sequence[Evidence], actor: str
) -> tuple[list[EvidenceFile], list[str]]:
    """Keep the files that came beside a workbook; returns those, and why others are left out."""
    taken, refused = [], []
    for file in files:
        try:
            taken.append(checked(file.name, file.content))
        except UnusableEvidence as refusal:
            refused.append(str(refusal))
    keep(records, round_id, taken, actor)
    return taken, refused
