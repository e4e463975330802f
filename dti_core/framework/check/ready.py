"""Whether a round can open on a framework, and if not, why and what to do."""

from collections.abc import Iterable, Iterator

from dti_core.errors import Refused
from dti_core.framework.check.check import check
from dti_core.framework.check.finding import Finding
from dti_core.framework.model import Framework

_SHOWN = 5


class NotReady(Refused):
    """A round cannot open on this framework. The text lists every reason."""


def require_openable(framework: Framework) -> None:
    """Refuse a framework on which no round can open.

    Raises NotReady: a frame without criteria, or an error that nobody has recorded. A recorded
    error is no obstacle: its erratum gives the reading, or the policy that decides.
    """
    reasons = [*_missing(framework), *_errors(framework)]
    if reasons:
        told = "".join(f"\n- {reason}" for reason in reasons)
        raise NotReady(
            f"Chưa mở được đợt đánh giá trên bộ chỉ số {framework.id} ({framework.title},"
            f" {framework.decree.number}):{told}"
        )


def unrecorded(findings: Iterable[Finding]) -> list[Finding]:
    """Errors that no erratum answers."""
    return [each for each in findings if each.severity == "error" and each.erratum is None]


def _missing(framework: Framework) -> Iterator[str]:
    file = f"decrees/{framework.id}.yaml trong thư mục dữ liệu của tỉnh (DTI_HOME)"
    empty = [pillar for pillar in framework.pillars if not pillar.criteria]
    if not framework.criteria:
        stated = f" {framework.criteria_stated}" if framework.criteria_stated else ""
        yield (
            f"Mới có khung: văn bản nêu {len(framework.pillars)} chỉ số chính nhưng không kèm"
            f"{stated} tiêu chí. Bổ sung các tiêu chí theo phụ lục của {framework.decree.number}"
            f" vào {file} (bằng bảng tính: dti frameworks export {framework.id} TỆP.xlsx), rồi mở"
            " lại."
        )
    elif empty:
        names = "; ".join(f"{pillar.code} “{pillar.name}”" for pillar in empty)
        yield f"Chỉ số chính chưa có tiêu chí nào: {names}. Bổ sung vào {file}, rồi mở lại."


def _errors(framework: Framework) -> Iterator[str]:
    errors = unrecorded(check(framework))
    for error in errors[:_SHOWN]:
        yield (
            f"{error.citation}: {error.message} Hãy ghi cách đọc vào erratum của mục, hoặc sửa lại"
            " nếu chép sai."
        )
    if len(errors) > _SHOWN:
        yield f"Và {len(errors) - _SHOWN} chỗ sai khác; xem: dti frameworks check {framework.id}"
