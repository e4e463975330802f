"""The sheets of a framework's workbook, in their order."""

from dti_core.framework.sheets.column import Column, Field, Sheet
from dti_core.framework.sheets.rule_columns import RULE_COLUMNS
from dti_core.framework.sheets.words import (
    AGGREGATE,
    ERRATA,
    FOUND_BY,
    GROUPS,
    INNER_RULES,
    KINDS,
    LEVELS,
    NOT_STATED,
    READINGS,
    RELATIVE,
    YES,
)

GUIDE = "Hướng dẫn"
LISTS = "_lists"
"""The hidden sheet that holds the words of the lists."""

CITATION = (
    Column("cited_appendix", "Phụ lục", "code", 8),
    Column("cited_table", "Bảng", "code", 7),
    Column("cited_row", "Mục trong văn bản", "code", 9),
    Column("cited_clause", "Điều, khoản", "code", 9),
    Column("cited_column", "Cột trong văn bản", "text", 10),
)
PROVIDER = (
    Column("relative", "Nguồn số liệu", "word", 14, RELATIVE),
    Column("leads", "Cơ quan chủ trì", "codes", 15),
    Column("partners", "Cơ quan phối hợp", "codes", 15),
    Column("aggregate", "Cộng số liệu", "word", 9, AGGREGATE),
    Column("duties", "Phân công riêng", "pairs", 22),
)

HEAD_COLUMNS = (
    Column("label", "Nội dung", "text", 32),
    Column("value", "Giá trị", "text", 62),
    Column("hint", "Cách ghi", "shown", 56),
)
HEAD = Sheet("head", "Văn bản", "Văn bản và bộ chỉ số", "", HEAD_COLUMNS)
HEAD_FIELDS = (
    Field("id", "Mã văn bản", "code", "Chữ thường không dấu, nối bằng gạch ngang: vinh-phuc-2074"),
    Field("number", "Số, ký hiệu", "text", "Như in trên văn bản: 2074/QĐ-UBND"),
    Field("issued", "Ngày ban hành", "date", "Ngày/tháng/năm: 09/11/2022"),
    Field("issuer", "Cơ quan ban hành", "text", ""),
    Field("title", "Tên văn bản", "text", ""),
    Field("source", "Nguồn của bản đang dùng", "text", "Lấy ở đâu, thiếu gì"),
    Field("level", "Cấp được đánh giá", "word", "Chọn trong danh sách", LEVELS),
    Field("framework_title", "Tên bộ chỉ số", "text", ""),
    Field("total_stated", "Tổng điểm văn bản nêu", "points", f"Số điểm, hoặc “{NOT_STATED}”"),
    Field("criteria_stated", "Số tiêu chí văn bản nêu", "whole", "Bỏ trống nếu không nêu"),
    Field("cited_appendix", "Phụ lục", "code", "Bộ chỉ số nằm ở phụ lục nào: 1, II"),
    Field("cited_table", "Bảng", "code", ""),
    Field("cited_row", "Mục trong văn bản", "code", ""),
    Field("cited_clause", "Điều, khoản", "code", "Nếu không nằm ở phụ lục: V.1"),
    Field("cited_column", "Cột trong văn bản", "text", ""),
)

AGENCIES = Sheet(
    "agencies",
    "Cơ quan",
    "Các cơ quan mà văn bản nêu",
    "Mỗi dòng một cơ quan. Các trang khác gọi cơ quan bằng mã; đổi tên ở đây là đủ.",
    (
        Column("slug", "Mã cơ quan", "code", 24),
        Column("name", "Tên cơ quan", "text", 56),
        Column("group", "Nhóm", "word", 20, GROUPS),
        Column("includes", "Gồm", "lines", 50),
    ),
)

INFORMATION = Sheet(
    "information",
    "Thông tin chung",
    "Thông tin chung mà bộ chỉ số hỏi",
    "Mỗi dòng một mục thông tin; không tính điểm.",
    (
        Column("code", "Mã mục", "code", 8),
        Column("name", "Tên thông tin", "text", 40),
        Column("kind", "Loại số liệu", "word", 14, KINDS),
        Column("unit", "Đơn vị tính", "text", 11),
        Column("quantity", "Đại lượng dùng chung", "code", 18),
        Column("fields", "Các ô cần điền", "lines", 18),
        Column("stated", "Văn bản ghi sẵn", "text", 20),
        Column("note", "Ghi chú", "text", 30),
        Column("evidence", "Tài liệu kiểm chứng", "text", 24),
        *PROVIDER,
        *CITATION,
    ),
    frozen=2,
    breaks=("evidence",),
)

PILLARS = Sheet(
    "pillars",
    "Chỉ số chính",
    "Các chỉ số chính",
    "Mỗi dòng một chỉ số chính, theo thứ tự của văn bản.",
    (
        Column("code", "Mã chỉ số chính", "code", 9),
        Column("name", "Tên chỉ số chính", "text", 34),
        Column("max_points", "Điểm tối đa", "points", 9),
        Column("criteria_stated", "Số tiêu chí văn bản nêu", "whole", 10),
        Column("outside_maximum", "Điểm thưởng, phạt ngoài thang", "word", 11, YES),
        Column("erratum", "Sai sót của văn bản", "word", 18, ERRATA),
        Column("found_by", "Ai phát hiện", "word", 13, FOUND_BY),
        Column("note", "Ghi chú sai sót", "text", 44),
        *CITATION,
    ),
    frozen=2,
)

