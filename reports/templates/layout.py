"""The pieces that official papers are built of: Nghị định 30/2020/NĐ-CP, Phụ lục I.

Lengths are in centimetres, sizes in points. Texts are docxtpl templates: one that is a `{%p … %}`
tag alone stands in a paragraph of its own and leaves with it.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENTATION, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Cm, Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from reports.docx import TEMPLATES, steady

FONT = "Times New Roman"
CENTRE, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
RIGHT = WD_ALIGN_PARAGRAPH.RIGHT
TEXT_WIDTH = 16.5  # A4 less the margins of 30 and 15 mm
LANDSCAPE_WIDTH = 25.2  # the same on its side
# "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in 12 bold is 8,85 cm; the rest is for long names
HEAD_WIDTHS = (7.8, 9.0)
# "Độc lập - Tự do - Hạnh phúc" in 13 bold is 5,6 cm: the line under it is as long as the words
MOTTO_RULE = 5.6

Parent = Doc | _Cell


@dataclass(frozen=True)
class Span:
    """A stretch of a paragraph in one face."""

    text: str
    bold: bool = False
    italic: bool = False


def paper(title: str) -> Doc:
    """An empty A4 paper: margins, font, language, page number from the second page on."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    _page_number(section)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(13)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.element.rPr.rFonts.set(qn("w:cs"), FONT)
    normal.paragraph_format.space_after = Pt(0)
    normal.element.rPr.append(element("w:lang", val="vi-VN"))
    document.core_properties.title = title
    document.core_properties.author = ""
    return document


def appendix(document: Doc, *, landscape: bool = False) -> Section:
    """Begin an appendix: a new page, on its side where asked, whose numbers start again from 1."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    if landscape != (section.orientation == WD_ORIENTATION.LANDSCAPE):
        section.orientation = WD_ORIENTATION.LANDSCAPE if landscape else WD_ORIENTATION.PORTRAIT
        section.page_width, section.page_height = section.page_height, section.page_width
    # add_section copies the numbering of the section before
    for old in section._sectPr.findall(qn("w:pgNumType")):
        section._sectPr.remove(old)
    numbers = element("w:pgNumType", start="1")
    section._sectPr.find(qn("w:pgMar")).addnext(numbers)
    return section


def head(
    document: Doc,
    *,
    parent: Sequence[str],
    issuer: Sequence[str],
    symbol: str,
    place: str | None,
    subject: str | None = None,
    rule: float = 2.6,
    issued: str | None = None,
) -> None:
    """Boxes 1 to 5b: state and motto, issuer, number, place and date, the subject of a letter.

    parent, issuer  paragraphs of the left side; no parent where the issuer is a People's Committee
    place           None in minutes, which say in their text where and when (mẫu 1.9)
    rule            length of the line under the issuer, 1/3 to 1/2 of its (last) line
    issued          the value that has number and day once the paper is issued; without one, or
                    while it is empty, both are blank and the paper is marked as a draft
    """
    table = document.add_table(rows=2, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    widths(table, HEAD_WIDTHS)
    padding(table, 0)
    left, right = table.rows[0].cells
    names = [*((text, False) for text in parent), *((text, True) for text in issuer)]
    for place_, (text, bold) in enumerate(names):
        line(left, text, size=12, bold=bold, align=CENTRE, first=place_ == 0)
    short_rule(left, rule, HEAD_WIDTHS[0])
    line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, align=CENTRE, first=True)
    line(right, "Độc lập - Tự do - Hạnh phúc", size=13, bold=True, align=CENTRE)
    short_rule(right, MOTTO_RULE, HEAD_WIDTHS[1])
    left, right = table.rows[1].cells
    number, dated = " " * 7, "ngày      tháng      năm        "
    if issued:
        number = f"{{% if {issued} %}}{{{{ {issued}.number }}}}{{% else %}}{number}{{% endif %}}"
        dated = f"{{% if {issued} %}}{{{{ {issued}.day }}}}{{% else %}}{dated}{{% endif %}}"
    line(left, f"Số: {number}/{symbol}", size=13, align=CENTRE, first=True, before=6)
    if subject:
        about = line(left, subject, size=12, align=CENTRE, before=6)
        about.paragraph_format.left_indent = about.paragraph_format.right_indent = Cm(0.9)
    draft(left, issued, before=6 if subject else 0)
    if place is not None:
        line(right, f"{place}, {dated}", italic=True, align=CENTRE, first=True, before=6)


def draft(parent: Parent, issued: str | None = None, *, before: float = 0) -> None:
    """The mark of a draft; it leaves a paper once the value `issued` has its number."""
    if issued:
        line(parent, f"{{%p if not {issued} %}}")
    line(parent, "DỰ THẢO", bold=True, align=CENTRE, before=before)
    if issued:
        line(parent, "{%p endif %}")


def name_of_type(document: Doc, kind: str, subject: str) -> None:
    """Box 5a: the paper's type and subject, with a line under them."""
    line(document, kind, size=14, bold=True, align=CENTRE, before=12)
    line(document, subject, size=14, bold=True, align=CENTRE)
    short_rule(document, 5, TEXT_WIDTH)


