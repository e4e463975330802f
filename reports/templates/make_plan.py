"""A fresh template of the round's plan and its guidance: `plan.docx` (Nghị định 30/2020/NĐ-CP,
Phụ lục III, mẫu 1.4 with appendices 2.1)."""

from docx.document import Document as Doc
from docx.shared import Pt

from reports.templates.frame import attached, headed, signed
from reports.templates.layout import (
    Span,
    body,
    gap,
    line,
    name_of_type,
    notice,
    paper,
    section,
)
from reports.templates.ruled import fixed, table

ITS_PLAN = ("Kế hoạch", "\ncủa {{ paper.name }}")
# a space that no line breaks at
UNITS = "Các cơ quan, đơn vị tại Phụ\u00a0lục\u00a0III"


def either(figures: str, points: str) -> str:
    """Words of a round that asks for figures, or of one that asks for self-assessed points only."""
    return f"{{% if figures %}}{figures}{{% else %}}{points}{{% endif %}}"


def plan() -> Doc:
    """The plan of the round: who does what by when, with guidance, policies and units appended."""
    document = paper("Kế hoạch đánh giá chuyển đổi số")
    headed(document)
    name_of_type(document, "KẾ HOẠCH", "{{ heading }}")
    notice(document, "paper.illustration")
    body(document, "Căn cứ {{ basis }}, {{ paper.name }} ban hành Kế hoạch {{ title }} như sau:")
    section(document, "1. Mục đích, yêu cầu")
    body(
        document,
        "a) Xác định mức độ chuyển đổi số năm {{ evaluation_year }} của từng cơ quan, đơn vị từ"
        f" {either('số liệu', 'kết quả thực hiện')} có kiểm chứng, làm căn cứ trình"
        " {{ publisher }} công bố kết quả và để các cơ quan, đơn vị khắc phục những tiêu chí đạt"
        " điểm thấp.",
    )
    body(
        document,
        either(
            "b) Số liệu phải trung thực, đầy đủ, đúng thời hạn, có tài liệu kiểm chứng. Cách tính"
            " điểm được công khai để cơ quan, đơn vị tự đánh giá và đối chiếu.",
            "b) Tự đánh giá phải trung thực, khách quan, đúng thời hạn; mỗi điểm tự chấm có tài"
            " liệu kiểm chứng và giải trình.",
        ),
    )
    section(document, "2. Đối tượng và phạm vi")
    line(document, "{%p for each in scopes %}")
    body(
        document,
        "{{ each.mark }}Có {{ each.units }} cơ quan, đơn vị được đánh giá theo {{ each.title }}"
        " ({{ each.citation }}): {{ each.pillars }} chỉ số chính, {{ each.criteria }} tiêu chí"
        "{% if each.points %}, tối đa {{ each.points }} điểm{% endif %}.",
    )
    line(document, "{%p endfor %}")
    line(document, "{%p if others %}")
    body(
        document,
        "{{ others.mark }}Có {{ others.units }} cơ quan, đơn vị không được đánh giá trong đợt này"
        " nhưng cung cấp số liệu về các cơ quan, đơn vị được đánh giá.",
    )
    line(document, "{%p endif %}")
    body(
        document,
        f"Danh sách và {either('số lượng số liệu phải cung cấp', 'số chỉ số phải tự chấm điểm')}"
        " nêu tại Phụ\u00a0lục\u00a0III.",
    )
    section(document, either("3. Số liệu", "3. Năm đánh giá"))
    body(
        document,
        f"Năm đánh giá là {{{{ evaluation_year }}}}. {either('Số liệu', 'Kết quả thực hiện')} tính"
        " từ {{ data_from }} đến hết {{ data_to }} ({{ data_basis }}).",
    )
    section(document, "4. Các bước thực hiện và thời hạn")
    _steps(document)
    body(
        document,
        "{% for each in limits %}{% if loop.first %}Căn cứ của thời hạn ở{% else %} Ở{% endif %}"
        " {{ each.steps }}: {{ each.basis }}.{% endfor %}",
    )
    body(
        document,
        "Cơ quan, đơn vị cần thêm thời gian thì có văn bản đề nghị gia hạn, nêu rõ lý do và ngày sẽ"
        " gửi. Hạn mới có hiệu lực khi {{ paper.name }} có văn bản đồng ý.",
    )
    section(document, "5. Hướng dẫn và chính sách áp dụng")
    body(
        document,
        f"Cách điền biểu mẫu, cách gửi và xác nhận {either('số liệu', 'điểm tự chấm')} nêu tại"
        " Phụ\u00a0lục\u00a0I. Những điều văn bản không quy định được xử lý theo chính sách nêu tại"
        " Phụ\u00a0lục\u00a0II.",
    )
    section(document, "6. Tổ chức thực hiện")
    body(
        document,
        "a) Người đứng đầu các cơ quan, đơn vị phân công đầu mối, gửi"
        f" {either('số liệu', 'tệp tự đánh giá')} đúng thời hạn và chịu trách nhiệm về"
        f" {either('số liệu', 'điểm tự chấm')} đã ký xác nhận.",
    )
    body(
        document,
        "b) {{ paper.name }} tiếp nhận, đôn đốc,"
        f" {either('kiểm tra số liệu, tính điểm', 'kiểm tra tệp')} và tổng hợp kết quả; giải đáp"
        " vướng mắc của các cơ quan, đơn vị trong quá trình thực hiện./.",
        leads=True,
    )
    signed(document, "- {{ publisher }} (để báo cáo);", f"- {UNITS};")
    _guidance(document)
    _policies(document)
    _units(document)
    return document


