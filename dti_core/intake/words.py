"""What words in an answer cell say: yes, no, none, not known, not applicable.

The lists are closed: a word that is not here is asked about, never guessed at.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from dti_core.figures import FigureStatus

NONE = frozenset(
    {
        "không",
        "không có",
        "không phát sinh",
        "không có phát sinh",
        "chưa phát sinh",
        "không có trường hợp nào",
    }
)
"""A count of none. Of anything else they leave open whether it is 0 or not known."""

NONE_OR_UNKNOWN = frozenset({"-", "–", "—", "--", "/", "chưa", "chưa có", "trống"})
"""None, or not known."""

_NOT_AVAILABLE = frozenset(
    {
        "chưa thống kê",
        "chưa thống kê được",
        "không thống kê",
        "không thống kê được",
        "chưa có số liệu",
        "chưa có số liệu thống kê",
        "không có số liệu",
        "chưa tổng hợp",
        "chưa tổng hợp được",
        "chưa cập nhật",
        "chưa có thông tin",
        "chưa xác định",
        "chưa xác định được",
    }
)
_NOT_APPLICABLE = frozenset(
    {
        "n/a",
        "na",
        "không áp dụng",
        "không thuộc phạm vi",
        "không thuộc phạm vi đánh giá",
        "không thuộc đối tượng",
        "không thuộc đối tượng áp dụng",
        "không thuộc thẩm quyền",
    }
)
_YES = frozenset({"có", "đã có", "có rồi", "đã ban hành", "x", "✓", "✔", "☑", "1", "yes", "true"})
_NO = frozenset(
    {"không", "không có", "chưa", "chưa có", "chưa ban hành", "không ban hành", "0", "no", "false"}
)
_WITH_DOCUMENT = re.compile(
    r"(?:có|đã có|đã ban hành) ?[,;:(–-]+ ?(?:theo )?(?:tại )?"
    r"(?:quyết định|kế hoạch|nghị quyết|chương trình|chỉ thị|công văn|văn bản|thông báo|báo cáo"
    r"|tờ trình|qđ|kh|nq|ctr|ct|cv|vb|tb|bc)\b(?P<rest>.*\d.*)"
)
_DOUBT = re.compile(r"\b(?:chưa|không|dự thảo|đang|sẽ|dự kiến)\b")
_ESTIMATE = re.compile(r"(?:khoảng|ước|trên|hơn|dưới|gần|ít nhất|tối thiểu|tối đa|[~≈<>≥≤])")

_BULLET = re.compile(r"^(?:[-+•*–—] ?)(?=\w)")
_END = " .;,:!"
_QUOTES = "\"'“”‘’«»"


def clean(text: str) -> str:
    """The words without what a hand may vary: accents' form, case, spaces, bullets, final stops."""
    plain = " ".join(visible(text).casefold().split()).strip(_QUOTES + " ")
    if plain.strip("-–—/ "):
        plain = _BULLET.sub("", plain).rstrip(_END)
    return plain


def visible(text: str) -> str:
    """The text without signs that nobody sees, accents composed. A soft hyphen stays: old fonts
    show a letter for it."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable():
        return composed
    return "".join(sign for sign in composed if not _unseen(sign))


def says_yes(words: str) -> bool | None:
    """Yes or no, of cleaned words; None for neither. A yes may name the document that proves it."""
    if words in _YES:
        return True
    if words in _NO:
        return False
    match = _WITH_DOCUMENT.fullmatch(words)
    return True if match and not _DOUBT.search(match["rest"]) else None


def says_nothing(words: str) -> FigureStatus | None:
    """Why there is no figure, of cleaned words; None where they say no such thing."""
    if words in _NOT_AVAILABLE:
        return "not_available"
    return "not_applicable" if words in _NOT_APPLICABLE else None


def is_estimate(words: str) -> bool:
    """The words are a number that is not meant exactly ("khoảng 120", "trên 50")."""
    return bool(_ESTIMATE.match(words)) or words.endswith("+")


@dataclass(frozen=True)
class Chosen:
    """The choice that words mean, where they are sure; else those that they may mean."""

    key: str | None
    maybe: tuple[str, ...] = ()


def chosen(words: str, choices: Mapping[str, str]) -> Chosen:
    """Which choice cleaned words mean.

    A part of a choice's words is that choice where it is a part of no other, and where every word
    that was left out stands in another choice too, so that it tells none from the rest: "Người đứng
    đầu" of "Trưởng ban là Người đứng đầu Sở" and "Trưởng ban là Cấp phó Sở".
    """
    known = dict(zip(choices, _cleaned(tuple(choices.values())), strict=True))
    exact = [key for key, each in known.items() if each == words]
    if len(exact) == 1:
        return Chosen(exact[0])
    holding = [key for key, each in known.items() if words and f" {words} " in f" {each} "]
    if len(holding) == 1:
        (key,) = holding
        others = {word for other, each in known.items() if other != key for word in each.split()}
        left_out = f" {known[key]} ".replace(f" {words} ", " ", 1).split()
        if all(word in others for word in left_out):
            return Chosen(key)
    return Chosen(None, tuple(holding))


@lru_cache
def _cleaned(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(clean, texts))


def _unseen(sign: str) -> bool:
    if sign in "\n\t\r":
        return False
    return sign != "\u00ad" and unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn")
