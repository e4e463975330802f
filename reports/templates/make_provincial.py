"""Make a fresh `provincial.docx`: the layout of Nghị định 30/2020/NĐ-CP with the placeholders.

Offices edit the .docx in Word afterwards; run `python -m reports.templates.make_provincial` only to
start again from the original.
"""

from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from reports.docx import TEMPLATES, steady

FONT = "Times New Roman"
CENTRE, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY


def make() -> Doc:
    document = Document()
    _page(document)
    _head(document)
    _line(document, "BÁO CÁO", size=14, bold=True, align=CENTRE, before=12)
    _line(document, "{{ report.title }}", size=14, bold=True, align=CENTRE, rule=True)
    _line(document, "{%p if report.illustration %}")
    _line(document, "{{ report.illustration }}", bold=True, italic=True, align=CENTRE, before=6)
    _line(document, "{%p endif %}")
    _body(
        document,
        "Thực hiện {{ report.decree }}, điểm chỉ số chuyển đổi số của {{ unit.unit.name }}"
        " được tính từ số liệu năm {{ report.evaluation_year }} ({{ report.data_window }}),"
        " {{ reading }}.",
    )
    _body(
        document,
        "Điểm đã tính được: {{ unit.total.computed }} trên {{ unit.total.max_points }} điểm, ở"
        " {{ unit.counts[0][1] }} trong {{ unit.criteria }} tiêu chí. Khi mọi câu hỏi và chỗ thiếu"
        " được giải đáp, tổng điểm nằm trong khoảng {{ unit.total.low }} đến"
        " {{ unit.total.high }} điểm. Theo cách đọc kia, điểm đã tính được là"
        " {{ unit.other_reading.computed }} (khoảng {{ unit.other_reading.low }} đến"
        " {{ unit.other_reading.high }}).",
    )
    _section(document, "1. Điểm theo chỉ số chính")
    _table(
        document,
        [
            ("Chỉ số chính", 6.4),
            ("Tối đa", 2.2),
            ("Đã tính", 2.4),
            ("Thấp nhất", 2.6),
            ("Cao nhất", 2.6),
        ],
        "p in unit.pillars",
        [
            "{{ p.code }}. {{ p.name }}",
            "{{ p.max_points }}",
            "{{ p.computed }}",
            "{{ p.low }}",
            "{{ p.high }}",
        ],
        total=[
            "Tổng",
            "{{ unit.total.max_points }}",
            "{{ unit.total.computed }}",
            "{{ unit.total.low }}",
            "{{ unit.total.high }}",
        ],
        numeric={1, 2, 3, 4},
    )
    _section(document, "2. Điểm từng tiêu chí")
    _line(document, "{%p for pillar, rows in unit.rows %}")
    heading = _line(document, "{{ pillar.code }}. {{ pillar.name }}", bold=True, before=6)
    heading.paragraph_format.keep_with_next = True
    _table(
        document,
        [
            ("Mục", 1.5),
            ("Tiêu chí", 6.1),
            ("Tối đa", 1.5),
            ("Số liệu", 2.9),
            ("Điểm", 2.1),
            ("Tình trạng", 2.4),
        ],
        "r in rows",
        [
            "{{ r.code }}",
            "{{ r.name }}",
            "{{ r.max_points }}",
            "{{ r.figures }}",
            "{{ r.points }}",
            "{{ r.status }}",
        ],
        numeric={2, 4},
    )
    _line(document, "{%p endfor %}")
    _section(document, "3. Câu hỏi phải giải đáp")
    _table(
        document,
        [("Mục", 1.5), ("Nguồn viết", 3.6), ("Hỏi", 7.4), ("Cơ quan chủ trì", 4)],
        "q in unit.questions",
        ["{{ q.code }}", "{{ q.published }}", "{{ q.question }}", "{{ q.asks }}"],
    )
    _section(document, "4. Số liệu còn thiếu và cơ quan chủ trì")
    _table(
        document,
        [("Mục", 1.5), ("Số liệu cần", 8), ("Cơ quan chủ trì", 4.5), ("Điểm còn ngỏ", 2.5)],
        "m in unit.missing",
        ["{{ m.code }}", "{{ m.figures }}", "{{ m.asks }}", "{{ m.at_stake }}"],
        numeric={3},
    )
    _section(document, "5. Tiêu chí so với tỉnh khác, không tính được trong phạm vi một tỉnh")
    _table(
        document,
        [("Mục", 1.5), ("Tiêu chí", 6), ("Số liệu đã có", 5), ("Điểm còn ngỏ", 4)],
        "m in unit.external",
        ["{{ m.code }}", "{{ m.name }}", "{{ m.figures }}", "{{ m.at_stake }}"],
        numeric={3},
    )
    _section(document, "6. Sai sót của văn bản và kết quả theo từng cách đọc")
    _table(
        document,
        [
            ("Mục", 1.5),
            ("Sai sót", 8.6),
            ("Theo câu chữ", 2.2),
            ("Đã chỉnh", 2.2),
            ("Chênh lệch", 2),
        ],
        "e in unit.errata",
        [
            "{{ e.code }}",
            "{{ e.note }}",
            "{{ e.as_written }}",
            "{{ e.corrected }}",
            "{{ e.difference }}",
        ],
        numeric={2, 3, 4},
    )
    _section(document, "7. Chính sách đã dùng ở những điều văn bản không quy định")
    _table(
        document,
        [("Vấn đề", 4.2), ("Cách xử lý", 4), ("Căn cứ", 6.3), ("Ngày", 2)],
        "p in report.policies",
        ["{{ p.name }}", "{{ p.value }}", "{{ p.basis }}", "{{ p.decided_on }}"],
    )
    _signature(document)
    return document


