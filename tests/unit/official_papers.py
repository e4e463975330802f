"""What Nghị định 30/2020/NĐ-CP asks of a paper, and how tests read one."""

import io
import re
import zipfile
from collections.abc import Iterator

from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENTATION
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

# Nghị định 30/2020/NĐ-CP, Phụ lục I, phần I and II, as ../shared/decrees/nd30_layout.json has them
PAPER_MM = (210, 297)
MARGINS_MM = {"top": (20, 25), "bottom": (20, 25), "left": (30, 35), "right": (15, 20)}
FONT = "Times New Roman"
INDENT_CM = (1, 1.27)
PARAGRAPH_GAP_PT = 6
# words of a paper → (smallest size, largest size, bold, italic)
FACES = {
    r"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM": (12, 13, True, False),
    r"Độc lập - Tự do - Hạnh phúc": (13, 14, True, False),
    r"SỞ THÔNG TIN VÀ TRUYỀN THÔNG|ỦY BAN NHÂN DÂN|TỈNH VĨNH PHÚC": (12, 13, True, False),
    r"ỦY BAN NHÂN DÂN TỈNH VĨNH PHÚC": (12, 14, None, False),  # box 2: not bold; competence: bold
    r"Số: +/.+": (13, 13, False, False),
    r"Vĩnh Phúc, ngày .*": (13, 14, False, True),
    r"TỜ TRÌNH|QUYẾT ĐỊNH|KẾ HOẠCH|Về việc .*|Đánh giá, xếp hạng .*": (13, 14, True, False),
    r"V/v .*": (12, 13, False, False),
    r"Căn cứ .*;|Theo đề nghị .*": (13, 14, False, True),
    r"GIÁM ĐỐC|TM\. ỦY BAN NHÂN DÂN|CHỦ TỊCH": (13, 14, True, False),
    r"Kính gửi: .*": (13, 14, False, False),
    r"Nơi nhận:": (12, 12, True, True),
    r"- .*;|- Lưu: .*\.": (11, 11, False, False),
    r"Phụ lục( I+)?": (14, 14, True, False),
    r"THỨ HẠNG VÀ TỔNG ĐIỂM.*|ĐIỂM THEO TỪNG .*|NỘI DUNG ĐÍNH CHÍNH|PHIẾU ĐIỂM": (
        13,
        14,
        True,
        False,
    ),
    r"HƯỚNG DẪN CUNG CẤP .*|CHÍNH SÁCH ÁP DỤNG|CÁC CƠ QUAN, ĐƠN VỊ VÀ .*": (13, 14, True, False),
    r"\(Kèm theo (.|\n)*\)": (13, 14, False, True),
}


def the_page_is_set(document: Doc) -> None:
    """Paper, margins, font and page numbers of a template."""
    for section in document.sections:
        paper = (round(section.page_width.mm), round(section.page_height.mm))
        on_its_side = section.orientation == WD_ORIENTATION.LANDSCAPE
        assert paper == (PAPER_MM[::-1] if on_its_side else PAPER_MM)
        for side, (least, most) in MARGINS_MM.items():
            assert least <= round(getattr(section, f"{side}_margin").mm, 1) <= most, side
        assert section.different_first_page_header_footer, "no number on the first page"
        header = section.header.paragraphs[0]
        assert "PAGE" in header._p.xml
        assert header.alignment == 1, "the page number stands in the middle"
    assert document.styles["Normal"].font.name == FONT
    for starts in document.element.iter(qn("w:pgNumType")):
        assert starts.get(qn("w:start")) == "1", "an appendix is numbered by itself"


def faces_of(content: bytes) -> set[str]:
    """The patterns of `FACES` that a paper's paragraphs match, every one in its face."""
    seen: set[str] = set()
    document = Document(io.BytesIO(content))
    for paragraph, ruled in paragraphs_of(document):
        for run in paragraph.runs:
            if run.text.strip():
                assert run.font.name == FONT
                assert run.font.size.pt >= (10 if ruled else 11)
        if ruled or not paragraph.text.strip():
            continue
        pattern = next((p for p in FACES if re.fullmatch(p, paragraph.text)), None)
        if pattern is None or (
            paragraph.paragraph_format.first_line_indent and "Căn cứ" in pattern
        ):
            indent = paragraph.paragraph_format.first_line_indent
            if indent is not None:
                assert INDENT_CM[0] <= round(indent.cm, 2) <= INDENT_CM[1]
                assert paragraph.paragraph_format.space_before.pt >= PARAGRAPH_GAP_PT
                assert paragraph.alignment == 3, "the text is justified"
                assert {run.font.size.pt for run in paragraph.runs} <= {13.0, 14.0}
        if pattern is None:
            continue
        seen.add(pattern)
        least, most, bold, italic = FACES[pattern]
        for run in paragraph.runs:
            assert least <= run.font.size.pt <= most, paragraph.text
            assert bold is None or bool(run.bold) is bold, paragraph.text
            assert bool(run.italic) is italic, paragraph.text
    return seen


def blocks_of(content: bytes) -> list[list[str]]:
    """The paragraphs of each cell of the tables without rules: the head's four, the signature's."""
    return [
        [paragraph.text for paragraph in cell.paragraphs]
        for table in tables_of(content)
        if table.style is None or table.style.name != "Table Grid"
        for row in table.rows
        for cell in row.cells
    ]


def tables_of(content: bytes) -> list[Table]:
    return Document(io.BytesIO(content)).tables


def rows_of(content: bytes) -> list[list[str]]:
    return [[c.text for c in row.cells] for table in tables_of(content) for row in table.rows]


def paragraphs_of(document: Doc) -> Iterator[tuple[Paragraph, bool]]:
    """Every paragraph, and whether it stands in a ruled table."""
    for paragraph in document.paragraphs:
        yield paragraph, False
    for table in document.tables:
        ruled = table.style is not None and table.style.name == "Table Grid"
        for row in table.rows:
            for cell in row.cells:
                for paragraph in cell.paragraphs:
                    yield paragraph, ruled


def text_of(content: bytes) -> str:
    """The text of the file's body, a line a paragraph, whatever cell it stands in."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read("word/document.xml").decode()
    text = re.sub(r"<[^>]+>", "", re.sub(r"</w:p>|<w:br/>", "\n", xml))
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text
