"""Write the sample of the round dien-bien/2023: `python -m tests.sample.dien_bien`.

The same bytes every time. Nothing in it is any agency's result; every file says so.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

from dti_core.intake.sample import (
    ANSWER_COLUMNS,
    ARRIVAL_COLUMNS,
    MARK,
    REPLY_COLUMNS,
    SELF_ACCOUNT_COLUMNS,
    VERIFIED_COLUMNS,
)
from dti_core.program.load import SHIPPED, RoundContext, load_round
from dti_core.program.requests import Item, requests
from dti_core.rational import round_half_up
from tests.sample.dien_bien_council import Row, verdicts

ROUND, SEED = "dien-bien/2023", 2001
FOLDER = SHIPPED / "dien-bien" / "sample"
NOTICE = (
    f"{MARK} điểm tự chấm do chương trình sinh ra, hạt giống {SEED}, không phải kết quả của cơ quan"
    " nào"
)

LATE = {"so-gtvt": (1, "08:05"), "huyen-muong-nhe": (3, "16:20")}
"""Days after the round closes, and the hour."""
LAST_HOUR = {"so-cong-thuong": "23:04", "so-y-te": "23:41", "huyen-nam-po": "23:58"}
BLANK = {("huyen-nam-po", "6.11"), ("huyen-nam-po", "8.3")}
"""Rows that a unit forgets: no points, no evidence."""

TWENTIETHS = 20
"""Points are given in twentieths of a row's maximum."""

PAPERS = ("Kế hoạch {n}/KH", "Báo cáo {n}/BC", "Công văn {n}/CV", "Quyết định {n}/QĐ")
ACCOUNTS = {
    1: "",  # the evidence speaks for the maximum
    Fraction(3, 4): "Hoàn thành phần lớn nội dung; phần còn lại chuyển sang năm 2024.",
    Fraction(1, 4): "Đã triển khai một phần, chưa có kết quả ở mọi phòng, đơn vị trực thuộc.",
    0: "Mới ban hành kế hoạch, kết quả năm 2023 còn thấp.",
}
"""From this share of the maximum on, what the unit says of its points."""
NOTHING = "Chưa thực hiện trong năm 2023."

Cells = Sequence[object]


@dataclass(frozen=True)
class Given:
    """What a unit gives itself on a row, by what, and what it says of it."""

    points: Fraction
    evidence: str
    account: str


def draw(*key: str) -> float:
    """A number in [0, 1) that belongs to a key, for ever."""
    return Random("|".join((str(SEED), *key))).random()


def write(folder: Path) -> list[Path]:
    """Write every file of the sample; the paths written."""
    context = load_round(ROUND)
    own = self_assessed(context)
    rows = {
        place: Row(given.points, _most(context, *place), draw(*place, "verdict"))
        for place, given in own.items()
    }
    files = {
        "answers-2023.csv": _csv(ANSWER_COLUMNS, ()),  # the decree asks for no figures
        "self-2023.csv": _csv(
            SELF_ACCOUNT_COLUMNS,
            (
                (*place, plain(given.points), given.evidence, given.account)
                for place, given in own.items()
            ),
        ),
        "arrivals-2023.csv": _csv(ARRIVAL_COLUMNS, _arrivals(context)),
        "replies-2023.csv": _csv(REPLY_COLUMNS, ()),  # no figures, no doubts about them
        "appraisals-2023.csv": _csv(
            VERIFIED_COLUMNS,
            (
                (each.verifier, each.unit, each.criterion, plain(each.points), each.reason)
                for each in verdicts(context, rows, BLANK)
            ),
        ),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    return [folder / name for name in files]


def self_assessed(context: RoundContext) -> dict[tuple[str, str], Given]:
    """(unit, row) → what the unit gives itself, in the order of the requests."""
    return {
        (item.unit, item.criterion): _given(context, item)
        for request in requests(context)
        for item in request.self_assessed
        if (item.unit, item.criterion) not in BLANK
    }


def _given(context: RoundContext, item: Item) -> Given:
    unit, code = item.unit, item.criterion
    able = 0.62 + 0.3 * draw(unit, "able")
    share = min(1.0, max(0.0, able + (draw(unit, code, "points") - 0.5) * 0.9))
    twentieths = round(share * TWENTIETHS)
    if not twentieths:
        return Given(Fraction(0), "", NOTHING)
    part = Fraction(twentieths, TWENTIETHS)
    words = next(words for least, words in ACCOUNTS.items() if part >= least)
    return Given(part * _most(context, unit, code), _evidence(unit, code), words)


def _evidence(unit: str, code: str) -> str:
    """One or two numbered papers of the evaluated year, and the file that they are in."""
    found = []
    for number in range(1, 3 if draw(unit, code, "papers") < 0.4 else 2):
        at = f"paper {number}"
        paper = PAPERS[int(draw(unit, code, at, "kind") * len(PAPERS))]
        day = date(2023, 1, 9) + timedelta(days=int(draw(unit, code, at, "day") * 350))
        words = paper.format(n=1 + int(draw(unit, code, at, "number") * 400))
        found.append(f"{number}) {words} ngày {day:%d/%m/%Y}")
    return f"{'; '.join(found)} ({code}.pdf)"


def _arrivals(context: RoundContext) -> Iterator[Cells]:
    opens, closes = context.round.opens.on, context.round.closes.on
    for unit in context.units:
        if unit.id in LATE:
            days, hour = LATE[unit.id]
            yield unit.id, "own", f"{closes + timedelta(days=days)}T{hour}"
        elif unit.id in LAST_HOUR:
            yield unit.id, "own", f"{closes}T{LAST_HOUR[unit.id]}"
        else:
            # the first week goes by before anybody answers
            span = (closes - opens).days - 8
            yield unit.id, "own", opens + timedelta(days=7 + int(draw(unit.id, "day") * span))


def _most(context: RoundContext, unit: str, code: str) -> Fraction:
    most = context.framework_of(unit).by_code[code].max_points
    assert most is not None
    return most


def plain(points: Fraction) -> str:
    """Points as a plain decimal with a point, exactly."""
    digits = next(n for n in range(7) if (points * 10**n).denominator == 1)
    return str(round_half_up(points, digits))


def _csv(columns: Sequence[str], rows: Iterable[Cells]) -> str:
    text = io.StringIO()
    text.write(f"{NOTICE}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    for path in write(FOLDER):
        print(path)
