"""A fresh template of the minutes of the appraisal council: `minutes.docx` (Nghị định
30/2020/NĐ-CP, Phụ lục III, mẫu 1.9), and the tables that the report on the appraisal has too."""

from docx.document import Document as Doc
from docx.shared import Cm

from reports.templates.frame import ISSUER, PARENT
from reports.templates.layout import (
    CENTRE,
    Span,
    body,
    element,
    head,
    line,
    name_of_type,
    notice,
    paper,
    section,
    whole_row,
    widths,
)
from reports.templates.ruled import table

# the room that a hand needs for a signature
SIGNATURE_CM = 2.6


def minutes() -> Doc:
    """The minutes of a sitting."""
    document = paper("Biên bản họp Hội đồng thẩm định")
    head(
        document,
        parent=PARENT,
        issuer=ISSUER,
        symbol="{{ paper.symbol }}",
        place=None,
    )
    name_of_type(document, "BIÊN BẢN", "Họp thẩm định kết quả {{ title }}")
    notice(document, "paper.illustration")
    body(document, Span("Thời gian bắt đầu: ", bold=True), "{{ begins }}, {{ day }}.")
    body(document, Span("Địa điểm: ", bold=True), "{{ place }}.")
    body(
        document,
        Span("Thành phần tham dự: ", bold=True),
        "có mặt {{ present_count }} trong {{ count }} thành viên Hội đồng:",
        leads=True,
    )
    for who, before in (("present", None), ("absent", "Vắng mặt:")):
        line(document, f"{{%p if {who} %}}")
        if before:
            body(document, before, leads=True)
        line(document, f"{{%p for each in {who} %}}")
        body(
            document,
            "- {{ each.position }}, {{ each.part }}{% if loop.last %}.{% else %};{% endif %}",
        )
        line(document, "{%p endfor %}")
        line(document, "{%p endif %}")
    body(
        document,
        "Số thành viên phải có mặt: ít nhất {{ needed }} ({{ share }} tổng số thành viên;"
        " {{ quorum_basis }}). Phiên họp hợp lệ.",
    )
    body(document, Span("Chủ trì: ", bold=True), "{{ chair }}.")
    body(
        document,
        Span("Thư ký: ", bold=True),
        "{% if secretary %}{{ secretary }}.{% else %}…{% endif %}",
    )
    body(
        document,
        Span("Nội dung: ", bold=True),
        "thẩm định theo {{ basis }}.",
    )
    _decided(document)
    body(
        document,
        "Biên bản này đã được đọc cho các thành viên có mặt cùng nghe, thống nhất thông qua. Cuộc"
        " họp kết thúc vào {{ ends }}, {{ day }}./.",
        leads=True,
    )
    _two_signatures(document)
    return document


def _decided(document: Doc) -> None:
    """What the sitting decided: adjustments, differing verifiers, exemptions, other things."""
    section(document, "1. Điều chỉnh điểm")
    line(document, "{%p if adjusted %}")
    body(
        document,
        "Hội đồng điều chỉnh {{ adjusted_count }} lượt tiêu chí của {{ adjusted_units }} cơ quan,"
        " đơn vị: tăng {{ up }}, giảm {{ down }}{% if outright %}, {{ outright }} lượt chưa có điểm"
        " trước thẩm định{% endif %}.",
        leads=True,
    )
    adjustments(document)
    line(document, "{%p else %}")
    body(document, "Không có tiêu chí nào được điều chỉnh điểm.")
    line(document, "{%p endif %}")
    section(document, "2. Tiêu chí mà các thành viên cho điểm khác nhau")
    line(document, "{%p if differing %}")
    body(
        document,
        "Có {{ differing_count }} lượt tiêu chí được Chủ tịch Hội đồng quyết định như sau:",
        leads=True,
    )
    table(
        document,
        [
            ("STT", 1.2),
            ("Cơ quan, đơn vị", 2.8),
            ("Tiêu chí", 3.8),
            ("Điểm các thành viên cho", 3.7),
            ("Điểm quyết định", 1.7),
            ("Lý do", 3.3),
        ],
        "each in differing",
        [
            "{{ each.number }}",
            "{{ each.unit }}",
            "{{ each.criterion }}",
            "{{ each.given }}",
            "{{ each.decided }}",
            "{{ each.reason }}",
        ],
        numeric={4},
        centred={0},
        room=1,
    )
    line(document, "{%p else %}")
    body(document, "Không có.")
    line(document, "{%p endif %}")
    section(document, "3. Tiêu chí không đánh giá như các cơ quan, đơn vị khác")
    line(document, "{%p if exempted %}")
    exemptions(document)
    line(document, "{%p else %}")
    body(document, "Không có.")
    line(document, "{%p endif %}")
    line(document, "{%p if note %}")
    section(document, "4. Nội dung khác")
    body(document, "{{ note }}.")
    line(document, "{%p endif %}")


def adjustments(document: Doc) -> None:
    """A table of `adjusted`."""
    table(
        document,
        [
            ("STT", 1.2),
            ("Cơ quan, đơn vị", 2.5),
            ("Tiêu chí", 3.5),
            ("Điểm trước", 1.4),
            ("Điểm sau", 1.4),
            ("Lý do", 3.3),
            ("Người quyết định", 3.2),
        ],
        "each in adjusted",
        [
            "{{ each.number }}",
            "{{ each.unit }}",
            "{{ each.criterion }}",
            "{{ each.before }}",
            "{{ each.after }}",
            "{{ each.reason }}",
            "{{ each.by }}",
        ],
        numeric={3, 4},
        centred={0},
        room=1,
    )


def exemptions(document: Doc) -> None:
    """A table of `exempted`."""
    table(
        document,
        [
            ("STT", 1.2),
            ("Cơ quan, đơn vị", 3.4),
            ("Tiêu chí", 2.6),
            ("Trường hợp", 3.6),
            ("Quyết định", 2.8),
            ("Lý do", 2.9),
        ],
        "each in exempted",
        [
            "{{ each.number }}",
            "{{ each.unit }}",
            "{{ each.criteria }}",
            "{{ each.ground }}",
            "{{ each.decided }}",
            "{{ each.reason }}",
        ],
        centred={0},
        room=1,
    )


def _two_signatures(document: Doc) -> None:
    """Who took the minutes and who presided; the recipients stand under both (mẫu 1.9)."""
    made = document.add_table(rows=2, cols=2)
    widths(made, (8.2, 8.3))
    for row in (0, 1):
        whole_row(made, row)
    made.rows[0]._tr.get_or_add_trPr().append(
        element("w:trHeight", val=str(Cm(SIGNATURE_CM + 1).twips), hRule="atLeast")
    )
    for cell, text in zip(made.rows[0].cells, ("THƯ KÝ", "CHỦ TỌA"), strict=True):
        signs = line(cell, text, bold=True, align=CENTRE, first=True, before=12)
        signs.paragraph_format.keep_with_next = True
    left = made.rows[1].cells[0]
    line(left, "Nơi nhận:", size=12, bold=True, italic=True, first=True, before=12)
    for text in (
        "- Các thành viên Hội đồng;",
        "{%p for name in paper.recipients %}",
        "- {{ name }};",
        "{%p endfor %}",
        "- Lưu: {{ paper.archive }}.",
    ):
        line(left, text, size=11)
