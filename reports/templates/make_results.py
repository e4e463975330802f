"""Fresh templates of the papers that publish a result: `submission.docx` (Nghị định 30/2020/NĐ-CP,
Phụ lục III, mẫu 1.4) and `decision.docx` (mẫu 1.2 with appendices 2.1)."""

from docx.document import Document as Doc
from docx.shared import Pt

from reports.templates.frame import addressed, attached, headed, signed
from reports.templates.layout import (
    BY_PILLAR,
    CENTRE,
    Span,
    body,
    gap,
    line,
    name_of_type,
    notice,
    padding,
    paper,
    section,
)
from reports.templates.ruled import describe, table

ITS_DECISION = ("Quyết định", " của {{ competence }}")
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
        " Qua kiểm tra có {{ doubts }} nội dung nghi vấn, trong đó {{ explained }} nội dung đã được"
        " giải trình.",
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


def decision() -> Doc:
    """The draft of the decision that publishes the result, with its two appendices."""
    document = paper("Dự thảo Quyết định công bố kết quả đánh giá chuyển đổi số")
    headed(document, rule=1.7)
    name_of_type(document, "QUYẾT ĐỊNH", "Về việc công bố kết quả {{ title }}")
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
        "Công bố kết quả {{ title }} đối với {{ count }} cơ quan, đơn vị, theo {{ basis }}; số liệu"
        " tính từ {{ data_from }} đến hết {{ data_to }}. Thứ hạng và tổng điểm nêu tại Phụ lục I,"
        " điểm theo từng chỉ số chính nêu tại Phụ lục II kèm theo Quyết định này.",
    )
    body(
        document,
        Span("Điều 2. ", bold=True),
        "{{ organiser }} đăng công khai kết quả. Các cơ quan, đơn vị được đánh giá căn cứ kết quả"
        " này để khắc phục những tiêu chí đạt điểm thấp trong năm tiếp theo.",
    )
    body(
        document,
        Span("Điều 3. ", bold=True),
        "Quyết định này có hiệu lực kể từ ngày ký. {{ executors }} chịu trách nhiệm thi hành"
        " Quyết định này./.",
        leads=True,
    )
    signed(document, "- Như Điều 3;")
    _ranking(document)
    _by_pillar(document)
    return document


def _ranking(document: Doc) -> None:
    attached(document, "Phụ lục I", "Thứ hạng và tổng điểm", *ITS_DECISION)
    line(document, "{%p for group in groups %}")
    _group(document)
    table(
        document,
        [("Hạng", 2), ("Cơ quan, đơn vị", 11), ("Điểm", 3.5)],
        "one in group.lines",
        ["{{ one.rank }}", "{{ one.unit }}", "{{ one.points }}"],
        total=["", "Điểm tối đa", "{{ group.max_points }}"],
        numeric={2},
        centred={0},
        room=1,
    )
    line(document, "{%p for one in group.unranked %}")
    body(document, UNRANKED)
    line(document, "{%p endfor %}")
    line(document, "{%p endfor %}")
    _rounded(document)


def _by_pillar(document: Doc) -> None:
    attached(document, "Phụ lục II", "Điểm theo từng chỉ số chính", *ITS_DECISION)
    line(document, "{%p for group in groups %}")
    _group(document)
    made = table(
        document,
        [
            ("Hạng", 1.2),
            ("Cơ quan, đơn vị", 4.4),
            ("{%tc for column in group.columns %}", 3),
            ("{{ column.name }}", 3.3),
            ("{%tc endfor %}", 3),
            ("Tổng điểm", 1.6),
        ],
        "one in group.lines",
        [
            "{{ one.rank }}",
            "{{ one.unit }}",
            "{%tc for value in one.pillars %}",
            "{{ value }}",
            "{%tc endfor %}",
            "{{ one.points }}",
        ],
        total=[
            "",
            "Điểm tối đa",
            "{%tc for column in group.columns %}",
            "{{ column.max_points }}",
            "{%tc endfor %}",
            "{{ group.max_points }}",
        ],
        numeric={3, 5},
        centred={0},
        size=10,
        room=1,
    )
    describe(made, BY_PILLAR)
    padding(made, 0.08)
    line(document, "{%p endfor %}")
    _rounded(document)


def _group(document: Doc) -> None:
    """Room over a group's table, and its name where groups are named."""
    gap(document)
    line(document, "{%p if group.name %}")
    paragraph = line(document, "{{ group.name }}", bold=True, align=CENTRE)
    paragraph.paragraph_format.space_after = Pt(4)
    paragraph.paragraph_format.keep_with_next = True
    line(document, "{%p endif %}")


def _rounded(document: Doc) -> None:
    body(
        document,
        "Điểm được làm tròn đến {{ digits }} chữ số thập phân{% if rounded_sum %}; tổng điểm làm"
        " tròn từ tổng chưa làm tròn nên có thể lệch chữ số cuối so với tổng các cột đã làm tròn"
        "{% endif %}.",
    )
