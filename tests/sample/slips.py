"""What goes wrong in a level, how its units answer for it, and when their workbooks come."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from fractions import Fraction

import yaml

from dti_core.intake.layout import CHANGED, KEPT
from dti_core.intake.sample import AnswerKind, Arrival, PlantedFault, Reply
from dti_core.program.load import RoundContext
from dti_core.program.requests import requests
from dti_core.rational import round_half_up, vietnamese
from tests.sample.handwriting import typed
from tests.sample.years import Figures, draw

Row = tuple[str, str]
"""(unit, row)"""


@dataclass(frozen=True)
class Slips:
    """The faults of a level, each in units of its own, and the hours of some arrivals.

    late              unit → days after the close
    last_hour         units whose workbook comes in the last hour of the last day
    missing           units whose own workbook never comes
    above_whole       row → so many more in `a` than there are in `b`
    in_billions       (unit, row, variable) of money given in tỷ where triệu is asked
    copied            unit → whose workbook it sends
    unsupported_self  rows with the maximum where the figures give less
    """

    late: Mapping[str, int] = field(default_factory=dict)
    last_hour: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    above_whole: Mapping[Row, int] = field(default_factory=dict)
    in_billions: tuple[tuple[str, str, str], ...] = ()
    copied: Mapping[str, str] = field(default_factory=dict)
    unsupported_self: tuple[Row, ...] = ()

    @property
    def rows(self) -> set[Row]:
        """Every row that a fault touches by name."""
        money = {(unit, row) for unit, row, _ in self.in_billions}
        return {*self.above_whole, *money, *self.unsupported_self}


def given_instead(context: RoundContext, true: Figures, slips: Slips) -> Figures:
    """What the units give instead of the true figures; a missing workbook gives none."""
    given = dict(true)
    for (unit, row), more in slips.above_whole.items():
        given[unit, row, "a"] = Fraction(true[unit, row, "b"]) + more
    for key in slips.in_billions:
        given[key] = Fraction(round_half_up(Fraction(true[key]) / 1000, 2))
    for request in requests(context):
        for item in request.own:
            if item.unit in slips.copied and item.key in given:
                given[item.key] = true[slips.copied[item.unit], item.criterion, item.variable]
            if item.unit in slips.missing:
                given.pop(item.key, None)
    return given


def arrivals(context: RoundContext, slips: Slips) -> list[Arrival]:
    """When each workbook comes back: some on the first days, most in the round's days."""
    opens, closes = context.round.opens.on, context.round.closes.on
    span = (closes - opens).days - 8
    found: list[Arrival] = []
    for request in requests(context):
        for kind in _kinds(bool(request.own), bool(request.about_units)):
            early = kind == "own" and draw(request.provider, "early") < 0.08
            days = 1 if early else 7 + int(draw(request.provider, kind, "arrival") * span)
            day: date | None = opens + timedelta(days=days)
            at: time | None = None
            if kind == "own" and request.provider in slips.late:
                day = closes + timedelta(days=slips.late[request.provider])
            if kind == "own" and request.provider in slips.last_hour:
                day, at = closes, time(23, 5 + int(draw(request.provider, "minute") * 50))
            if kind == "own" and request.provider in slips.missing:
                day = None
            found.append(Arrival(request.provider, kind, day, at))
    return found


def _kinds(own: bool, about: bool) -> Iterator[AnswerKind]:
    if own:
        yield "own"
    if about:
        yield "about_units"


def replies(context: RoundContext, true: Figures, given: Figures, slips: Slips) -> list[Reply]:
    """The answers to the faults; to any other doubt a unit says that it keeps its figures."""
    found = [*_kept(slips), *_corrected(context, true, given, slips)]
    found += [
        Reply(
            unit.id,
            None,
            None,
            decision=KEPT,
            corrected=None,
            reason="Đã rà lại theo sổ theo dõi và tài liệu kiểm chứng, số liệu giữ nguyên.",
            officer_decision="accepted",
            officer_reason="Khớp với tài liệu kiểm chứng gửi kèm.",
        )
        for unit in context.units
        if unit.id not in slips.copied
    ]
    place = {unit.id: number for number, unit in enumerate(context.units)}
    return sorted(found, key=lambda reply: place[reply.unit])


def _kept(slips: Slips) -> Iterator[Reply]:
    for unit, row in slips.above_whole:
        yield Reply(
            unit,
            row,
            "a",
            decision=KEPT,
            corrected=None,
            reason="Tính cả trường hợp đã chuyển đi hoặc thôi hoạt động trong năm.",
            officer_decision="refused",
            officer_reason="a là một phần của b nên không thể lớn hơn b; người thẩm định xét lại.",
        )
    for unit, row in slips.unsupported_self:
        yield Reply(
            unit,
            row,
            None,
            decision=KEPT,
            corrected=None,
            reason="Cơ quan cho rằng đã làm đủ phần việc của mình nên tự chấm điểm tối đa.",
            officer_decision="refused",
            officer_reason="Điểm tính theo số liệu a và b đã kê khai, không theo điểm tự đánh giá.",
        )


