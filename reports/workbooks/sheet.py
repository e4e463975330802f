"""A page of a workbook: hidden keys, header, rows as high as their text, paper set up."""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell

from dti_core.framework.model import Variable
from dti_core.intake.layout import KEY
from reports.heights import BOLD, HIGHEST, LETTERS, LINE, lines
from reports.workbooks.book import BAND, ENTRY, FONT, HEAD, RULE, SIZE, Book
from reports.workbooks.inputs import number_format, validation, widest_answer

_SCALE = 66  # per cent; how large a page with breaks is printed
_A4 = 9
_HEADER_ROOM = 200  # characters; Excel takes 255 with the codes of the font

# What a unit may do to a locked page without a password: look at it its own way
_ALLOWED = {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True}


Style = tuple[tuple[str, Any], ...]
"""Properties of a format, as `style` gives them."""


@dataclass(frozen=True)
class Column:
    """A column. `key` names it for the reader of the answers; none where there is no answer."""

    heading: str
    width: float
    key: str = ""


@dataclass(frozen=True)
class Text:
    """Words or a number that cannot be changed, over `span` columns. `lead` stands first, bold."""

    words: str | float | None = ""
    span: int = 1
    lead: str = ""
    style: Style = ()


@dataclass(frozen=True)
class Input:
    """A cell to be filled in.

    variable  what it takes; None for free text
    most      the largest number that it takes, where there is one
    hint      shown beside the cell when it is chosen
    lines     of text that it has room for: a row does not grow with what is typed into it
    value     words that stand in it already and may be changed
    """

    variable: Variable | None = None
    most: float | None = None
    hint: str | None = None
    lines: int = 1
    value: str = ""


