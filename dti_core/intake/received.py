"""One received file of any accepted kind → the workbook in it, and the evidence beside it."""

from dataclasses import dataclass
from pathlib import Path

from dti_core.intake import csv_file, limits, package
from dti_core.intake.package import Evidence, UnusablePackage
from dti_core.intake.workbook import SUFFIXES, UnreadableWorkbook, Workbook, read_workbook
from dti_core.program.load import RoundContext

ACCEPTED = (*SUFFIXES, csv_file.SUFFIX, package.SUFFIX)


@dataclass(frozen=True)
class Received:
    """What came in one file. `evidence` is empty unless it came in a ZIP."""

    workbook: Workbook
    evidence: tuple[Evidence, ...] = ()


def workbook_file(path: Path) -> bytes | None:
    """The .xlsx as its sender wrote it, also out of a ZIP; None for another format.

    For a file that `open_received` has opened before. Raises UnusablePackage, UnreadableWorkbook.
    """
    suffix = path.suffix.lower()
    if suffix == package.SUFFIX:
        found = package.open_package(path.read_bytes(), path.name)
        return found.content if found.name.lower().endswith(".xlsx") else None
    return path.read_bytes() if suffix == ".xlsx" else None


def open_received(path: Path, context: RoundContext) -> Received:
    """Open a received file: a workbook, a CSV about units, or a ZIP of a workbook and evidence.

    Raises UnreadableWorkbook or UnusablePackage, both with the file's name and what to do; OSError
    where there is no such file.
    """
    suffix = path.suffix.lower()
    if suffix == package.SUFFIX:
        if path.stat().st_size > limits.PACKAGE:
            raise UnusablePackage(
                f"Tệp {path.name} nặng quá {limits.PACKAGE // limits.MIB} MB. Hãy gửi làm nhiều"
                " lần."
            )
        found = package.open_package(path.read_bytes(), path.name)
        return Received(found.workbook, found.evidence)
    if suffix == csv_file.SUFFIX:
        if path.stat().st_size > limits.FILE:
            raise UnreadableWorkbook(f"Tệp {path.name} quá lớn so với biểu mẫu.")
        return Received(csv_file.read_csv(path.read_bytes(), path.name, context))
    if suffix not in SUFFIXES:
        raise UnreadableWorkbook(
            f"Tệp {path.name} không thuộc loại được nhận ({', '.join(ACCEPTED)}). Hãy lưu lại thành"
            " .xlsx rồi gửi lại."
        )
    return Received(read_workbook(path))