def _corrected(
    context: RoundContext, true: Figures, given: Figures, slips: Slips
) -> Iterator[Reply]:
    name = {unit.id: unit.name for unit in context.units}

    def text(key: tuple[str, str, str]) -> str:
        row = context.framework_of(key[0]).by_code[key[1]]
        return typed(true[key], row.variables[key[2]], office=key[0])

    for key in slips.in_billions:
        yield Reply(
            *key,
            decision=CHANGED,
            corrected=text(key),
            reason="Nhập nhầm đơn vị tính: số đã gửi là tỷ đồng, biểu hỏi triệu đồng.",
            officer_decision="accepted",
            officer_reason="Khớp với quyết toán kèm theo.",
        )
    for unit, whose in slips.copied.items():
        yield Reply(
            unit,
            None,
            None,
            decision=CHANGED,
            corrected=None,
            reason=f"Gửi nhầm tệp nháp chép từ biểu của {name[whose]}; nay gửi lại.",
            officer_decision="accepted",
            officer_reason="Số liệu gửi lại có tài liệu kiểm chứng của chính cơ quan.",
        )
        asked = requests(context)
        for key in (item.key for each in asked for item in each.own if item.unit == unit):
            if key in given and given[key] != true[key]:
                yield Reply(
                    *key,
                    decision=CHANGED,
                    corrected=text(key),
                    reason="Số liệu đã gửi là của nơi khác, do chép nhầm tệp.",
                    officer_decision="accepted",
                    officer_reason="Khớp với tài liệu kiểm chứng gửi kèm lần này.",
                )
        for key in (item.key for each in asked for item in each.about_units if item.unit == unit):
            row = context.framework_of(unit).by_code[key[1]]
            if key in given and row.variables[key[2]].quantity:
                yield Reply(
                    *key,
                    decision=KEPT,
                    corrected=None,
                    reason="Số liệu do cơ quan khác cung cấp là đúng; biểu của đơn vị chép nhầm.",
                    officer_decision="accepted",
                    officer_reason="Khớp với số liệu mà đơn vị gửi lại.",
                )


def planted(context: RoundContext, slips: Slips, notice: str) -> str:
    """The list of the faults, as YAML."""
    faults = [fault.model_dump(mode="json") for fault in _planted(context, slips)]
    body = yaml.safe_dump({"faults": faults}, allow_unicode=True, sort_keys=False, width=100)
    return f"{notice}\n{body}"


def _planted(context: RoundContext, slips: Slips) -> Sequence[PlantedFault]:
    closes = context.round.closes.on
    name = {unit.id: unit.name for unit in context.units}
    return [
        *(
            PlantedFault(
                kind="late",
                unit=unit,
                stage="remind",
                words=f"Biểu đến sau hạn {closes:%d/%m/%Y} là {days} ngày.",
            )
            for unit, days in slips.late.items()
        ),
        *(
            PlantedFault(
                kind="missing",
                unit=unit,
                stage="remind",
                words="Biểu của đơn vị không bao giờ đến; số liệu do nơi khác cung cấp thì có.",
            )
            for unit in slips.missing
        ),
        *(
            PlantedFault(
                kind="part_above_whole",
                unit=unit,
                criterion=row,
                variable="a",
                variables=("a",),
                stage="validate",
                words=f"Số liệu a lớn hơn b {vietnamese(more)}.",
            )
            for (unit, row), more in slips.above_whole.items()
        ),
        *(
            PlantedFault(
                kind="wrong_unit",
                unit=unit,
                criterion=row,
                variable=variable,
                variables=(variable,),
                stage="flag",
                words="Biểu hỏi triệu đồng mà số liệu nhập theo tỷ đồng.",
            )
            for unit, row, variable in slips.in_billions
        ),
        *(
            PlantedFault(
                kind="copied",
                unit=unit,
                source=whose,
                stage="flag",
                words=f"Mọi số liệu tự cung cấp trùng với {name[whose]}.",
            )
            for unit, whose in slips.copied.items()
        ),
        *(
            PlantedFault(
                kind="unsupported_self",
                unit=unit,
                criterion=row,
                stage="flag",
                words="Tự chấm điểm tối đa trong khi số liệu chỉ cho một phần.",
            )
            for unit, row in slips.unsupported_self
        ),
    ]