@dataclass(frozen=True)
class Choice:
    """A cell that takes one of a few short words."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Formula:
    """A cell that works itself out and cannot be changed. `value` is what it gives as it is sent
    out: a reader that does not recalculate shows that."""

    text: str
    style: Style = ()
    value: str = ""


Entry = Text | Input | Choice | Formula


def style(**properties: Any) -> Style:
    """Properties of a format as `Text` takes them."""
    return tuple(sorted(properties.items()))


@dataclass(frozen=True)
class _Looks:
    """A style worked out: the format of its cells, and of those that hold bold words only."""

    cell: Format
    bold: Format
    size: float
    wraps: bool


class Sheet:
    """A page with keyed rows, filled from the top.

    heads   rows above the answers, under the title; without them the headings of the columns are
            the one header row
    breaks  places of the columns that begin a new printed page; without any the page is printed
            as wide as the paper
    """

    def __init__(
        self,
        book: Book,
        name: str,
        title: str,
        columns: Sequence[Column],
        *,
        heads: Sequence[Sequence[Text]] = (),
        breaks: Sequence[int] = (),
        frozen_columns: int = 0,
    ) -> None:
        self._book = book
        self.columns = tuple(columns)
        self.page = book.add(name)
        self._row = 1
        self._plain, self._bold = book.format(), book.format(bold=True)
        self._known: dict[tuple[Style, bool], _Looks] = {}
        self._entries: dict[str, Format] = {}
        self.page.set_default_row(LINE + 3)
        self.page.write_row(0, 0, [KEY, *(column.key for column in columns)])
        self.page.set_row(0, None, None, {"hidden": True})
        self.page.set_column(0, 0, 8, None, {"hidden": True})
        for place, column in enumerate(columns, 1):
            self.page.set_column(place, place, column.width)
        over = 1 if frozen_columns else len(columns)  # beside frozen columns it runs on unmerged
        looks = style(bold=True, font_size=13, border=0, text_wrap=not frozen_columns)
        self.add("#title", [Text(title, over, style=looks)])
        for number, head in enumerate(heads or [[Text(c.heading) for c in columns]]):
            self.add(
                f"#head{number}",
                [
                    Text(
                        text.words,
                        text.span,
                        text.lead,
                        (
                            *style(bold=True, align="center", bg_color=HEAD, border=1),
                            *text.style,
                        ),
                    )
                    for text in head
                ],
            )
        self.page.freeze_panes(self._row, frozen_columns + 1 if frozen_columns else 0)
        self.page.repeat_rows(2 if frozen_columns else 1, self._row - 1)
        if frozen_columns:
            self.page.repeat_columns(0, frozen_columns)
        paper(book, self)
        if breaks:
            self.page.set_v_pagebreaks(list(breaks))
            self.page.set_print_scale(_SCALE)
        else:
            self.page.fit_to_pages(1, 0)
        self.page.protect("", _ALLOWED)

    @property
    def next_row(self) -> int:
        """The place (from 0) of the row that `add` will write."""
        return self._row

    def address(self, column: str, row: int) -> str:
        """The whole address of the cell of a keyed column in a row, for formulas of any page."""
        place = 1 + next(i for i, each in enumerate(self.columns) if each.key == column)
        cell = xl_rowcol_to_cell(row, place, row_abs=True, col_abs=True)
        name = self.page.get_name().replace("'", "''")
        return f"'{name}'!{cell}"

    def add(self, key: str, entries: Sequence[Entry]) -> None:
        """Write a row. A key that begins with "#" marks a row without answers."""
        row, column, height = self._row, 1, LINE + 3
        self.page.write_string(row, 0, key)
        for entry in entries:
            if isinstance(entry, Text):
                height = max(height, self._text(row, column, entry))
                column += entry.span
            elif isinstance(entry, Input):
                self._input(row, column, entry)
                widest = self._needs(entry.value or widest_answer(entry.variable), column, 1)
                height = max(height, widest, entry.lines * LINE + 3)
                column += 1
            elif isinstance(entry, Formula):
                looks = {"border": 1, "border_color": RULE, **dict(entry.style)}
                self.page.write_formula(
                    row, column, entry.text, self._book.format(**looks), entry.value
                )
                column += 1
            else:
                self._choice(row, column, entry)
                column += 1
        self.page.set_row(row, min(height, HIGHEST))
        self._row += 1

    def band(self, key: str, entries: Sequence[Text]) -> None:
        """A row without answers on a shaded ground."""
        shade = style(bg_color=BAND, border=1, border_color=RULE)
        self.add(f"#{key}", [Text(e.words, e.span, e.lead, (*shade, *e.style)) for e in entries])

    def remark(self, key: str, words: str) -> None:
        """A line of small print across the page."""
        across = style(italic=True, font_size=10)
        self.add(f"#{key}", [Text(words, len(self.columns), style=across)])

    def _text(self, row: int, column: int, text: Text) -> float:
        """Write words or a number; the height in points that they need."""
        words, looks = text.words, self._looks(text)
        if text.span > 1:
            self.page.merge_range(row, column, row, column + text.span - 1, "", looks.cell)
        if text.lead and words:
            self.page.write_rich_string(
                row, column, self._bold, text.lead, self._plain, str(words), looks.cell
            )
        elif text.lead:
            self.page.write_string(row, column, text.lead, looks.bold)
        elif isinstance(words, str) and words:
            self.page.write_string(row, column, words, looks.cell)
            if words[0].isdigit():
                self.page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        elif isinstance(words, str) or words is None:
            if text.span == 1:
                self.page.write_blank(row, column, None, looks.cell)
            return 0
        else:
            self.page.write_number(row, column, words, looks.cell)
        if not looks.wraps:
            return 0
        shown = text.lead + words if isinstance(words, str) else text.lead
        return self._needs(shown, column, text.span, looks.size, bold=bool(text.lead))

    def _looks(self, text: Text) -> "_Looks":
        """How a text is drawn. Hardly anything costs more than to look formats up, so every style
        is worked out once a page."""
        inside = text.span < len(self.columns)
        found = self._known.get((text.style, inside))
        if found is None:
            chosen = dict(text.style)
            if "border" not in chosen and inside:
                chosen |= {"border": 1, "border_color": RULE}
            if chosen.get("align") != "center" and inside:
                chosen["indent"] = 1
            found = self._known[text.style, inside] = _Looks(
                cell=self._book.format(**chosen),
                bold=self._book.format(**{**chosen, "bold": True}),
                size=chosen.get("font_size", SIZE),
                wraps=chosen.get("text_wrap", True),
            )
        return found

    def _choice(self, row: int, column: int, choice: Choice) -> None:
        self.page.write_blank(row, column, None, self._open("@"))
        self.page.data_validation(
            row, column, row, column, {"validate": "list", "source": list(choice.words)}
        )

    def _open(self, shown: str) -> Format:
        """The format of a cell to be filled in."""
        if shown not in self._entries:
            self._entries[shown] = self._book.format(
                locked=False,
                bg_color=ENTRY,
                border=1,
                border_color=RULE,
                num_format=shown,
                align="left" if shown == "@" else "right",
                indent=1,
            )
        return self._entries[shown]

    def _input(self, row: int, column: int, entry: Input) -> None:
        looks = self._open(number_format(entry.variable))
        if entry.value:
            self.page.write_string(row, column, entry.value, looks)
        else:
            self.page.write_blank(row, column, None, looks)
        rule = validation(self._book, entry.variable, entry.most, entry.hint)
        if rule is not None:
            self.page.data_validation(row, column, row, column, rule)

    def _needs(
        self, words: str, column: int, span: int, size: float = SIZE, *, bold: bool = False
    ) -> float:
        """The height in points that words need in their columns."""
        width = sum(each.width for each in self.columns[column - 1 : column - 1 + span])
        letters = (width - 1.5) * LETTERS * SIZE / size / (BOLD if bold else 1)
        return math.ceil(lines(words, max(4, int(letters))) * LINE * size / SIZE) + 3


def paper(book: Book, sheet: Sheet | Any) -> None:
    """A4 landscape; the notice of the round above each printed page, page numbers below."""
    page = sheet.page if isinstance(sheet, Sheet) else sheet
    page.set_paper(_A4)
    page.set_landscape()
    page.set_margins(left=0.5, right=0.4, top=0.6, bottom=0.6)
    page.hide_gridlines(2)
    font = f'&"{FONT},Italic"&9'
    notice = book.context.round.illustration
    if notice:
        short = textwrap.shorten(notice.replace("&", "&&"), _HEADER_ROOM, placeholder=" …")
        page.set_header(f"&C{font}{short}", {"margin": 0.25})
    page.set_footer(f"&L{font}{book.provider_name}&R{font}&P/&N", {"margin": 0.25})
