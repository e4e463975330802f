"""Pages with a row for each unit and a column for each figure: columns, headings, page breaks."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from dti_core.framework.model import Framework
from reports.workbooks.figure_rows import unit_of_measure
from reports.workbooks.sheet import Column, Text, style

Place = tuple[str, str]
"""(criterion, variable)"""

NAMES = ("TT", "Đơn vị")
"""The columns in front of the figures, which every printed page repeats."""

_PAGE = 165.0
"""Widths of figure columns, in characters, that one printed page takes beside the names."""

_PLAIN = style(bold=False, font_size=9)


def width(framework: Framework, place: Place) -> float:
    """A column as wide as its label and its choices need."""
    variable = framework.by_code[place[0]].variables[place[1]]
    if variable.choices:
        return 26
    return 16 if len(variable.label) < 60 else 23


def breaks(figures: Iterable[Place], columns: Sequence[Column]) -> list[int]:
    """Places of the columns that begin a printed page, so that no criterion is cut in two.

    columns  those of the figures
    """
    found: list[int] = []
    used, first = 0.0, 1 + len(NAMES)  # the hidden key stands before them
    for places in _by_row(figures).values():
        wide = sum(columns[place].width for place in places)
        if used and used + wide > _PAGE:
            found.append(first + places[0])
            used = 0.0
        used += wide
    return found


def criteria(
    framework: Framework, figures: Collection[Place], remarks: Mapping[str, str]
) -> list[Text]:
    """The row of headings that names the criteria over their figures.

    remarks  row code → what else has to be said of it
    """
    spans = {code: len(places) for code, places in _by_row(figures).items()}
    return [
        *(Text(name) for name in NAMES),
        *(
            Text(f". {framework.by_code[code].name}{remarks.get(code, '')}", span, lead=code)
            for code, span in spans.items()
        ),
    ]


def evidence(framework: Framework, figures: Collection[Place]) -> list[Text]:
    """The row of headings that says what proves the figures of each criterion."""
    spans = {code: len(places) for code, places in _by_row(figures).items()}
    words = [framework.by_code[code].evidence or "" for code in spans]
    return head("Tài liệu kiểm chứng", words, spans.values())


def labels(framework: Framework, figures: Collection[Place]) -> Iterator[list[Text]]:
    """The rows of headings with the labels of the figures and their units of measure."""
    found = [(framework.by_code[code].variables, name) for code, name in figures]
    letters = [f"{name}: " if len(name) == 1 < len(each) else "" for each, name in found]
    variables = [each[name] for each, name in found]
    yield head("Số liệu", [f"{a}{v.label}" for a, v in zip(letters, variables, strict=True)])
    yield head("Đơn vị tính", map(unit_of_measure, variables))


def head(name: str, words: Iterable[str], spans: Iterable[int] | None = None) -> list[Text]:
    """A row of headings in small print; one column each where no spans are given."""
    words = list(words)
    over = [1] * len(words) if spans is None else spans
    return [
        Text(),
        Text(name, style=_PLAIN),
        *(Text(each, span, style=_PLAIN) for each, span in zip(words, over, strict=True)),
    ]


def _by_row(figures: Iterable[Place]) -> dict[str, list[int]]:
    """Criterion → the places of its figures among them all."""
    found: dict[str, list[int]] = {}
    for place, (code, _) in enumerate(figures):
        found.setdefault(code, []).append(place)
    return found
