"""Numbers as they are written in Vietnam, read exactly or not at all.

"75,5%" and "97.97%" are percentages, "1.337.124" is a whole number with grouped thousands,
"4/7" a part of a whole, "60-70" a range. "912.912" can be 912 912 or 912,912: where the kind of
the figure does not decide, it is *ambiguous*, and the unit is asked.
"""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from dti_core.framework.model import Kind

_GROUPED_BY_SPACES = re.compile(r"(?<!\d)\d{1,3}(?: \d{3})+(?!\d)")
_NUMBER = r"\d+(?:[.,]\d+)*"
_PLAIN = re.compile(rf"(?P<number>{_NUMBER})(?P<percent>%)?")
_PAIR = re.compile(rf"(?P<part>{_NUMBER})/(?P<whole>{_NUMBER})")
_LONGEST = 60
"""Signs of a text that may be a number: thirty digits, grouped, with spaces around them."""
_RANGE = re.compile(rf"(?P<low>{_NUMBER})[-–—](?P<high>{_NUMBER})(?P<percent>%)?")


@dataclass(frozen=True)
class Number:
    """One number. `percent` says that a per cent sign stood behind it (75,5 % is 151/200)."""

    value: Fraction
    percent: bool = False


@dataclass(frozen=True)
class Pair:
    """A part of a whole, as in "4/7"."""

    part: Fraction
    whole: Fraction


@dataclass(frozen=True)
class Range:
    """Somewhere from `low` to `high`, as in "60-70": not a figure yet."""

    low: Fraction
    high: Fraction
    percent: bool = False


@dataclass(frozen=True)
class Ambiguous:
    """Several numbers that the writer may have meant."""

    readings: tuple[Fraction, ...]


@dataclass(frozen=True)
class Unreadable:
    """No number. `reason` is for the person who wrote it."""

    reason: str


Read = Number | Pair | Range | Ambiguous | Unreadable


def read_number(text: str, kind: Kind = "count") -> Read:
    """Read a number written by hand. `kind` decides what a single separator can mean.

    A count is whole, so "1.204" in it is 1204; in any other kind it stays ambiguous.
    """
    plain = _plain(text)
    if plain is None:
        return _unreadable(text)
    if match := _PLAIN.fullmatch(plain):
        percent = match["percent"] is not None
        readings = _readings(match["number"], whole=kind == "count" and not percent)
        if len(readings) > 1:
            return Ambiguous(tuple(r / 100 if percent else r for r in readings))
        if readings:
            return Number(readings[0] / 100 if percent else readings[0], percent)
    if match := _PAIR.fullmatch(plain):
        part = _readings(match["part"], whole=kind == "count")
        whole = _readings(match["whole"], whole=kind == "count")
        if len(part) == len(whole) == 1:
            return Pair(part[0], whole[0])
    if match := _RANGE.fullmatch(plain):
        whole_numbers = kind == "count" and match["percent"] is None
        low = _readings(match["low"], whole=whole_numbers)
        high = _readings(match["high"], whole=whole_numbers)
        if len(low) == len(high) == 1 and low[0] <= high[0]:
            unit = 100 if match["percent"] else 1
            return Range(low[0] / unit, high[0] / unit, unit == 100)
    return _unreadable(text)


def _unreadable(text: str) -> Unreadable:
    shown = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return Unreadable(f"“{shown}” không đọc được thành số")


def _plain(text: str) -> str | None:
    """The text without the spaces that group thousands or stand beside signs.

    None where it cannot be one number: spaces elsewhere between digits, several lines, raised
    digits, which are footnotes, or more signs than any number takes.
    """
    if len(text) > _LONGEST or any(unicodedata.category(sign) == "No" for sign in text):
        return None
    plain = unicodedata.normalize("NFKC", text).strip()
    if "\n" in plain or "\r" in plain:
        return None
    plain = _GROUPED_BY_SPACES.sub(lambda group: group[0].replace(" ", ""), plain)
    if re.search(r"\d\s+\d", plain):
        return None
    return re.sub(r"\s+", "", plain)


# A week counts as 1/52 of a year: 419/KH-UBND, Phụ lục 2, mục 1.4 equates an update every week
# with "tối thiểu 52 tin, bài" a year.
_TIMES_A_YEAR = {"tuần": 52, "tháng": 12, "quý": 4, "năm": 1}
_FREQUENCY = re.compile(
    r"(?<![\d.,/–—-])(?:(?P<every>\d+) ?(?P<period>tuần|tháng|quý|năm) ?/ ?(?P<times>\d+) ?lần)"
    r"|(?<![\d.,/–—-])(?:(?P<times2>\d+) ?lần ?/ ?(?P<every2>\d+)? ?"
    r"(?P<period2>tuần|tháng|quý|năm))"
)


def read_frequency(text: str) -> Fraction | None:
    """Times a year, of "1 tuần/1 lần" or "1 lần/tuần"; None unless exactly one is stated."""
    found = list(_FREQUENCY.finditer(unicodedata.normalize("NFKC", text).casefold()))
    if len(found) != 1:
        return None
    match = found[0]
    times, every = match["times"] or match["times2"], match["every"] or match["every2"] or "1"
    if int(every) == 0:
        return None
    return Fraction(int(times) * _TIMES_A_YEAR[match["period"] or match["period2"]], int(every))


def _readings(number: str, *, whole: bool) -> list[Fraction]:
    """What a run of digits, dots and commas can mean: one number, two, or none at all."""
    separators = re.findall(r"[.,]", number)
    groups = re.split(r"[.,]", number)
    if separators and groups[0].startswith("0") and groups[0] != "0":
        return []
    grouped = len(groups[0]) <= 3 and groups[0] != "0" and all(len(g) == 3 for g in groups[1:])
    if not separators:
        return [Fraction(number)]
    if len(set(separators)) == 2:
        # the last separator is the decimal one; those before it must group thousands
        if separators.count(separators[-1]) > 1 or any(len(g) != 3 for g in groups[1:-1]):
            return []
        if len(groups[0]) > 3 or groups[0] == "0":
            return []
        return [Fraction("".join(groups[:-1]) + "." + groups[-1])]
    if len(separators) > 1:
        return [Fraction("".join(groups))] if grouped else []
    as_group, as_decimal = Fraction("".join(groups)), Fraction(".".join(groups))
    if not grouped:
        # "1,5" in a count cannot be meant: read it and let validation say so
        return [as_decimal]
    return [as_group] if whole else [as_decimal, as_group]
