"""Fresh templates of the appraisal council's beginning: `council.docx` (Nghị định 30/2020/NĐ-CP,
Phụ lục III, mẫu 1.2 with appendix 2.1) and `invitation.docx` (mẫu 1.7)."""

from docx.document import Document as Doc

from reports.templates.frame import attached, headed, signed
from reports.templates.layout import CENTRE, Span, body, gap, line, name_of_type, notice, paper
from reports.templates.ruled import table

ITS_DECISION = ("Quyết định", " của {{ competence }}")


def council() -> Doc:
    """The decision that establishes the council, with who appraises what appended."""
    document = paper("Dự thảo Quyết định thành lập Hội đồng thẩm định")
    headed(document, rule=1.7)
    name_of_type(document, "QUYẾT ĐỊNH", "Thành lập {{ council }}")
    notice(document, "paper.illustration")
    line(document, "{{ competence | upper }}", size=14, bold=True, align=CENTRE, before=12)
    line(document, "{%p for ground in grounds %}")
    body(document, Span("{{ ground }};", italic=True))
    line(document, "{%p endfor %}")
    body(
        document,
        Span(
            "Theo đề nghị tại Tờ trình số …/{{ proposal }} ngày … tháng … năm … của"
            " {{ proposer }}.",
            italic=True,
        ),
    )
    line(document, "QUYẾT ĐỊNH:", size=14, bold=True, align=CENTRE, before=12)
    body(
        document,
        Span("Điều 1. ", bold=True),
        "Thành lập {{ council }} (sau đây gọi tắt là Hội đồng) để {{ title }}, gồm {{ count }}"
        " thành viên:",
        leads=True,
    )
    table(
        document,
        [("STT", 1.3), ("Chức vụ, đơn vị công tác", 9.7), ("Nhiệm vụ trong Hội đồng", 5.5)],
        "each in seats",
        ["{{ each.number }}", "{{ each.position }}", "{{ each.part }}"],
        centred={0},
        size=12,
        room=1,
    )
    _tasks(document)
    _rules(document)
    body(
        document,
        Span("Điều 4. ", bold=True),
        "Quyết định này có hiệu lực kể từ ngày ký. {{ executors }}; các thành viên Hội đồng tại"
        " Điều 1 và các cơ quan, đơn vị có liên quan chịu trách nhiệm thi hành Quyết định này./.",
        leads=True,
    )
    signed(document, "- Như Điều 4;")
    _fields(document)
    return document


def _tasks(document: Doc) -> None:
    body(document, Span("Điều 2. ", bold=True), "Nhiệm vụ của Hội đồng", leads=True)
    for text in (
        "1. Thẩm định theo {{ basis }}: trên cơ sở số liệu, tài liệu kiểm chứng, giải trình và kết"
        " quả theo dõi, kiểm tra, xem xét, công nhận hoặc điều chỉnh điểm của từng tiêu chí của"
        " từng cơ quan, đơn vị được đánh giá.",
        "2. Xem xét, quyết định những tiêu chí mà cơ quan, đơn vị không được đánh giá như các cơ"
        " quan, đơn vị khác, theo các trường hợp đã được quy định.",
        "3. Xem xét kiến nghị của cơ quan, đơn vị về điểm thẩm định.",
        "4. Báo cáo kết quả thẩm định với {{ publisher }}{% if report_by %} chậm nhất"
        " {{ report_by }}{% endif %}. Hội đồng tự giải thể sau khi hoàn thành nhiệm vụ.",
    ):
        body(document, text)


