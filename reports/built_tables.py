"""Big tables of the papers, built as WordprocessingML in one go.

A template places one by a marker that fills a paragraph of its own (`{{ tables.… }}`): a loop in
the template would make Jinja and python-docx walk every cell of thousands. They look as those of
`reports.templates.ruled`: ruled, a heading that each page repeats, rows that stay whole.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

from reports.docx import NO_XML, BrokenTemplate

_OPEN, _CLOSE = "\ue000", "\ue001"
_MARKED = re.compile(f"{_OPEN}([a-z_]+){_CLOSE}")
_PARAGRAPH = re.compile(
    rf"<w:p(?: [^>]*[^/>])?>(?:(?!</w:p>).)*?{_OPEN}[a-z_]+{_CLOSE}.*?</w:p>", re.DOTALL
)
_TWIPS = 1440 / 2.54
# beside the style: an office's template may not have it
_BORDERS = "".join(
    (
        "<w:tblBorders>",
        *(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        ),
        "</w:tblBorders>",
    )
)

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Column:
    """A column: its heading, its width in centimetres, where its values stand.

    upright  the heading reads from bottom to top, so that a long name fits a narrow column
    """

    heading: str
    width: float
    align: Align = "left"
    upright: bool = False


@dataclass(frozen=True)
class Row:
    """The texts of a row, one a column. A row in bold stays with the next one."""

    cells: tuple[str, ...]
    bold: bool = False


def build(
    columns: Sequence[Column],
    rows: Iterable[Row],
    *,
    size: float = 11,
    heading_height: float = 0,
    room: float = 1,
) -> str:
    """The table's XML. `size` and `room` (over and under a text) in points, height in cm."""
    grid = "".join(f'<w:gridCol w:w="{_twips(each.width)}"/>' for each in columns)
    whole = sum(_twips(each.width) for each in columns)
    plain = [_cell(each, size, room, each.align, bold=False) for each in columns]
    strong = [_cell(each, size, room, each.align, bold=True) for each in columns]
    heads = [_cell(each, size, room, "center", bold=True, heading=True) for each in columns]
    height = f'<w:trHeight w:val="{_twips(heading_height)}"/>' if heading_height else ""
    parts = [
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{whole}" w:type="dxa"/><w:jc w:val="center"/>{_BORDERS}'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="45" w:type="dxa"/>'
        '<w:right w:w="45" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>",
        f'<w:tr><w:trPr><w:cantSplit/>{height}<w:tblHeader w:val="true"/></w:trPr>',
        *(_filled(face, each.heading) for face, each in zip(heads, columns, strict=True)),
        "</w:tr>",
    ]
    for row in rows:
        faces = strong if row.bold else plain
        parts.append("<w:tr><w:trPr><w:cantSplit/></w:trPr>")
        parts += [_filled(face, text) for face, text in zip(faces, row.cells, strict=True)]
        parts.append("</w:tr>")
    parts.append("</w:tbl>")
    return "".join(parts)


def words(
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    centred: bool = False,
    leads: bool = False,
) -> str:
    """A paragraph between built tables, in 13 points. `leads`: it stays with the table under it."""
    keep = "<w:keepNext/>" if leads else ""
    align = '<w:jc w:val="center"/>' if centred else ""
    face = _face(13, bold=bold, italic=italic)
    return (
        f'<w:p><w:pPr>{keep}<w:spacing w:before="120" w:after="80"/>{align}</w:pPr>'
        f'<w:r>{face}<w:t xml:space="preserve">{_clean(text)}</w:t></w:r></w:p>'
    )


def marker(name: str) -> str:
    """What a template's placeholder is filled with where the table `name` shall stand."""
    return f"{_OPEN}{name}{_CLOSE}"


def insert(xml: str, tables: Mapping[str, str], template: object) -> str:
    """The document's XML with every marker's paragraph replaced by its table.

    Raises BrokenTemplate where a marker shares its paragraph with other words: they would be lost.
    """

    def table(match: re.Match[str]) -> str:
        paragraph = match.group()
        text = re.sub(r"<[^>]+>", "", paragraph).strip()
        found = _MARKED.fullmatch(text)
        if found is None or "<w:sectPr" in paragraph:
            shown = _MARKED.sub(r"{{ tables.\1 }}", text)
            raise BrokenTemplate(
                f"Mẫu {template}: chỗ đặt bảng phải đứng riêng một đoạn, nhưng đoạn này còn có"
                f" chữ khác hoặc dấu ngắt phần: “{shown}”. Hãy tách đoạn đó trong Word."
            )
        return tables[found.group(1)]

    return _PARAGRAPH.sub(table, xml)


def _cell(
    column: Column, size: float, room: float, align: Align, *, bold: bool, heading: bool = False
) -> tuple[str, str]:
    """What stands before and after the text of a cell."""
    turned = '<w:textDirection w:val="btLr"/>' if heading and column.upright else ""
    gap = int(room * 20)
    keep = "<w:keepNext/>" if bold and not heading else ""
    spacing = f'{keep}<w:spacing w:before="{gap}" w:after="{gap}"/>'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(column.width)}" w:type="dxa"/>{turned}'
        f'<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>{spacing}<w:jc w:val="{align}"/></w:pPr>'
        f'<w:r>{_face(size, bold=bold)}<w:t xml:space="preserve">',
        "</w:t></w:r></w:p></w:tc>",
    )


def _face(size: float, *, bold: bool = False, italic: bool = False) -> str:
    half = int(size * 2)
    return (
        '<w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman"'
        ' w:cs="Times New Roman"/>'
        f"{'<w:b/>' if bold else ''}{'<w:i/>' if italic else ''}"
        f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr>'
    )


def _filled(face: tuple[str, str], text: str) -> str:
    return face[0] + _clean(text).replace("\n", '</w:t><w:br/><w:t xml:space="preserve">') + face[1]


def _clean(text: str) -> str:
    return escape(NO_XML.sub("", text))


def _twips(centimetres: float) -> int:
    return round(centimetres * _TWIPS)
