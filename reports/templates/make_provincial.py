"""Make a fresh `provincial.docx`: the layout of Nghị định 30/2020/NĐ-CP with the placeholders.

Offices edit the .docx in Word afterwards; run `python -m reports.templates.make_provincial` only to
start again from the original.
"""

from docx.document import Document as Doc

from reports.templates.layout import (
    body,
    head,
    line,
    name_of_type,
    notice,
    paper,
    section,
    signature,
    write,
)
from reports.templates.ruled import table


def make() -> Doc:
    document = paper("Báo cáo chỉ số chuyển đổi số cấp tỉnh")
    head(
        document,
        parent=["{{ head.parent | upper }}"],
        issuer=["{{ head.issuer | upper }}"],
        symbol="{{ head.file_code }}",
        place="{{ head.place }}",
    )
    name_of_type(document, "BÁO CÁO", "{{ report.title }}")
    notice(document, "report.illustration")
    body(
        document,
        "Thực hiện {{ report.decree }}, điểm chỉ số chuyển đổi số của {{ unit.unit.name }}"
        " được tính từ số liệu năm {{ report.evaluation_year }} ({{ report.data_window }}),"
        " {{ reading }}.",
    )
    body(
        document,
        "Điểm đã tính được: {{ unit.total.computed }} trên {{ unit.total.max_points }} điểm, ở"
        " {{ unit.counts[0][1] }} trong {{ unit.criteria }} tiêu chí. Khi mọi câu hỏi và chỗ thiếu"
        " được giải đáp, tổng điểm nằm trong khoảng {{ unit.total.low }} đến"
        " {{ unit.total.high }} điểm. Theo cách đọc kia, điểm đã tính được là"
        " {{ unit.other_reading.computed }} (khoảng {{ unit.other_reading.low }} đến"
        " {{ unit.other_reading.high }}).",
    )
    section(document, "1. Điểm theo chỉ số chính")
    table(
        document,
        [
            ("Chỉ số chính", 6.4),
            ("Tối đa", 2.2),
            ("Đã tính", 2.4),
            ("Thấp nhất", 2.6),
            ("Cao nhất", 2.6),
        ],
        "p in unit.pillars",
        [
            "{{ p.code }}. {{ p.name }}",
            "{{ p.max_points }}",
            "{{ p.computed }}",
            "{{ p.low }}",
            "{{ p.high }}",
        ],
        total=[
            "Tổng",
            "{{ unit.total.max_points }}",
            "{{ unit.total.computed }}",
            "{{ unit.total.low }}",
            "{{ unit.total.high }}",
        ],
        numeric={1, 2, 3, 4},
    )
    section(document, "2. Điểm từng tiêu chí")
    line(document, "{%p for pillar, rows in unit.rows %}")
    heading = line(document, "{{ pillar.code }}. {{ pillar.name }}", bold=True, before=6)
    heading.paragraph_format.keep_with_next = True
    table(
        document,
        [
            ("Mục", 1.5),
            ("Tiêu chí", 6.1),
            ("Tối đa", 1.5),
            ("Số liệu", 2.9),
            ("Điểm", 2.1),
            ("Tình trạng", 2.4),
        ],
        "r in rows",
        [
            "{{ r.code }}",
            "{{ r.name }}",
            "{{ r.max_points }}",
            "{{ r.figures }}",
            "{{ r.points }}",
            "{{ r.status }}",
        ],
        numeric={2, 4},
    )
    line(document, "{%p endfor %}")
    section(document, "3. Câu hỏi phải giải đáp")
    table(
        document,
        [("Mục", 1.5), ("Nguồn viết", 3.6), ("Hỏi", 7.4), ("Cơ quan chủ trì", 4)],
        "q in unit.questions",
        ["{{ q.code }}", "{{ q.published }}", "{{ q.question }}", "{{ q.asks }}"],
    )
    section(document, "4. Số liệu còn thiếu và cơ quan chủ trì")
    table(
        document,
        [("Mục", 1.5), ("Số liệu cần", 8), ("Cơ quan chủ trì", 4.5), ("Điểm còn ngỏ", 2.5)],
        "m in unit.missing",
        ["{{ m.code }}", "{{ m.figures }}", "{{ m.asks }}", "{{ m.at_stake }}"],
        numeric={3},
    )
    section(document, "5. Tiêu chí so với tỉnh khác, không tính được trong phạm vi một tỉnh")
    table(
        document,
        [("Mục", 1.5), ("Tiêu chí", 6), ("Số liệu đã có", 5), ("Điểm còn ngỏ", 4)],
        "m in unit.external",
        ["{{ m.code }}", "{{ m.name }}", "{{ m.figures }}", "{{ m.at_stake }}"],
        numeric={3},
    )
    section(document, "6. Sai sót của văn bản và kết quả theo từng cách đọc")
    table(
        document,
        [
            ("Mục", 1.5),
            ("Sai sót", 8.6),
            ("Theo câu chữ", 2.2),
            ("Đã chỉnh", 2.2),
            ("Chênh lệch", 2),
        ],
        "e in unit.errata",
        [
            "{{ e.code }}",
            "{{ e.note }}",
            "{{ e.as_written }}",
            "{{ e.corrected }}",
            "{{ e.difference }}",
        ],
        numeric={2, 3, 4},
    )
    section(document, "7. Chính sách đã dùng ở những điều văn bản không quy định")
    table(
        document,
        [("Vấn đề", 4.2), ("Cách xử lý", 4), ("Căn cứ", 6.3), ("Ngày", 2)],
        "p in report.policies",
        ["{{ p.name }}", "{{ p.value }}", "{{ p.basis }}", "{{ p.decided_on }}"],
    )
    signature(
        document,
        [
            "- {{ head.parent }} (để báo cáo);",
            "- Các cơ quan chủ trì tiêu chí;",
            "- Lưu: VT.",
        ],
        ["{{ head.signer | upper }}"],
    )
    return document


if __name__ == "__main__":
    write(make(), "provincial.docx")