def _steps(document: Doc) -> None:
    """Who does what by when; a step without a day of its own follows the one before it."""
    made = fixed(
        document,
        [("Bước", 1.3), ("Nội dung", 6.2), ("Thực hiện", 4.4), ("Thời hạn", 4.6)],
        [
            [
                "1",
                f"Gửi công văn yêu cầu và biểu mẫu {either('số liệu', 'tự đánh giá')}",
                "{{ paper.name }}",
                "Từ ngày {{ days.opens }}",
            ],
            [
                "2",
                "Rà soát, điền biểu mẫu, tự chấm điểm và gửi kèm tài liệu kiểm chứng",
                UNITS,
                "Đến hết ngày {{ days.closes }}",
            ],
            [
                "3",
                f"Trả phiếu tiếp nhận; sửa, bổ sung {either('số liệu', 'điểm tự đánh giá')} theo"
                " phiếu và ký xác nhận",
                "{{ paper.name }}; người đứng đầu cơ quan, đơn vị",
                "Sau mỗi lần nhận tệp",
            ],
            [
                "4",
                "Đôn đốc nơi chưa gửi{% if reminders %} ({{ reminders }}){% endif %}",
                "{{ paper.name }}",
                "{% if reminded_before %}Trước và sau hạn của bước\u00a02"
                "{% else %}Khi quá hạn của bước\u00a02{% endif %}",
            ],
            [
                "5",
                either(
                    "Kiểm tra số liệu; gửi công văn yêu cầu giải trình những số liệu có nghi vấn",
                    "Kiểm tra tệp và tài liệu kiểm chứng; gửi công văn yêu cầu giải trình, nếu có",
                ),
                "{{ paper.name }}",
                "Sau bước 2",
            ],
            [
                "6",
                f"Giải trình{either(': giữ nguyên hoặc điều chỉnh số liệu', '')}, nêu lý do, gửi"
                " tài liệu kiểm chứng",
                "Cơ quan, đơn vị được yêu cầu",
                "{% if days.explain_by %}Đến hết ngày {{ days.explain_by }}"
                "{% else %}Theo công văn yêu cầu giải trình{% endif %}",
            ],
            [
                "7",
                "Thẩm định điểm; điểm thẩm định khác điểm"
                f" {either('tính từ số liệu', 'tự đánh giá')} phải có lý do",
                "{% if council %}{{ council }}{% else %}{{ paper.name }} chủ trì, các cơ quan liên"
                " quan phối hợp{% endif %}",
                "{% if days.appraise_by %}Đến hết ngày {{ days.appraise_by }}"
                "{% else %}Sau bước 6{% endif %}",
            ],
            [
                "8",
                "Xếp hạng; trình và công bố kết quả",
                "{{ paper.name }} trình, {{ publisher }} công\u00a0bố",
                "{% if days.publish_by %}Chậm nhất ngày {{ days.publish_by }}"
                "{% else %}Sau bước 7{% endif %}",
            ],
        ],
        centred={0},
        room=1,
    )
    for cell in (*made.rows[0].cells, *made.rows[1].cells):
        # the heading never stays behind on a page with less than two steps
        cell.paragraphs[0].paragraph_format.keep_with_next = True