def _page(document: Doc) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    run = number.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)
    _font(run, 13)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(13)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.element.rPr.rFonts.set(qn("w:cs"), FONT)
    normal.paragraph_format.space_after = Pt(0)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    normal.element.rPr.append(language)
    document.core_properties.title = "Báo cáo chỉ số chuyển đổi số cấp tỉnh"
    document.core_properties.author = ""


def _head(document: Doc) -> None:
    table = document.add_table(rows=2, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _widths(table, [7.5, 9.3])
    _no_padding(table)
    left, right = table.rows[0].cells
    _line(left, "{{ head.parent | upper }}", size=12, align=CENTRE, first=True)
    _line(left, "{{ head.issuer | upper }}", size=12, bold=True, align=CENTRE, rule=True)
    _line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, align=CENTRE, first=True)
    _line(right, "Độc lập - Tự do - Hạnh phúc", size=13, bold=True, align=CENTRE, rule=True)
    left, right = table.rows[1].cells
    _line(left, "Số:        /{{ head.file_code }}", size=13, align=CENTRE, first=True, before=6)
    _line(left, "DỰ THẢO", size=13, bold=True, align=CENTRE)
    _line(
        right,
        "{{ head.place }}, ngày      tháng      năm        ",
        size=13,
        italic=True,
        align=CENTRE,
        first=True,
        before=6,
    )


def _signature(document: Doc) -> None:
    table = document.add_table(rows=1, cols=2)
    _widths(table, [8.2, 8.3])
    left, right = table.rows[0].cells
    _line(left, "Nơi nhận:", size=12, bold=True, italic=True, first=True, before=12)
    for text in (
        "- {{ head.parent }} (để báo cáo);",
        "- Các cơ quan chủ trì tiêu chí;",
        "- Lưu: VT.",
    ):
        _line(left, text, size=11)
    _line(
        right, "{{ head.signer | upper }}", size=13, bold=True, align=CENTRE, first=True, before=12
    )


def _section(document: Doc, text: str) -> None:
    paragraph = _line(document, text, size=13, bold=True, before=12)
    paragraph.paragraph_format.space_after = Pt(4)
    paragraph.paragraph_format.keep_with_next = True


def _body(document: Doc, text: str) -> None:
    paragraph = _line(document, text, size=13, align=JUSTIFY, before=6)
    paragraph.paragraph_format.first_line_indent = Cm(1.27)


def _line(
    parent: object,
    text: str,
    *,
    size: float = 13,
    bold: bool = False,
    italic: bool = False,
    align: WD_ALIGN_PARAGRAPH | None = None,
    rule: bool = False,
    before: float = 0,
    first: bool = False,
) -> Paragraph:
    paragraph = parent.paragraphs[0] if first else parent.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = Pt(before)
    run = paragraph.add_run(text)
    run.bold, run.italic = bold, italic
    _font(run, size)
    if rule:
        _short_rule(parent)
    return paragraph


def _short_rule(parent: object) -> None:
    """The short line that Nghị định 30 puts under an issuer, the motto and a subject."""
    paragraph = parent.add_paragraph()
    paragraph.alignment = CENTRE
    paragraph.paragraph_format.line_spacing = Pt(6)
    run = paragraph.add_run("\u2500" * 12)
    _font(run, 6)


def _font(run: object, size: float) -> None:
    run.font.name, run.font.size = FONT, Pt(size)
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:cs"), FONT)


def _no_padding(table: Table) -> None:
    """Let both names of the head stand on one line each, as Phụ lục I draws them."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), "0")
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    table._tbl.tblPr.append(margins)


def _widths(table: Table, widths: list[float]) -> None:
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)  # LibreOffice goes by the grid, Word by the cells
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)


def _table(
    document: Doc,
    columns: list[tuple[str, float]],
    loop: str,
    cells: list[str],
    *,
    total: list[str] | None = None,
    numeric: set[int] = frozenset(),
) -> None:
    rows = [[name for name, _ in columns], [f"{{%tr for {loop} %}}"], cells, ["{%tr endfor %}"]]
    if total:
        rows.append(total)
    table = document.add_table(rows=len(rows), cols=len(columns))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _widths(table, [width for _, width in columns])
    header = table.rows[0]._tr.get_or_add_trPr()
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    header.append(repeat)
    for index, texts in enumerate(rows):
        keep = OxmlElement("w:cantSplit")
        table.rows[index]._tr.get_or_add_trPr().append(keep)
        for column, text in enumerate(texts):
            right = column in numeric and index > 0
            _line(
                table.cell(index, column),
                text,
                size=11,
                bold=index == 0 or (index == len(rows) - 1 and bool(total)),
                align=CENTRE if index == 0 else WD_ALIGN_PARAGRAPH.RIGHT if right else None,
                first=True,
            )


if __name__ == "__main__":
    import io

    buffer = io.BytesIO()
    make().save(buffer)
    (TEMPLATES / "provincial.docx").write_bytes(steady(buffer.getvalue()))
