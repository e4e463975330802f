"""Whether an opinion may be given: by whom, within which bounds, with which reason."""

from dataclasses import dataclass
from fractions import Fraction

from dti_core.errors import Refused
from dti_core.framework import rules
from dti_core.program.appraisal import CHAIR, PETITION
from dti_core.program.load import RoundContext
from dti_core.program.routing import Pair, assigned, verifier_name, verifiers_of
from dti_core.rational import vietnamese
from dti_core.records.bases import Bases


class AppraisalRefused(Refused):
    """An appraised point that cannot be taken. The text names unit, row and cell."""


@dataclass(frozen=True)
class Appraised:
    """An appraiser's points for one unit and row, with the reason where they differ from the base;
    where they come from, for messages and for the record."""

    unit: str
    criterion: str
    points: Fraction
    reason: str | None
    file: str | None = None
    sheet: str | None = None
    cell: str | None = None

    @property
    def pair(self) -> Pair:
        return self.unit, self.criterion

    @property
    def why(self) -> str | None:
        """The reason, where it says anything."""
        return (self.reason or "").strip() or None

    @property
    def where(self) -> str:
        if self.file is None:
            return ""
        return f"Tệp {self.file}, trang “{self.sheet}”, ô {self.cell}: "


def check(
    context: RoundContext,
    known: Bases,
    verifier: str,
    allowed: frozenset[Pair],
    each: Appraised,
) -> None:
    """Refuse what cannot be taken. `allowed`: the rows that the verifier may judge.

    Raises AppraisalRefused.
    """
    if each.pair not in assigned(context):
        raise AppraisalRefused(
            f"{each.where}Không có đơn vị {each.unit} hoặc mục {each.criterion} cần cho điểm trong"
            f" đợt {context.id}."
        )
    place = f"{each.where}{context.program.unit[each.unit].name}, mục {each.criterion}"
    if each.pair not in allowed:
        raise AppraisalRefused(f"{place}: {_whose(context, verifier, each)}")
    _check_points(context, each, place)
    if each.why is None:
        _refuse_without_reason(context, known, verifier, each, place)


def _check_points(context: RoundContext, each: Appraised, place: str) -> None:
    row = context.framework_of(each.unit).by_code[each.criterion]
    least, most = sorted((Fraction(0), row.max_points or Fraction(0)))
    if not least <= each.points <= most:
        raise AppraisalRefused(
            f"{place}: điểm {vietnamese(each.points)} phải từ {vietnamese(least)} đến"
            f" {vietnamese(most)}."
        )
    step = row.rule.step if isinstance(row.rule, rules.Appraised) else None
    if step is not None and (each.points / step).denominator != 1:
        raise AppraisalRefused(
            f"{place}: điểm {vietnamese(each.points)} phải là bội của {vietnamese(step)}."
        )


def _refuse_without_reason(
    context: RoundContext, known: Bases, verifier: str, each: Appraised, place: str
) -> None:
    if verifier in (CHAIR, PETITION):
        raise AppraisalRefused(
            f"{place}: quyết định của {verifier_name(context, verifier)} phải ghi lý do."
        )
    if each.pair in known.to_decide:
        raise AppraisalRefused(
            f"{place}: nghi vấn quá hạn không được giải trình do người thẩm định quyết định, nên"
            " phải ghi lý do dù giữ điểm tính."
        )
    if known.needs_reason(each.pair, each.points):
        raise AppraisalRefused(
            f"{place}: điểm thẩm định {vietnamese(each.points)} khác"
            f" {_base_told(known, each.pair)} thì phải ghi lý do."
        )


def _base_told(known: Bases, pair: Pair) -> str:
    if pair in known.computed:
        return f"điểm tính ({vietnamese(known.computed[pair])})"
    if pair in known.own:
        return f"điểm tự đánh giá ({vietnamese(known.own[pair])})"
    return "điểm tính (chưa tính được)"


def _whose(context: RoundContext, verifier: str, each: Appraised) -> str:
    """Whose the row is, where it is not this verifier's."""
    if verifier == CHAIR:
        return (
            "người chủ trì chỉ quyết định dòng mà các nơi thẩm định cho điểm khác nhau, và không"
            " phải dòng của chính đơn vị mình. Xem:"
            f" dti appraise {context.id} --differing"
        )
    names = ", ".join(
        verifier_name(context, other) for other in verifiers_of(context, each.unit, each.criterion)
    )
    return (
        f"dòng này do {names} thẩm định, không phải {verifier_name(context, verifier)}. Xem phân"
        f" công: dti appraise {context.id} --list"
    )
