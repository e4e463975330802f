"""Fresh templates of the decisions: `decision.docx` publishes a result, `correction.docx` corrects
one (Nghị định 30/2020/NĐ-CP, Phụ lục III, mẫu 1.2 with appendices 2.1).

The tables of the appendices are not in the templates: `{{ tables.… }}`, alone in a paragraph, says
where each stands.
"""

from docx.document import Document as Doc
from docx.shared import Pt

from reports.templates.frame import attached, headed, signed
from reports.templates.layout import CENTRE, Span, body, line, name_of_type, notice, paper

ITS_DECISION = ("Quyết định", "\ncủa {{ competence }}")


def decision() -> Doc:
    """The draft of the decision that publishes the result, with its three appendices."""
    document = paper("Quyết định công bố kết quả đánh giá chuyển đổi số")
    _opened(document, "Về việc công bố kết quả {{ title }}")
    body(
        document,
        Span("Điều 1. ", bold=True),
        "Công bố kết quả {{ title }} đối với {{ count }} cơ quan, đơn vị, theo {{ basis }}; số liệu"
        " tính từ {{ data_from }} đến hết {{ data_to }}. Thứ hạng và tổng điểm nêu tại Phụ lục I,"
        " điểm theo từng chỉ số chính nêu tại Phụ lục II, điểm theo từng tiêu chí nêu tại Phụ lục"
        " III kèm theo Quyết định này.{% if unranked %} Có {{ unranked }} cơ quan, đơn vị không xếp"
        " hạng, lý do nêu tại Phụ lục I.{% endif %}",
    )
    body(
        document,
        Span("Điều 2. ", bold=True),
        "{{ organiser }} đăng công khai kết quả. Các cơ quan, đơn vị được đánh giá căn cứ kết quả"
        " này để khắc phục những tiêu chí đạt điểm thấp trong năm tiếp theo."
        "{% if personnel %} {{ personnel }} sử dụng kết quả này khi xác định trách nhiệm của người"
        " đứng đầu và đánh giá mức độ hoàn thành nhiệm vụ hằng năm.{% endif %}",
    )
    _in_force(document)
    attached(document, "Phụ lục I", "Thứ hạng và tổng điểm", *ITS_DECISION, issued="issued")
    placed(document, "ranking")
    line(document, "{%p if compared %}")
    body(
        document,
        "Tăng, giảm hạng so với lần đánh giá trước: ▲ tăng, ▼ giảm (kèm số bậc); – giữ nguyên; mới:"
        " lần trước chưa xếp hạng.",
    )
    line(document, "{%p endif %}")
    _rounded(document)
    attached(document, "Phụ lục II", "Điểm theo từng chỉ số chính", *ITS_DECISION, issued="issued")
    placed(document, "pillars")
    _rounded(document)
    attached(
        document,
        "Phụ lục III",
        "Điểm theo từng tiêu chí",
        *ITS_DECISION,
        issued="issued",
        landscape=True,
    )
    placed(document, "criteria")
    body(document, "Ghi chú: {{ marks }}.")
    _rounded(document)
    return document


def correction() -> Doc:
    """The decision that corrects an issued one: what was published, what holds now, and why.

    A decision, since errors of content are mended by a paper of the same form (Nghị định
    30/2020/NĐ-CP, Điều 18 khoản 3).
    """
    document = paper("Quyết định đính chính kết quả đánh giá chuyển đổi số")
    _opened(document, "Về việc đính chính, sửa đổi kết quả {{ title }}")
    body(
        document,
        Span("Điều 1. ", bold=True),
        "Đính chính, sửa đổi {{ count }} nội dung tại Quyết định {{ corrected }} của"
        " {{ corrected_by }} công bố kết quả {{ title }}{% if amended %} (đã được đính chính tại"
        " Quyết định {{ amended | join('; ') }}){% endif %}, nêu tại Phụ lục I kèm theo Quyết định"
        " này. Lý do: {{ reason }}.",
    )
    body(
        document,
        Span("Điều 2. ", bold=True),
        "Thứ hạng và tổng điểm sau khi đính chính nêu tại Phụ lục II. Các nội dung khác của Quyết"
        " định {{ corrected }} không thay đổi. {{ organiser }} đăng công khai nội dung đính chính ở"
        " nơi đã đăng kết quả.",
    )
    _in_force(document)
    attached(document, "Phụ lục I", "Nội dung đính chính, sửa đổi", *ITS_DECISION, issued="issued")
    placed(document, "changes")
    attached(
        document,
        "Phụ lục II",
        "Thứ hạng và tổng điểm sau khi đính chính",
        *ITS_DECISION,
        issued="issued",
    )
    placed(document, "ranking")
    _rounded(document)
    return document


def placed(document: Doc, name: str) -> None:
    """Where a table of the program's stands."""
    line(document, f"{{{{ tables.{name} }}}}")


def _opened(document: Doc, subject: str) -> None:
    """Head, name, authority and grounds, up to what is decided."""
    headed(document, rule=1.7, issued="issued")
    name_of_type(document, "QUYẾT ĐỊNH", subject)
    notice(document, "paper.illustration")
    line(document, "{{ competence | upper }}", size=14, bold=True, align=CENTRE, before=12)
    line(document, "{%p for ground in grounds %}")
    body(document, Span("{{ ground }};", italic=True))
    line(document, "{%p endfor %}")
    body(
        document,
        Span("Theo đề nghị tại Tờ trình {{ proposal_cited }} của {{ proposer }}.", italic=True),
    )
    ordered = line(document, "QUYẾT ĐỊNH:", size=14, bold=True, align=CENTRE, before=12)
    ordered.paragraph_format.keep_with_next = True
    ordered.paragraph_format.space_after = Pt(6)


def _in_force(document: Doc) -> None:
    """The last article, recipients and signature."""
    body(
        document,
        Span("Điều 3. ", bold=True),
        "Quyết định này có hiệu lực kể từ ngày ký. {{ executors }} chịu trách nhiệm thi hành"
        " Quyết định này./.",
        leads=True,
    )
    signed(document, "- Như Điều 3;")


def _rounded(document: Doc) -> None:
    body(
        document,
        "Điểm được làm tròn đến {{ digits }} chữ số thập phân{% if rounded_sum %}; tổng điểm làm"
        " tròn từ tổng chưa làm tròn nên có thể lệch chữ số cuối so với tổng các cột đã làm tròn"
        "{% endif %}.",
    )
