"""The sample types into the forms as they go out, also where a provider knows of one unit only."""

from pathlib import Path

import pytest

from benchmarks.made_program import make_program
from dti_core.intake import sample_round
from dti_core.intake.fill import fill
from dti_core.intake.submission import figures_of
from dti_core.intake.workbook import read_workbook
from dti_core.program.requests import requests
from flows.sample_values import sample_values
from reports.workbooks.about_units import about_units_workbook

ABOUT = "about_units"


@pytest.mark.usefixtures("empty_home")
@pytest.mark.parametrize("communes", [1, 2])
def test_what_the_sample_says_about_units_is_read_from_their_form(
    communes: int, tmp_path: Path
) -> None:
    context = make_program(communes)
    answers = sample_round.answers(context)
    read = 0
    for request in requests(context):
        mine = answers.get((request.provider, ABOUT), [])
        if not mine:
            continue
        path = tmp_path / f"{request.provider}.xlsx"
        path.write_bytes(about_units_workbook(context, request, {}))
        fill(path, sample_values(context, request, ABOUT, mine, ()))
        given = [f for f in figures_of(read_workbook(path), context, path.name).figures if f.known]
        assert len(given) == len(mine)
        assert {figure.unit for figure in given} == {answer.unit for answer in mine}
        read += len(given)
    assert read
