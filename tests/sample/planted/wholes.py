"""Orders of magnitude of what units count. Chosen, not measured; nobody's figures.

A whole is drawn as median × size of the unit ^ `grows` × e^(spread · normal). `grows` 1: as the
unit does; 0: no matter how large the unit is. `stock` things stand still from year to year
(people, systems, schools); the others flow (dossiers, meetings) and move by chance and growth.
"""

from dataclasses import dataclass
from typing import Literal

Level = Literal["so", "huyen", "xa"]

UNITS: dict[Level, int] = {"so": 20, "huyen": 9, "xa": 136}
"""Units of each level of Vĩnh Phúc: 2074/QĐ-UBND names the departments; 9 districts and 136
communes were there in 2022."""

SIZE_SPREAD: dict[Level, float] = {"so": 0.55, "huyen": 0.3, "xa": 0.35}


@dataclass(frozen=True)
class Whole:
    """`of`: a quantity, or the whole of an earlier row, that this is a share of; `median` is then
    that share."""

    median: float
    spread: float = 0.15
    grows: float = 1.0
    stock: bool = True
    of: str | None = None


QUANTITIES: dict[Level, dict[str, Whole]] = {
    "so": {
        "can-bo-cong-chuc-vien-chuc": Whole(95),
        "he-thong-thong-tin": Whole(8, 0.25, 0.4),
        "may-tram": Whole(1.08, 0.02, of="can-bo-cong-chuc-vien-chuc"),
        "tong-chi-ngan-sach": Whole(55_000, 0.6, stock=False),
    },
    "huyen": {
        "dan-so": Whole(120_000),
        "ho-gia-dinh": Whole(0.275, 0.03, of="dan-so"),
        "dan-so-tu-15-tuoi": Whole(0.75, 0.02, of="dan-so"),
        "dan-so-trong-do-tuoi-lao-dong": Whole(0.58, 0.02, of="dan-so"),
        "can-bo-cong-chuc-vien-chuc": Whole(170),
        "can-bo-cong-chuc-vien-chuc-tren-dia-ban": Whole(2_600),
        "xa": Whole(15, 0.2),
        "doanh-nghiep": Whole(900, 0.4),
        "doanh-nghiep-nho-va-vua": Whole(0.94, 0.02, of="doanh-nghiep"),
        "he-thong-thong-tin": Whole(9, 0.2, 0.4),
        "ho-so-tiep-nhan-va-xu-ly": Whole(42_000, 0.3, stock=False),
        "tong-chi-ngan-sach-tren-dia-ban": Whole(940_000, 0.25, stock=False),
    },
    "xa": {
        "dan-so": Whole(8_600),
        "ho-gia-dinh": Whole(0.275, 0.03, of="dan-so"),
        "dan-so-tu-15-tuoi": Whole(0.75, 0.02, of="dan-so"),
        "dan-so-trong-do-tuoi-lao-dong": Whole(0.58, 0.02, of="dan-so"),
        "can-bo-cong-chuc-vien-chuc": Whole(22, 0.1, 0.3),
        "may-tram": Whole(1.1, 0.03, of="can-bo-cong-chuc-vien-chuc"),
        "doanh-nghiep": Whole(34, 0.7),
        "he-thong-thong-tin": Whole(3, 0.3, 0.2),
        "ho-so-tiep-nhan-va-xu-ly": Whole(4_300, 0.35, stock=False),
        "tong-chi-ngan-sach-tren-dia-ban": Whole(9_800, 0.3, stock=False),
    },
}
"""Wholes that several rows share, by the framework's name for the quantity, wholes first."""

MEASURES: dict[str, dict[Level, Whole]] = {
    "cuộc họp": dict.fromkeys(("so", "huyen", "xa"), Whole(9, 0.35, 0.1, stock=False)),
    "văn bản": {
        "so": Whole(20, 0.4, 0.3, stock=False),
        "huyen": Whole(34, 0.35, 0.3, stock=False),
        "xa": Whole(12, 0.4, 0.2, stock=False),
    },
    "nhiệm vụ": dict.fromkeys(("so", "huyen", "xa"), Whole(10, 0.4, 0.3, stock=False)),
    "báo cáo": {
        "so": Whole(30, 0.3, 0.2, stock=False),
        "huyen": Whole(46, 0.25, 0.2, stock=False),
        "xa": Whole(38, 0.25, 0.1, stock=False),
    },
    "dịch vụ công": {
        "so": Whole(46, 0.5, 0.3),
        "huyen": Whole(190, 0.1, 0.1),
        "xa": Whole(96, 0.1, 0.05),
    },
    "hồ sơ": {
        "so": Whole(3_400, 1.1, stock=False),
        "huyen": Whole(21_000, 0.35, stock=False),
        "xa": Whole(1_900, 0.4, stock=False),
    },
    "hồ sơ, giấy tờ, kết quả": dict.fromkeys(
        ("so", "huyen", "xa"), Whole(38_000, 0.4, stock=False)
    ),
    "người": {
        "so": Whole(620, 0.9, stock=False),
        "huyen": Whole(2_900, 0.5, stock=False),
        "xa": Whole(310, 0.6, stock=False),
    },
    "máy tính": dict.fromkeys(("so", "huyen", "xa"), Whole(210, 0.2)),
    "tổ": {"so": Whole(10), "huyen": Whole(150, 0.15), "xa": Whole(9, 0.15, 0.6)},
    "cơ sở": {"so": Whole(10), "huyen": Whole(58, 0.12, 0.8), "xa": Whole(4, 0.2, 0.4)},
    "điểm": dict.fromkeys(("so", "huyen", "xa"), Whole(3, 0.3, 0.3)),
    "sản phẩm": {
        "so": Whole(5),
        "huyen": Whole(24, 0.4, 0.3, stock=False),
        "xa": Whole(5, 0.5, 0.2, stock=False),
    },
    "bưu gửi": {
        "so": Whole(10),
        "huyen": Whole(61_000, 0.5, stock=False),
        "xa": Whole(4_600, 0.5, stock=False),
    },
    "doanh nghiệp, hộ, hợp tác xã": dict.fromkeys(("so", "huyen", "xa"), Whole(4_800, 0.3)),
    "tin bài": dict.fromkeys(("so", "huyen", "xa"), Whole(22, 0.45, 0.1, stock=False)),
    "hội nghị": dict.fromkeys(("so", "huyen", "xa"), Whole(3, 0.35, 0, stock=False)),
    "tin, bài/tháng": {
        "so": Whole(25, 0.35, 0.1, stock=False),
        "huyen": Whole(52, 0.3, 0.1, stock=False),
        "xa": Whole(18, 0.4, 0.1, stock=False),
    },
}
"""Other wholes, by their unit of measure."""

ROWS: dict[tuple[Level, str], Whole] = {
    ("so", "4.1"): Whole(2, 0.4, 0.2),
    ("huyen", "4.2"): Whole(3, 0.3, 0.2),
    ("xa", "4.2"): Whole(1, 0.2, 0),
    ("so", "4.3"): Whole(7, 0.3, 0.3),
    ("xa", "3.1"): Whole(1, 0, of="can-bo-cong-chuc-vien-chuc"),
    ("huyen", "8.6"): Whole(0.71, 0.02, of="dan-so"),
    ("xa", "6.7"): Whole(8, 0.5, 0, stock=False),
    ("so", "6.5"): Whole(0.55, 0.2, of="6.4"),
    ("so", "6.6"): Whole(0.97, 0.02, of="6.4"),
    ("so", "6.7"): Whole(0.2, 0.2, of="6.4"),
}
"""Rows whose whole is unlike others of the same measure."""
