"""The program of `published_round`: departments, and communes in two districts, on one framework of
four rows."""

from dataclasses import replace
from datetime import date
from typing import Any

from dti_core.framework.model import Framework
from dti_core.program.load import RoundContext
from dti_core.program.model import Program
from tests.unit.small_frameworks import framework as framework_of

PROGRAM, ROUND = "mau", "mau/2023"

COMMUNES = {"tam-duong": ("dao-tu", "hoang-lau", "hop-hoa"), "lap-thach": ("lien-hoa", "xuan-hoa")}
NAMES = {
    "so-tu-phap": "Sở Tư pháp",
    "so-y-te": "Sở Y tế",
    "so-noi-vu": "Sở Nội vụ",
    "ban-dan-toc": "Ban Dân tộc",
    "tam-duong": "Huyện Tam Dương",
    "lap-thach": "Huyện Lập Thạch",
    "dao-tu": "Xã Đạo Tú",
    "hoang-lau": "Xã Hoàng Lâu",
    "hop-hoa": "Thị trấn Hợp Hòa",
    "lien-hoa": "Xã Liên Hòa",
    "xuan-hoa": "Xã Xuân Hòa",
}
DEPARTMENTS = ("so-tu-phap", "so-y-te", "so-noi-vu", "ban-dan-toc")


def criterion(code: str, name: str, most: int, rule: dict[str, Any], **variables: Any) -> Any:
    return {
        "code": code,
        "name": name,
        "max_points": most,
        "rule": rule,
        "variables": variables,
        "provider": {"relative": "self"},
        "citation": {"decree": "1/QĐ-UBND", "appendix": "I", "row": code},
    }


def count(label: str, unit: str = "hồ sơ") -> dict[str, str]:
    return {"label": label, "kind": "count", "unit": unit}


def framework(level: str) -> Framework:
    """Two pillars of 40 and 60 points."""
    first = [
        criterion(
            "1.1",
            "Ban hành kế hoạch chuyển đổi số",
            20,
            {"type": "flag", "of": "x"},
            x={"label": "Đã ban hành kế hoạch", "kind": "flag"},
        ),
        criterion(
            "1.2",
            "Số hội nghị về chuyển đổi số",
            20,
            {"type": "per_item", "of": "x", "each": 5},
            x=count("Số hội nghị", "hội nghị"),
        ),
    ]
    files = {
        "a": count("Số hồ sơ nộp trực tuyến"),
        "b": count("Tổng số hồ sơ đã tiếp nhận"),
    }
    second = [
        criterion("2.1", "Tỷ lệ hồ sơ trực tuyến", 40, {"type": "ratio", "of": "a / b"}, **files),
        criterion("2.2", "Sáng kiến", 20, {"type": "appraised"}),
    ]
    cite = {"decree": "1/QĐ-UBND", "appendix": "I"}
    found = framework_of(
        {
            "code": "1",
            "name": "Nhận thức số",
            "max_points": "40",
            "citation": cite,
            "criteria": first,
        },
        {
            "code": "2",
            "name": "Hoạt động số",
            "max_points": "60",
            "citation": cite,
            "criteria": second,
        },
        total_stated="100",
        title=f"Bộ chỉ số {level} MẪU",
    )
    return found.model_copy(update={"id": f"mau/{level}", "level": level})


def context() -> RoundContext:
    """The round, from nothing but this file."""
    units = [{"id": each, "name": NAMES[each], "level": "so"} for each in DEPARTMENTS]
    units += [{"id": each, "name": NAMES[each]} for each in COMMUNES]
    units += [
        {"id": each, "name": NAMES[each], "level": "xa", "parent": parent}
        for parent, communes in COMMUNES.items()
        for each in communes
    ]
    policies = {
        "reading": "as_written",
        "zero_denominator": "zero",
        "rounding": {"digits": 2, "total": "sum_of_exact"},
        "ties": "same_rank",
        "rank_on": "published",
    }
    day = {"on": date(2023, 1, 1), "basis": "1/QĐ-UBND"}
    program = Program.model_validate(
        {
            "id": PROGRAM,
            "name": "Tỉnh MẪU",
            "decree": "1/QĐ-UBND",
            "frameworks": {"so": "mau/so", "xa": "mau/xa"},
            "organiser": "so-noi-vu",
            "publisher": "Ủy ban nhân dân tỉnh MẪU",
            "letterhead": {
                "issuer": "Sở Nội vụ",
                "place": "MẪU",
                "signer": "Giám đốc",
                "file_code": "X",
            },
            "decision": {
                "issuer": ["Ủy ban nhân dân", "tỉnh MẪU"],
                "symbol": "QĐ-UBND",
                "place": "MẪU",
                "signer": ["TM. Ủy ban nhân dân", "Chủ tịch"],
                "competence": "Ủy ban nhân dân tỉnh MẪU",
                "grounds": [],
                "proposer": "Giám đốc Sở Nội vụ",
                "proposal": "TTr-X",
                "executors": "Thủ trưởng các cơ quan",
            },
            "units": units,
            "policies": {
                name: {"value": value, "basis": "MẪU", "decided_on": "2024-01-02"}
                for name, value in policies.items()
            },
            "rounds": [
                {
                    "id": "2023",
                    "title": "Đánh giá chuyển đổi số năm 2023 (MẪU)",
                    "evaluation_year": 2023,
                    "data_from": day,
                    "data_to": {**day, "on": date(2023, 12, 31)},
                    "opens": {**day, "on": date(2024, 1, 2)},
                    "closes": {**day, "on": date(2024, 1, 31)},
                    "levels": ["so", "xa"],
                }
            ],
            "folder": "/nowhere",
            "sha256": "0" * 64,
        }
    )
    round_ = program.rounds[0]
    frameworks: dict[str, Framework] = {level: framework(level) for level in round_.levels}
    return RoundContext(ROUND, program, round_, program.units_of(round_), frameworks)


def with_units(here: RoundContext, number: int) -> RoundContext:
    """The round with as many communes: what a whole province publishes."""
    unit = next(each for each in here.program.units if each.id == "dao-tu")
    more = tuple(
        unit.model_copy(update={"id": f"xa-{n}", "name": f"Xã Nguyễn Thái Học {n}"})
        for n in range(number)
    )
    program = here.program.model_copy(update={"units": (*here.program.units, *more)})
    return replace(here, program=program, units=program.units_of(here.round))
