"""The faults planted in the sample, what the units answer, and what the officer says to that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from dti_core.figures import Figure, Value
from dti_core.intake.layout import CHANGED, KEPT
from dti_core.intake.sample import AnswerKind, Arrival, PlantedFault, Reply
from dti_core.program.load import RoundContext
from dti_core.program.requests import Request
from dti_core.rational import round_half_up, vietnamese
from tests.sample.handwriting import typed
from tests.sample.years import Figures, draw

LATE = {"so-gtvt": 2, "so-ldtbxh": 5}  # days after the round closes
MISSING = "bql-kcn"
ABOVE_WHOLE = ("so-vhttdl", "4.4", 3)  # so many more than there are
WRONG_UNIT = ("so-nnptnt", "6.14", "a")
JUMP = ("so-noi-vu", "6.9", ("a", "b"), 4)
COPIED, NEIGHBOUR = "so-khdt", "so-khcn"
UNSUPPORTED_SELF = ("so-y-te", "1.3")


@dataclass(frozen=True)
class Planted:
    """The figures as given, faults and all, and the list of the faults."""

    figures: Figures
    faults: tuple[PlantedFault, ...]


def plant(context: RoundContext, requests: Sequence[Request], true: Figures) -> Planted:
    """What the units give instead of the true figures."""
    given = dict(true)
    name = {unit.id: unit.name for unit in context.units}
    own = {request.provider: request.own for request in requests}
    closes = context.round.closes.on

    unit, row, more = ABOVE_WHOLE
    whole = Fraction(given[unit, row, "b"])
    given[unit, row, "a"] = whole + more
    above = PlantedFault(
        kind="part_above_whole",
        unit=unit,
        criterion=row,
        variable="a",
        variables=("a",),
        stage="validate",
        words=f"Tử số {vietnamese(whole + more)} lớn hơn mẫu số {vietnamese(whole)}.",
    )

    figure = WRONG_UNIT
    in_millions = Fraction(true[figure])
    given[figure] = Fraction(round_half_up(in_millions / 1000, 2))
    mix_up = PlantedFault(
        kind="wrong_unit",
        unit=figure[0],
        criterion=figure[1],
        variable=figure[2],
        variables=(figure[2],),
        stage="flag",
        words=(
            f"Biểu hỏi triệu đồng mà số liệu a nhập theo tỷ đồng: {_shown(given[figure])} "
            f"thay cho {_shown(in_millions)}; số liệu b đúng đơn vị."
        ),
    )

    unit, row, variables, times = JUMP
    for variable in variables:
        given[unit, row, variable] = Fraction(true[unit, row, variable]) * times
    jump = PlantedFault(
        kind="jump",
        unit=unit,
        criterion=row,
        variable=variables[0],
        variables=variables,
        stage="flag",
        words=(
            f"Số hồ sơ a và b cùng gấp {times} lần, a vẫn không lớn hơn b: không sai phép tính "
            "nào, chỉ khác hẳn năm trước."
        ),
    )

    for item in own[COPIED]:
        place = item.criterion, item.variable
        given[COPIED, *place] = true[NEIGHBOUR, *place]
    copied = PlantedFault(
        kind="copied",
        unit=COPIED,
        source=NEIGHBOUR,
        stage="flag",
        words=(
            f"Mọi số liệu tự cung cấp trùng với {name[NEIGHBOUR]}; số liệu do cơ quan khác cung "
            "cấp thì không. Vì vậy số liệu tự cung cấp cũng lệch với năm trước và với mẫu số cùng "
            "tên do cơ quan khác nêu."
        ),
    )

    self_unit, self_row = UNSUPPORTED_SELF
    unsupported = PlantedFault(
        kind="unsupported_self",
        unit=self_unit,
        criterion=self_row,
        stage="flag",
        words="Tự chấm điểm tối đa trong khi số liệu a nhỏ hơn b chỉ cho một phần.",
    )
    late = (
        PlantedFault(
            kind="late",
            unit=unit,
            stage="remind",
            words=f"Biểu của cơ quan đến ngày {_day(closes + timedelta(days=days))}, quá hạn "
            f"{_day(closes)} là {days} ngày.",
        )
        for unit, days in LATE.items()
    )
    missing = PlantedFault(
        kind="missing",
        unit=MISSING,
        stage="remind",
        words="Biểu của cơ quan không bao giờ đến; số liệu do cơ quan khác cung cấp thì có.",
    )
    return Planted(given, (*late, missing, above, mix_up, jump, copied, unsupported))


def arrivals(context: RoundContext, requests: Sequence[Request]) -> list[Arrival]:
    """When each workbook comes back: in the round's days, but for the late and the missing."""
    opens, closes = context.round.opens.on, context.round.closes.on
    found: list[Arrival] = []
    for request in requests:
        kinds: list[AnswerKind] = ["own"] if request.own else []
        kinds += ["about_units"] if request.about_units else []
        for kind in kinds:
            # the first week goes by before anybody answers; the last day is nobody's
            span = (closes - opens).days - 8
            day: date | None = opens + timedelta(
                days=7 + int(draw(request.provider, kind, "arrival") * span)
            )
            if kind == "own" and request.provider in LATE:
                day = closes + timedelta(days=LATE[request.provider])
            if kind == "own" and request.provider == MISSING:
                day = None
            found.append(Arrival(request.provider, kind, day))
    return found


