"""Make a fresh template of the letter that asks for self-assessed points (Nghị định 30/2020/NĐ-CP,
mẫu 1.5), where the decree asks for no figures (2001/QĐ-UBND, II.1.3a, II.2.3a)."""

from docx.document import Document as Doc

from reports.templates.frame import letter, signed
from reports.templates.layout import Span, body
from reports.templates.ruled import table


def self_assessment() -> Doc:
    """The letter that asks a unit to assess itself."""
    document = letter("V/v tự đánh giá, chấm điểm chuyển đổi số năm {{ evaluation_year }}")
    body(
        document,
        "Căn cứ {{ basis }}, để {{ title }}, {{ paper.name }} đề nghị {{ recipient }} tự đánh giá,"
        " chấm điểm như sau:",
    )
    body(
        document,
        Span("1. Năm đánh giá: ", bold=True),
        "{{ evaluation_year }}; kết quả thực hiện từ {{ data_from }} đến hết {{ data_to }}.",
    )
    body(
        document,
        Span("2. Nội dung: ", bold=True),
        "tự chấm điểm {{ rows }} chỉ số thành phần, nêu tài liệu kiểm chứng và giải trình điểm tự"
        " chấm trong tệp kèm theo công văn này:",
        leads=True,
    )
    table(
        document,
        [("STT", 1.2), ("Nội dung", 7.6), ("Tệp kèm theo", 5.5), ("Số chỉ số", 2.2)],
        "each in workbooks",
        [
            "{{ each.number }}",
            "Điểm tự đánh giá của {{ recipient }}{% if each.spared %};"
            " {{ each.spared }} chỉ số được đề xuất miễn chấm, có căn cứ ghi trong tệp{% endif %}",
            "{{ each.file }}",
            "{{ each.rows }}",
        ],
        numeric={3},
        room=1,
    )
    body(
        document,
        Span("3. Cách điền: ", bold=True),
        "chấm từ 0 đến điểm tối đa của từng chỉ số thành phần vào các ô để trống, không đổi tên"
        " trang, không xóa dòng hay cột. Chưa có kết quả thì ghi 0; ô để trống được hiểu là chưa tự"
        " đánh giá. Tài liệu kiểm chứng gửi kèm được đánh số và nêu tên trong tệp.",
    )
    body(
        document,
        Span("4. Thời hạn: ", bold=True),
        "từ {{ opens }} đến hết {{ closes }}{% if send_to %}, gửi về {{ send_to }}{% endif %}.",
    )
    body(
        document,
        "{{ paper.name }} trân trọng đề nghị {{ recipient }} phối hợp, tự đánh giá trung thực,"
        " khách quan và gửi đúng thời hạn./.",
        leads=True,
    )
    signed(document, "- Như trên;")
    return document
