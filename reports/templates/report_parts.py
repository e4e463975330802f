"""The later sections of the report on the appraisal (Nghị định 30/2020/NĐ-CP, mẫu 1.4)."""

from docx.document import Document as Doc

from reports.templates.layout import body, line, section
from reports.templates.make_minutes import exemptions
from reports.templates.ruled import table


def exempted(document: Doc) -> None:
    """Rows that are not assessed as the others' are."""
    section(document, "3. Tiêu chí không đánh giá như các cơ quan, đơn vị khác")
    line(document, "{%p if exempted %}")
    body(
        document,
        "Đã chấp nhận {{ exempted_count }} lượt tiêu chí của {{ exempted_units }} cơ quan, đơn"
        " vị{% if refused_count %}, không chấp nhận {{ refused_count }} lượt tiêu chí{% endif %}:",
        leads=True,
    )
    exemptions(document)
    line(document, "{%p else %}")
    body(
        document,
        "Không có{% if refused_count %}; không chấp nhận {{ refused_count }} lượt tiêu chí được đề"
        " nghị{% endif %}.",
    )
    line(document, "{%p endif %}")
    line(document, "{%p if pending %}")
    body(document, "Còn {{ pending }} lượt tiêu chí được đề nghị mà chưa quyết định.")
    line(document, "{%p endif %}")


def doubts(document: Doc) -> None:
    """How doubts about figures were settled."""
    section(document, "4. Nghi vấn về số liệu và giải trình")
    body(
        document,
        "{% if doubts %}Có {{ doubts_count }} nội dung nghi vấn ({% for each in doubts %}"
        "{{ each.state }}: {{ each.count }}{% if not loop.last %}; {% endif %}{% endfor %})."
        "{% else %}Không có nội dung nghi vấn.{% endif %}",
    )


def unplaced(document: Doc) -> None:
    """Units without a place in the ranking, and why."""
    section(document, "5. Cơ quan, đơn vị không xếp hạng")
    line(document, "{%p if unplaced %}")
    line(document, "{%p for each in unplaced %}")
    body(document, "- {{ each.unit }}: {{ each.state }}; lý do: {{ each.reason }}.")
    line(document, "{%p endfor %}")
    line(document, "{%p else %}")
    body(document, "Không có.")
    line(document, "{%p endif %}")


def petitions(document: Doc) -> None:
    """What units objected to, and the decisions."""
    section(document, "6. Kiến nghị của cơ quan, đơn vị")
    line(document, "{%p if petitions %}")
    body(
        document,
        "Đã nhận {{ petitions_count }} kiến nghị ({% for each in petitions_by %}{{ each.state }}:"
        " {{ each.count }}{% if not loop.last %}; {% endif %}{% endfor %}).",
        leads=True,
    )
    table(
        document,
        [
            ("Số", 1.0),
            ("Cơ quan, đơn vị", 2.9),
            ("Về", 1.9),
            ("Nội dung", 3.7),
            ("Ngày nhận", 2.4),
            ("Quyết định", 2.2),
            ("Lý do", 2.4),
        ],
        "each in petitions",
        [
            "{{ each.number }}",
            "{{ each.unit }}",
            "{{ each.about }}",
            "{{ each.text }}",
            "{{ each.received_on }}",
            "{{ each.decided }}",
            "{{ each.reason }}",
        ],
        centred={0, 4},
        room=1,
    )
    line(document, "{%p else %}")
    body(document, "Không có kiến nghị.")
    line(document, "{%p endif %}")


def quality(document: Doc) -> None:
    """How far the figures came."""
    section(document, "7. Chất lượng số liệu")
    line(document, "{%p if providers %}")
    body(
        document,
        "Có {{ answered }} trong {{ providers }} nơi được yêu cầu đã cung cấp số liệu{% if late %},"
        " trong đó {{ late }} nơi gửi muộn{% endif %}.",
    )
    line(document, "{%p endif %}")
    line(document, "{%p if stages %}")
    body(document, "Số liệu mà các tiêu chí cần, theo từng bước kiểm tra:", leads=True)
    table(
        document,
        [("Bước", 3.0), ("Ý nghĩa", 8.9), ("Số lượng", 2.3), ("Tỷ lệ", 2.3)],
        "each in stages",
        ["{{ each.name }}", "{{ each.meaning }}", "{{ each.count }}", "{{ each.share }}"],
        numeric={2, 3},
        room=1,
    )
    line(document, "{%p else %}")
    body(document, "Bộ chỉ số không cần số liệu để tính điểm; điểm do người thẩm định cho.")
    line(document, "{%p endif %}")


def policies(document: Doc) -> None:
    """What the decrees leave open, and how the round answers it."""
    section(document, "8. Những điều văn bản không quy định và cách xử lý")
    line(document, "{%p if policies %}")
    table(
        document,
        [("Vấn đề", 4.5), ("Cách xử lý", 5), ("Căn cứ", 7)],
        "each in policies",
        ["{{ each.name }}", "{{ each.value }}", "{{ each.basis }}"],
        room=1,
    )
    line(document, "{%p else %}")
    body(document, "Không có.")
    line(document, "{%p endif %}")
