"""A fresh template of the paper that submits a result: `submission.docx` (Nghị định 30/2020/NĐ-CP,
Phụ lục III, mẫu 1.4). The decision itself and what corrects it: `make_decisions`."""

from docx.document import Document as Doc

from reports.templates.frame import addressed, headed, signed
from reports.templates.layout import Span, body, line, name_of_type, notice, paper, section
from reports.templates.ruled import table

UNRANKED = "Không xếp hạng {{ one.unit }}: {{ one.reason }}."


def submission() -> Doc:
    """The submission of the result to the publisher."""
    document = paper("Tờ trình công bố kết quả đánh giá chuyển đổi số")
    headed(document)
    name_of_type(document, "TỜ TRÌNH", "Về việc công bố kết quả {{ title }}")
    notice(document, "paper.illustration")
    addressed(document)
    body(
        document,
        "Căn cứ {{ basis }}, {{ paper.name }} đã tổ chức thu thập, kiểm tra số liệu, tính điểm và"
        " xếp hạng, nay báo cáo kết quả và trình {{ recipient }} như sau:",
    )
    section(document, "1. Quá trình thực hiện")
    body(
        document,
        "Số liệu của năm {{ evaluation_year }} được tính từ {{ data_from }} đến hết {{ data_to }}."
        " Có {{ answered }} trong {{ asked }} cơ quan, đơn vị được yêu cầu đã cung cấp số liệu."
        "{% if doubts %} Qua kiểm tra có {{ doubts }} nội dung nghi vấn, trong đó {{ explained }}"
        " nội dung đã được giải trình.{% endif %}",
    )
    body(
        document,
        "Kết quả thẩm định, lý do điều chỉnh từng tiêu chí được báo cáo tại Báo cáo kết quả thẩm"
        " định gửi kèm: điều chỉnh {{ adjusted }} lượt tiêu chí (tăng {{ up }}, giảm {{ down }})"
        "{% if exempted %}; {{ exempted }} lượt tiêu chí được miễn đánh giá hoặc tính điểm theo quy"
        " định{% endif %}{% if petitions %}; {{ petitions }} kiến nghị về kết quả dự kiến được xem"
        " xét, chấp nhận {{ upheld }}{% endif %}.",
    )
    section(document, "2. Kết quả")
    body(document, "Có {{ count }} cơ quan, đơn vị được xếp hạng.")
    line(document, "{%p for group, ranked in groups %}")
    body(
        document,
        "{% if group.name %}{{ group.name }} ({{ ranked }} cơ quan, đơn vị). {% endif %}"
        "Trung bình đạt {{ group.whole.mean }} trên {{ group.whole.max_points }} điểm;"
        " cao nhất là {{ group.whole.high }} điểm ({{ group.first }}), thấp nhất là"
        " {{ group.whole.low }} điểm ({{ group.last }}). Theo từng chỉ số chính:",
        leads=True,
    )
    table(
        document,
        [
            ("Chỉ số chính", 7.3),
            ("Tối đa", 2.3),
            ("Trung bình", 2.3),
            ("Cao nhất", 2.3),
            ("Thấp nhất", 2.3),
        ],
        "p in group.pillars",
        ["{{ p.name }}", "{{ p.max_points }}", "{{ p.mean }}", "{{ p.high }}", "{{ p.low }}"],
        total=[
            "Tổng điểm",
            "{{ group.whole.max_points }}",
            "{{ group.whole.mean }}",
            "{{ group.whole.high }}",
            "{{ group.whole.low }}",
        ],
        numeric={1, 2, 3, 4},
        room=1,
    )
    line(document, "{%p endfor %}")
    line(document, "{%p for one in unranked %}")
    body(document, UNRANKED)
    line(document, "{%p endfor %}")
    body(
        document,
        "Thứ hạng và điểm của từng cơ quan, đơn vị nêu tại các phụ lục của dự thảo Quyết định.",
    )
    line(document, "{%p if settled %}")
    section(document, "3. Những điều văn bản không quy định và cách xử lý")
    table(
        document,
        [("Vấn đề", 4.5), ("Cách xử lý", 5), ("Căn cứ", 7)],
        "each in settled",
        ["{{ each.question }}", "{{ each.answer }}", "{{ each.basis }}"],
        room=1,
    )
    line(document, "{%p endif %}")
    section(document, "{% if settled %}4{% else %}3{% endif %}. Đề nghị")
    body(
        document,
        "{{ paper.name }} kính trình {{ recipient }} xem xét, ban hành Quyết định công bố kết quả"
        " {{ title }}./.",
        leads=True,
    )
    line(document, "{%p if attachments %}")
    body(
        document,
        Span("(Gửi kèm: {{ attachments | join('; ') }}.)", italic=True),
        leads=True,
    )
    line(document, "{%p endif %}")
    signed(document, "- Như trên;")
    return document
