"""The points that a workbook shows while figures are typed are those that will be computed.

A real spreadsheet program works the formulas out, over figures drawn for every rule of every
framework that units are asked by; the referee says what they should be.
"""

import random
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from xlsxwriter.utility import xl_rowcol_to_cell

from dti_core.figures import Figure
from dti_core.framework.load import load_framework
from dti_core.framework.model import Criterion
from dti_core.intake.cells import NO, YES
from dti_core.program.policies import Policies, Scoring
from dti_core.rational import round_half_up
from dti_core.scoring.score import score_row
from reports.workbooks.formulas import points_formula

FRAMEWORKS = ("vinh-phuc-2074/so", "vinh-phuc-2074/huyen", "vinh-phuc-2074/xa", "vinh-long-mau/so")
EACH = 12
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
 <item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"
 oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def _policies(overlap: str | None, zero: str) -> Policies:
    values = {"overlap": overlap, "zero_denominator": zero}
    return Policies.model_validate(
        {
            name: {"value": value, "basis": "x", "decided_on": "2024-01-01"}
            for name, value in values.items()
            if value
        }
    )


def _figures(row: Criterion, chance: random.Random) -> dict[str, object]:
    """Figures as somebody types them; now and then one is left out, or a whole is 0."""
    values: dict[str, object] = {}
    whole = Fraction(chance.choice([0, 1, 7, 20, 45, 100, 250]))
    for name, variable in row.variables.items():
        if chance.random() < 0.08:
            continue
        match variable.kind:
            case "flag":
                values[name] = chance.random() < 0.7
            case "choice":
                known = [c for c in variable.choices if c not in row.unassigned(name)]
                values[name] = chance.choice(known)
            case "percent":
                values[name] = Fraction(chance.randint(0, 100), 100)
            case _:
                part = Fraction(chance.randint(0, int(whole))) if whole else Fraction(0)
                values[name] = part if not values else whole
    return values


def _typed(row: Criterion, name: str, value: object) -> object:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, str):
        return row.variables[name].choices[value]
    assert isinstance(value, Fraction)
    return float(value)


def _expected(row: Criterion, values: dict[str, object], policies: Policies) -> Fraction | None:
    figures = {
        ("u", row.code, name): Figure("u", row.code, name, "given", value)  # type: ignore[arg-type]
        for name, value in values.items()
    }
    points = score_row(row, ["u"], figures, policies, "as_written")["u", row.code].points
    return None if points is None else Fraction(round_half_up(points, 2))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="cần LibreOffice để tính công thức")
@pytest.mark.parametrize(
    ("overlap", "zero"), [("first_listed", "zero"), ("best", "ask"), (None, "full")]
)
def test_the_workbook_shows_the_points_that_the_rules_give(
    tmp_path: Path, overlap: str | None, zero: str
) -> None:
    chance = random.Random(2074)
    policies = _policies(overlap, zero)
    path, expected, shown = tmp_path / "f.xlsx", [], 0
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("x")
    for framework_id in FRAMEWORKS:
        for row in load_framework(framework_id).rows:
            cells = {
                name: xl_rowcol_to_cell(0, place, col_abs=True)[:-1]
                for place, name in enumerate(row.variables, 1)
            }
            for _ in range(EACH):
                at = len(expected)
                here = {name: f"{column}{at + 1}" for name, column in cells.items()}
                formula = points_formula(row, row.rule, here, Scoring.of(policies), 2)
                if formula is None:
                    break
                values = _figures(row, chance)
                for place, name in enumerate(row.variables, 1):
                    if name in values:
                        sheet.write(at, place, _typed(row, name, values[name]))
                sheet.write_formula(at, 0, formula, None, "")
                expected.append((framework_id, row.code, values, _expected(row, values, policies)))
            else:
                shown += 1
    book.close()
    profile = tmp_path / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    out = tmp_path / "out"
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{profile.parent}",
            *("--headless", "--convert-to", "xlsx", "--outdir", str(out), str(path)),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    rows = CalamineWorkbook.from_path(str(out / "f.xlsx")).get_sheet_by_name("x").to_python()
    assert shown > 100  # most rows of the four frameworks can be worked out in the workbook
    for (framework_id, code, values, points), got in zip(expected, rows, strict=True):
        value = None if got[0] == "" else round_half_up(Fraction(str(got[0])), 2)
        wanted = None if points is None else round_half_up(points, 2)
        whole = len(values) == len(load_framework(framework_id).by_code[code].variables)
        if value is None and not whole:
            continue  # the referee may know already; the workbook waits for the last figure
        assert value == wanted, (framework_id, code, values, got[0])
