"""What the appraisal council of the sample awards otherwise than the units gave themselves."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from dti_core.program.appraisal import CHAIR
from dti_core.program.load import RoundContext
from dti_core.program.routing import assigned
from dti_core.rational import vietnamese

SHARE = Fraction(20, 100)
"""Of the self-assessed points, so many are adjusted (2001/QĐ-UBND, II.1.3b: “công nhận hoặc điều
chỉnh điểm tự chấm”)."""
DIFFERING = 6
"""Rows on which two verifiers give different points, so that the chair decides."""
RAISED = Fraction(1, 10)
"""Of the adjusted points, about so many go up."""

Place = tuple[str, str]
"""(unit, row code)"""


@dataclass(frozen=True)
class Row:
    """A row as a unit assessed it: its points, the maximum, a draw in [0, 1)."""

    points: Fraction
    most: Fraction
    chance: float


@dataclass(frozen=True)
class Verdict:
    """Points that a member of the council gives, with the reason."""

    verifier: str
    unit: str
    criterion: str
    points: Fraction
    reason: str


def verdicts(
    context: RoundContext, rows: Mapping[Place, Row], blank: Collection[Place]
) -> list[Verdict]:
    """The verdicts in the order of units and rows; a row that none speaks of keeps the unit's
    points.

    blank  rows that are assessed and that the unit gave no points for
    """
    who = assigned(context)
    chosen = sorted(rows, key=lambda place: rows[place].chance)[: round(len(rows) * SHARE)]
    differing = [place for place in chosen if len(who[place]) == 2 and _by_two(rows[place])]
    apart = set(differing[:DIFFERING])
    found: dict[Place, list[Verdict]] = {}
    for place in chosen:
        made = _differ if place in apart else _agree
        found[place] = list(made(who[place], place, rows[place]))
    for place in blank:
        found[place] = [Verdict(each, *place, Fraction(0), NOT_GIVEN) for each in who[place]]
    return [verdict for place in who if place in found for verdict in found[place]]


NOT_GIVEN = "Đơn vị không tự chấm và không nêu tài liệu kiểm chứng: cho 0 điểm."
CUT = (
    "Tài liệu số 1 nêu kết quả của năm 2022: {change}.",
    "Tài liệu kiểm chứng chỉ chứng minh một phần kết quả đã nêu: {change}.",
    "Kết quả kiểm tra thực tế thấp hơn kết quả tự báo cáo: {change}.",
    "Theo dõi của cơ quan thường trực Ban Chỉ đạo ghi nhận kết quả thấp hơn: {change}.",
)
NO_PROOF = "Văn bản nêu làm tài liệu kiểm chứng là bản dự thảo, chưa ban hành: {change}."
RAISE = "Đơn vị bổ sung tài liệu kiểm chứng trong quá trình thẩm định: {change}."
CHAIR_SAYS = (
    "Hai thành viên cho {first} và {second} điểm; sau khi xem tài liệu kiểm chứng, chủ trì thống"
    " nhất {points} điểm."
)


def _agree(verifiers: tuple[str, ...], place: Place, row: Row) -> Iterator[Verdict]:
    points, reason = _adjusted(row)
    for verifier in verifiers:
        yield Verdict(verifier, *place, points, reason)


def _differ(verifiers: tuple[str, ...], place: Place, row: Row) -> Iterator[Verdict]:
    """The second verifier takes off half of what the first one does."""
    low, reason = _cut(row)
    high = row.points - (row.points - low) / 2
    first, second = verifiers
    yield Verdict(first, *place, low, reason)
    yield Verdict(second, *place, high, CUT[1].format(change=_change(row.points, high)))
    points = low if _digit(row, 4) % 2 else high
    shown = {
        "first": vietnamese(low, 3),
        "second": vietnamese(high, 3),
        "points": vietnamese(points, 3),
    }
    yield Verdict(CHAIR, *place, points, CHAIR_SAYS.format(**shown))


def _by_two(row: Row) -> bool:
    """Whether there is enough to take off for two to differ by."""
    return row.points >= row.most / 2


def _adjusted(row: Row) -> tuple[Fraction, str]:
    """Other points than the unit's own, in twentieths of the maximum as its own are."""
    room = row.most - row.points
    if room and (not row.points or _digit(row, 1) < RAISED * 10):
        points = row.points + min(room, row.most / 5)
        return points, RAISE.format(change=_change(row.points, points))
    if _digit(row, 2) == 0:
        return Fraction(0), NO_PROOF.format(change=_change(row.points, Fraction(0)))
    return _cut(row)


def _cut(row: Row) -> tuple[Fraction, str]:
    off = row.most / 10 * (1 + _digit(row, 3) % 3)
    points = max(row.points - off, Fraction(0))
    words = CUT[_digit(row, 5) % len(CUT)]
    return points, words.format(change=_change(row.points, points))


def _change(before: Fraction, after: Fraction) -> str:
    return f"{vietnamese(after, 3)} điểm thay cho {vietnamese(before, 3)} điểm"


def _digit(row: Row, place: int) -> int:
    """A digit of the draw, well behind those by which rows are chosen."""
    return int(row.chance * 10 ** (place + 6)) % 10
