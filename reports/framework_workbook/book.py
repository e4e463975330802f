"""The workbook under construction: formats, lists of words, the same bytes for the same content."""

import io
from datetime import datetime, time

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from dti_core.framework.model import Framework
from dti_core.framework.sheets.layout import LISTS
from reports.docx import steady
from reports.workbooks.book import FONT, INK, SIZE

_A4 = 9


class Book:
    """Pages are added in their order; `finish` gives the file."""

    def __init__(self, framework: Framework) -> None:
        self.framework = framework
        self._buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(
            self._buffer,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
                "default_format_properties": {"font_name": FONT, "font_size": SIZE},
            },
        )
        issued = datetime.combine(framework.decree.issued, time())
        self._book.set_properties(
            {"title": framework.title, "author": framework.decree.issuer, "created": issued}
        )
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}
        self._lists: dict[tuple[str, ...], int] = {}

    def add(self, name: str) -> Worksheet:
        """A new page on A4 landscape."""
        page = self._book.add_worksheet(name)
        page.set_paper(_A4)
        page.set_landscape()
        page.set_margins(left=0.5, right=0.4, top=0.6, bottom=0.6)
        page.hide_gridlines(2)
        font = f'&"{FONT},Italic"&9'
        about = f"{self.framework.id}, {self.framework.decree.number}".replace("&", "&&")
        page.set_footer(f"&L{font}{about}&C{font}{name}&R{font}&P/&N", {"margin": 0.25})
        # codes such as 1.10 are texts on purpose
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        return page

    def format(self, **properties: object) -> Format:
        """The cell format with these properties on our base, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            base = {
                "font_name": FONT,
                "font_size": SIZE,
                "font_color": INK,
                "text_wrap": True,
                "valign": "top",
            }
            self._formats[key] = self._book.add_format({**base, **properties})
        return self._formats[key]

    def list_range(self, words: tuple[str, ...]) -> str:
        """The place of a list of words on the hidden page: words with commas cannot be listed in
        the cell itself."""
        letter = xl_col_to_name(self._lists.setdefault(words, len(self._lists)))
        return f"='{LISTS}'!${letter}$1:${letter}${len(words)}"

    def finish(self) -> bytes:
        """The file. Nothing can be added afterwards."""
        lists = self._book.add_worksheet(LISTS)
        for words, column in self._lists.items():
            lists.write_column(0, column, words)
        lists.hide()
        self._book.close()
        return steady(self._buffer.getvalue())
