"""The fields of the open data: what each means, in what unit, of which kind, from which source."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Type = Literal["text", "code", "integer", "decimal", "fraction"]

TYPES: Mapping[Type, str] = {
    "text": "chữ",
    "code": "mã",
    "integer": "số nguyên",
    "decimal": "số thập phân, dấu chấm",
    "fraction": "phân số chính xác, ví dụ 140/3",
}


@dataclass(frozen=True)
class Field:
    """A column. `values` are all that a code can be, with what each says; `empty` why there may be
    none. `{decree}` and `{policies}` in a source stand for what the round goes by."""

    name: str
    meaning: str
    type: Type
    source: str
    unit: str = ""
    empty: str = ""
    values: Mapping[str, str] | None = None


PLACES = {
    "ranked": "được xếp hạng",
    "not_ranked": "được đánh giá, không xếp hạng",
    "not_evaluated": "không đánh giá",
    "voluntary": "tự nguyện tham gia, không xếp hạng",
}
AWARDED = {
    "as_computed": "điểm tính theo quy tắc, người thẩm định giữ nguyên",
    "adjusted": "người thẩm định cho điểm khác điểm tính",
    "awarded": "văn bản giao người thẩm định cho điểm",
    "exempt": "được miễn, điểm theo quyết định miễn",
    "not_assessed": "không đánh giá, trừ khỏi điểm tối đa",
    "open": "chưa có điểm",
}
_ROUND = Field("round", "Mã đợt đánh giá", "code", "Chương trình đánh giá")
_UNIT = Field("unit", "Mã đơn vị, không đổi giữa các tệp", "code", "Chương trình đánh giá")
_UNIT_NAME = Field("unit_name", "Tên đơn vị", "text", "Chương trình đánh giá")
_POINTS = "Kết quả thẩm định; {decree}"
_ROUNDED = "Kết quả thẩm định, làm tròn theo chính sách; {decree}"

RANKING = (
    _ROUND,
    Field("year", "Năm đánh giá: năm mà số liệu nói đến", "integer", "{decree}", "năm"),
    Field("group", "Mã nhóm xếp hạng", "code", "Chương trình đánh giá"),
    Field("group_name", "Tên nhóm xếp hạng", "text", "Chương trình đánh giá"),
    _UNIT,
    _UNIT_NAME,
    Field("within", "Đơn vị cấp trên", "text", "Chương trình đánh giá", empty="không có cấp trên"),
    Field(
        "rank",
        "Thứ hạng trong nhóm; bằng điểm thì theo chính sách đồng hạng",
        "integer",
        _POINTS,
        "hạng",
        "đơn vị không xếp hạng",
    ),
    Field("status", "Có xếp hạng hay không", "code", "Chương trình đánh giá", values=PLACES),
    Field("reason", "Vì sao không xếp hạng", "text", "Chương trình đánh giá", "", "có xếp hạng"),
    Field("points", "Tổng điểm công bố", "decimal", _ROUNDED, "điểm", "không đánh giá"),
    Field("exact", "Tổng điểm chính xác", "fraction", _POINTS, "điểm", "không đánh giá"),
    Field(
        "max_points",
        "Điểm tối đa của chính đơn vị, đã trừ mục không đánh giá",
        "decimal",
        "{decree}",
        "điểm",
        "không đánh giá",
    ),
    Field(
        "percent",
        "Điểm trên điểm tối đa, công bố",
        "decimal",
        _ROUNDED,
        "phần trăm",
        "không đánh giá",
    ),
    Field(
        "percent_exact",
        "Điểm trên điểm tối đa, chính xác",
        "fraction",
        _POINTS,
        "phần trăm",
        "không đánh giá",
    ),
    Field("grade", "Xếp loại", "text", "{policies}", "", "không xếp loại"),
    Field(
        "previous_rank",
        "Thứ hạng năm đánh giá trước, của đơn vị hoặc đơn vị mà nó thay thế",
        "integer",
        "Kết quả năm trước",
        "hạng",
        "năm trước không có hạng",
    ),
    Field(
        "previous_of",
        "Số đơn vị được xếp hạng năm trước",
        "integer",
        "Kết quả năm trước",
        "đơn vị",
        "năm trước không có hạng",
    ),
)
PILLARS = (
    _ROUND,
    _UNIT,
    _UNIT_NAME,
    Field("framework", "Mã bộ chỉ số", "code", "{decree}"),
    Field("pillar", "Mã chỉ số chính", "code", "{decree}"),
    Field("pillar_name", "Tên chỉ số chính", "text", "{decree}"),
    Field("points", "Điểm công bố", "decimal", _ROUNDED, "điểm", "còn mục chưa có điểm"),
    Field("exact", "Điểm chính xác", "fraction", _POINTS, "điểm", "còn mục chưa có điểm"),
    Field(
        "max_points",
        "Điểm tối đa của đơn vị, đã trừ mục không đánh giá",
        "decimal",
        "{decree}",
        "điểm",
    ),
)
CRITERIA = (
    _ROUND,
    _UNIT,
    _UNIT_NAME,
    Field("framework", "Mã bộ chỉ số", "code", "{decree}"),
    Field("pillar", "Mã chỉ số chính", "code", "{decree}"),
    Field("criterion", "Mã mục có điểm riêng", "code", "{decree}"),
    Field("name", "Tên mục", "text", "{decree}"),
    Field(
        "max_points",
        "Điểm tối đa của mục",
        "decimal",
        "{decree}",
        "điểm",
        "mục không có điểm tối đa",
    ),
    Field("points", "Điểm chính thức, công bố", "decimal", _ROUNDED, "điểm", "không có điểm"),
    Field("exact", "Điểm chính thức, chính xác", "fraction", _POINTS, "điểm", "không có điểm"),
    Field("status", "Điểm từ đâu", "code", "Kết quả thẩm định", values=AWARDED),
    Field("citation", "Điều khoản quy định mục", "text", "{decree}"),
)

TABLES: Mapping[str, tuple[str, tuple[Field, ...]]] = {
    "ranking": ("bảng xếp hạng, mỗi đơn vị một dòng", RANKING),
    "pillars": ("điểm theo chỉ số chính, mỗi đơn vị và chỉ số chính một dòng", PILLARS),
    "criteria": ("điểm từng mục, mỗi đơn vị và mục một dòng", CRITERIA),
}
"""Table → what it holds, its columns."""
