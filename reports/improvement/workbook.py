"""The workbook in which a unit turns our proposals into its own plan (419/KH-UBND, Phụ lục 2)."""

from collections.abc import Iterator, Sequence

from dti_core.intake.layout import ADDED, LEAD, PARTNERS, RESULT, TARGET, TITLE, UNTIL
from dti_core.program.load import RoundContext
from dti_core.scoring.improvement import Line
from reports.workbooks.book import Book
from reports.workbooks.cover import cover
from reports.workbooks.sheet import Column, Input, Sheet, Text, style

SHEET = "Kế hoạch"
_FREE = 8
"""Lines that a unit may add."""


def improvement_workbook(
    context: RoundContext, unit: str, lines: Sequence[Line], added: Sequence[Line] = ()
) -> bytes:
    """The .xlsx with a row for each criterion of a plan, its cells filled with what is proposed.

    added  lines about no criterion, as the unit wrote them before

    The same lines give the same bytes.
    """
    year = context.round.evaluation_year
    book = Book(context, "improvement", unit, [unit])
    facts = [
        ("Đơn vị", book.provider_name),
        ("Căn cứ", f"{context.program.decree}; {'; '.join(f.title for f in book.frameworks)}"),
        ("Lập trên kết quả", f"{context.round.title} (năm đánh giá {year})"),
        ("Chỉ tiêu cho", f"năm {year + 1}"),
        ("Số tiêu chí mất điểm", str(len(lines))),
        ("Nơi nhận", context.program.letterhead.issuer),
    ]
    cover(book, f"Kế hoạch khắc phục năm {year + 1}", facts, _how(year))
    sheet = Sheet(
        book,
        SHEET,
        f"Những tiêu chí chưa đạt điểm tối đa và chỉ tiêu năm {year + 1}",
        [
            Column("TT", 5),
            Column("Chỉ số, tiêu chí", 38, TITLE),
            Column(f"Kết quả năm {year}", 26, RESULT),
            Column(f"Chỉ tiêu năm {year + 1}", 30, TARGET),
            Column("Thời hạn", 16, UNTIL),
            Column("Chủ trì", 24, LEAD),
            Column("Phối hợp", 24, PARTNERS),
        ],
    )
    sheet.remark(
        "proposed", "Chữ trong các ô nền vàng là đề xuất của phần mềm; đơn vị sửa rồi gửi lại."
    )
    centre = style(align="center")
    for number, line in enumerate(lines, 1):
        sheet.add(
            line.criterion or "",
            [
                Text(number, style=centre),
                Text(title(line)),
                Text(line.result),
                *_answers(line),
            ],
        )
    sheet.band("added", [Text("Nhiệm vụ khác mà đơn vị tự thêm", 7, style=style(bold=True))])
    for place in range(max(_FREE, len(added) + 2)):
        line = added[place] if place < len(added) else Line(0, None, "")
        sheet.add(
            f"{ADDED}{place + 1}",
            [
                Text(len(lines) + place + 1, style=centre),
                Input(value=line.title, lines=2),
                Input(value=line.result),
                *_answers(line),
            ],
        )
    return book.finish()


def title(line: Line) -> str:
    """What stands under “Chỉ số, tiêu chí”: the reader tells by it whether a row was moved."""
    return f"{line.criterion}. {line.title}" if line.criterion else line.title


def _answers(line: Line) -> list[Input]:
    return [
        Input(value=line.target),
        Input(value=line.deadline),
        Input(value=line.lead),
        Input(value="; ".join(line.partners)),
    ]


def _how(year: int) -> Iterator[str]:
    yield (
        "Mỗi dòng là một tiêu chí mất điểm, xếp từ mất nhiều điểm nhất; các ô nền vàng đã ghi sẵn"
        " đề xuất. Hãy sửa cho đúng với đơn vị."
    )
    yield (
        "Chỉ tiêu nên đo bằng chính số liệu của tiêu chí, ví dụ 80%, từ 90% trở lên, tối thiểu 20"
        f" tin, bài: đến kỳ đánh giá năm {year + 1} phần mềm so được đạt hay chưa. Chỉ tiêu bằng"
        " lời thì cán bộ so."
    )
    yield "Không đưa tiêu chí nào vào kế hoạch thì xóa chữ ở ô chỉ tiêu của dòng đó."
    yield "Dòng có chỉ tiêu phải có đơn vị chủ trì; nhiều đơn vị phối hợp thì ngăn bằng dấu “;”."
    yield (
        f"Thời hạn ghi ngày (31/12/{year + 1}), quý (Quý III/{year + 1}) hoặc bằng lời (Thường"
        " xuyên)."
    )
    yield "Không xóa, không chép thêm trang, dòng hay cột; gửi lại chính tệp này."
