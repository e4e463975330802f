"""Write the sample of vinh-long-mau/2024-q4: `python -m tests.sample.vinh_long_mau`.

The same bytes every time. Nothing in it is any agency's figure; every file says so.
"""

import csv
import io
from pathlib import Path

from dti_core.intake.sample import PETITION_COLUMNS
from dti_core.program.load import SHIPPED, load_round
from dti_core.records.exemptions import proposals
from tests.sample.drawing import figures, quantities
from tests.sample.level import LevelSample
from tests.sample.quarter import DEPARTMENT, QUANTITIES
from tests.sample.slips import Slips
from tests.sample.vinh_phuc import NOTICE

ROUND = "vinh-long-mau/2024-q4"
FOLDER = SHIPPED / "vinh-long-mau" / "sample"
SLIPS = Slips(
    late={"so-y-te": 4},
    last_hour=("so-gddt", "so-tnmt"),
    missing=("so-xay-dung",),
    above_whole={("so-cong-thuong", "6.1"): 2},
    copied={"so-tu-phap": "so-vhttdl"},
    unsupported_self=(("so-nnptnt", "2.4"),),
)


PETITIONS = (
    (
        "so-nnptnt",
        "2.4",
        "Đề nghị xem lại tiêu chí 2.4: hai nhiệm vụ hoàn thành trong tháng 9 chưa được tính.",
        "upheld",
        "18",
        "Hai báo cáo kết quả gửi kèm kiến nghị được ban hành trong thời gian đánh giá.",
    ),
    (
        "so-cong-thuong",
        "6.1",
        "Đề nghị tính điểm tối đa tiêu chí 6.1.",
        "dismissed",
        "",
        "Các mục tin nêu trong kiến nghị được đăng sau ngày chốt số liệu.",
    ),
)
"""Unit, row, what it says, how that is decided, the points where it is upheld, why."""


def sample() -> LevelSample:
    """The round's figures, without those of rows from which a unit is to be exempt."""
    context = load_round(ROUND)
    (framework,) = context.frameworks.values()
    exempt = proposals(context)
    true = {
        (unit.id, *place): value
        for unit in context.units
        for place, value in figures(
            unit.id, framework, DEPARTMENT, quantities(unit.id, QUANTITIES, {})
        ).items()
        if (unit.id, place[0]) not in exempt
    }
    return LevelSample(context, true, SLIPS)


def write(folder: Path) -> list[Path]:
    """Write every file of the sample; the paths written."""
    made = sample()
    year = str(made.context.round.evaluation_year)
    files = made.files(year, NOTICE)
    files[f"petitions-{year}.csv"] = _petitions()
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    return [folder / name for name in files]


def _petitions() -> str:
    out = io.StringIO()
    out.write(f"{NOTICE}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(PETITION_COLUMNS)
    writer.writerows(PETITIONS)
    return out.getvalue()


if __name__ == "__main__":
    for path in write(FOLDER):
        print(path)
