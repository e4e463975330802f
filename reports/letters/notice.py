"""The letter that tells a unit its result, with its score sheet (thông báo kết quả).

Provisional: before publication, with the day until which the unit may object. Final: after the
decision was issued, which it cites.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from dti_core.errors import Refused
from reports.built_tables import Column, Row, build, marker
from reports.letters.issued import Issued
from reports.letters.paper import Paper, template
from reports.letters.result_tables import PLACES
from reports.letters.standings import Standing
from reports.letters.wording import day, points, whole, within
from reports.series import Series

NOT_ASSESSED = "KĐG"


class NothingToTell(Refused):
    """A letter about a result that there is none of."""


@dataclass(frozen=True)
class SheetRow:
    """A row of the score sheet; points are exact, None where there are none.

    official  after appraisal, exemption and petition; None with `assessed` False where the row was
              not assessed
    reason    of every adjustment and exemption
    """

    code: str
    name: str
    max_points: Fraction | None
    self_assessed: Fraction | None
    computed: Fraction | None
    official: Fraction | None
    reason: str = ""
    assessed: bool = True
    exempt: bool = False


@dataclass(frozen=True)
class SheetPillar:
    """A pillar of the score sheet: its own points as they are published."""

    name: str
    max_points: Fraction | None
    points: Fraction | None
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True)
class Final:
    """The decision that published the result, and whose it is."""

    decision: Issued
    competence: str


@dataclass(frozen=True)
class Provisional:
    """A result before its publication: until when the unit may object, or how many days from the
    sending where no day is known yet; neither where nobody may."""

    petition_by: date | None = None
    days: int | None = None


@dataclass(frozen=True)
class Notice:
    """What the letter says.

    standing   the unit's place, points as they are published
    group      the name of its group; None where there is only one
    ranked     how many units of the group are ranked
    max_points the unit's own maximum
    sheet      its score sheet
    stage      provisional, or final
    digits     decimals of published points
    send_to    where petitions and questions go, an address or a place
    """

    paper: Paper
    basis: str
    title: str
    evaluation_year: int
    standing: Standing
    group: str | None
    ranked: int
    max_points: Fraction
    sheet: tuple[SheetPillar, ...]
    stage: Provisional | Final
    digits: int
    send_to: str | None = None


def render(values: Notice) -> bytes:
    """One letter as a .docx. Raises NothingToTell, BrokenTemplate."""
    return next(render_all([values]))


def render_all(values: Iterable[Notice]) -> Iterator[bytes]:
    """A letter each, in their order: what they share is read once. Raises as `render`."""
    series: Series | None = None
    for each in values:
        told = _told(each)
        if series is None:
            series = Series(template("notice.docx"), told)
        yield series.fill(told, {"sheet": _sheet(each)})


def _told(values: Notice) -> dict[str, Any]:
    one, digits = values.standing, values.digits
    if one.points is None or not values.sheet:
        raise NothingToTell(
            f"{one.unit}: chưa có điểm nên chưa thông báo được kết quả. Hãy thẩm định điểm và xếp"
            " hạng trước; đơn vị không được đánh giá thì không có thông báo này."
        )
    final = values.stage if isinstance(values.stage, Final) else None
    rows = [row for pillar in values.sheet for row in pillar.rows]
    return {
        "paper": values.paper,
        "recipient": one.unit,
        "basis": values.basis,
        "title": within(values.title),
        "evaluation_year": values.evaluation_year,
        "final": final is not None,
        "decision": final.decision.cited if final else "",
        "competence": final.competence if final else "",
        "points": points(one.points, digits),
        "max_points": points(values.max_points, digits),
        "percent": "" if one.percent is None else points(one.percent, digits),
        "rank": one.rank,
        "ranked": whole(values.ranked),
        "group": within(values.group) if values.group else "",
        "grade": one.grade or "",
        "previous_rank": one.previous_rank,
        "place": within(PLACES[one.place]),
        "reason": (one.reason or "").strip().rstrip("."),
        "criteria": whole(len(rows)),
        "adjusted": _many(sum(bool(row.reason) and not row.exempt for row in rows)),
        "exempted": _many(sum(row.exempt for row in rows)),
        "petition_by": _until(values),
        "send_to": values.send_to or values.paper.name,
        "tables": {"sheet": marker("sheet")},
    }


def _many(number: int) -> str:
    return whole(number) if number else ""


def _until(values: Notice) -> str:
    if isinstance(values.stage, Final):
        return ""
    if values.stage.petition_by is not None:
        return f"đến hết {day(values.stage.petition_by)}"
    if values.stage.days:
        sender = values.paper.name
        return f"trong {whole(values.stage.days)} ngày kể từ ngày {sender} gửi thông báo này"
    return ""


_COLUMNS = (
    Column("Mục", 1.3),
    Column("Tiêu chí", 5.9),
    Column("Tối đa", 1.25, "right"),
    Column("Tự đánh giá", 1.35, "right"),
    Column("Tính theo số liệu", 1.4, "right"),
    Column("Thẩm định", 1.4, "right"),
    Column("Lý do điều chỉnh, miễn", 3.9),
)


def _sheet(values: Notice) -> str:
    return build(_COLUMNS, _rows(values), size=10)


def _rows(values: Notice) -> Iterator[Row]:
    digits = values.digits
    for pillar in values.sheet:
        most = points(pillar.max_points, digits)
        shown = points(pillar.points, digits)
        yield Row(("", pillar.name, most, "", "", shown, ""), bold=True)
        for row in pillar.rows:
            yield Row(
                (
                    row.code,
                    row.name,
                    points(row.max_points, digits),
                    points(row.self_assessed, digits),
                    points(row.computed, digits),
                    points(row.official, digits) if row.assessed else NOT_ASSESSED,
                    row.reason,
                )
            )
    most = points(values.max_points, digits)
    yield Row(
        ("", "Tổng điểm", most, "", "", points(values.standing.points, digits), ""), bold=True
    )
