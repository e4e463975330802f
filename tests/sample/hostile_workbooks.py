"""Spreadsheets made to harm whoever opens them, and files that only call themselves so."""

import io
import struct
import zipfile

from tests.sample.compound import compound, header_of, macro
from tests.sample.hostile_parts import MIB, changed, hostile, inserted, parts_of, zipped

BOOK, SHEET, STRINGS = "xl/workbook.xml", "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"
_LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b"]>"
)
_FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
_ODS = {
    "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
    "META-INF/manifest.xml": b"<manifest/>",
}


def _ods_content(inside: bytes) -> bytes:
    return (
        b'<?xml version="1.0"?><office:document-content'
        b' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        b' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body>'
        b'<office:spreadsheet><table:table table:name="T">' + inside + b"</table:table>"
        b"</office:spreadsheet></office:body></office:document-content>"
    )


@hostile("ZIP bomb phẳng: một trang bung ra 100 MB", "nén .* byte mà bung ra")
def flat_bomb(good: bytes) -> bytes:
    return changed(good, {SHEET: bytes(100 * MIB)})


@hostile("ZIP bomb khai gian cỡ thật", "lớn hơn cỡ nó tự khai")
def bomb_that_lies(good: bytes) -> bytes:
    bomb = bytearray(changed(good, {SHEET: b"<worksheet>" + b" " * 30 * MIB}))
    directory = bomb.rindex(b"PK\x01\x02", 0, bomb.rindex(SHEET.encode()))
    bomb[directory + 24 : directory + 28] = struct.pack("<I", 90_000)
    return bytes(bomb)


@hostile("Nhiều mục cùng trỏ vào một vùng nén (bom chồng lấn)", "không khớp với nội dung")
def overlapping_bomb(good: bytes) -> bytes:
    """The directory gives the place of the first page for all of the others too."""
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        place = archive.getinfo("xl/worksheets/sheet1.xml").header_offset
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    bomb = bytearray(good)
    for name in names:
        directory = bomb.rindex(b"PK\x01\x02", 0, bomb.rindex(name.encode()))
        bomb[directory + 42 : directory + 46] = struct.pack("<I", place)
    return bytes(bomb)


@hostile("“Billion laughs” trong sharedStrings", "định nghĩa thực thể XML")
def laughs_in_strings(good: bytes) -> bytes:
    return inserted(good, STRINGS, b"<sst", _LAUGHS, b"<si><t>&j;</t></si></sst>")


@hostile("“Billion laughs” trong workbook.xml", "định nghĩa thực thể XML")
def laughs_in_workbook(good: bytes) -> bytes:
    return inserted(good, BOOK, b"<workbook", _LAUGHS, b"<!-- &j; --></workbook>")


@hostile("Thực thể ngoài đọc tệp của máy chủ (XXE)", "định nghĩa thực thể XML")
def external_entity(good: bytes) -> bytes:
    told = b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return inserted(good, STRINGS, b"<sst", told, b"<si><t>&x;</t></si></sst>")


@hostile("Trang viết bằng UTF-16 để giấu DOCTYPE", "bảng mã lạ")
def entity_in_another_encoding(good: bytes) -> bytes:
    part = parts_of(good)[STRINGS].decode().replace("UTF-8", "UTF-16")
    head, rest = part.split("<sst", 1)
    return changed(good, {STRINGS: f"{head}{_LAUGHS.decode()}<sst{rest}".encode("utf-16")})


@hostile("Macro tự chạy khi mở (Workbook_Open)", "có macro tự chạy", ".xlsm")
def macro_that_opens(good: bytes) -> bytes:
    source = 'Private Sub Workbook_Open()\r\nShell "cmd /c calc"\r\nEnd Sub\r\n'
    return changed(good, {"xl/vbaProject.bin": macro(source)})


@hostile("Macro tự chạy giấu trong tệp .xlsx", "có macro tự chạy")
def macro_in_disguise(good: bytes) -> bytes:
    return changed(good, {"xl/vbaProject.bin": macro("Sub Auto_Open()\r\nEnd Sub\r\n")})


@hostile("Macro không đọc được", "không đọc được macro", ".xlsm")
def macro_that_hides(good: bytes) -> bytes:
    return changed(good, {"xl/vbaProject.bin": compound({"VBA": b"\x00\x42" * 3000})})


@hostile("Trang macro kiểu Excel 4.0", "macro kiểu cũ")
def old_macro_page(good: bytes) -> bytes:
    return changed(good, {"xl/macrosheets/sheet1.xml": b"<xm:macrosheet/>"})


@hostile("Liên kết DDE gọi chương trình", "DDE")
def call_of_a_program(good: bytes) -> bytes:
    link = b'<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    return changed(good, {"xl/externalLinks/externalLink1.xml": link})


@hostile("Một triệu dòng trống có định dạng", "quá lớn so với biểu mẫu")
def million_styled_rows(good: bytes) -> bytes:
    rows = b"".join(
        b'<row r="%d" s="3" customFormat="1"><c r="A%d" s="3"/></row>' % (n, n)
        for n in range(1000, 1_048_577)
    )
    return inserted(good, SHEET, b"", b"", rows + b"</sheetData>", b"</sheetData>")


