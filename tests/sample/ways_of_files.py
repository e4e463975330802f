"""Ways to save and send a workbook: other programs, other formats, other names, in a package."""

import csv
import io
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from dti_core.intake.layout import KEY
from tests.sample.spoilt import Case, way
from tests.sample.worksheets import rewritten

_STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    ),
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
    b"http://schemas.openxmlformats.org/drawingml/2006/main": (
        b"http://purl.oclc.org/ooxml/drawingml/main"
    ),
}
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_LINK_TYPE = (
    b'<Override PartName="/xl/externalLinks/externalLink1.xml" ContentType="application/vnd.'
    b'openxmlformats-officedocument.spreadsheetml.externalLink+xml"/>'
)
_XLSX = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_XLSM = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def soffice() -> str | None:
    """LibreOffice, where it is installed."""
    return shutil.which("soffice")


def save_with_office(path: Path, suffix: str) -> Path:
    """Open the file in LibreOffice and save it with this suffix, beside the original's place."""
    program = soffice()
    assert program is not None
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [
                program,
                f"-env:UserInstallation={_profile().as_uri()}",
                "--headless",
                "--convert-to",
                suffix.removeprefix("."),
                "--outdir",
                folder,
                str(path),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
        made = Path(folder) / path.with_suffix(suffix).name
        target = path.with_suffix(suffix)
        path.unlink()
        shutil.copy(made, target)
    return target


@way("Mở bằng LibreOffice rồi lưu lại .xlsx", "file", office=True)
def resaved_as_xlsx(case: Case) -> None:
    case.path = save_with_office(case.path, ".xlsx")


@way("Mở bằng LibreOffice rồi lưu thành .ods", "file", office=True)
def resaved_as_ods(case: Case) -> None:
    case.path = save_with_office(case.path, ".ods")


@way("Lưu thành .xls của Excel 97-2003", "file", office=True)
def resaved_as_xls(case: Case) -> None:
    case.path = save_with_office(case.path, ".xls")


@way("Lưu .ods rồi lại .xlsx", "file", office=True)
def resaved_there_and_back(case: Case) -> None:
    case.path = save_with_office(save_with_office(case.path, ".ods"), ".xlsx")


@way("Lưu kiểu “Strict Open XML Spreadsheet”", "file")
def strict_open_xml(case: Case) -> None:
    with rewritten(case.path) as entries:
        for name in entries:
            if name.endswith((".xml", ".rels")):
                for usual, strict in _STRICT.items():
                    entries[name] = entries[name].replace(usual, strict)


@way("Lưu thành .xlsm không có macro", "file")
def saved_as_xlsm(case: Case) -> None:
    with rewritten(case.path) as entries:
        entries["[Content_Types].xml"] = entries["[Content_Types].xml"].replace(_XLSX, _XLSM)
    case.path = case.path.rename(case.path.with_suffix(".xlsm"))


@way("Đổi tên tệp, có dấu, dấu cách và “(1)”", "file")
def renamed(case: Case) -> None:
    case.path = case.path.rename(case.path.with_name("Biểu mẫu – Sở (1) bản cuối.XLSX"))


@way("Tệp .xlsx bị đổi đuôi thành .xls", "file")
def renamed_to_another_suffix(case: Case) -> None:
    case.path = case.path.rename(case.path.with_suffix(".xls"))


@way("Có liên kết sang tệp khác trên máy đơn vị", "file")
def links_to_another_file(case: Case) -> None:
    with rewritten(case.path) as entries:
        entries["xl/externalLinks/externalLink1.xml"] = (
            f'<externalLink xmlns="{_MAIN}"><externalBook xmlns:r="{_OFFICE}" r:id="rId1">'
            '<sheetNames><sheetName val="Sheet1"/></sheetNames></externalBook></externalLink>'
        ).encode()
        entries["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
            f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" TargetMode="External"'
            f' Type="{_OFFICE}/externalLinkPath" Target="file:///D:/so-lieu.xlsx"/></Relationships>'
        ).encode()
        rels = "xl/_rels/workbook.xml.rels"
        entries[rels] = entries[rels].replace(
            b"</Relationships>",
            f'<Relationship Id="rIdLink1" Type="{_OFFICE}/externalLink"'
            ' Target="externalLinks/externalLink1.xml"/></Relationships>'.encode(),
        )
        book = entries["xl/workbook.xml"].decode()
        link = (
            f'<externalReferences><externalReference xmlns:r="{_OFFICE}" r:id="rIdLink1"/>'
            "</externalReferences>"
        )
        before = "<definedNames" if "<definedNames" in book else "<calcPr"
        entries["xl/workbook.xml"] = book.replace(before, link + before, 1).encode()
        kinds = "[Content_Types].xml"
        entries[kinds] = entries[kinds].replace(b"</Types>", _LINK_TYPE + b"</Types>")


@way("Đặt vùng in và tiêu đề in, thêm tên vùng", "sheet")
def print_titles_set(case: Case) -> None:
    for sheet in case.book.worksheets:
        sheet.print_title_rows = "1:3"
        sheet.print_area = "A1:H40"


@way("Nén sổ cùng tài liệu kiểm chứng thành .zip", "file")
def zipped_with_evidence(case: Case) -> None:
    case.attached = {
        "Tài liệu kiểm chứng/Quyết định 12-QĐ-STP.pdf": b"%PDF-1.7 MAU",
        "Tài liệu kiểm chứng/ảnh chụp.jpg": b"\xff\xd8\xff\xe0 MAU",
        "bang-ke.docx": b"PK\x03\x04 MAU",
    }
    target = case.path.with_suffix(".zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.write(case.path, f"Sở/{case.path.name}")
        for name, content in case.attached.items():
            package.writestr(name, content)
    case.path.unlink()
    case.path = target


@way(
    "Lưu trang số liệu thành CSV, ngăn bằng “;”, số kiểu Việt",
    "file",
    "about",
    alone=True,
)
def saved_as_csv_in_vietnamese(case: Case) -> None:
    _as_csv(case, ";", "utf-8-sig", vietnam=True)


@way("Lưu trang số liệu thành CSV, ngăn bằng dấu phẩy, số kiểu Anh", "file", "about", alone=True)
def saved_as_csv_in_english(case: Case) -> None:
    _as_csv(case, ",", "utf-8", vietnam=False)


@way("Lưu trang số liệu thành văn bản Unicode (UTF-16, ngăn bằng tab)", "file", "about", alone=True)
def saved_as_unicode_text(case: Case) -> None:
    _as_csv(case, "\t", "utf-16", vietnam=True)


@way("CSV lập từ phần mềm khác: dòng đầu là khóa, mỗi dòng một đơn vị", "file", "about", alone=True)
def csv_with_keys_only(case: Case) -> None:
    (sheet,) = _answer_pages(case.path)
    rows = [row for row in _shown(sheet, vietnam=False) if not row[0].startswith("#")]
    kept = [column for column, key in enumerate(rows[0]) if key]
    _write_csv(case, [[row[column] for column in kept] for row in rows], ",", "utf-8")


@cache
def _profile() -> Path:
    """A profile of its own, so that a running LibreOffice is not asked to do it."""
    return Path(tempfile.mkdtemp(prefix="dti-office-"))


def _as_csv(case: Case, delimiter: str, encoding: str, *, vietnam: bool) -> None:
    (sheet,) = _answer_pages(case.path)
    _write_csv(case, list(_shown(sheet, vietnam=vietnam)), delimiter, encoding)


def _answer_pages(path: Path) -> list[Worksheet]:
    book = load_workbook(path, data_only=True)
    return [
        sheet
        for sheet in book.worksheets
        if any(cell.value == KEY for row in sheet.iter_rows(max_row=8, max_col=8) for cell in row)
    ]


def _write_csv(case: Case, rows: list[list[str]], delimiter: str, encoding: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    case.path.unlink()
    case.path = case.path.with_suffix(".csv")
    case.path.write_bytes(text.getvalue().encode(encoding))


def _shown(sheet: Worksheet, *, vietnam: bool) -> Iterator[list[str]]:
    """The cells as a spreadsheet writes them into CSV: as they are shown."""
    for row in sheet.iter_rows():
        yield [_text(cell.value, cell.number_format, vietnam=vietnam) for cell in row]


def _text(value: object, shown_as: str, *, vietnam: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if "%" in shown_as:
        shown = f"{value * 100:.2f}%"
    else:
        shown = f"{value:,.0f}" if float(value).is_integer() else f"{value:,}"
    if vietnam:
        shown = shown.translate(str.maketrans(",.", ".,"))
    return shown