CRITERIA = Sheet(
    "criteria",
    "Tiêu chí",
    "Các tiêu chí và quy tắc tính điểm",
    "Mỗi dòng một tiêu chí hoặc mục con, theo thứ tự của văn bản. Cột xám do phần mềm viết ra để"
    " đọc, sửa ở đó không có tác dụng.",
    (
        Column("code", "Mã mục", "code", 8),
        Column("name", "Tên tiêu chí", "text", 44),
        Column("parent", "Mục cha", "code", 8, source="criteria"),
        Column("pillar", "Chỉ số chính", "code", 8, source="pillars"),
        Column("max_points", "Điểm tối đa", "points", 9),
        Column("words", "Quy tắc bằng lời", "shown", 48),
        *RULE_COLUMNS,
        Column("evidence", "Tài liệu kiểm chứng", "text", 30),
        *PROVIDER,
        Column("verifier", "Cơ quan thẩm định", "codes", 12),
        *CITATION,
        Column("follow_year", "Năm theo dõi", "whole", 8),
        Column("follow_result", "Kết quả đến hết năm", "text", 26),
        Column("follow_target", "Mục tiêu", "text", 30),
        Column("follow_deadline", "Thời hạn", "text", 18),
    ),
    frozen=2,
    breaks=("threshold", "relative", "follow_year"),
)

VARIABLES = Sheet(
    "variables",
    "Số liệu",
    "Số liệu mà mỗi tiêu chí hỏi",
    "Mỗi dòng một số liệu. Ký hiệu (a, b, x…) là tên dùng trong phép tính của tiêu chí.",
    (
        Column("criterion", "Mục", "code", 8, source="criteria"),
        Column("variable", "Ký hiệu", "code", 12),
        Column("label", "Đếm cái gì, hỏi gì", "text", 52),
        Column("kind", "Loại số liệu", "word", 16, KINDS),
        Column("unit", "Đơn vị tính", "text", 12),
        Column("quantity", "Đại lượng dùng chung", "code", 20),
        Column("choices", "Các trạng thái", "pairs", 48),
        *PROVIDER,
    ),
    frozen=2,
    breaks=("relative",),
)

LEVELS_SHEET = Sheet(
    "levels",
    "Mức điểm",
    "Mức điểm của bảng mức và của trạng thái",
    "Mỗi dòng một mức của quy tắc “Bảng mức”, hoặc một trạng thái của quy tắc “Theo trạng thái”.",
    (
        Column("criterion", "Mục", "code", 8, source="criteria"),
        Column("reading", "Cách đọc", "word", 15, READINGS),
        Column("part", "Phần", "code", 7),
        Column("choice", "Trạng thái", "text", 20),
        Column("from", "Từ (≥)", "exact", 9),
        Column("above", "Trên (>)", "exact", 9),
        Column("to", "Đến (≤)", "exact", 9),
        Column("below", "Dưới (<)", "exact", 9),
        Column("share", "Phần của điểm tối đa", "exact", 11),
        Column("words", "Bằng lời", "shown", 60),
    ),
)

PARTS = Sheet(
    "parts",
    "Phần của quy tắc",
    "Quy tắc nằm trong quy tắc",
    "Mỗi dòng một phần của quy tắc “Nhiều phần”, quy tắc sau điều kiện, một cách của “Cách tốt"
    " nhất”, hoặc một sự việc trừ điểm. Phần “1.2” nằm trong phần “1”.",
    (
        Column("criterion", "Mục", "code", 8, source="criteria"),
        Column("reading", "Cách đọc", "word", 15, READINGS),
        Column("part", "Phần", "code", 7),
        Column("label", "Tên phần", "text", 34),
        Column("weight", "Trọng số", "exact", 9),
        *(
            Column("type", each.heading, "word", each.width, INNER_RULES)
            if each.key == "type"
            else each
            for each in RULE_COLUMNS
        ),
        Column("words", "Bằng lời", "shown", 40),
    ),
    frozen=3,
    breaks=("threshold",),
)

ERRATA_SHEET = Sheet(
    "errata",
    "Sai sót",
    "Sai sót của văn bản ở các tiêu chí",
    "Mỗi dòng một mục có sai sót. Văn bản sai về cách tính thì ghi quy tắc đã chỉnh ở các cột bên"
    " phải; quy tắc theo câu chữ vẫn nằm ở trang “Tiêu chí”.",
    (
        Column("criterion", "Mục", "code", 8, source="criteria"),
        Column("kind", "Loại sai sót", "word", 20, ERRATA),
        Column("found_by", "Ai phát hiện", "word", 13, FOUND_BY),
        Column("note", "Ghi chú", "text", 70),
        *RULE_COLUMNS,
        Column("words", "Quy tắc đã chỉnh bằng lời", "shown", 44),
    ),
    breaks=("type",),
)

TABLES = (AGENCIES, INFORMATION, PILLARS, CRITERIA, VARIABLES, LEVELS_SHEET, PARTS, ERRATA_SHEET)
"""The sheets that hold a row a thing, in their order behind the guide and the head."""
