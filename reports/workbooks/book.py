"""A workbook of ours: fonts and colours, the hidden identity, the same bytes for the same content.

The layout is that of `dti_core.intake.layout`; `sheet.py` draws the pages.
"""

import io
from collections.abc import Iterable
from datetime import datetime, time

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dti_core.framework.model import Framework
from dti_core.intake.layout import META_SHEET, SIGNATURE, WorkbookKind
from dti_core.intake.signature import signature
from dti_core.program.load import RoundContext

FONT, SIZE = "Times New Roman", 11
LISTS_SHEET = "_lists"
INK, RULE, HEAD, BAND, ENTRY, NOTICE = (
    "#1F2937",
    "#9CA3AF",
    "#DCE6F1",
    "#F3F6FA",
    "#FFF9DB",
    "#B91C1C",
)

_SHEET_NAME = 31  # the most characters that Excel takes
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


class Book:
    """A workbook under construction.

    `units` are those that it is about: their frameworks are written into the identity, so that a
    workbook of an older framework is known when it comes back.
    """

    def __init__(
        self, context: RoundContext, kind: WorkbookKind, provider: str, units: Iterable[str]
    ) -> None:
        self.context = context
        self.kind = kind
        self.provider = provider
        levels = {context.program.unit[unit].level for unit in units}
        self.frameworks: list[Framework] = [
            framework for level, framework in context.frameworks.items() if level in levels
        ]
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
        opened = datetime.combine(context.round.opens.on, time())
        self._book.set_properties(
            {"title": context.round.title, "author": context.program.publisher, "created": opened}
        )
        self._formats: dict[frozenset[tuple[str, object]], Format] = {}
        self._lists: dict[tuple[str, ...], int] = {}
        self._names: set[str] = set()

    @property
    def provider_name(self) -> str:
        """The provider's name, or what stands for it where it is no unit of the program."""
        unit = self.context.program.unit.get(self.provider)
        return unit.name if unit else self.provider

    def add(self, name: str) -> Worksheet:
        """A new page, its name cut to what Excel takes and kept apart from the others."""
        clean = " ".join(name.translate(_FORBIDDEN).split()).strip("'")
        short, number = clean[:_SHEET_NAME].rstrip(), 1
        while short.casefold() in self._names:
            number += 1
            tail = f" ({number})"
            short = clean[: _SHEET_NAME - len(tail)].rstrip() + tail
        self._names.add(short.casefold())
        return self._book.add_worksheet(short)

    def format(self, **properties: object) -> Format:
        """The cell format with these properties on our base, made once."""
        key = frozenset(properties.items())
        if key not in self._formats:
            base = {
                "font_name": FONT,
                "font_size": SIZE,
                "font_color": INK,
                "text_wrap": True,
                "valign": "vcenter",
            }
            self._formats[key] = self._book.add_format({**base, **properties})
        return self._formats[key]

    def mark(self, **properties: object) -> Format:
        """A format that only changes what it names, for conditional formatting."""
        return self._book.add_format(properties)

    def list_range(self, words: tuple[str, ...]) -> str:
        """A formula for a list of choices that is kept on a hidden page: a list written into the
        cell itself may hold neither commas nor more than 255 characters."""
        column = self._lists.setdefault(words, len(self._lists))
        letter = xlsxwriter.utility.xl_col_to_name(column)
        return f"='{LISTS_SHEET}'!${letter}$1:${letter}${len(words)}"

    def finish(self) -> bytes:
        """The file. Nothing can be added afterwards."""
        if self._lists:
            lists = self._book.add_worksheet(LISTS_SHEET)
            for words, column in self._lists.items():
                lists.write_column(0, column, words)
            lists.protect()
            lists.hide()
        meta = self._book.add_worksheet(META_SHEET)
        values = {
            "kind": self.kind,
            "round": self.context.id,
            "provider": self.provider,
            "framework": " ".join(framework.id for framework in self.frameworks),
            "sha256": " ".join(framework.sha256 for framework in self.frameworks),
        }
        for row, each in enumerate([*values.items(), (SIGNATURE, signature(values))]):
            meta.write_row(row, 0, each)
        meta.protect()
        meta.very_hidden()
        # XlsxWriter stamps its archive with one fixed moment: the same content is the same bytes
        self._book.close()
        return self._buffer.getvalue()
