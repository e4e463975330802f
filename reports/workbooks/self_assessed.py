"""Rows that a unit gives its own points for, with evidence and its account, and no figures."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from dti_core.framework.model import Criterion, Pillar, Variable
from dti_core.framework.rules import Appraised
from dti_core.intake.layout import (
    ACCOUNT,
    EVIDENCE,
    HEADINGS,
    NOTE,
    SELF_POINTS,
    SELF_ROW,
    figure_key,
)
from dti_core.program.load import RoundContext
from dti_core.program.proposed import proposed
from dti_core.program.requests import Request
from dti_core.rational import vietnamese
from reports.workbooks.book import BAND, Book
from reports.workbooks.cover import due_on
from reports.workbooks.sheet import Column, Entry, Input, Sheet, Text, style

POINTS = Variable(label="Điểm", kind="mean")
_CENTRE = style(align="center")
_SHADE = style(bg_color=BAND)
_PROPOSED = "Đề xuất:"
_ROOM = 3
"""Lines of text that a unit has room for beside its points."""


class SelfAssessed:
    """Writes the rows of one unit (`Request.self_assessed`, `Request.spared`).

    A row for which an exemption is proposed shows its ground and takes a remark, no points.
    """

    def __init__(self, context: RoundContext, request: Request) -> None:
        self._asked = {item.criterion for item in request.self_assessed}
        self._spared = {item.criterion for item in request.spared}
        self._grounds = proposed(context, request.provider)

    def __contains__(self, code: str) -> bool:
        return code in self._asked or code in self._spared

    def page(self, book: Book, pillar: Pillar) -> None:
        """The page of a pillar that asks for no figures at all: one line a criterion."""
        most = pillar.max_points
        points = "" if most is None else f" (tối đa {vietnamese(most)} điểm)"
        sheet = Sheet(
            book,
            f"{pillar.code}. {pillar.name}",
            f"{pillar.code}. {pillar.name}{points}",
            [
                Column("Mục", 7),
                Column("Chỉ số thành phần", 50),
                Column("Điểm tối đa", 9),
                Column(HEADINGS[SELF_POINTS], 10, SELF_POINTS),
                Column(HEADINGS[EVIDENCE], 40, EVIDENCE),
                Column(ACCOUNT, 46, NOTE),
            ],
        )
        for row in pillar.rows:
            if row.code in self:
                beside = [Text(row.code, style=_CENTRE), self._named(row), _most(row)]
                self._add(sheet, row, beside, [])
            elif any(child.code in self for child in row.children):
                sheet.band(
                    row.code, [Text(row.code, style=_CENTRE), Text(lead=row.name), _most(row)]
                )

    def among_figures(self, sheet: Sheet, row: Criterion) -> None:
        """The line under the heading of a criterion on a page of figures."""
        if row.code in self._spared:
            label = Text(self._ground(row), style=style(italic=True))
        else:
            label = Text(_range(row), style=style(italic=True))
        blank = [Text(), Text()]  # last year's figure, and this year's
        self._add(sheet, row, [Text(), label, Text("điểm", style=_CENTRE)], [*blank, _no_rule()])

    def _add(self, sheet: Sheet, row: Criterion, beside: list[Text], between: list[Text]) -> None:
        key = figure_key(row.code, SELF_ROW)
        free = Input(lines=_ROOM)
        answers: list[Entry] = [Text(style=_SHADE), Text(style=_SHADE), free]
        if row.code in self._asked:
            answers = [Input(POINTS, most=float(row.max_points or 0)), free, free]
        sheet.add(key, [*beside, *between, *answers])

    def _named(self, row: Criterion) -> Text:
        """The official name, then why no points are asked, or what has to be sent."""
        if row.code in self._spared:
            return Text(f"\n{self._ground(row)}", lead=row.name)
        return Text(f"\nCần gửi: {row.evidence}", lead=row.name) if row.evidence else Text(row.name)

    def _ground(self, row: Criterion) -> str:
        ground = self._grounds[row.code]
        return f"{_PROPOSED} {ground.name} ({ground.basis})"


def how_points(context: RoundContext, request: Request, due: date | None) -> Iterator[str]:
    """How to fill in a workbook that asks for no figures."""
    round_ = context.round
    yield "Chỉ điền vào các ô nền vàng; các ô khác được khóa."
    yield (
        f"Tự chấm từng chỉ số thành phần theo kết quả thực hiện từ {round_.data_from.on:%d/%m/%Y}"
        f" đến hết {round_.data_to.on:%d/%m/%Y}, từ 0 đến điểm tối đa. Không có kết quả thì ghi 0;"
        " ô để trống là chưa tự đánh giá."
    )
    yield (
        "Mỗi điểm tự chấm nêu tài liệu kiểm chứng: số, ngày của văn bản hoặc tên tệp gửi kèm; nhiều"
        " tài liệu thì đánh số thứ tự."
    )
    yield f"Cột “{ACCOUNT}”: kết quả đã đạt và vì sao được số điểm ấy."
    if request.spared:
        yield (
            f"{len(request.spared)} chỉ số có chữ “{_PROPOSED}” dưới tên thì không chấm điểm; không"
            f" đồng ý với đề xuất thì ghi ý kiến ở cột “{ACCOUNT}”."
        )
    level = context.program.unit[request.provider].level
    grounds = [each for each in context.program.exemptions if level in each.levels]
    if any(each.effect == "not_assessed" for each in grounds):
        basis = "; ".join(each.basis for each in grounds if each.effect == "not_assessed")
        yield (
            "Chỉ số khác mà đơn vị không có chức năng hoặc không phải thực hiện trong năm thì để"
            f" trống điểm, ghi “đề nghị không đánh giá” và lý do ở cột “{ACCOUNT}” ({basis})."
        )
    yield "Không xóa, không chép thêm trang, dòng hay cột; được phép lưu thành .xlsx hoặc .ods."
    yield f"Gửi lại tệp này trước khi hết ngày {due_on(context, due):%d/%m/%Y}."


def _most(row: Criterion) -> Text:
    return Text("" if row.max_points is None else vietnamese(row.max_points), style=_CENTRE)


def _range(row: Criterion) -> str:
    words = f"Điểm tự đánh giá (từ 0 đến {vietnamese(row.max_points or Fraction(0))}"
    step = row.rule.step if isinstance(row.rule, Appraised) else None
    return f"{words}, bội số của {vietnamese(step)})" if step else f"{words})"


def _no_rule() -> Text:
    """In the place of the points that figures give."""
    return Text("–", style=_CENTRE)