def replies(
    context: RoundContext, requests: Sequence[Request], true: Figures, given: Figures
) -> list[Reply]:
    """The answers to the faults that are in figures or points, in the order of the faults."""
    name = {unit.id: unit.name for unit in context.units}

    def text(key: tuple[str, str, str]) -> str:
        row = context.framework_of(key[0]).by_code[key[1]]
        return typed(true[key], row.variables[key[2]], office=key[0])

    unit, row, _ = ABOVE_WHOLE
    found = [
        Reply(
            unit,
            row,
            "a",
            decision=KEPT,
            corrected=None,
            reason="Tính cả người được tập huấn đã chuyển công tác hoặc nghỉ hưu trong năm.",
            officer_decision="refused",
            officer_reason="a là một phần của b nên không thể lớn hơn b; người thẩm định xét lại.",
        ),
        Reply(
            *WRONG_UNIT,
            decision=CHANGED,
            corrected=text(WRONG_UNIT),
            reason="Nhập nhầm đơn vị tính: số đã gửi là tỷ đồng, biểu hỏi triệu đồng.",
            officer_decision="accepted",
            officer_reason="Khớp với quyết toán kèm theo và cùng cỡ với năm 2022.",
        ),
    ]
    unit, row, variables, _ = JUMP
    found += [
        Reply(
            unit,
            row,
            variable,
            decision=KEPT,
            corrected=None,
            reason=(
                "Từ tháng 01/2023 phần mềm quản lý văn bản và điều hành dùng cho mọi phòng và đơn "
                "vị trực thuộc; năm 2022 chỉ thống kê được hồ sơ của văn phòng Sở."
            ),
            officer_decision="accepted",
            officer_reason="Đã xem bảng thống kê xuất từ phần mềm, số hồ sơ theo tháng khớp tổng.",
        )
        for variable in variables
    ]
    found.append(
        Reply(
            COPIED,
            None,
            None,
            decision=CHANGED,
            corrected=None,
            reason=f"Gửi nhầm tệp nháp chép từ biểu của {name[NEIGHBOUR]}; nay gửi lại.",
            officer_decision="accepted",
            officer_reason="Số liệu gửi lại có tài liệu kiểm chứng của chính cơ quan.",
        )
    )
    own = {request.provider: request.own for request in requests}
    keys = [(item.unit, item.criterion, item.variable) for item in own[COPIED]]
    found += [
        Reply(
            *key,
            decision=CHANGED,
            corrected=text(key),
            reason=f"Số liệu đã gửi là của {name[NEIGHBOUR]}, do chép nhầm tệp.",
            officer_decision="accepted",
            officer_reason="Khớp với tài liệu kiểm chứng gửi kèm lần này.",
        )
        for key in keys
        if given[key] != true[key]
    ]
    self_unit, self_row = UNSUPPORTED_SELF
    found.append(
        Reply(
            self_unit,
            self_row,
            None,
            decision=KEPT,
            corrected=None,
            reason="Văn bản do cấp phó ký đều theo ủy quyền của Người đứng đầu nên tính đủ điểm.",
            officer_decision="refused",
            officer_reason=(
                "Tiêu chí đếm văn bản do Người đứng đầu ký, không đếm văn bản ký thay; điểm theo "
                "số liệu a và b đã kê khai."
            ),
        )
    )
    return found


def after_replies(true: Figures, given: Figures, answered: Sequence[Reply]) -> Figures:
    """The figures that stand once the accepted corrections are made."""
    changed = {
        (reply.unit, reply.criterion, reply.variable)
        for reply in answered
        if reply.decision == CHANGED and reply.officer_decision == "accepted"
    }
    return {key: true[key] if key in changed else value for key, value in given.items()}


def as_figures(values: Figures) -> dict[tuple[str, str, str], Figure]:
    """Values as the scoring takes them."""
    return {key: Figure(*key, status="given", value=value) for key, value in values.items()}


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _shown(value: Value) -> str:
    return vietnamese(Fraction(value), 2)
