"""The short texts that go out with workbooks and letters: Jinja2 files that an office rewords.

A text is `DTI_HOME/templates/messages/NAME.txt`, else the one that ships. Every text is tried on
sample values before anything is queued, so that a broken one is refused and nobody gets half a
letter. The first line may be the subject: `Tiêu đề: …`.
"""

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from dti_core.errors import Refused
from dti_core.framework.load import home
from dti_core.program.calendar import closing_of
from dti_core.program.load import RoundContext
from dti_core.program.routing import verifier_name

SHIPPED = Path(__file__).parent / "templates" / "messages"
SUBJECT = "Tiêu đề:"


class BrokenText(Refused):
    """A text that cannot be filled in. The message names file, line and placeholders."""


@dataclass(frozen=True)
class Placeholder:
    """A word that a text may use: what it stands for, and a sample to try the text on."""

    meaning: str
    sample: Any


@dataclass(frozen=True)
class Text:
    """A filled-in text with its subject."""

    title: str
    body: str


_EVERYWHERE = {
    "recipient": Placeholder("tên nơi nhận", "Sở Mẫu"),
    "issuer": Placeholder("cơ quan gửi", "Sở Chủ trì"),
    "decree": Placeholder("quyết định", "1/QĐ-UBND"),
    "round_title": Placeholder("tên đợt", "Đợt mẫu"),
    "evaluation_year": Placeholder("năm đánh giá", 2024),
    "data_from": Placeholder("số liệu tính từ ngày", "01/01/2024"),
    "data_to": Placeholder("số liệu tính đến ngày", "31/12/2024"),
    "due": Placeholder("hạn gửi", "31/01/2025"),
    "illustration": Placeholder("ghi chú của đợt minh họa, có thể trống", "Mẫu"),
}
_WHAT = Placeholder("tệp còn thiếu", "số liệu của đơn vị")
_TODAY = Placeholder("ngày của thư", "01/02/2025")
_LATE = {
    "unit": "Sở Mẫu",
    "what": "số liệu của đơn vị",
    "due": "31/01/2025",
    "days": 3,
    "missing": 45,
    "head_told": True,
}
_MISSING = {"unit": "Sở Mẫu", "what": "số liệu của đơn vị"}
_SUB_ROUND = {
    "units": Placeholder("số đơn vị được đánh giá trong đợt thành phần", 12),
    "hand_over_by": Placeholder("hạn nộp kết quả", "01/03/2025"),
    "sub_round": Placeholder("mã đợt thành phần", "mau/2024@huyen-mau"),
    "basis": Placeholder("căn cứ", "1/QĐ-UBND, mục III"),
}
_UNDELIVERED = {"unit": "Sở Mẫu", "title": "Đôn đốc", "attempts": 6, "error": "kênh không trả lời"}