@hostile("Ô ở góc cuối trang XFD1048576", "XFD1048576")
def farthest_cell(good: bytes) -> bytes:
    return inserted(good, SHEET, b"", b"", _FAR, b"</sheetData>")


@hostile("Ô ở góc cuối trang, viết cách khác để lọt kiểm tra", "đòi quá nhiều bộ nhớ")
def farthest_cell_in_disguise(good: bytes) -> bytes:
    hidden = _FAR.replace(b'c r="XFD1048576"', b"c r='XFD1048576'")
    return inserted(good, SHEET, b"", b"", hidden, b"</sheetData>")


@hostile("Mười nghìn trang tính", "mục bên trong, nhiều hơn")
def ten_thousand_pages(good: bytes) -> bytes:
    page = b"<worksheet/>"
    return changed(good, {f"xl/worksheets/sheet{n}.xml": page for n in range(100, 10_100)})


@hostile("Năm trăm trang tính trong danh mục", "quá 200 trang tính")
def list_of_many_pages(good: bytes) -> bytes:
    pages = b"".join(
        b'<sheet name="T%d" sheetId="%d" r:id="rId1"/>' % (n, n) for n in range(50, 550)
    )
    return inserted(good, BOOK, b"", b"", pages + b"</sheets>", b"</sheets>")


@hostile("Chương trình .exe đổi đuôi", "là chương trình")
def program_renamed(_: bytes) -> bytes:
    return b"MZ\x90\x00" + bytes(4000)


@hostile("Tệp PDF đổi đuôi", "là tệp PDF")
def pdf_renamed(_: bytes) -> bytes:
    return b"%PDF-1.7\n" + bytes(4000)


@hostile("Trang web đổi đuôi thành .xls", "là trang web", ".xls")
def web_page_renamed(_: bytes) -> bytes:
    return b"<html><script>alert(1)</script><table><tr><td>key</td></tr></table></html>"


@hostile("Văn bản Word đổi đuôi thành .xlsx", "là văn bản")
def document_renamed(_: bytes) -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"})


@hostile("Sổ có mật khẩu mở tệp", "có mật khẩu")
def locked(good: bytes) -> bytes:
    return compound({"EncryptionInfo": bytes(300), "EncryptedPackage": good})


@hostile("Tệp .ods có mật khẩu", "có mật khẩu", ".ods")
def locked_ods(_: bytes) -> bytes:
    told = b"<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    return zipped({**_ODS, "META-INF/manifest.xml": told, "content.xml": b"\x8f\x02" * 500})


@hostile("Tệp tải dở", "bị hỏng hoặc chưa tải hết")
def truncated(good: bytes) -> bytes:
    return good[: len(good) // 2]


@hostile("Tệp rỗng", "rỗng")
def empty(_: bytes) -> bytes:
    return b""


@hostile("Một byte trong phần nén bị đổi", "bị hỏng")
def one_byte_changed(good: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        entry = archive.getinfo(SHEET)
    place = entry.header_offset + 30 + len(SHEET) + entry.compress_size // 2
    return good[:place] + bytes([good[place] ^ 0x55]) + good[place + 1 :]


@hostile("Hai mục cùng tên trong ZIP", "hai mục cùng tên")
def doubled_entry(good: bytes) -> bytes:
    with zipfile.ZipFile(out := io.BytesIO(good), "a") as archive:
        # the same name in other letters: some readers take the first, some the second
        archive.writestr(SHEET.replace("sheet2", "Sheet2"), b"<worksheet/>")
    return out.getvalue()


@hostile("ODS bomb: một ô lặp một tỷ lần", "đòi quá nhiều bộ nhớ", ".ods")
def repeated_ods(_: bytes) -> bytes:
    cell = (
        b'<table:table-row table:number-rows-repeated="1048576"><table:table-cell'
        b' table:number-columns-repeated="16384" office:value-type="float" office:value="7"/>'
        b"</table:table-row>"
    )
    return zipped({**_ODS, "content.xml": _ods_content(cell)})


@hostile("“Billion laughs” trong .ods", "định nghĩa thực thể XML", ".ods")
def laughs_in_ods(_: bytes) -> bytes:
    content = _ods_content(
        b"<table:table-row><table:table-cell>&j;</table:table-cell></table:table-row>"
    )
    return zipped({**_ODS, "content.xml": content.replace(b"<office", _LAUGHS + b"<office", 1)})


@hostile("ODS có macro tự chạy khi mở", "có macro tự chạy", ".ods")
def ods_that_opens(_: bytes) -> bytes:
    event = (
        b'<script:event-listener xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0"'
        b' script:event-name="dom:load"/>'
    )
    return zipped(
        {**_ODS, "Basic/Standard/Module1.xml": b"<m/>", "content.xml": _ods_content(event)}
    )


@hostile("Tệp .xls khai bảng phân bố 16 GB", "đòi quá nhiều bộ nhớ|bị hỏng", ".xls")
def xls_that_lies(_: bytes) -> bytes:
    name = "Workbook".encode("utf-16-le")
    return header_of(0, 0xFFFFFFF0, 0xFFFFFFF0, []) + name + bytes(2000)
