"""Self-assessed points against the points that the figures earn."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from dti_core.framework.model import Framework
from dti_core.plausibility.flag import Flag
from dti_core.plausibility.limits import DEFAULT, Limits
from dti_core.plausibility.peers import doubt
from dti_core.rational import percent, vietnamese
from dti_core.scoring.score import Score

DETECTOR = "self_score"


def self_score(
    framework: Framework,
    units: Sequence[str],
    self_points: Mapping[tuple[str, str], Fraction],
    scores: Mapping[tuple[str, str], Score],
    limits: Limits = DEFAULT,
) -> Iterator[Flag]:
    """Rows whose self-assessed points lie further from the computed ones than is allowed.

    Keys of `self_points` and `scores` are (unit, row). Where the points are still open, the
    self-assessed ones are held against their bounds: nobody earns more than the maximum.

    Source: the tolerance is ours (`Limits.self_points`, `self_share`); the decrees ask for
    self-assessed points and set none.

    Limits: says nothing of which of the two is wrong. Rows without a maximum are left out.
    """
    for unit in units:
        for row in framework.rows:
            own, score = self_points.get((unit, row.code)), scores.get((unit, row.code))
            if own is None or score is None or not score.max_points or own == score.points:
                continue
            allowed = max(limits.self_points, limits.self_share * score.max_points)
            nearest = min(max(own, score.low), score.high)
            if abs(own - nearest) <= allowed:
                continue
            yield Flag(
                unit=unit,
                criterion=row.code,
                variable=None,
                detector=DETECTOR,
                reported=own,
                expected=score.points,
                criteria=(row.code,),
                suspicion=doubt(float(abs(own - nearest)), float(allowed)),
                message=_message(row.code, own, score, nearest, allowed, limits),
            )


def _message(
    code: str, own: Fraction, score: Score, nearest: Fraction, allowed: Fraction, limits: Limits
) -> str:
    maximum = vietnamese(score.max_points or 0)
    if score.points is not None:
        computed = f"tính theo số liệu được {vietnamese(score.points)} điểm"
    else:
        low, high = vietnamese(score.low), vietnamese(score.high)
        computed = f"tính theo số liệu chỉ có thể từ {low} đến {high} điểm"
    by_share = allowed > limits.self_points
    basis = f" ({percent(limits.self_share)} của {maximum})" if by_share else ""
    way = "cao hơn" if own > nearest else "thấp hơn"
    return (
        f"Mục {code}: đơn vị tự đánh giá {vietnamese(own, 6)} điểm, {computed} (tối đa {maximum});"
        f" {way} {vietnamese(abs(own - nearest))} điểm, quá mức chênh cho phép"
        f" {vietnamese(allowed)} điểm{basis}."
        " Đề nghị xem lại điểm tự đánh giá hoặc số liệu của mục này."
    )