PLACEHOLDERS: Mapping[str, Mapping[str, Placeholder]] = {
    "request": {
        "files": Placeholder("tên các tệp kèm theo", ["mau.xlsx", "mau.docx"]),
        "wish": Placeholder("việc đề nghị", "cung cấp số liệu"),
    },
    "explain": {
        "count": Placeholder("số nội dung phải giải trình", 2),
        "explain_by": Placeholder("hạn giải trình, có thể trống", "15/02/2025"),
    },
    "receipt": {
        "file": Placeholder("tên tệp đã nhận", "so-mau.xlsx"),
        "version": Placeholder("lần gửi thứ mấy", 2),
        "received": Placeholder("lúc nhận", "08:30 ngày 01/02/2025"),
        "late": Placeholder("số ngày quá hạn, 0 nếu đúng hạn", 3),
        "complete": Placeholder("số liệu đã đủ và rõ hay chưa", False),
        "grave": Placeholder("số chỗ phải sửa", 2),
        "doubtful": Placeholder("số chỗ nên xem lại", 1),
        "marked": Placeholder("có ô được tô màu trong biểu mẫu kèm theo hay không", True),
        "notices": Placeholder("danh sách điều cần biết, không phải trả lời", ["Tệp có macro."]),
        "missing": Placeholder("số số liệu còn thiếu", 5),
        "what": Placeholder("nội dung được hỏi", "số liệu"),
        "code": Placeholder("mã ghi trên bản ký", "0123456789AB"),
        "closed": Placeholder("việc thu thập đã khép với nơi nhận hay chưa", False),
    },
    "extension": {
        "until": Placeholder("hạn mới", "15/02/2025"),
        "before": Placeholder("hạn trước đó", "31/01/2025"),
        "reason": Placeholder("lý do gia hạn", "mất điện"),
        "document": Placeholder("văn bản chấp thuận", "12/CV ngày 30/01/2025"),
        "files": Placeholder("tên các biểu mẫu được gia hạn", ["so-mau.xlsx"]),
    },
    "remind": {"today": _TODAY, "what": _WHAT, "days": Placeholder("số ngày quá hạn", 3)},
    "remind_before": {"today": _TODAY, "what": _WHAT, "days": Placeholder("số ngày còn lại", 2)},
    "remind_head": {"today": _TODAY, "what": _WHAT, "days": Placeholder("số ngày quá hạn", 5)},
    "digest": {
        "today": _TODAY,
        "late": Placeholder(f"danh sách nơi quá hạn, mỗi dòng có {', '.join(_LATE)}", [_LATE]),
    },
    "provisional": {
        "petition_by": Placeholder("hạn kiến nghị, có thể trống", "15/03/2025"),
    },
    "result": {
        "decision": Placeholder("số của quyết định công bố", "12/QĐ-UBND"),
        "decided_on": Placeholder("ngày của quyết định công bố", "31/03/2025"),
    },
    "sub_round": _SUB_ROUND,
    "sub_round_remind": {
        **_SUB_ROUND,
        "today": _TODAY,
        "days": Placeholder("số ngày quá hạn, âm khi còn hạn", 3),
    },
    "appraise": {
        "items": Placeholder("số dòng cần cho điểm", 40),
        "differing": Placeholder("thư gửi người chủ trì về các dòng có điểm khác nhau", False),
        "appraise_by": Placeholder("hạn thẩm định, có thể trống", "29/02/2025"),
    },
    "appraise_refused": {
        "file": Placeholder("tên tệp đã nhận", "so-mau.xlsx"),
        "why": Placeholder("vì sao chưa được nhận", "Tệp so-mau.xlsx, ô L4: “mười” không phải số"),
    },
    "remind_appraise": {
        "today": _TODAY,
        "late": Placeholder("đã quá hạn hay chưa", True),
        "days": Placeholder("số ngày quá hạn hoặc còn lại", 3),
        "items": Placeholder("số dòng được giao", 40),
        "judged": Placeholder("số dòng đã cho điểm", 12),
    },
    "milestone": {
        "today": _TODAY,
        "what": Placeholder("hạn nào", "Hạn gửi số liệu"),
        "deadline": Placeholder("ngày của hạn", "31/01/2025"),
        "basis": Placeholder("căn cứ", "1/QĐ-UBND, mục IV"),
        "passed": Placeholder("hạn đã qua, hay là hôm nay", True),
        "asked": Placeholder("số tệp đã yêu cầu, 0 nếu đợt không gửi yêu cầu", 20),
        "received": Placeholder("số tệp đã nhận", 17),
        "came_late": Placeholder("trong đó số tệp đến muộn", 2),
        "missing": Placeholder(
            f"danh sách tệp còn thiếu, mỗi dòng có {', '.join(_MISSING)}", [_MISSING]
        ),
        "open_work": Placeholder("danh sách việc còn mở", ["2 nghi vấn chưa có giải trình"]),
        "next_step": Placeholder("việc tiếp theo, kèm lệnh", "dti status mau/2024"),
    },
    "next_round": {
        "today": _TODAY,
        "program": Placeholder("tên chương trình", "Tỉnh Mẫu"),
        "window": Placeholder("tên cửa sổ hằng năm", "Tính chỉ số của tỉnh"),
        "opens": Placeholder("ngày mở", "20/06/2026"),
        "closes": Placeholder("ngày khép", "30/06/2026"),
        "basis": Placeholder("căn cứ", "1/QĐ-UBND, mục VI"),
        "new_round": Placeholder("mã của đợt cần khai", "mau/2026-06"),
        "file": Placeholder("tệp cần sửa", "program.yaml"),
    },
    "undelivered": {
        "messages": Placeholder(
            f"danh sách thư không gửi được, mỗi dòng có {', '.join(_UNDELIVERED)}", [_UNDELIVERED]
        )
    },
}
"""text → what it may use besides the words that every text may"""


WITHOUT_SUBJECT = ("request", "explain")
"""Texts whose subject comes from the stage that sends them."""

_UNFILLED = (TemplateError, ArithmeticError, TypeError, ValueError, LookupError)
"""What goes wrong where a text asks of its words what they are not."""


def message(name: str, context: RoundContext, recipient: str, **values: Any) -> str:
    """The text NAME for one unit; dates as dd/mm/yyyy. Raises BrokenText."""
    return _fill(name, _known(context, recipient, values))


