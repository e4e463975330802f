"""MẪU: a program of any number of communes, and what its people send: made, nobody's figures.

The shipped program of Vĩnh Phúc with its communes replaced by so many others and one round that
asks, checks, appraises and ranks them all (2074/QĐ-UBND, Phụ lục 4). What goes wrong goes wrong in
the same part of the units whatever their number, so that costs of different sizes compare.
"""

import os
from pathlib import Path
from typing import Any

import yaml

from dti_core.program.load import RoundContext, load_round
from dti_core.strict_yaml import Document
from tests.sample.districts import COMMUNE, COMMUNE_QUANTITIES
from tests.sample.drawing import figures, quantities
from tests.sample.level import LevelSample
from tests.sample.slips import Slips
from tests.sample.vinh_phuc import NOTICE
from tests.sample.years import Figures

BASE = "vinh-phuc/2023"
PROGRAM = "do-luong"
ROUND = f"{PROGRAM}/2023"
PER_DISTRICT = 10
"""Every district answers about so many communes or more."""
BLOCK = 20
"""In every so many units: one late, one whose part is above its whole, one that sent its
neighbour's workbook, one without a workbook in every second such block."""


def make_program(units: int) -> RoundContext:
    """Write the program and its sample under DTI_HOME; its round, opened by nobody yet."""
    base = load_round(BASE)
    source = base.program.folder / "program.yaml"
    content: Any = Document(source).content
    districts = [each["id"] for each in content["units"] if each.get("level") == "huyen"]
    districts = districts[: max(1, units // PER_DISTRICT)]
    communes = [
        {
            "id": f"xa-{number:04d}",
            "address": f"xa-{number:04d}@mau.example",
            "name": f"UBND xã mẫu {number}",
            "level": "xa",
            "parent": districts[number % len(districts)],
        }
        for number in range(1, units + 1)
    ]
    content["id"], content["name"] = PROGRAM, f"Tỉnh mẫu để đo, {units} xã"
    kept = [each for each in content["units"] if each.get("level") != "xa"]
    content["units"] = kept + communes
    for each in content["appraisal"]["fields"]:
        if ("pillars" not in each and "criteria" not in each) or each.get("pillars") == ["4"]:
            each["levels"] = ["xa"]
    content["appraisal"]["fields"] = [
        each for each in content["appraisal"]["fields"] if each["levels"] == ["xa"]
    ]
    (round_,) = (each for each in content["rounds"] if each["id"] == "2023")
    content["rounds"] = [round_ | {"levels": ["xa"]}]
    for gone in ("through", "prior"):
        content["rounds"][0].pop(gone)
    folder = Path(os.environ["DTI_HOME"]) / "programs" / PROGRAM
    (folder / "sample").mkdir(parents=True)
    text = yaml.dump(content, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
    (folder / "program.yaml").write_text(text, encoding="utf-8")
    context = load_round(ROUND)
    sample = LevelSample(context, _true(context), _slips(units))
    for name, text in sample.files("2023", NOTICE).items():
        (folder / "sample" / name).write_bytes(text.encode())
    return context


def _true(context: RoundContext) -> Figures:
    framework = context.frameworks["xa"]
    return {
        (unit.id, *place): value
        for unit in context.units
        for place, value in figures(
            unit.id, framework, COMMUNE, quantities(unit.id, COMMUNE_QUANTITIES, {})
        ).items()
    }


def _slips(units: int) -> Slips:
    starts = range(0, units - BLOCK + 1, BLOCK)
    return Slips(
        late={_name(start, 3): 2 for start in starts},
        last_hour=tuple(_name(start, 4) for start in starts),
        above_whole={(_name(start, 5), "4.6"): 2 for start in starts},
        copied={_name(start, 8): _name(start, 7) for start in starts},
        missing=tuple(_name(start, 12) for start in starts[1::2]),
    )


def _name(start: int, place: int) -> str:
    return f"xa-{start + place:04d}"
