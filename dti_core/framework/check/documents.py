"""Documents that the texts cite: one number with two dates or two years, a date that cannot be.

Only what the framework carries is read (names, labels, evidence, notes, what a plan says), so a
citation in the decree's preamble is not seen here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dti_core.framework.check.finding import Finding
from dti_core.framework.model import Citation, Criterion, Framework

_LETTERS = r"[A-ZĐ][A-Za-zĐđ]+"
_CITED = re.compile(
    rf"(?P<serial>\d{{1,5}})"
    rf"(?:(?:/(?P<year>\d{{4}}))?\s?/\s?(?P<symbol>{_LETTERS}(?:\s?-\s?{_LETTERS})+)"
    rf"|\s?-\s?(?P<party>[A-ZĐ]{{2,4}}/[A-ZĐ]{{2,}}))"
    r"(?:[,\s(]*(?:ký\s+)?ngày\s+(?P<d>\d{1,2})(?:/|-|\.|\s+tháng\s+)(?P<m>\d{1,2})"
    r"(?:/|-|\.|\s+năm\s+)(?P<y>\d{4}))?"
)


@dataclass(frozen=True)
class Cited:
    """One mention. symbol: "QĐ-TTg", "TT-BTTTT"; year: the year inside the number, if it has one;
    stated: (day, month, year) as written, if a date follows."""

    code: str
    citation: Citation
    serial: int
    symbol: str
    year: int | None
    stated: tuple[int, int, int] | None

    @property
    def number(self) -> str:
        if self.symbol.startswith("-"):
            return f"{self.serial}{self.symbol}"
        return "/".join(str(part) for part in (self.serial, self.year, self.symbol) if part)

    @property
    def when(self) -> str:
        return "/".join(f"{part:02d}" for part in self.stated) if self.stated else ""

    @property
    def date(self) -> date | None:
        """None where no date follows, or one that the calendar does not have."""
        if self.stated is None:
            return None
        day, month, year = self.stated
        try:
            return date(year, month, day)
        except ValueError:
            return None


def check_documents(framework: Framework) -> Iterator[Finding]:
    issued = framework.decree.issued
    mentions = [m for m in _mentions(framework) if m.number != framework.decree.number]
    for own in (m for m in _mentions(framework) if m.number == framework.decree.number):
        if own.stated and own.date != issued:
            told = f"{issued:%d/%m/%Y}"
            yield _finding(
                framework, own, f"{own.number} ban hành ngày {told}, ở đây ghi ngày {own.when}"
            )
    for mention in mentions:
        yield from _by_itself(framework, mention)
    for index, mention in enumerate(mentions):
        for earlier in mentions[:index]:
            if what := _disagreement(earlier, mention):
                yield _finding(framework, mention, what)
                break


def _by_itself(framework: Framework, mention: Cited) -> Iterator[Finding]:
    if mention.stated is None:
        return
    if mention.date is None:
        yield _finding(framework, mention, f"{mention.number}: không có ngày {mention.when}")
    elif mention.year and mention.year != mention.date.year:
        yield _finding(
            framework,
            mention,
            f"{mention.number} mang năm {mention.year} mà ghi ngày {mention.when}",
        )
    elif mention.date > framework.decree.issued:
        yield _finding(
            framework,
            mention,
            f"{mention.number} ghi ngày {mention.when}, sau ngày ban hành"
            f" {framework.decree.number} ({framework.decree.issued:%d/%m/%Y})",
        )


def _disagreement(one: Cited, other: Cited) -> str | None:
    if one.symbol != other.symbol:
        return None
    if one.serial == other.serial:
        if one.year != other.year and one.year and other.year:
            return (
                f"số {one.serial}/{one.symbol} mang hai năm: {one.number} (mục {one.code}) và"
                f" {other.number}"
            )
        if one.stated and other.stated and one.stated != other.stated:
            return (
                f"{one.number} mang hai ngày: {one.when} (mục {one.code}) và {other.when};"
                " nhầm ngày, hoặc là hai văn bản phải nói rõ"
            )
        return None
    if one.stated and one.stated == other.stated and _slip(str(one.serial), str(other.serial)):
        return (
            f"{one.number} (mục {one.code}) và {other.number} cùng ngày {one.when}, số chỉ khác một"
            " chữ số hoặc đảo chữ số"
        )
    return None


def _slip(one: str, other: str) -> bool:
    """Numbers that differ in one digit, or in the order of two neighbouring ones."""
    if len(one) != len(other) or len(one) < 3:
        return False
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) == 2 and places[1] == places[0] + 1:
        first, second = places
        return one[first] == other[second] and one[second] == other[first]
    return len(places) == 1


def _finding(framework: Framework, mention: Cited, what: str) -> Finding:
    return Finding(
        framework.id,
        mention.code,
        "document_dates",
        "warning",
        {},
        f"Văn bản được dẫn không khớp: {what}.",
        mention.citation,
        about=(mention.number,),
    )


def _mentions(framework: Framework) -> Iterator[Cited]:
    for code, citation, text in _texts(framework):
        for match in _CITED.finditer(text):
            symbol = re.sub(r"\s", "", match["symbol"] or f"-{match['party']}")
            stated = (int(match["d"]), int(match["m"]), int(match["y"])) if match["d"] else None
            year = int(match["year"]) if match["year"] else None
            yield Cited(code, citation, int(match["serial"]), symbol, year, stated)


def _texts(framework: Framework) -> Iterator[tuple[str, Citation, str]]:
    yield "", framework.citation, framework.title
    for each in framework.information:
        for text in (each.name, each.note, each.stated, each.evidence):
            if text:
                yield each.citation.row or each.code, each.citation, text
    for pillar in framework.pillars:
        yield pillar.code, pillar.citation, pillar.name
    for row in framework.rows:
        for text in _row_texts(row):
            yield row.code, row.citation, text


def _row_texts(row: Criterion) -> Iterator[str]:
    yield row.name
    for variable in row.variables.values():
        yield variable.label
        yield from variable.choices.values()
    for provider in (row.provider, *(variable.provider for variable in row.variables.values())):
        if provider:
            yield from provider.duties.values()
    follow_up = row.follow_up
    for text in (
        row.evidence,
        row.erratum.note if row.erratum else None,
        *((follow_up.result, follow_up.target, follow_up.deadline) if follow_up else ()),
    ):
        if text:
            yield text
