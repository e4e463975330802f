"""Make fresh templates of a unit round's papers by Nghị định 30/2020/NĐ-CP, Phụ lục III.

Here the letters (mẫu 1.5) around the collection, the other papers in `make_plan`, `make_results`,
`make_decisions` and `make_notice`. Offices edit them in Word afterwards; run `python -m
reports.templates.make_letters` only to start again from the originals.
"""

from docx.document import Document as Doc

from reports.templates.frame import letter, signed
from reports.templates.layout import Span, body, line, write
from reports.templates.make_appraisal_report import appraisal_report
from reports.templates.make_council import council, invitation
from reports.templates.make_decisions import correction, decision
from reports.templates.make_minutes import minutes
from reports.templates.make_notice import notice
from reports.templates.make_plan import plan
from reports.templates.make_results import submission
from reports.templates.make_self_assessment import self_assessment
from reports.templates.ruled import table


def request() -> Doc:
    """The letter that asks a provider for figures."""
    document = letter("V/v cung cấp số liệu đánh giá chuyển đổi số năm {{ evaluation_year }}")
    body(
        document,
        "Căn cứ {{ basis }}, để {{ title }}, {{ paper.name }} đề nghị {{ recipient }} cung cấp số"
        " liệu như sau:",
    )
    body(
        document,
        Span("1. Năm đánh giá và thời gian tính số liệu: ", bold=True),
        "năm đánh giá là {{ evaluation_year }}; số liệu tính từ {{ data_from }} đến hết"
        " {{ data_to }}.",
    )
    body(
        document,
        Span("2. Số liệu đề nghị cung cấp: ", bold=True),
        "tất cả {{ rows }} số liệu, điền vào các tệp kèm theo công văn này:",
        leads=True,
    )
    table(
        document,
        [("STT", 1.2), ("Nội dung", 7.6), ("Tệp kèm theo", 5.5), ("Số lượng số liệu", 2.2)],
        "each in workbooks",
        [
            "{{ each.number }}",
            "{% if each.about == 'own' %}Số liệu về chính {{ recipient }}, theo"
            " {{ each.criteria }} tiêu chí; kèm điểm tự đánh giá và tài liệu kiểm chứng"
            "{% else %}Số liệu về {{ each.units }} cơ quan, đơn vị được đánh giá, theo"
            " {{ each.criteria }} tiêu chí{% endif %}",
            "{{ each.file }}",
            "{{ each.rows }}",
        ],
        total=["", "Cộng", "", "{{ rows }}"],
        numeric={3},
        room=1,
    )
    body(
        document,
        Span("3. Cách điền: ", bold=True),
        "nhập vào các ô để trống, không đổi tên trang và không xóa cột. Số liệu không thống kê được"
        " thì ghi rõ lý do, không ghi số 0 thay cho số liệu chưa có.",
    )
    body(
        document,
        Span("4. Thời hạn: ", bold=True),
        "từ {{ opens }} đến hết {{ closes }}{% if send_to %}, gửi về {{ send_to }}{% endif %}.",
    )
    body(
        document,
        "{{ paper.name }} trân trọng đề nghị {{ recipient }} phối hợp, cung cấp số liệu đầy đủ và"
        " đúng thời hạn./.",
        leads=True,
    )
    signed(document, "- Như trên;")
    return document


def explanation() -> Doc:
    """The letter that asks a unit to explain figures."""
    document = letter("V/v giải trình số liệu đánh giá chuyển đổi số năm {{ evaluation_year }}")
    body(
        document,
        "Căn cứ {{ basis }}, {{ paper.name }} đã kiểm tra số liệu nhận được để {{ title }}. Trong"
        " số liệu của {{ recipient }} có {{ count }} nội dung cần giải trình:",
        leads=True,
    )
    table(
        document,
        [("Mục", 1.5), ("Tiêu chí", 4.9), ("Số liệu", 3.4), ("Lý do nghi vấn", 6.7)],
        "each in doubts",
        ["{{ each.code }}", "{{ each.criterion }}", "{{ each.figure }}", "{{ each.reason }}"],
        room=1,
    )
    body(
        document,
        "Với mỗi nội dung, đề nghị {{ recipient }} chọn “{{ kept }}” hoặc “{{ changed }}” trong tệp"
        " {{ workbook }} kèm theo công văn này, nêu lý do, ghi số liệu đúng nếu điều chỉnh và gửi"
        " tài liệu kiểm chứng.",
    )
    body(
        document,
        Span("Thời hạn giải trình: ", bold=True),
        "đến hết {{ due }}.{% if if_unanswered %} {{ if_unanswered }}{% endif %}",
    )
    body(
        document,
        "{{ paper.name }} trân trọng đề nghị {{ recipient }} phối hợp thực hiện./.",
        leads=True,
    )
    signed(document, "- Như trên;")
    return document


