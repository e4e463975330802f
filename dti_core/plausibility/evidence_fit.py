"""Evidence that does not fit: of another time, or one file for a good part of the form."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from dti_core.framework.model import Framework
from dti_core.plausibility.amounts import COMPARED
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.limits import DEFAULT, Limits
from dti_core.plausibility.trace import Evidence, Window

DATES, FILE = "evidence_dates", "evidence_file"

_DATE = re.compile(r"(?<!\d)(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})(?!\d)")


def evidence_dates(
    framework: Framework, units: Sequence[str], evidence: Iterable[Evidence], window: Window
) -> Iterator[Flag]:
    """Papers named for figures of the year that are all older than its first day, or one of which
    is younger than the last day to send anything, one flag a row.

    Only for numbers: a plan or a decision of an earlier year may well be in force (flags, choices).

    Source: the data window (2074/QĐ-UBND, III.1: 01/01 to 31/12) and the round's last day.

    Limits: reads dates as dd/mm/yyyy out of what the unit wrote; a paper named without its date
    passes, and so does the wrong paper of the right year.
    """
    here = set(units)
    by_row: dict[tuple[str, str], list[Evidence]] = {}
    for paper in evidence:
        unit, code, name = paper.key
        row = framework.by_code.get(code)
        if unit in here and row and name in row.variables and row.variables[name].kind in COMPARED:
            by_row.setdefault((unit, code), []).append(paper)
    for (unit, code), papers in by_row.items():
        days = [day for paper in papers for day in _days(paper.words)]
        future = [day for day in days if day > window.closes]
        if not days or not (future or max(days) < window.data_from):
            continue
        day = max(future) if future else max(days)
        when = (
            f"sau ngày hết hạn gửi ({_shown(window.closes)})"
            if future
            else f"trước kỳ số liệu ({_shown(window.data_from)} – {_shown(window.data_to)})"
        )
        yield Flag(
            unit=unit,
            criterion=code,
            variable=None,
            detector=DATES,
            criteria=(code,),
            suspicion=0.9 if future else 0.6,
            message=(
                f"Mục {code}: tài liệu kiểm chứng “{papers[0].words}” đề ngày {_shown(day)},"
                f" {when}, nên không thể chứng minh số liệu của kỳ này. Đề nghị gửi tài liệu của"
                " đúng kỳ."
            ),
        )


def evidence_file(
    framework: Framework,
    units: Sequence[str],
    evidence: Iterable[Evidence],
    limits: Limits = DEFAULT,
) -> Iterator[Flag]:
    """Files that a unit sends as evidence of more than `limits.rows_a_file` rows, one flag a file.

    Not where at least half of the units do the same: then one report for all is what the form leads
    people to do.

    Source: 2074/QĐ-UBND names the evidence row by row. The limit is ours.

    Limits: equal content only (SHA-256); the same report scanned twice passes. A file that does
    prove them all is answered with its pages.
    """
    here = set(units)
    rows: dict[tuple[str, str], list[str]] = {}
    words: dict[tuple[str, str], str] = {}
    for paper in evidence:
        unit, code, _ = paper.key
        if paper.file is None or unit not in here or code not in framework.by_code:
            continue
        found = rows.setdefault((unit, paper.file), [])
        words.setdefault((unit, paper.file), paper.words)
        if code not in found:
            found.append(code)
    many = {key: codes for key, codes in rows.items() if len(codes) > limits.rows_a_file}
    if len(units) > limits.peers and 2 * len({unit for unit, _ in many}) >= len(units):
        return
    for (unit, file), codes in many.items():
        yield Flag(
            unit=unit,
            criterion=codes[0],
            variable=None,
            detector=FILE,
            criteria=tuple(codes),
            suspicion=round(1 - float(limits.rows_a_file) / (2 * len(codes)), 3),
            message=(
                f"Một tệp (“{words[unit, file]}”) được nêu làm tài liệu kiểm chứng cho {len(codes)}"
                f" mục ({', '.join(codes)}), trong khi mỗi mục cần tài liệu riêng. Đề nghị ghi rõ"
                " trang của từng mục hoặc gửi tài liệu riêng."
            ),
        )


def _days(words: str) -> list[date]:
    found = []
    for day, month, year in _DATE.findall(words):
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue  # 31/02: no date, so nothing is said about it
    return found


def _shown(day: date) -> str:
    return f"{day:%d/%m/%Y}"