def notice(document: Doc, text: str) -> None:
    """What a paper must say of itself, where `text` is set when it is filled."""
    line(document, f"{{%p if {text} %}}")
    line(document, f"{{{{ {text} }}}}", bold=True, italic=True, align=CENTRE, before=6)
    line(document, "{%p endif %}")


def section(document: Doc, text: str) -> Paragraph:
    """A heading inside a paper; it stays with what follows."""
    paragraph = line(document, text, bold=True, before=12)
    paragraph.paragraph_format.space_after = Pt(4)
    paragraph.paragraph_format.keep_with_next = True
    return paragraph


def body(document: Doc, *spans: str | Span, leads: bool = False) -> Paragraph:
    """A paragraph of the text: justified, first line indented.

    leads  whether it leads over to a table or the signature: then it stays with it
    """
    paragraph = document.add_paragraph()
    paragraph.alignment = JUSTIFY
    paragraph.paragraph_format.space_before = Pt(6)
    paragraph.paragraph_format.first_line_indent = Cm(1.27)
    if leads:
        paragraph.paragraph_format.space_after = Pt(6)
        paragraph.paragraph_format.keep_with_next = True
    for span in spans:
        each = Span(span) if isinstance(span, str) else span
        _run(paragraph, each.text, 13, each.bold, each.italic)
    return paragraph


def line(
    parent: Parent,
    text: str,
    *,
    size: float = 13,
    bold: bool = False,
    italic: bool = False,
    align: WD_ALIGN_PARAGRAPH | None = None,
    before: float = 0,
    first: bool = False,
) -> Paragraph:
    """One paragraph in one face. `first` uses the paragraph that every cell begins with."""
    paragraph = parent.paragraphs[0] if first else parent.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = Pt(before)
    _run(paragraph, text, size, bold, italic)
    return paragraph


def gap(document: Doc) -> None:
    """Room between a line and the table under it."""
    document.add_paragraph().paragraph_format.line_spacing = Pt(8)


def short_rule(parent: Parent, length: float, within: float) -> Paragraph:
    """The solid line under an issuer, the motto or a subject, centred in a width of `within`."""
    paragraph = parent.add_paragraph()
    layout = paragraph.paragraph_format
    layout.space_before, layout.line_spacing = Pt(2), Pt(4)
    layout.left_indent = layout.right_indent = Cm((within - length) / 2)
    borders = element("w:pBdr")
    borders.append(element("w:top", val="single", sz="6", space="0", color="000000"))
    properties = paragraph._p.get_or_add_pPr()
    # the schema wants the border before the spacing
    properties.find(qn("w:spacing")).addprevious(borders)
    return paragraph


def whole_row(table: Table, index: int, *, heading: bool = False) -> None:
    """Keep a row on one page; a heading is repeated on each."""
    properties = table.rows[index]._tr.get_or_add_trPr()
    properties.append(element("w:cantSplit"))
    if heading:
        properties.append(element("w:tblHeader", val="true"))


def signature(document: Doc, recipients: Sequence[str], signer: Sequence[str]) -> None:
    """Boxes 7a and 9b: who receives the paper, and in what capacity it is signed."""
    table = document.add_table(rows=1, cols=2)
    widths(table, (8.2, 8.3))
    whole_row(table, 0)
    left, right = table.rows[0].cells
    line(left, "Nơi nhận:", size=12, bold=True, italic=True, first=True, before=12)
    for text in recipients:
        line(left, text, size=11)
    for place, text in enumerate(signer):
        first = place == 0
        line(right, text, bold=True, align=CENTRE, first=first, before=12 if first else 0)


def widths(table: Table, centimetres: Sequence[float]) -> None:
    """Fix the widths of columns: LibreOffice goes by the grid, Word by the cells."""
    table.autofit = False
    for column, width in zip(table.columns, centimetres, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, centimetres, strict=True):
            cell.width = Cm(width)


def padding(table: Table, centimetres: float) -> None:
    """The room that cells keep left and right of their text.

    None in a head: both names then stand on one line each, as Phụ lục I draws them.
    """
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w=str(Cm(centimetres).twips), type="dxa"))
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    if look is None:
        properties.append(margins)
    else:
        look.addprevious(margins)


def element(tag: str, **attributes: str) -> BaseOxmlElement:
    """An element of WordprocessingML with its attributes."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def write(document: Doc, name: str) -> None:
    """Write a template so that the same content is the same file."""
    buffer = io.BytesIO()
    document.save(buffer)
    (TEMPLATES / name).write_bytes(steady(buffer.getvalue()))


def _page_number(section: Section) -> None:
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    run = number.add_run()
    for kind in ("begin", None, "end"):
        if kind:
            mark = element("w:fldChar", fldCharType=kind)
        else:
            mark = element("w:instrText")
            mark.text = "PAGE"
        run._r.append(mark)
    _font(run, 13)


def _run(paragraph: Paragraph, text: str, size: float, bold: bool, italic: bool) -> None:
    run = paragraph.add_run(text)
    run.bold, run.italic = bold, italic
    _font(run, size)


def _font(run: Run, size: float) -> None:
    run.font.name, run.font.size = FONT, Pt(size)
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:cs"), FONT)
