"""A CSV in which an agency gives figures about units.

Its first line names the columns: `key`, then figures as "criterion|variable" ("6.4|a"); each
further line is a unit, by its id. Figures about one unit may stand one under the other instead,
keyed "unit|criterion|variable", under `value`, `evidence` and `note`. Lines above it, lines whose
key begins with "#", and columns without a key are nobody's answer: so the page of our own workbook,
saved as CSV, is such a file.
`#dti` lines above may carry the identity of the workbook (`#dti,round,vinh-phuc/2023`); without
them the keys say whose it is, since no figure is asked of two providers.
"""

import csv
import io
import re
import unicodedata

from dti_core.intake import limits
from dti_core.intake.layout import DECORATION, KEY, META_KEYS, VALUE
from dti_core.intake.pages import key_of
from dti_core.intake.workbook import UnreadableWorkbook, Workbook, assembled
from dti_core.program.load import RoundContext
from dti_core.program.requests import requests

SUFFIX = ".csv"
IDENTITY = "#dti"
_FIRST = 60  # lines within which the line of keys stands
_MOST_ROWS = 20_000
_HEADER = re.compile(r'^(?:[^\n]*?[;,\t|])??"?key"?(?P<delimiter>[;,\t])', re.MULTILINE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def read_csv(content: bytes, name: str, context: RoundContext) -> Workbook:
    """The figures about units of a CSV, as a workbook. Raises UnreadableWorkbook."""
    text = decoded(content, name)
    if (lines := text.count("\n")) > _MOST_ROWS:
        raise UnreadableWorkbook(
            f"Tệp {name} có {lines} dòng, nhiều hơn {_MOST_ROWS}. Hãy xóa các dòng thừa dưới bảng."
        )
    header = _HEADER.search("\n".join(text.split("\n")[:_FIRST]))
    if header is None:
        raise UnreadableWorkbook(
            f"Tệp {name} không có dòng khóa (ô đầu ghi “{KEY}”, các ô sau ghi mã số liệu, ví dụ"
            " “6.4|a”). Hãy lưu trang số liệu của biểu mẫu thành CSV, cả dòng và cột ẩn."
        )
    try:
        rows: list[list[str]] = list(
            csv.reader(io.StringIO(text, newline=""), delimiter=header["delimiter"])
        )
    except csv.Error as error:
        raise UnreadableWorkbook(
            f"Tệp {name} bị hỏng ở chỗ dấu ngoặc kép hoặc có ô quá dài. Hãy lưu lại rồi gửi lại."
        ) from error
    top = next(place for place, row in enumerate(rows) if KEY in row)
    width = max(map(len, rows))
    rows = [row + [""] * (width - len(row)) for row in rows]
    left = rows[top].index(KEY)
    meta = {row[1]: row[2] for row in rows[:top] if row[0] == IDENTITY and width > 2}
    page = {"name": name, "rows": rows, "top": top, "left": left, "merged": [], "formulas": []}
    if not set(META_KEYS) <= set(meta):
        figures = {key_of(each) for each in rows[top]} - {"", KEY}
        units = {key for row in rows[top + 1 :] if (key := key_of(row[left]))}
        units = {key for key in units if not key.startswith(DECORATION)}
        if VALUE in figures:  # figures about one unit stand one under the other
            split = [key.partition("|") for key in units]
            units, figures = {unit for unit, _, _ in split}, {figure for _, _, figure in split}
        meta = _identity(name, figures, units, context)
    elif meta["kind"] != "about_units":
        raise UnreadableWorkbook(
            f"Tệp {name}: CSV chỉ dùng để cung cấp số liệu về các đơn vị, vì không mang chữ ký của"
            " biểu mẫu. Hãy gửi biểu mẫu đã nhận, lưu thành .xlsx hoặc .ods."
        )
    return assembled({"pages": [page], "meta": meta, "notices": []}, name, signed=False)


def decoded(content: bytes, name: str) -> str:
    """The text, by its mark or as UTF-8; what Windows in Vietnam wrote before, failing that.

    Raises UnreadableWorkbook.
    """
    if not content.strip():
        raise UnreadableWorkbook(f"Tệp {name} rỗng. Hãy kiểm tra tệp trên máy rồi gửi lại.")
    if len(content) > limits.FILE:
        raise UnreadableWorkbook(f"Tệp {name} quá lớn so với biểu mẫu.")
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1258"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROLS.search(text):
            return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    raise UnreadableWorkbook(
        f"Tệp {name} không phải văn bản CSV đọc được. Hãy lưu lại kiểu “CSV UTF-8” rồi gửi lại."
    )


def _identity(
    name: str, figures: set[str], units: set[str], context: RoundContext
) -> dict[str, str]:
    """Whose figures they are: those of the one provider who was asked for all of them."""
    fitting = []
    for request in requests(context):
        items = request.asked(own=False)
        asked = {f"{item.criterion}|{item.variable}" for item in items}
        if figures and figures <= asked and units <= {item.unit for item in items}:
            fitting.append(request)
    if len(fitting) != 1:
        raise UnreadableWorkbook(
            f"Tệp {name} có dòng khóa hoặc cột khóa không khớp với phần hỏi riêng một cơ quan nào"
            f" của đợt {context.id}. Hãy lưu lại từ biểu mẫu đã nhận rồi gửi lại."
        )
    levels = {context.program.unit[unit].level for unit in units}
    frameworks = [each for level, each in context.frameworks.items() if level in levels]
    return {
        "kind": "about_units",
        "round": context.id,
        "provider": fitting[0].provider,
        "framework": " ".join(framework.id for framework in frameworks),
        "sha256": " ".join(framework.sha256 for framework in frameworks),
    }
