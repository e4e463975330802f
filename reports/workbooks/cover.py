"""The first page: what the workbook is, whose, about when, by when, and how to fill it in."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from dti_core.program.calendar import closing_of
from dti_core.program.load import RoundContext
from reports.heights import LINE
from reports.workbooks.book import NOTICE, RULE, SIZE, Book
from reports.workbooks.sheet import Formula, paper

SHEET = "Bìa"
_LABEL, _WIDE = 26.0, 98.0  # widths of the two columns


def cover(
    book: Book,
    title: str,
    facts: Sequence[tuple[str, str | Formula]],
    instructions: Iterable[str],
) -> None:
    """The cover: title, facts as (label, words), numbered instructions, the round's notice."""
    page = book.add(SHEET)
    page.set_column(0, 0, 2)
    page.set_column(1, 1, _LABEL)
    page.set_column(2, 2, _WIDE)
    round_, head = book.context.round, book.context.program.letterhead
    row = 0

    def line(words: str, leading: float = 1.0, size: int = SIZE, **looks: Any) -> None:
        nonlocal row
        shown = book.format(font_size=size, **looks)
        page.merge_range(row, 1, row, 2, "", shown)
        page.write_string(row, 1, words, shown)
        lines = max(1, -(-len(words) // int((_LABEL + _WIDE) * SIZE / size)))
        page.set_row(row, lines * LINE * leading * size / SIZE + 3)
        row += 1

    line(head.issuer.upper(), bold=True)
    line("")
    line(title.upper(), size=16, bold=True, align="center")
    line(round_.title, size=13, bold=True, align="center")
    if round_.illustration:
        red = {"font_color": NOTICE, "border": 1, "border_color": NOTICE}
        line(round_.illustration, 1.3, bold=True, italic=True, align="center", **red)
    line("")
    edge: dict[str, Any] = {"border": 1, "border_color": RULE, "indent": 1}
    for label, words in facts:
        page.write_string(row, 1, label, book.format(bold=True, **edge))
        if isinstance(words, Formula):
            page.write_formula(row, 2, words.text, book.format(**edge), words.value)
            words = words.value
        else:
            page.write_string(row, 2, words, book.format(**edge))
        page.set_row(row, LINE * max(1, -(-len(words) // int(_WIDE))) + 6)
        row += 1
    line("")
    line("Cách điền", bold=True)
    for number, words in enumerate(instructions, 1):
        line(f"{number}. {words}", 1.1)
    paper(book, page)
    page.fit_to_pages(1, 0)
    page.protect()
    page.activate()


def due_on(context: RoundContext, own: date | None) -> date:
    """The last day for figures: a provider's own deadline, else the round's, moved off a day off.

    Raises UnknownYear, UnsettledDay as `closing_of` does.
    """
    return own or closing_of(context.program, context.round).on


def _deadline(context: RoundContext, own: date | None) -> str:
    """The last day and why it is that one."""
    closing, basis = closing_of(context.program, context.round), context.round.closes.basis
    words = f"hết ngày {due_on(context, own):%d/%m/%Y}"
    if own not in (None, closing.on):
        return f"{words} (hạn riêng của đơn vị; hạn chung của đợt: {closing.on:%d/%m/%Y})"
    return f"{words} ({basis})" if closing.on == closing.stated else f"{words}. {closing.note}"


def figures_facts(book: Book, due: date | None) -> list[tuple[str, str]]:
    """The facts of a workbook that asks for figures; `due` as `due_on` takes it."""
    context = book.context
    round_ = context.round
    return [
        ("Đơn vị", book.provider_name),
        ("Căn cứ", f"{context.program.decree}; {'; '.join(f.title for f in book.frameworks)}"),
        ("Năm đánh giá", str(round_.evaluation_year)),
        (
            "Số liệu tính",
            f"từ ngày {round_.data_from.on:%d/%m/%Y} đến hết ngày {round_.data_to.on:%d/%m/%Y}"
            f" ({round_.data_from.basis})",
        ),
        ("Hạn gửi", _deadline(context, due)),
        ("Nơi nhận", context.program.letterhead.issuer),
    ]
