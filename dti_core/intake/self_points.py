"""Self-assessed points of rows that nothing but the unit's own account speaks for."""

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction

from dti_core.framework.model import Criterion
from dti_core.framework.rules import Appraised
from dti_core.program.requests import SELF, Key, Request
from dti_core.rational import vietnamese

_AGAIN = "Hãy ghi lại điểm tự đánh giá rồi gửi lại."


def out_of_bounds(row: Criterion, points: Fraction) -> str | None:
    """Why points of a row without figures cannot stand, in Vietnamese; None where they can."""
    most = row.max_points or Fraction(0)
    if not 0 <= points <= most:
        return f"điểm {vietnamese(points)} phải từ 0 đến {vietnamese(most)}. {_AGAIN}"
    step = row.rule.step if isinstance(row.rule, Appraised) else None
    if step is not None and (points / step).denominator != 1:
        return f"điểm {vietnamese(points)} phải là bội số của {vietnamese(step)}. {_AGAIN}"
    return None


def said_without_points(
    request: Request, given: Collection[tuple[str, str]], notes: Mapping[Key, str]
) -> Iterator[str]:
    """What a unit remarks on rows that it gives no points for: whoever appraises must see a wish
    not to be assessed, or to be.

    given  (unit, criterion) that have points
    """
    for item in sorted((*request.self_assessed, *request.spared)):
        words = notes.get((item.unit, item.criterion, SELF))
        if words and (item.unit, item.criterion) not in given:
            yield f"Mục {item.criterion}, không có điểm tự đánh giá, đơn vị ghi: “{words}”."