def _rules(document: Doc) -> None:
    body(document, Span("Điều 3. ", bold=True), "Nguyên tắc làm việc của Hội đồng", leads=True)
    for text in (
        "1. Hội đồng làm việc theo chế độ kiêm nhiệm. Chủ tịch Hội đồng triệu tập và chủ trì các"
        " phiên họp; mỗi phiên họp được lập biên bản.",
        "2. Phiên họp hợp lệ khi có ít nhất {{ needed }} trong {{ count }} thành viên có mặt"
        " ({{ share }} tổng số thành viên; {{ quorum_basis }}).",
        "3. Mỗi thành viên thẩm định các tiêu chí được phân công tại Phụ lục kèm theo Quyết định"
        " này, không thẩm định tiêu chí của cơ quan, đơn vị nơi mình công tác; tiêu chí đó do Chủ"
        " tịch Hội đồng, hoặc thành viên kế tiếp không công tác tại đó, thẩm định. Điểm thẩm định"
        " khác điểm trước thẩm định phải ghi lý do.",
        "4. Khi các thành viên cho điểm khác nhau về cùng một tiêu chí của một cơ quan, đơn vị, Chủ"
        " tịch Hội đồng quyết định và ghi lý do.",
    ):
        body(document, text)
    line(document, "{%p if aside %}")
    body(
        document,
        "5. Riêng tiêu chí của {{ aside.unit }} mà người được phân công công tác tại chính"
        " {{ aside.unit }}{% if aside.supplied %}, và tiêu chí về cơ quan, đơn vị khác mà"
        " {{ aside.unit }} cung cấp số liệu,{% endif %} được giao cho {{ aside.by }}"
        " ({{ aside.basis }}).",
    )
    line(document, "{%p endif %}")
    body(
        document,
        "{% if aside %}6{% else %}5{% endif %}. {{ standing }} giúp việc cho Hội đồng: chuẩn bị hồ"
        " sơ, tổng hợp điểm thẩm định, dự thảo biên bản và báo cáo của Hội đồng.",
    )


def _fields(document: Doc) -> None:
    attached(document, "Phụ lục", "Phân công thẩm định theo lĩnh vực", *ITS_DECISION)
    gap(document)
    line(document, "{%p if fields %}")
    table(
        document,
        [
            ("STT", 1.2),
            ("Lĩnh vực", 3.2),
            ("Tiêu chí", 4.6),
            ("Người thẩm định", 4.2),
            ("Căn cứ", 3.3),
        ],
        "each in fields",
        [
            "{{ each.number }}",
            "{{ each.field }}",
            "{{ each.rows }}",
            "{{ each.by }}",
            "{{ each.basis }}",
        ],
        centred={0},
        room=1,
    )
    line(document, "{%p endif %}")
    body(
        document,
        "Tiêu chí thuộc nhiều lĩnh vực do người thẩm định của lĩnh vực nêu đích danh tiêu chí đó"
        " thẩm định; nếu không có thì của lĩnh vực nêu cơ quan cung cấp số liệu, sau đó của lĩnh"
        " vực nêu chỉ số chính. Tiêu chí mà bộ chỉ số đã nêu cơ quan thẩm định thì do cơ quan đó"
        " thẩm định. Tiêu chí không thuộc lĩnh vực nào {% if fields %}nêu trên {% endif %}do Chủ"
        " tịch Hội đồng thẩm định.",
    )


def invitation() -> Doc:
    """The invitation to a sitting."""
    document = paper("Giấy mời họp Hội đồng thẩm định")
    headed(document)
    name_of_type(document, "GIẤY MỜI", "Họp {{ council }}")
    notice(document, "paper.illustration")
    body(document, "{{ paper.name }} trân trọng kính mời:")
    line(document, "{%p for each in invited %}")
    body(document, "- {{ each }}{% if loop.last %}.{% else %};{% endif %}")
    line(document, "{%p endfor %}")
    body(document, "Tới dự phiên họp thẩm định kết quả {{ title }}.")
    body(document, Span("Chủ trì: ", bold=True), "{{ chair }}.")
    body(document, Span("Nội dung:", bold=True), leads=True)
    line(document, "{%p for each in content %}")
    body(document, "- {{ each }}{% if loop.last %}.{% else %};{% endif %}")
    line(document, "{%p endfor %}")
    body(document, Span("Thời gian: ", bold=True), "{{ starts }}.")
    body(document, Span("Địa điểm: ", bold=True), "{{ place }}.")
    line(document, "{%p if note %}")
    body(document, "{{ note }}.")
    line(document, "{%p endif %}")
    body(
        document,
        "Đề nghị các đại biểu dự họp đúng thành phần và thời gian nêu trên./.",
        leads=True,
    )
    signed(document, "- Như trên;")
    return document
