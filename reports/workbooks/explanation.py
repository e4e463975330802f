"""The workbook in which a unit answers the doubts about its figures (giải trình)."""

from collections.abc import Iterator, Sequence

from dti_core.framework.model import RATIO, Framework
from dti_core.intake.layout import CHANGED, CORRECTED, DECISION, KEPT, REASON
from dti_core.plausibility.flag import Flag
from dti_core.program.load import RoundContext
from dti_core.rational import percent, vietnamese
from reports.workbooks.book import Book
from reports.workbooks.cover import cover
from reports.workbooks.sheet import Choice, Column, Input, Sheet, Text, style

SHEET = "Giải trình"


def explanation_workbook(context: RoundContext, unit: str, flags: Sequence[Flag]) -> bytes:
    """The .xlsx with a row for each flag on figures of one unit, in the order given.

    The same flags give the same bytes.
    """
    framework, by = context.framework_of(unit), context.round.explain_by
    book = Book(context, "explanation", unit, [unit])
    facts = [
        ("Đơn vị", book.provider_name),
        ("Căn cứ", f"{context.program.decree}; {framework.title}"),
        ("Năm đánh giá", str(context.round.evaluation_year)),
        ("Số điểm cần giải trình", str(len(flags))),
        *(() if by is None else (("Hạn giải trình", f"hết ngày {by.on:%d/%m/%Y} ({by.basis})"),)),
        ("Nơi nhận", context.program.letterhead.issuer),
    ]
    cover(book, "Biểu mẫu giải trình số liệu", facts, _how())
    sheet = Sheet(
        book,
        SHEET,
        "Các số liệu cần giải trình",
        [
            Column("TT", 5),
            Column("Tiêu chí", 38),
            Column("Số đã báo cáo", 16),
            Column("Vì sao cần giải trình", 48),
            Column("Giữ nguyên hay điều chỉnh", 16, DECISION),
            Column("Số liệu điều chỉnh", 18, CORRECTED),
            Column("Lý do, tài liệu kiểm chứng", 38, REASON),
        ],
    )
    for number, flag in enumerate(flags, 1):
        row = framework.by_code[flag.criterion]
        variable = row.variables.get(flag.variable) if flag.variable else None
        sheet.add(
            flag.id,
            [
                Text(number, style=style(align="center")),
                Text(_about(framework, flag), lead=f"{row.code}. {row.name}"),
                Text(reported(framework, flag), style=style(align="center")),
                Text(flag.message),
                Choice((KEPT, CHANGED)),
                Input(variable),
                Input(),
            ],
        )
    return book.finish()


def _how() -> Iterator[str]:
    yield "Mỗi dòng là một số liệu cần đơn vị nói rõ; chỉ điền vào các ô nền vàng."
    yield f"Số liệu đúng thì chọn “{KEPT}” và ghi lý do."
    yield f"Số liệu sai thì chọn “{CHANGED}”, nhập số liệu đúng và ghi lý do."
    yield "Ghi kèm tài liệu kiểm chứng: số, ngày của văn bản hoặc tên tệp gửi kèm."
    yield "Không xóa, không chép thêm trang, dòng hay cột; gửi lại chính tệp này."


def _about(framework: Framework, flag: Flag) -> str:
    """Which figure is doubted, and the other criteria that the doubt concerns."""
    lines = []
    if flag.variable:
        variable = framework.by_code[flag.criterion].variables.get(flag.variable)
        lines.append(f"Số liệu {flag.variable}: {variable.label}" if variable else flag.variable)
    others = [code for code in flag.criteria if code != flag.criterion]
    if others:
        lines.append(f"Liên quan: mục {', '.join(others)}")
    return "".join(f"\n{line}" for line in lines)


def reported(framework: Framework, flag: Flag) -> str:
    """The reported figure with its unit of measure; a dash where the doubt is about none."""
    if flag.reported is None:
        return "–"
    variable = framework.by_code[flag.criterion].variables.get(flag.variable or "")
    if flag.variable == RATIO or (variable is not None and variable.kind == "percent"):
        return percent(flag.reported, 4)
    if variable is not None and variable.kind == "flag":
        return "Có" if flag.reported else "Không"
    unit = f" {variable.unit}" if variable is not None and variable.unit else ""
    return f"{vietnamese(flag.reported, 6)}{unit}"
