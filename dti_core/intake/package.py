"""A ZIP in which a unit sends its workbook and the evidence beside it."""

import hashlib
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from dti_core.errors import Refused
from dti_core.intake import limits
from dti_core.intake.untrusted.archive import Archive, shown
from dti_core.intake.untrusted.fault import Fault
from dti_core.intake.workbook import SUFFIXES, NotOurWorkbook, Workbook, read_content

SUFFIX = ".zip"
_PACKED = {".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".cab", ".iso"}
_RUNNING = {
    *(
        ".exe",
        ".com",
        ".scr",
        ".bat",
        ".cmd",
        ".ps1",
        ".vbs",
        ".vbe",
        ".js",
        ".jse",
        ".wsf",
        ".hta",
    ),
    *(".msi", ".msp", ".jar", ".lnk", ".url", ".reg", ".dll", ".cpl", ".sh", ".py", ".apk", ".app"),
}
_OF_THE_SYSTEM = {".ds_store", "thumbs.db", "desktop.ini"}


class UnusablePackage(Refused):
    """A ZIP that is not taken. The text names the file, the entry and what to do."""


@dataclass(frozen=True)
class Evidence:
    """A file that came beside the workbook: its path in the package, and its bytes. Never opened
    here; whether its kind is accepted is for whoever keeps it."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Package:
    """What a package holds: one workbook of ours, its name and bytes, and the evidence."""

    workbook: Workbook
    name: str
    content: bytes
    evidence: tuple[Evidence, ...] = ()

    @property
    def sha256(self) -> str:
        """Of the workbook."""
        return hashlib.sha256(self.content).hexdigest()


def open_package(content: bytes, name: str) -> Package:
    """Take a package apart. Raises UnusablePackage, or UnreadableWorkbook for what is in it."""
    if len(content) > limits.PACKAGE:
        raise UnusablePackage(
            f"Tệp {name} nặng quá {limits.PACKAGE // limits.MIB} MB. Hãy quét tài liệu nhẹ hơn,"
            " hoặc gửi làm nhiều lần."
        )
    try:
        archive = Archive(content, limits.PACKAGE)
        files = {_path(info): archive.read(key) for key, info in archive.entries.items()}
    except Fault as fault:
        raise UnusablePackage(f"Tệp {name} {fault}") from fault
    files = {path: each for path, each in files.items() if not _of_the_system(path)}
    for path in files:
        suffix = PurePosixPath(path).suffix.lower()
        if suffix in _PACKED:
            raise UnusablePackage(
                f"Tệp {name} có tệp nén bên trong (“{shown(path)}”). Hãy để mọi tệp ngay trong một"
                " tệp .zip rồi gửi lại."
            )
        if suffix in _RUNNING or files[path][:2] == b"MZ" or files[path][:4] == b"\x7fELF":
            raise UnusablePackage(
                f"Tệp {name} có chương trình bên trong (“{shown(path)}”). Hãy bỏ tệp ấy rồi gửi"
                " lại."
            )
    ours = {path: book for path in files if (book := _ours(path, files[path], name)) is not None}
    if len(ours) != 1:
        found = ", ".join(f"“{shown(path)}”" for path in ours)
        what = f"có {len(ours)} biểu mẫu ({found})" if ours else "không có biểu mẫu nào của đợt"
        raise UnusablePackage(
            f"Tệp {name} {what}. Hãy gửi mỗi tệp .zip đúng một biểu mẫu kèm tài liệu của nó."
        )
    ((path, book),) = ours.items()
    evidence = tuple(Evidence(each, files[each]) for each in files if each != path)
    return Package(book, path, files[path], evidence)


def _ours(path: str, content: bytes, package: str) -> Workbook | None:
    """The workbook of ours in a file of the package; None for somebody's own spreadsheet, which is
    evidence. A spreadsheet that cannot be read is no evidence either: UnreadableWorkbook."""
    if PurePosixPath(path).suffix.lower() not in SUFFIXES:
        return None
    try:
        return read_content(content, f"{package}/{path}")
    except NotOurWorkbook:
        return None


def _path(entry: zipfile.ZipInfo) -> str:
    """The path of an entry. Without the mark for UTF-8, Windows in Vietnam wrote it in its own code
    page, and others in UTF-8 all the same."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        raw = name.encode("cp437")
        for encoding in ("utf-8", "cp1258"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def _of_the_system(path: str) -> bool:
    """What Windows and macOS put beside files by themselves."""
    name = PurePosixPath(path).name.lower()
    return (
        path.startswith("__MACOSX/")
        or name in _OF_THE_SYSTEM
        or name.startswith(("~$", ".~lock.", "._"))
    )
