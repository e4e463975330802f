"""A fresh template of a unit's plan to improve: `improvement.docx` (Nghị định 30/2020/NĐ-CP, Phụ
lục III, mẫu 1.4 with an appendix 2.1 across the page)."""

from docx.document import Document as Doc

from reports.templates.frame import attached, headed, signed
from reports.templates.layout import (
    CENTRE,
    body,
    gap,
    line,
    name_of_type,
    notice,
    paper,
    section,
    write,
)
from reports.templates.ruled import table

PROPOSED = (
    "Bản đề xuất do phần mềm lập từ kết quả đánh giá; đơn vị rà soát, sửa đổi rồi mới ban hành."
)


def improvement() -> Doc:
    """The plan: why, the result, the lines in an appendix, who does what."""
    document = paper("Kế hoạch khắc phục tồn tại, hạn chế về chuyển đổi số")
    headed(document)
    name_of_type(
        document,
        "KẾ HOẠCH",
        "Khắc phục tồn tại, hạn chế, nâng cao chỉ số chuyển đổi số năm {{ next_year }}",
    )
    notice(document, "paper.illustration")
    _proposed(document)
    body(
        document,
        "Căn cứ {{ basis }} và kết quả {{ result_of }}, {{ paper.name }} ban hành Kế hoạch khắc"
        " phục tồn tại, hạn chế, nâng cao chỉ số chuyển đổi số năm {{ next_year }} như sau:",
    )
    section(document, "1. Mục đích, yêu cầu")
    body(
        document,
        "a) Khắc phục những tiêu chí chưa đạt điểm tối đa; duy trì những tiêu chí đã đạt.",
    )
    body(
        document,
        "b) Chỉ tiêu đo bằng chính số liệu mà bộ chỉ số quy định; mỗi tiêu chí có thời hạn, đơn vị"
        " chủ trì và đơn vị phối hợp.",
    )
    section(document, "2. Kết quả năm {{ year }}")
    body(
        document,
        "{{ unit }} {{ result }}. {% if weak %}Còn {{ weak }} chưa đạt điểm tối đa{% else %}Mọi"
        " tiêu chí được đánh giá đều đạt điểm tối đa{% endif %}.",
    )
    section(document, "3. Chỉ tiêu, nhiệm vụ năm {{ next_year }}")
    line(document, "{%p if rows %}")
    body(document, "Chỉ tiêu, thời hạn, đơn vị thực hiện của từng tiêu chí nêu tại Phụ lục.")
    line(document, "{%p else %}")
    body(document, "Duy trì kết quả đã đạt ở mọi tiêu chí.")
    line(document, "{%p endif %}")
    section(document, "4. Tổ chức thực hiện")
    body(
        document,
        "a) Đơn vị chủ trì tổ chức thực hiện nhiệm vụ được giao đúng thời hạn; đơn vị phối hợp cung"
        " cấp số liệu, thực hiện phần việc thuộc chức năng của mình.",
    )
    body(
        document,
        "b) Kế hoạch được gửi {{ organiser }} để theo dõi, đôn đốc. Kết quả thực hiện được đối"
        " chiếu với chỉ tiêu khi đánh giá năm {{ next_year }}./.",
        leads=True,
    )
    signed(document, "- {{ organiser }} (để theo dõi);")
    line(document, "{%p if rows %}")
    _lines(document)
    line(document, "{%p endif %}")
    return document


def _proposed(document: Doc) -> None:
    line(document, "{%p if proposed %}")
    line(document, PROPOSED, bold=True, italic=True, align=CENTRE, before=6)
    line(document, "{%p endif %}")


def _lines(document: Doc) -> None:
    """The table, on pages that lie across: seven columns of words do not stand on upright ones."""
    attached(
        document,
        "Phụ lục",
        "Chỉ tiêu khắc phục những tiêu chí chưa đạt điểm tối đa",
        "Kế hoạch",
        " của {{ paper.name }}",
        landscape=True,
    )
    _proposed(document)
    gap(document)
    table(
        document,
        [
            ("TT", 1.1),
            ("Chỉ số, tiêu chí", 6.6),
            ("Kết quả năm {{ year }}", 4.3),
            ("Chỉ tiêu năm {{ next_year }}", 4.6),
            ("Thời hạn", 2.5),
            ("Chủ trì", 3.0),
            ("Phối hợp", 3.1),
        ],
        "each in rows",
        [
            "{{ each.number }}",
            "{{ each.title }}",
            "{{ each.result }}",
            "{{ each.target }}",
            "{{ each.deadline }}",
            "{{ each.lead }}",
            "{{ each.partners }}",
        ],
        centred={0},
        room=1,
    )


def main() -> None:
    """Write the template anew; the same maker writes the same bytes."""
    write(improvement(), "improvement.docx")


if __name__ == "__main__":
    main()
