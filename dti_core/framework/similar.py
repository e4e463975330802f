"""Which name of one framework is which of another: exact names first, near ones after.

Names are compared as runs of syllables: lower case, no punctuation, and the tone mark free to sit
on either vowel ("uỷ", "ủy"). Likeness is difflib's ratio, 2·M / T, over syllables: M of them run
alike, T are there altogether; exact, and the better of both directions, so that it is symmetric.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction

SAME_CODE = Fraction(3, 5)
"""Likeness from which two names under one code are one row, renamed. Of the 104 codes that 2554/
QĐ-UBND and 419/KH-UBND share, the least alike that are the same is 6.8, at 12/19."""

OTHER_CODE = Fraction(4, 5)
"""Likeness from which two names under different codes are one row, renumbered and renamed. Under
it begin rows that only sound alike: "hồ sơ thanh toán trực tuyến" and "hồ sơ xử lý trực tuyến"
reach 3/4. Above it there are some too ("máy chủ", "máy trạm"), but each has a double of its own
name, and exact names go first."""

CODE = Fraction(1, 10)
"""What one code is worth against a likeness, where a row could be either of two."""

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


@dataclass(frozen=True)
class Named:
    """A code and the name that stands behind it."""

    code: str
    name: str


@dataclass(frozen=True)
class Pair:
    """Positions of what is one and the same in both lists, and how alike their names are."""

    before: int
    after: int
    likeness: Fraction


def normal(name: str) -> tuple[str, ...]:
    """The syllables of a name, without what only spelling varies."""
    words = re.findall(r"\w+", unicodedata.normalize("NFC", name).casefold())
    return tuple(_toned(word) for word in words)


def likeness(one: Sequence[str], other: Sequence[str]) -> Fraction:
    """From 0, nothing in common, to 1, the same syllables in the same order."""
    whole = len(one) + len(other)
    return (
        Fraction(2 * max(_alike(one, other), _alike(other, one)), whole) if whole else Fraction(1)
    )


def pairs(before: Sequence[Named], after: Sequence[Named]) -> list[Pair]:
    """What is the same in both lists; each is used once, most alike first.

    In turn: one code and one name; one name; near names, one code counting for a little.
    """
    names = [normal(each.name) for each in before], [normal(each.name) for each in after]
    found: list[tuple[tuple[Fraction, int, int], Pair]] = []
    for i, one in enumerate(before):
        for j, other in enumerate(after):
            same = one.code == other.code
            alike = _near(names[0][i], names[1][j], SAME_CODE if same else OTHER_CODE)
            if alike is not None:
                # exact names go before near ones whatever their code
                worth = alike + (CODE if same else 0) + (alike == 1)
                found.append(((-worth, abs(i - j), i + j), Pair(i, j, alike)))
    taken: tuple[set[int], set[int]] = (set(), set())
    chosen = []
    for _, pair in sorted(found, key=lambda each: each[0]):
        if pair.before not in taken[0] and pair.after not in taken[1]:
            taken[0].add(pair.before)
            taken[1].add(pair.after)
            chosen.append(pair)
    return sorted(chosen, key=lambda pair: pair.before)


def _near(one: tuple[str, ...], other: tuple[str, ...], least: Fraction) -> Fraction | None:
    """The likeness of two names; None under the least that counts."""
    if one == other:
        return Fraction(1)
    whole = len(one) + len(other)
    if 2 * min(len(one), len(other)) < least * whole:
        return None
    alike = likeness(one, other)
    return alike if alike >= least else None


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks)


def _toned(word: str) -> str:
    """The word with its tone behind it, wherever the spelling puts the mark."""
    signs = unicodedata.normalize("NFD", word)
    tone = "".join(sign for sign in signs if sign in _TONES)
    return "".join(sign for sign in signs if sign not in _TONES) + tone