def _guidance(document: Doc) -> None:
    """How to fill in the workbooks, send them, and stand for them."""
    attached(document, "Phụ lục I", "Hướng dẫn cung cấp và xác nhận số liệu", *ITS_PLAN)
    section(document, "1. Cách điền biểu mẫu")
    for text in (
        "a) Chỉ nhập vào các ô nền vàng. Không đổi tên, không xóa, không chép thêm trang, dòng hay"
        " cột. Tệp được lưu ở dạng .xlsx hoặc .ods.",
        either(
            "b) Số nguyên viết liền, không có dấu chấm hay dấu phẩy (1204); tỷ lệ viết kèm dấu %"
            " (98,6%); câu hỏi có sẵn câu trả lời thì chọn trong danh sách của ô.",
            "b) Cột “{{ columns.self }}” ghi từ 0 đến điểm tối đa của chỉ số thành phần.",
        ),
        either(
            "c) Không phát sinh thì ghi 0. Chưa thống kê được thì để trống và nêu lý do ở cột"
            " “{{ columns.note }}”; không ghi số 0 thay cho số liệu chưa có.",
            "c) Không có kết quả thì ghi 0; ô để trống được hiểu là chưa tự đánh giá.",
        ),
        "d) Cột “{{ columns.evidence }}” ghi số, ngày của văn bản hoặc tên tệp gửi kèm, theo yêu"
        " cầu ghi ở từng tiêu chí.",
        either(
            "đ) Cột “{{ columns.self }}” ghi từ 0 đến điểm tối đa của tiêu chí. Điểm mà biểu mẫu tự"
            " tính chỉ để tham khảo, không phải điểm thẩm định.",
            "đ) Cột “{{ columns.account }}” ghi kết quả đã đạt và vì sao được số điểm ấy.",
        ),
        either(
            "e) Số liệu do cơ quan khác cung cấp được ghi rõ trong biểu mẫu; cơ quan, đơn vị được"
            " đánh giá không phải điền. Trong tệp số liệu về các cơ quan, đơn vị, mỗi dòng là một"
            " cơ quan, đơn vị, mỗi cột là một số liệu.",
            "e) Chỉ số có đề xuất ghi dưới tên thì không chấm điểm; không đồng ý với đề xuất, hoặc"
            " đề nghị không đánh giá chỉ số khác, thì ghi ý kiến và lý do ở cột ấy.",
        ),
    ):
        body(document, text)
    section(document, "2. Cách gửi")
    for text in (
        "a) Gửi về {% if send_to %}{{ send_to }}{% else %}{{ paper.name }}{% endif %} chính tệp"
        " biểu mẫu đã điền, kèm tài liệu kiểm chứng, chậm nhất là hết {{ closes }}.",
        "b) Phiếu tiếp nhận của mỗi lần gửi nêu lần gửi, mã của tệp, những ô phải sửa và"
        f" {either('số liệu', 'điểm tự đánh giá')} còn thiếu.",
        "c) Cần sửa thì sửa trên tệp đã gửi rồi gửi lại cả tệp. Lần gửi mới nhất thay cho các lần"
        " trước; các lần trước vẫn được lưu.",
    ):
        body(document, text)
    section(document, "3. Xác nhận của người đứng đầu")
    for text in (
        "a) Người đứng đầu cơ quan, đơn vị ký văn bản xác nhận"
        f" {either('số liệu', 'điểm tự đánh giá')}, trong đó ghi mã của tệp"
        " trên phiếu tiếp nhận của lần gửi mới nhất, và gửi về {{ paper.name }}.",
        "b) Tệp được sửa và gửi lại có mã khác nên phải được ký xác nhận lại.",
    ):
        body(document, text)


def _policies(document: Doc) -> None:
    """What the decrees leave open, how the round answers it, on what basis."""
    attached(document, "Phụ lục II", "Chính sách áp dụng", *ITS_PLAN)
    line(document, "{%p if policies %}")
    body(document, "Những điều văn bản không quy định được xử lý như sau:", leads=True)
    table(
        document,
        [("Vấn đề", 4.3), ("Cách xử lý", 4.7), ("Căn cứ", 5.2), ("Ngày quyết định", 2.3)],
        "each in policies",
        [
            "{{ each.question }}",
            "{{ each.answer }}",
            "{{ each.basis }}",
            "{{ each.decided_on }}",
        ],
        centred={3},
        room=1,
    )
    line(document, "{%p endif %}")
    line(document, "{%p if undecided %}")
    body(
        document,
        Span("Chưa có chính sách về: ", bold=True),
        "{{ undecided | join('; ') }}. {{ paper.name }} thông báo cách xử lý trước khi công bố kết"
        " quả.",
    )
    line(document, "{%p endif %}")


def _units(document: Doc) -> None:
    """Everybody who gives figures, a table for each framework."""
    attached(document, "Phụ lục III", "Các cơ quan, đơn vị và số liệu phải cung cấp", *ITS_PLAN)
    line(document, "{%p for group in groups %}")
    gap(document)
    line(document, "{%p if group.name %}")
    named = line(document, "{{ group.name }}", bold=True)
    named.paragraph_format.space_after = Pt(4)
    named.paragraph_format.keep_with_next = True
    line(document, "{%p endif %}")
    table(
        document,
        [
            ("STT", 1.3),
            ("Cơ quan, đơn vị", 8.2),
            (either("Số liệu về chính mình", "Chỉ số phải tự chấm điểm"), 3.3),
            (either("Số liệu về cơ quan, đơn vị khác", "Chỉ số có đề xuất, không chấm"), 3.7),
        ],
        "each in group.units",
        [
            "{{ each.number }}",
            "{{ each.name }}",
            "{{ each.own }}",
            either("{{ each.about_units }}", "{{ each.spared }}"),
        ],
        total=[
            "",
            "Cộng",
            "{{ group.own }}",
            either("{{ group.about_units }}", "{{ group.spared }}"),
        ],
        numeric={2, 3},
        centred={0},
        room=1,
    )
    line(document, "{%p endfor %}")
