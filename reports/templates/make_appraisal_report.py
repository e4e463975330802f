"""A fresh template of the report on the appraisal: `appraisal_report.docx` (Nghị định
30/2020/NĐ-CP, Phụ lục III, mẫu 1.4 with appendix 2.1)."""

from docx.document import Document as Doc

from reports.templates.frame import SIGNER, addressed, attached, headed
from reports.templates.layout import (
    Span,
    body,
    gap,
    line,
    name_of_type,
    notice,
    paper,
    section,
    signature,
)
from reports.templates.make_minutes import adjustments
from reports.templates.report_parts import (
    doubts,
    exempted,
    petitions,
    policies,
    quality,
    unplaced,
)
from reports.templates.ruled import table

ITS_REPORT = ("Báo cáo", " của {{ paper.name }}")


def appraisal_report() -> Doc:
    """The report to the publisher; every adjusted row is appended with its reason."""
    document = paper("Báo cáo kết quả thẩm định")
    headed(document)
    name_of_type(document, "BÁO CÁO", "Kết quả thẩm định để {{ title }}")
    notice(document, "paper.illustration")
    addressed(document)
    body(
        document,
        "Căn cứ {{ basis }}, {{ appraiser }} đã thẩm định điểm của các cơ quan, đơn vị và báo cáo"
        " {{ recipient }} kết quả như sau:",
    )
    _who(document)
    _by_pillar(document)
    exempted(document)
    doubts(document)
    unplaced(document)
    petitions(document)
    quality(document)
    policies(document)
    body(
        document,
        "Trên đây là báo cáo kết quả thẩm định, kính trình {{ recipient }} xem xét./.",
        leads=True,
    )
    _signed(document)
    _adjusted(document)
    return document


def _who(document: Doc) -> None:
    section(document, "1. Phạm vi và tổ chức thẩm định")
    body(
        document,
        "Có {{ units }} cơ quan, đơn vị được thẩm định theo số liệu của năm {{ evaluation_year }},"
        " tính từ {{ data_from }} đến hết {{ data_to }}:"
        "{% for each in scopes %} {{ each.units }} cơ quan, đơn vị theo {{ each.name }}, mỗi cơ"
        " quan, đơn vị {{ each.criteria }} mục có điểm{% if loop.last %}.{% else %};{% endif %}"
        "{% endfor %}",
    )
    line(document, "{%p if sittings %}")
    body(
        document,
        "Hội đồng đã họp {{ sittings_count }} phiên, vào {{ sittings | join('; ') }}.",
    )
    line(document, "{%p endif %}")
    line(document, "{%p if verifiers %}")
    body(document, "Phân công và kết quả thực hiện:", leads=True)
    table(
        document,
        [
            ("STT", 1.2),
            ("Người thẩm định", 4.9),
            ("Lĩnh vực", 4.4),
            ("Được giao", 1.9),
            ("Đã cho điểm", 1.9),
            ("Tình trạng", 2.2),
        ],
        "each in verifiers",
        [
            "{{ each.number }}",
            "{{ each.name }}",
            "{{ each.fields }}",
            "{{ each.asked }}",
            "{{ each.rows }}",
            "{{ each.state }}",
        ],
        numeric={3, 4},
        centred={0, 5},
        room=1,
    )
    body(
        document,
        "Tiêu chí đã giao mà người thẩm định không cho điểm khác thì giữ điểm trước thẩm định.",
    )
    line(document, "{%p endif %}")


def _by_pillar(document: Doc) -> None:
    section(document, "2. Kết quả thẩm định theo chỉ số chính")
    line(document, "{%p for scope in scopes %}")
    body(
        document,
        "{{ scope.name }} (số lượt tiêu chí của {{ scope.units }} cơ quan, đơn vị):",
        leads=True,
    )
    table(
        document,
        [
            ("Chỉ số chính", 4.9),
            ("Đã thẩm định", 2.0),
            ("Giữ nguyên", 1.9),
            ("Tăng điểm", 1.7),
            ("Giảm điểm", 1.7),
            ("Chấm trực tiếp", 1.9),
            ("Chênh lệch điểm", 2.4),
        ],
        "each in scope.tallies",
        [
            "{{ each.name }}",
            "{{ each.appraised }}",
            "{{ each.kept }}",
            "{{ each.up }}",
            "{{ each.down }}",
            "{{ each.outright }}",
            "{{ each.change }}",
        ],
        total=[
            "Cộng",
            "{{ scope.whole.appraised }}",
            "{{ scope.whole.kept }}",
            "{{ scope.whole.up }}",
            "{{ scope.whole.down }}",
            "{{ scope.whole.outright }}",
            "{{ scope.whole.change }}",
        ],
        numeric={1, 2, 3, 4, 5, 6},
        room=1,
    )
    line(document, "{%p if scope.open or scope.left %}")
    body(
        document,
        "{% if scope.left %}Ngoài ra có {{ scope.left }} lượt tiêu chí không đánh giá như các cơ"
        " quan, đơn vị khác.{% endif %}{% if scope.left and scope.open %} {% endif %}"
        "{% if scope.open %}Còn {{ scope.open }} lượt tiêu chí chưa có điểm thẩm định.{% endif %}",
    )
    line(document, "{%p endif %}")
    line(document, "{%p endfor %}")
    body(
        document,
        "Điểm trước thẩm định là điểm tính từ số liệu; nơi không có điểm tính là điểm tự đánh giá."
        " Nơi không có cả hai, người thẩm định chấm trực tiếp. {% if adjusted %}Có"
        " {{ adjusted_count }} lượt tiêu chí được điều chỉnh, nêu kèm lý do tại Phụ lục."
        "{% else %}Không có tiêu chí nào được điều chỉnh điểm.{% endif %}",
    )


def _signed(document: Doc) -> None:
    """The signature; a council's chair signs with the office held elsewhere under the name's
    room (Nghị định 30/2020/NĐ-CP, Phụ lục I, phần I, II.7b)."""
    signature(
        document,
        [
            "- Như trên;",
            "{%p for name in paper.recipients %}",
            "- {{ name }};",
            "{%p endfor %}",
            "- Lưu: {{ paper.archive }}.",
        ],
        [*SIGNER, "{%p if office %}", "", "", "", "{{ office | upper }}", "{%p endif %}"],
    )


def _adjusted(document: Doc) -> None:
    attached(document, "Phụ lục", "Các tiêu chí được điều chỉnh điểm", *ITS_REPORT)
    gap(document)
    line(document, "{%p if adjusted %}")
    adjustments(document)
    line(document, "{%p else %}")
    body(document, Span("Không có.", italic=True))
    line(document, "{%p endif %}")
