"""Which files a dossier encloses, where they lie in it, and why others are only named."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from dti_core.framework import load as frameworks
from dti_core.program.load import RoundContext
from dti_core.records.collecting import source_of
from dti_core.records.dossier import Collected
from dti_core.records.files import round_folder
from dti_core.records.tables import DocumentRecord, SubmissionRecord
from reports.dossier.data import FileText

RECEIVED, EVIDENCE, PAPERS, LAW = "tep-nhan", "minh-chung", "van-ban", "can-cu"

GONE = "tệp không còn hoặc không còn như lúc ghi, nên không kèm"
OF_OTHERS = "tệp có số liệu của đơn vị khác, chỉ nêu mã SHA-256"
NOT_PUBLISHED = "văn bản của cả đợt có chi tiết của đơn vị khác, chỉ nêu mã SHA-256"

_ISSUED = frozenset({"plan", "decision", "correction", "signed_paper"})
"""Kinds of the whole round's papers that go to every unit or to the public as they are."""

_AS_PROVIDER = "-cung-cap"
"""In the names of papers about figures that a unit gives about others."""


@dataclass(frozen=True)
class Enclosed:
    """The files of one unit in one round, by what they are; `content` only of those that lie in
    the dossier."""

    found: Collected

    @cached_property
    def submissions(self) -> dict[int, FileText]:
        """Submission's id → its file."""
        return {number: self._submission(each) for number, each in self.found.submissions.items()}

    @cached_property
    def evidence(self) -> dict[str, FileText]:
        """SHA-256 → the file."""
        return {
            sha256: self._file(
                "evidence",
                each.name,
                sha256,
                f"evidence/{each.stored_as}",
                f"{EVIDENCE}/{sha256[:12]}{PurePosixPath(each.stored_as).suffix}",
            )
            for sha256, each in self.found.evidence.items()
        }

    @cached_property
    def petitions(self) -> dict[int, FileText]:
        """Petition's number → its paper."""
        return {
            each.number: self._file(
                "petition",
                PurePosixPath(each.document).name,
                each.sha256,
                each.document,
                f"{PAPERS}/kien-nghi-{each.number}{PurePosixPath(each.document).suffix}",
            )
            for each in self.found.petitions
            if each.document and each.sha256
        }

    @cached_property
    def papers(self) -> tuple[FileText, ...]:
        return tuple(self._papers())

    @cached_property
    def law(self) -> dict[str, bytes]:
        """Path in the dossier → content: the framework's files and the program's, as pinned."""
        context = self.found.context
        framework = context.framework_of(self.found.unit)
        decree, level = framework.id.split("/")
        folder = next(
            each / decree
            for each in frameworks.folders()
            if (each / f"{framework.id}.yaml").is_file()
        )
        files = {f"{decree}/{name}": folder / name for name in ("decree.yaml", f"{level}.yaml")}
        files["program.yaml"] = context.program.folder / "program.yaml"
        return {f"{LAW}/{name}": path.read_bytes() for name, path in files.items()}

    @property
    def files(self) -> tuple[FileText, ...]:
        """Every file, enclosed or named; each path once."""
        law = (
            FileText("law", PurePosixPath(path).name, _sha256(content), path, "")
            for path, content in self.law.items()
        )
        every = (
            *self.submissions.values(),
            *self.evidence.values(),
            *self.petitions.values(),
            *self.papers,
            *law,
        )
        return tuple(sorted(every, key=lambda each: (each.path == "", each.path, each.kept_as)))

    def contents(self) -> dict[str, bytes]:
        """Path in the dossier → content, of every enclosed file."""
        folder = round_folder(self.found.context.id)
        return self.law | {
            each.path: (folder / each.kept_as).read_bytes()
            for each in self.files
            if each.path and each.kept_as
        }

    def _submission(self, record: SubmissionRecord) -> FileText:
        name = record.stored_as.partition("-")[2] or record.stored_as
        kept_as = f"in/received/{record.stored_as}"
        if ":" not in record.source:  # a file that came with the program
            kept_as = f"in/{record.stored_as}"
        unit = self.found.unit
        about = source_of(unit, "about_units")
        if record.unit != unit or record.source == about or record.source.endswith(":sub_round"):
            return FileText("received", name, record.sha256, "", kept_as, OF_OTHERS)
        path = f"{RECEIVED}/lan-{record.version}-{record.stored_as}"
        return self._file("received", name, record.sha256, kept_as, path)

    def _papers(self) -> Iterator[FileText]:
        context, unit = self.found.context, self.found.unit
        for record in self.found.documents:
            parts = PurePosixPath(record.path).parts
            if _is_about(record, unit):
                path = "/".join((PAPERS, *(part for part in parts[1:] if part != unit)))
                yield self._file(record.kind, parts[-1], record.sha256, record.path, path)
            elif record.kind in _ISSUED:
                path = f"{PAPERS}/ca-dot/{parts[-1]}"
                yield self._file(record.kind, parts[-1], record.sha256, record.path, path)
            elif not _of_another(context, record):
                yield FileText(
                    record.kind, parts[-1], record.sha256, "", record.path, NOT_PUBLISHED
                )

    def _file(self, kind: str, name: str, sha256: str, kept_as: str, path: str) -> FileText:
        file = round_folder(self.found.context.id) / kept_as
        if not file.is_file() or _sha256(file.read_bytes()) != sha256:
            return FileText(kind, name, sha256, "", kept_as, GONE)
        return FileText(kind, name, sha256, path, kept_as)


def _is_about(record: DocumentRecord, unit: str) -> bool:
    """A paper that this unit got about itself: not what it got to judge or to tell others by."""
    parts = PurePosixPath(record.path).parts
    to_it = len(parts) > 2 and parts[0] == "out" and parts[1] == unit
    page = PurePosixPath(record.path).stem == unit and parts[0] in ("documents", "site")
    return (to_it or page) and _AS_PROVIDER not in parts[-1]


def _of_another(context: RoundContext, record: DocumentRecord) -> bool:
    """Whether a paper is another unit's, or another's to judge by."""
    parts = PurePosixPath(record.path).parts
    if record.kind == "appraisal_workbook" or parts[0] == "site":
        return True
    return any(PurePosixPath(part).stem in context.program.unit for part in parts)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
