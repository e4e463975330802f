"""A fresh template of the letter that tells a unit its result: `notice.docx` (Nghị định
30/2020/NĐ-CP, Phụ lục III, mẫu 1.5 with an appendix 2.1)."""

from docx.document import Document as Doc

from reports.templates import layout
from reports.templates.frame import addressed, attached, headed, signed
from reports.templates.layout import CENTRE, Span, body, line, paper


def notice() -> Doc:
    """The letter, provisional or final, with the unit's score sheet."""
    document = paper("Thông báo kết quả đánh giá chuyển đổi số")
    headed(
        document,
        "V/v thông báo kết quả{% if not final %} dự kiến{% endif %} đánh giá chuyển đổi số năm"
        " {{ evaluation_year }}",
    )
    layout.notice(document, "paper.illustration")
    addressed(document)
    body(
        document,
        "Căn cứ {{ basis }}{% if final %}; Quyết định {{ decision }} của {{ competence }} công bố"
        " kết quả {{ title }}{% endif %}, {{ paper.name }} thông báo kết quả"
        "{% if not final %} dự kiến{% endif %} {{ title }} của {{ recipient }} như sau:",
    )
    body(
        document,
        Span("1. Kết quả{% if not final %} dự kiến{% endif %}: ", bold=True),
        "{{ points }} trên {{ max_points }} điểm{% if percent %}, đạt {{ percent }} % điểm tối đa"
        "{% endif %}.{% if rank %} Xếp hạng {{ rank }} trong {{ ranked }} cơ quan, đơn vị"
        "{% if group %} của nhóm: {{ group }}{% endif %}.{% if grade %} Xếp loại: {{ grade }}."
        "{% endif %}{% if previous_rank %} Lần đánh giá trước xếp hạng {{ previous_rank }}."
        "{% endif %}{% else %} Tình trạng: {{ place }}; lý do: {{ reason }}.{% endif %}",
    )
    body(
        document,
        Span("2. Phiếu điểm: ", bold=True),
        "điểm của {{ criteria }} mục nêu tại Phụ lục kèm theo.{% if adjusted %} Có"
        " {{ adjusted }} mục có lý do điều chỉnh điểm.{% endif %}{% if exempted %} Có"
        " {{ exempted }} mục được miễn hoặc không đánh giá.{% endif %}",
    )
    _what_it_may_do(document)
    body(
        document,
        "{{ paper.name }} thông báo để {{ recipient }} biết, thực hiện./.",
        leads=True,
    )
    signed(document, "- Như trên;")
    attached(document, "Phụ lục", "Phiếu điểm", "Công văn", "\ncủa {{ paper.name }}")
    line(document, "{{ recipient }}", bold=True, align=CENTRE, before=6)
    layout.gap(document)
    line(document, "{{ tables.sheet }}")
    body(
        document,
        "Ghi chú: “–” là không có điểm; “KĐG” là không đánh giá, mục được trừ khỏi điểm tối đa của"
        " cơ quan, đơn vị. Điểm thẩm định là điểm dùng để xếp hạng.",
    )
    return document


def _what_it_may_do(document: Doc) -> None:
    line(document, "{%p if final %}")
    body(
        document,
        Span("3. Thực hiện: ", bold=True),
        "đây là kết quả chính thức. {{ recipient }} căn cứ phiếu điểm để khắc phục các tiêu chí đạt"
        " điểm thấp; nội dung cần làm rõ gửi về {{ send_to }}.",
    )
    line(document, "{%p elif petition_by %}")
    body(
        document,
        Span("3. Kiến nghị: ", bold=True),
        "{{ recipient }} có quyền kiến nghị về kết quả dự kiến {{ petition_by }}, bằng văn"
        " bản gửi về {{ send_to }}, nêu rõ mục kiến nghị, điểm đề nghị, lý do và gửi kèm tài liệu"
        " kiểm chứng. Sau thời hạn này, kết quả được trình công bố sau khi giải quyết các kiến nghị"
        " đã nhận.",
    )
    line(document, "{%p else %}")
    body(
        document,
        Span("3. Kiến nghị: ", bold=True),
        "đợt đánh giá không có thời gian kiến nghị về kết quả dự kiến; nội dung cần làm rõ gửi về"
        " {{ send_to }}.",
    )
    line(document, "{%p endif %}")
