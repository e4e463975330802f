"""Codes of pillars and rows: one after another, under the number of what they belong to."""

from collections.abc import Iterator, Sequence

from dti_core.framework.check.finding import Finding, Row, Severity
from dti_core.framework.model import Criterion, Framework, Pillar

_ROMAN = {"I": 1, "V": 5, "X": 10}


def check_numbering(framework: Framework) -> Iterator[Finding]:
    yield from _pillars(framework)
    for pillar in framework.pillars:
        if (number := _number(pillar.code)) is not None:
            yield from _rows(framework, str(number), pillar.criteria)


def _pillars(framework: Framework) -> Iterator[Finding]:
    styles = [pillar.code.isdigit() for pillar in framework.pillars]
    usual = styles.count(True) >= styles.count(False)
    for place, pillar in enumerate(framework.pillars, 1):
        if _number(pillar.code) != place:
            yield _finding(framework, pillar, "warning", f"đứng thứ {place}")
        elif pillar.code.isdigit() != usual:
            style = "chữ số thường" if usual else "chữ số La Mã"
            yield _finding(framework, pillar, "note", f"các chỉ số chính khác đánh bằng {style}")


def _rows(framework: Framework, above: str, rows: Sequence[Criterion]) -> Iterator[Finding]:
    if 2 * sum(row.code.startswith(f"{above}.") for row in rows) < len(rows):
        return  # a decree that numbers its rows in another way
    for place, row in enumerate(rows, 1):
        if row.code != f"{above}.{place}":
            yield Row(framework, row).finding(
                "numbering",
                "warning",
                f"Mục đánh số {row.code} đứng ở chỗ của mục {above}.{place}: văn bản đánh số nhảy,"
                " hoặc chép thiếu mục.",
                about=("đánh số",),
            )
            return  # every later row would be told for the same slip
        yield from _rows(framework, row.code, row.children)


def _finding(framework: Framework, pillar: Pillar, severity: Severity, what: str) -> Finding:
    return Finding(
        framework.id,
        pillar.code,
        "numbering",
        severity,
        {},
        f"Chỉ số chính “{pillar.name}” đánh số {pillar.code}, {what}.",
        pillar.citation,
        about=("đánh số",),
    )


def _number(code: str) -> int | None:
    """The number that a code stands for: "4" and "IV" for 4; None for another code."""
    if code.isdigit():
        return int(code)
    if not set(code) <= set(_ROMAN):
        return None
    values = [_ROMAN[sign] for sign in code]
    return sum(
        -value if any(later > value for later in values[place + 1 :]) else value
        for place, value in enumerate(values)
    )
