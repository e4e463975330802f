"""Whether a workbook that came back belongs to the round that takes it."""

from dti_core.errors import Refused
from dti_core.intake.layout import WorkbookKind
from dti_core.intake.signature import FILE, VARIABLE, is_signed
from dti_core.intake.workbook import Workbook
from dti_core.program.load import RoundContext

KIND_NAMES: dict[WorkbookKind, str] = {
    "own": "biểu mẫu số liệu của đơn vị",
    "about_units": "biểu mẫu số liệu về các đơn vị",
    "explanation": "biểu mẫu giải trình",
    "appraisal": "biểu mẫu thẩm định",
    "earlier": "biểu mẫu số liệu những năm trước",
    "improvement": "biểu mẫu kế hoạch khắc phục",
}


class WrongWorkbook(Refused):
    """One of our workbooks, but not one that may be read here. The text says what to send."""


def check_origin(workbook: Workbook, context: RoundContext, file: str) -> None:
    """Raises WrongWorkbook for an identity that this office did not sign, for another round, or for
    frameworks that have changed since; NoKey where the signature cannot be checked.
    """
    _check_signature(workbook, file)
    if workbook.round_id != context.id:
        raise WrongWorkbook(
            f"Tệp {file} là biểu mẫu của đợt {workbook.round_id}, không phải đợt {context.id}. Hãy"
            f" điền vào biểu mẫu của đợt {context.id} rồi gửi lại."
        )
    now = {framework.id: framework.sha256 for framework in context.frameworks.values()}
    names, hashes = workbook.framework.split(), workbook.sha256.split()
    if len(names) != len(hashes):
        raise WrongWorkbook(
            f"Tệp {file} có phần nhận dạng ẩn bị hỏng. Hãy điền vào biểu mẫu đã nhận rồi gửi lại."
        )
    for name, sha256 in zip(names, hashes, strict=True):
        if now.get(name) != sha256:
            raise WrongWorkbook(
                f"Tệp {file} được lập từ một bản khác của bộ chỉ số {name}, nên các ô có thể mang"
                " nghĩa khác. Hãy điền vào biểu mẫu được gửi sau cùng."
            )


def _check_signature(workbook: Workbook, file: str) -> None:
    identity = {
        "kind": workbook.kind,
        "round": workbook.round_id,
        "provider": workbook.provider,
        "framework": workbook.framework,
        "sha256": workbook.sha256,
    }
    if workbook.signature is not None and not is_signed(identity, workbook.signature):
        raise WrongWorkbook(
            f"Tệp {file} có phần nhận dạng ẩn đã bị sửa, hoặc không do cơ quan này gửi đi, nên"
            " không được nhận. Hãy điền vào đúng tệp biểu mẫu đã nhận rồi gửi lại. Nếu nhiều đơn vị"
            " cùng gặp lỗi này, có thể phần mềm đã chuyển sang máy chủ mới hoặc mất khóa: người vận"
            f" hành chép lại khóa cũ (tệp {FILE} trong DTI_HOME, hoặc biến {VARIABLE}); không còn"
            " khóa cũ thì gửi biểu mẫu mới cho các đơn vị."
        )


def check_kind(workbook: Workbook, *kinds: WorkbookKind) -> None:
    """Raises WrongWorkbook unless the workbook is of one of the kinds."""
    if workbook.kind not in kinds:
        wanted = " hoặc ".join(KIND_NAMES[kind] for kind in kinds)
        raise WrongWorkbook(
            f"Tệp của {workbook.provider} là {KIND_NAMES[workbook.kind]}; ở đây cần {wanted}. Hãy"
            " gửi đúng tệp."
        )
