"""MẪU: the program and the answers of a made province, written where a province keeps its own.

The frameworks are those of 2074/QĐ-UBND; units, figures and policies are made. Every text says so.
"""

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from dti_core.errors import Refused
from dti_core.framework.load import home, load_framework
from dti_core.intake.sample import WIDE_ANSWERS
from dti_core.intake.sample_file import MARK
from dti_core.records.files import write_whole
from flows.national.provinces import Size
from flows.national.sample_figures import Drawn, added_up

PREFIX = "tinh-mau-"
ROUND = "2023"
LEVELS = ("so", "huyen", "xa")
FRAMEWORKS = {level: f"vinh-phuc-2074/{level}" for level in LEVELS}
SAYS = (
    "Mẫu: đơn vị, số liệu và chính sách do chương trình sinh ra để chạy thử toàn quốc; không phải"
    " số liệu hay kết quả của bất kỳ cơ quan nào."
)
NOTICE = f"{MARK} {SAYS.removeprefix('Mẫu: ')}"
_HEAD = {"so": "Cơ quan mẫu", "huyen": "UBND huyện mẫu", "xa": "UBND xã mẫu"}
_POLICIES: dict[str, tuple[Any, str]] = {
    "reading": ("as_written", "tính đúng câu chữ 2074/QĐ-UBND"),
    "overlap": ("first_listed", "xét mức nêu trước"),
    "zero_denominator": ("zero", "không phát sinh thì không có điểm"),
    "missing_figure": ("zero", "số liệu không gửi thì không có điểm, để cả nước xếp được một lượt"),
    "not_available_figure": ("zero", "nguồn chưa thống kê được thì không có điểm"),
    "not_applicable_figure": ("zero", "số liệu không liên quan thì không có điểm"),
    "pillar_overflow": ("cap_pillar", "lấy tối đa của chỉ số chính"),
    "rounding": ({"digits": 2, "total": "sum_of_exact"}, "công bố hai chữ số thập phân"),
    "ties": ("same_rank", "bằng điểm thì đồng hạng, hạng kế tiếp để trống"),
    "rank_on": ("published", "xếp hạng theo điểm công bố"),
}


class NotASample(Refused):
    """A program that stands where a made one would go is somebody's own."""


def write_program(size: Size, seed: int) -> str:
    """Write the program of a made province and its answers under DTI_HOME; returns its round.

    The same size and seed give the same files. Raises NotASample rather than write over a program
    that is not a made one.
    """
    program = f"{PREFIX}{size.code}"
    folder = home() / "programs" / program
    file = folder / "program.yaml"
    if file.exists() and SAYS not in file.read_text(encoding="utf-8"):
        raise NotASample(
            f"Thư mục {folder} đã có một chương trình không phải chương trình mẫu; chưa ghi gì. Hãy"
            " dùng DTI_HOME khác để chạy thử toàn quốc."
        )
    units = _units(size)
    text = yaml.dump(
        _content(program, size, units),
        Dumper=yaml.CSafeDumper,
        allow_unicode=True,
        sort_keys=False,
        width=1_000,
    )
    for level, drawn in _drawn(size, seed).items():
        names = [unit["id"] for unit in units if unit["level"] == level]
        write_whole(answers_file(folder, level), _csv(drawn, names).encode())
    write_whole(file, f"# {SAYS}\n{text}".encode())
    return f"{program}/{ROUND}"


def made_rounds() -> list[str]:
    """The rounds of all made provinces under DTI_HOME, in order."""
    found = sorted((home() / "programs").glob(f"{PREFIX}*/program.yaml"))
    return [f"{file.parent.name}/{ROUND}" for file in found]


def answers_file(folder: Path, level: str) -> Path:
    """Where a program keeps the answers of one level."""
    return folder / "sample" / f"answers-{ROUND}-{level}.csv"


def _units(size: Size) -> list[dict[str, str]]:
    """Units of all levels; communes are spread evenly over the districts, in order."""
    found: list[dict[str, str]] = []
    for level in LEVELS:
        for number in range(1, getattr(size, level) + 1):
            unit = {
                "id": f"{level}-{size.code}-{number:03d}",
                "name": f"{_HEAD[level]} {number}, tỉnh mẫu {size.code}",
                "level": level,
            }
            if level == "xa":
                unit["parent"] = f"huyen-{size.code}-{_district(number, size) + 1:03d}"
            found.append(unit)
    return found


def _district(commune: int, size: Size) -> int:
    return (commune - 1) * size.huyen // size.xa


def _drawn(size: Size, seed: int) -> dict[str, Drawn]:
    def chance(level: int) -> np.random.Generator:
        return np.random.default_rng([seed, int(size.code), level])

    frameworks = {level: load_framework(name) for level, name in FRAMEWORKS.items()}
    communes = Drawn(frameworks["xa"], size.xa, chance(2))
    above = np.array([_district(number, size) for number in range(1, size.xa + 1)], np.int64)
    fixed = added_up(communes, above, size.huyen)
    fixed["xa"] = np.bincount(above, minlength=size.huyen).astype(float)
    return {
        "so": Drawn(frameworks["so"], size.so, chance(0)),
        "huyen": Drawn(frameworks["huyen"], size.huyen, chance(1), fixed),
        "xa": communes,
    }


def _csv(drawn: Drawn, units: list[str]) -> str:
    """A row a unit, a column a figure (`dti_core.intake.sample`)."""
    text = io.StringIO()
    text.write(f"{NOTICE}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*WIDE_ANSWERS, *(f"{code}:{name}" for code, name in drawn.texts)])
    for at, unit in enumerate(units):
        writer.writerow([unit, "own", unit, *(column[at] for column in drawn.texts.values())])
    return text.getvalue()


def _content(program: str, size: Size, units: list[dict[str, str]]) -> dict[str, Any]:
    name = f"Tỉnh mẫu {size.code}"
    basis = "Bản mẫu: 2074/QĐ-UBND không nêu ngày nộp"
    return {
        "id": program,
        "name": f"{name} (quy mô {size.size_of})",
        "decree": "2074/QĐ-UBND",
        "frameworks": FRAMEWORKS,
        "organiser": f"so-{size.code}-001",
        "publisher": f"Ủy ban nhân dân {name.lower()}",
        "letterhead": {
            "issuer": f"Cơ quan chủ trì, {name.lower()}",
            "place": name,
            "signer": "Giám đốc",
            "file_code": "MAU",
        },
        "units": units,
        "policies": {
            key: {"value": value, "basis": f"Bản mẫu: {why}", "decided_on": "2024-01-02"}
            for key, (value, why) in _POLICIES.items()
        },
        "rounds": [
            {
                "id": ROUND,
                "title": f"Đánh giá chuyển đổi số năm 2023, {name.lower()}",
                "evaluation_year": 2023,
                "data_from": {"on": "2023-01-01", "basis": "2074/QĐ-UBND, mục III.1"},
                "data_to": {"on": "2023-12-31", "basis": "2074/QĐ-UBND, mục III.1"},
                "opens": {"on": "2024-01-02", "basis": basis},
                "closes": {"on": "2024-01-31", "basis": basis},
                "levels": list(LEVELS),
                "illustration": SAYS,
            }
        ],
    }
