"""Ruled tables of the papers: a heading that each page repeats, rows that stay whole."""

from collections.abc import Sequence, Set

from docx.document import Document as Doc
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Pt
from docx.table import Table

from reports.templates.layout import CENTRE, RIGHT, line, whole_row, widths


def table(
    document: Doc,
    columns: Sequence[tuple[str, float]],
    loop: str,
    cells: Sequence[str],
    *,
    total: Sequence[str] | None = None,
    numeric: Set[int] = frozenset(),
    centred: Set[int] = frozenset(),
    size: float = 11,
    room: float = 0,
) -> Table:
    """A table with one row for each turn of `loop`.

    total  a last row, in bold; the rest as in `fixed`
    """
    rows = [[f"{{%tr for {loop} %}}"], cells, ["{%tr endfor %}"]]
    if total:
        rows.append(total)
    bold = {len(rows)} if total else frozenset()
    return fixed(
        document, columns, rows, bold=bold, numeric=numeric, centred=centred, size=size, room=room
    )


def fixed(
    document: Doc,
    columns: Sequence[tuple[str, float]],
    rows: Sequence[Sequence[str]],
    *,
    bold: Set[int] = frozenset(),
    numeric: Set[int] = frozenset(),
    centred: Set[int] = frozenset(),
    size: float = 11,
    room: float = 0,
) -> Table:
    """A table of the rows that are given, under a heading of the columns' names.

    columns           each with its width
    bold              rows in bold, from 1
    numeric, centred  columns whose values stand on the right, in the middle
    room              points left free over and under the text of a cell
    """
    made = document.add_table(rows=1 + len(rows), cols=len(columns))
    made.style = "Table Grid"
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    widths(made, [width for _, width in columns])
    for index, texts in enumerate([[name for name, _ in columns], *rows]):
        whole_row(made, index, heading=index == 0)
        for column, text in enumerate(texts):
            middle = index == 0 or column in centred
            paragraph = line(
                made.cell(index, column),
                text,
                size=size,
                bold=index == 0 or index in bold,
                align=CENTRE if middle else RIGHT if column in numeric else None,
                before=room,
                first=True,
            )
            paragraph.paragraph_format.space_after = Pt(room) if room else None
    return made