def reminder() -> Doc:
    """The letter to a provider that is late."""
    document = letter("V/v đôn đốc gửi số liệu đánh giá chuyển đổi số năm {{ evaluation_year }}")
    body(
        document,
        "Thực hiện {{ basis }}, {{ paper.name }} đã đề nghị {{ recipient }} cung cấp số liệu để"
        " {{ title }} (Công văn số …/{{ paper.symbol }} ngày … tháng … năm …). Đến {{ day }},"
        " {{ paper.name }} chưa nhận được {{ count }} tệp sau đây của {{ recipient }}:",
        leads=True,
    )
    table(
        document,
        [
            ("STT", 1.2),
            ("Nội dung", 4.9),
            ("Tệp chưa nhận được", 4.5),
            ("Số lượng số liệu", 1.9),
            ("Hạn gửi", 2.3),
            ("Quá hạn", 1.7),
        ],
        "each in files",
        [
            "{{ each.number }}",
            "{% if each.about == 'own' %}Số liệu về chính {{ recipient }}"
            "{% else %}Số liệu về các cơ quan, đơn vị được đánh giá{% endif %}",
            "{{ each.file }}",
            "{{ each.rows }}",
            "{{ each.due }}",
            "{{ each.days }} ngày",
        ],
        numeric={3},
        centred={0, 4, 5},
        room=1,
    )
    body(
        document,
        Span("1. Thời hạn gửi và căn cứ: ", bold=True),
        "{% for each in deadlines %}{% if loop.first %}hết{% else %} Hết{% endif %} {{ each.due }},"
        " căn cứ: {{ each.basis }}.{% endfor %}",
    )
    body(
        document,
        Span("2. Đề nghị {{ recipient }}: ", bold=True),
        "{% if refused %}có ngay văn bản đề nghị gia hạn, nêu rõ lý do và ngày sẽ gửi, vì tệp gửi"
        " sau hạn không được nhận nếu không được gia hạn ({{ late_basis }})"
        "{% else %}điền và gửi ngay {% if several %}các tệp{% else %}tệp{% endif %} nêu trên"
        "{% if send_to %} về {{ send_to }}{% endif %}, kèm tài liệu kiểm chứng; số liệu chưa thống"
        " kê được thì để trống và nêu lý do ở cột “{{ note }}”. Trường hợp cần thêm thời gian, có"
        " văn bản đề nghị gia hạn, nêu rõ lý do và ngày sẽ gửi{% endif %}. Trường hợp đã gửi, thông"
        " báo ngày gửi và tên tệp để {{ paper.name }} đối chiếu.",
    )
    line(document, "{%p if accepted %}")
    body(
        document,
        Span("3. Tệp gửi sau hạn ", bold=True),
        "vẫn được nhận và được ghi là gửi muộn ({{ late_basis }}).",
    )
    line(document, "{%p endif %}")
    body(
        document,
        "{{ paper.name }} trân trọng đề nghị {{ recipient }} phối hợp thực hiện./.",
        leads=True,
    )
    signed(document, "- Như trên;")
    return document


def extension() -> Doc:
    """The letter that grants a provider a later deadline."""
    document = letter("V/v gia hạn gửi số liệu đánh giá chuyển đổi số năm {{ evaluation_year }}")
    body(
        document,
        "Căn cứ {{ basis }}, {{ paper.name }} đồng ý gia hạn thời gian gửi số liệu để {{ title }}"
        " cho {{ recipient }} như sau:",
        leads=True,
    )
    table(
        document,
        [
            ("STT", 1.2),
            ("Nội dung", 5.3),
            ("Tệp", 4.6),
            ("Hạn cũ", 2.7),
            ("Hạn mới", 2.7),
        ],
        "each in files",
        [
            "{{ each.number }}",
            "{% if each.about == 'own' %}Số liệu về chính {{ recipient }}"
            "{% else %}Số liệu về các cơ quan, đơn vị được đánh giá{% endif %}",
            "{{ each.file }}",
            "{{ each.before }}",
            "{{ each.until }}",
        ],
        centred={0, 3, 4},
        room=1,
    )
    body(document, Span("1. Lý do gia hạn: ", bold=True), "{{ reason }}.")
    body(document, Span("2. Văn bản chấp thuận: ", bold=True), "{{ document }}.")
    body(
        document,
        Span("3. Thời hạn mới: ", bold=True),
        "hết {{ until }}{% if send_to %}, gửi về {{ send_to }}{% endif %}."
        "{% if refused %} Tệp gửi sau ngày này không được nhận ({{ late_basis }})."
        "{% elif accepted %} Tệp gửi sau ngày này vẫn được nhận và được ghi là gửi muộn"
        " ({{ late_basis }}).{% endif %} Các thời hạn khác của đợt đánh giá không thay đổi.",
    )
    body(
        document,
        "{{ paper.name }} thông báo để {{ recipient }} biết, thực hiện./.",
        leads=True,
    )
    signed(document, "- Như trên;")
    return document


PAPERS = (
    plan,
    request,
    self_assessment,
    reminder,
    extension,
    explanation,
    submission,
    decision,
    correction,
    notice,
    council,
    invitation,
    minutes,
    appraisal_report,
)
"""A maker a template, named like it."""


def main() -> None:
    """Write every template anew; the same makers write the same bytes."""
    for make in PAPERS:
        write(make(), f"{make.__name__}.docx")


if __name__ == "__main__":
    main()
