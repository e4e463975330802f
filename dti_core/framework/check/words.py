"""Official names brought to one form, so that the same thing written twice is seen as the same."""

import unicodedata
from functools import lru_cache
from itertools import dropwhile

from dti_core.framework.check.vocabulary import vocabulary

Words = tuple[str, ...]

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_ANY_NUMBER = "{n}"


@lru_cache(maxsize=4096)
def words(text: str) -> Words:
    """The words of a text without case, punctuation, spelling variants and abbreviations."""
    known = vocabulary()
    signs = (sign if sign.isalnum() or sign in "{}" else " " for sign in _lower(text))
    found = (known.abbreviations.get(word, word) for word in "".join(signs).split())
    return tuple(
        _tone_last(known.spellings.get(word, word)) for each in found for word in each.split()
    )


@lru_cache(maxsize=4096)
def content(text: str) -> Words:
    """The words that carry meaning: without a leading "Tổng số lượng", without "được", "các".

    Only a leading "số" is empty: "doanh nghiệp số" are not all "doanh nghiệp".
    """
    leading, empty = _without_meaning()
    meant = dropwhile(leading.__contains__, words(text))
    return tuple(word for word in meant if word not in empty)


@lru_cache(maxsize=1)
def _without_meaning() -> tuple[frozenset[str], frozenset[str]]:
    known = vocabulary()
    leading, empty = (
        frozenset(word for each in listed for word in words(each))
        for listed in (known.leading_words, known.empty_words)
    )
    return leading, empty


def place_of(sought: Words, text: Words) -> tuple[int, int] | None:
    """Where one run of words stands in another, `{n}` for any number; None where it does not."""
    if sought[0] != _ANY_NUMBER and sought[0] not in text:
        return None
    for start in range(len(text) - len(sought) + 1):
        run = text[start : start + len(sought)]
        if all(
            wanted in (word, _ANY_NUMBER if word.isdigit() else word)
            for wanted, word in zip(sought, run, strict=True)
        ):
            return start, start + len(sought)
    return None


def says(text: str, sought: str) -> bool:
    """Whether a text uses an expression, word by word."""
    return place_of(words(sought), words(text)) is not None


@lru_cache(maxsize=4096)
def without_brackets(text: str) -> str:
    """The text outside round brackets; an unclosed bracket swallows the rest."""
    kept, depth = "", 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        kept += sign if depth <= 0 and sign != ")" else " "
        depth = max(depth, 0)
    return kept


def _lower(text: str) -> str:
    return unicodedata.normalize("NFC", text.casefold())


@lru_cache(maxsize=8192)
def _tone_last(word: str) -> str:
    """“Hoà” and “hòa”, “uỷ” and “ủy” are one word: the tone is kept, its place is not."""
    signs = unicodedata.normalize("NFD", word)
    tones = "".join(sign for sign in signs if sign in _TONES)
    rest = "".join(sign for sign in signs if sign not in _TONES)
    return unicodedata.normalize("NFC", rest) + tones
