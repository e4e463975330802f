"""Small formulas reckoned again, exactly: numbers, + - * / %, brackets, SUM, cells and other pages.

The result that a file keeps of a formula is what some program left there; one that does not reckon
leaves 0 or nothing. So a kept result is believed where it is right, or cannot be checked.
"""

import re
from collections.abc import Callable, Sequence
from fractions import Fraction

from dti_core.intake.untrusted.excel import place

CellOf = Callable[[str | None, int, int], object]
"""(page or None for the formula's own, row, column) → what stands there."""

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)"
    r"|(?P<function>SUM)\s*\("
    r"|(?P<page>'(?:[^']|'')+'|\w+)!(?=\$?[A-Za-z])"
    r"|(?P<cell>\$?[A-Za-z]{1,3}\$?\d{1,7})(?![\w(])"
    r"|(?P<sign>[-+*/%(),:]))",
    re.IGNORECASE,
)
_LONGEST = 500
_MOST_CELLS = 10_000


class CannotReckon(Exception):
    """The formula holds something else, or a cell that is no number."""


def reckon(formula: str, cell_of: CellOf) -> Fraction:
    """The exact result. Raises CannotReckon."""
    if len(formula) > _LONGEST:
        raise CannotReckon
    return _Parser(formula, cell_of).result()


class _Parser:
    """Reads a formula from the left, one precedence a method."""

    def __init__(self, formula: str, cell_of: CellOf) -> None:
        self._cell_of = cell_of
        self._tokens = _tokens(formula)
        self._next = 0
        self._depth = 0

    def result(self) -> Fraction:
        value = self._sum()
        if self._next != len(self._tokens):
            raise CannotReckon
        return value

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._next] if self._next < len(self._tokens) else ("", "")

    def _take(self) -> tuple[str, str]:
        token = self._peek()
        self._next += 1
        return token

    def _took(self, sign: str) -> bool:
        if self._peek() == ("sign", sign):
            self._next += 1
            return True
        return False

    def _sum(self) -> Fraction:
        value = self._product()
        while True:
            if self._took("+"):
                value += self._product()
            elif self._took("-"):
                value -= self._product()
            else:
                return value

    def _product(self) -> Fraction:
        value = self._signed()
        while True:
            if self._took("*"):
                value *= self._signed()
            elif self._took("/"):
                divisor = self._signed()
                if not divisor:
                    raise CannotReckon
                value /= divisor
            else:
                return value

    def _signed(self) -> Fraction:
        self._depth += 1
        if self._depth > 60:
            raise CannotReckon
        if self._took("-"):
            value = -self._signed()
        elif self._took("+"):
            value = self._signed()
        else:
            value = self._single()
        while self._took("%"):
            value /= 100
        self._depth -= 1
        return value

    def _single(self) -> Fraction:
        kind, text = self._take()
        if kind == "number":
            return Fraction(text)
        if kind == "function":
            return self._function()
        if (kind, text) == ("sign", "("):
            value = self._sum()
            if not self._took(")"):
                raise CannotReckon
            return value
        (value,) = self._cells(kind, text)
        return value

    def _function(self) -> Fraction:
        """SUM: of cells, areas and numbers; words and blanks in an area count nothing."""
        total = Fraction(0)
        while True:
            kind, text = self._peek()
            if kind in ("page", "cell"):
                before = self._next
                self._next += 1
                cells = self._cells(kind, text, words_too=True)
                if self._peek() in (("sign", ","), ("sign", ")")):
                    total += sum(cells, Fraction(0))
                else:  # part of a longer term
                    self._next = before
                    total += self._sum()
            else:
                total += self._sum()
            if self._took(")"):
                return total
            if not self._took(","):
                raise CannotReckon

    def _cells(self, kind: str, text: str, *, words_too: bool = False) -> list[Fraction]:
        """The numbers of a cell, or of an area where `words_too`."""
        page = None
        if kind == "page":
            page = text[1:-1].replace("''", "'") if text.startswith("'") else text
            kind, text = self._take()
        if kind != "cell":
            raise CannotReckon
        first = last = _place(text)
        if self._took(":"):
            kind, text = self._take()
            if kind != "cell" or not words_too:
                raise CannotReckon
            last = _place(text)
        rows, columns = sorted((first[0], last[0])), sorted((first[1], last[1]))
        if (rows[1] - rows[0] + 1) * (columns[1] - columns[0] + 1) > _MOST_CELLS:
            raise CannotReckon
        values = [
            self._cell_of(page, row, column)
            for row in range(rows[0], rows[1] + 1)
            for column in range(columns[0], columns[1] + 1)
        ]
        return _numbers(values, words_too=words_too)


def _tokens(formula: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    rest = formula.strip()
    while rest:
        match = _TOKEN.match(rest)
        if match is None or match.lastgroup is None:
            raise CannotReckon
        found.append((match.lastgroup, match[match.lastgroup]))
        rest = rest[match.end() :].lstrip()
    return found


def _place(address: str) -> tuple[int, int]:
    found = place(address.replace("$", "").upper())
    if found is None:
        raise CannotReckon
    return found


def _numbers(values: Sequence[object], *, words_too: bool) -> list[Fraction]:
    found: list[Fraction] = []
    for value in values:
        if value is None or value == "":
            found.append(Fraction(0))
        elif isinstance(value, Fraction):
            found.append(value)
        elif isinstance(value, float | int) and not isinstance(value, bool):
            found.append(Fraction(f"{value:.15g}"))
        elif not (words_too and isinstance(value, str)):
            raise CannotReckon
    return found