def letter(name: str, context: RoundContext, recipient: str, **values: Any) -> Text:
    """The text NAME with its first line as the subject. Raises BrokenText."""
    first, _, rest = _fill(name, _known(context, recipient, values)).partition("\n")
    _refuse_without_subject(name, _file(name), first)
    return Text(first.removeprefix(SUBJECT).strip(), rest.strip())


def check_texts(names: Sequence[str] = tuple(PLACEHOLDERS)) -> None:
    """Raises BrokenText for the first text that cannot be filled in."""
    for name in names:
        _checked(name, _file(name), _file(name).stat().st_mtime_ns)


def _known(context: RoundContext, recipient: str, values: Mapping[str, Any]) -> dict[str, Any]:
    round_ = context.round
    known = {
        "recipient": verifier_name(context, recipient),
        "issuer": context.program.letterhead.issuer,
        "decree": context.program.decree,
        "round_title": round_.title,
        "evaluation_year": round_.evaluation_year,
        "data_from": round_.data_from.on,
        "data_to": round_.data_to.on,
        "due": closing_of(context.program, round_).on,
        "illustration": round_.illustration,
        **values,
    }
    return {
        key: f"{value:%d/%m/%Y}" if isinstance(value, date) else value
        for key, value in known.items()
    }


def _file(name: str) -> Path:
    own = home() / "templates" / "messages" / f"{name}.txt"
    return own if own.is_file() else SHIPPED / f"{name}.txt"


def _fill(name: str, values: Mapping[str, Any]) -> str:
    file = _file(name)
    template = _checked(name, file, file.stat().st_mtime_ns)
    try:
        return str(template.render(values))
    except _UNFILLED as error:
        raise _broken(name, file, _line(error, file), f"không điền được ({error})") from error


@lru_cache(maxsize=64)
def _checked(name: str, file: Path, _stamp: int) -> Any:
    """The compiled text, tried on sample values; `_stamp` makes an edited file another one."""
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=False,
        autoescape=False,  # plain text
    )
    allowed = {**_EVERYWHERE, **PLACEHOLDERS[name]}
    try:
        source = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _broken(name, file, None, "tệp phải được lưu ở bảng mã UTF-8") from error
    try:
        tree = environment.parse(source, name, str(file))
        _refuse_unknown(name, file, tree, set(allowed))
        template = environment.from_string(tree)
        template.filename = str(file)
        sample = template.render({key: each.sample for key, each in allowed.items()})
        if name not in WITHOUT_SUBJECT:
            _refuse_without_subject(name, file, sample)
    except TemplateSyntaxError as error:
        raise _broken(name, file, error.lineno, f"sai cú pháp ({error.message})") from error
    except Refused:
        raise
    except _UNFILLED as error:
        raise _broken(name, file, _line(error, file), f"không điền được ({error})") from error
    return template


def _refuse_unknown(name: str, file: Path, tree: nodes.Template, allowed: set[str]) -> None:
    """Every word of the text is known or set by the text itself, in branches not taken too."""
    own = {node.name for node in tree.find_all(nodes.Name) if node.ctx in ("store", "param")}
    for node in tree.find_all(nodes.Name):
        if node.ctx == "load" and node.name not in allowed | own | {"range", "loop"}:
            raise _broken(name, file, node.lineno, f"không có từ thay thế {node.name!r}")
    for block in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
        raise _broken(name, file, block.lineno, "mẫu thư không lấy nội dung của tệp khác")


def _refuse_without_subject(name: str, file: Path, text: str) -> None:
    if not text.startswith(SUBJECT):
        raise _broken(name, file, 1, f"dòng đầu phải là tiêu đề thư, viết “{SUBJECT} …”")


def _line(error: BaseException, file: Path) -> int | None:
    """The line of the text at which filling in stopped."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename in (str(file), "<template>")]
    return lines[-1] if lines else None


def _broken(name: str, file: Path, line: int | None, what: str) -> BrokenText:
    place = f"{file}, dòng {line}" if line else f"{file}"
    return BrokenText(f"Mẫu thư {place}: {what}. {_hint(name, file)}")


def _hint(name: str, file: Path) -> str:
    words = {**_EVERYWHERE, **PLACEHOLDERS[name]}
    listed = "".join(f"\n  {{{{ {key} }}}}: {each.meaning}" for key, each in words.items())
    undo = "" if file.parent == SHIPPED else f"; hoặc xóa tệp {file} để dùng mẫu kèm chương trình"
    return f"Hãy sửa mẫu{undo}. Từ thay thế dùng được:{listed}"
