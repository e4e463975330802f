"""The June round asks the lead agencies: each its part, the parts added and reconciled."""

import hashlib
from fractions import Fraction
from pathlib import Path

import pytest

from dti_core.figures import Figure
from dti_core.framework.load import load_framework
from dti_core.intake.fill import fill
from dti_core.intake.layout import VALUE, about_key
from dti_core.intake.received import open_received
from dti_core.intake.submission import figures_of
from dti_core.program.load import RoundContext, load_round
from dti_core.program.requests import plan, requests
from dti_core.records.collecting import source_of
from dti_core.records.database import session
from dti_core.records.figures import current_figures, receive, write_figures
from dti_core.records.parts import combine
from dti_core.records.rounds import open_round
from reports.workbooks.about_units import about_units_workbook

ROUND = "vinh-long-mau/2024-06"
PROVINCE, ROW = "vinh-long", "6.12"


@pytest.fixture(scope="module")
def context() -> RoundContext:
    return load_round(ROUND)


def test_every_lead_of_the_decree_is_asked_once_and_nobody_else(context: RoundContext) -> None:
    framework = load_framework("vinh-long-2554/tinh")
    made = plan(context)
    assert made.gaps == ()
    providers = [row.provider_of(name) for row in framework.rows for name in row.needed]
    leads = {lead for each in providers if each for lead in each.leads}
    classes = {framework.decree.agencies[lead].group for lead in leads} - {None}
    asked = [context.program.unit[each.provider] for each in made.requests]
    assert len({unit.id for unit in asked}) == len(asked) == 42
    assert {unit.agency for unit in asked} >= {
        lead for lead in leads if framework.decree.agencies[lead].group is None
    }
    assert all(unit.agency in leads or unit.level in classes for unit in asked)
    answered = {item.key for each in made.requests for item in (*each.own, *each.about_units)}
    assert answered == {(PROVINCE, row.code, name) for row in framework.rows for name in row.needed}


def test_parts_are_added_when_all_have_come_and_who_is_lacking_is_named(
    context: RoundContext, tmp_path: Path, empty_home: Path
) -> None:
    """6.12: what departments, districts and communes each count makes the province's figure."""
    assert empty_home.is_dir()
    shared = plan(context).shared[PROVINCE, ROW, "a"]
    assert len(shared.providers) == 37
    given = {who: number for number, who in enumerate(shared.providers, 1)}
    with session() as records:
        open_round(records, context, "test")
    *most, last = shared.providers
    for who in most:
        _send(context, tmp_path, who, given[who])
    figure = _figure()
    assert (figure.status, figure.value) == ("partial", None)
    assert figure.note == (
        f"Cộng phần của 36 trên 37 nơi: {sum(given[who] for who in most)}."
        f" Còn thiếu: {context.program.unit[last].name}."
    )
    _send(context, tmp_path, last, given[last])
    figure = _figure()
    assert (figure.status, figure.value) == ("derived", Fraction(sum(given.values())))
    _send(context, tmp_path, last, given[last] + 5)
    assert _figure().value == sum(given.values()) + 5


def _send(context: RoundContext, folder: Path, who: str, number: int) -> None:
    """One provider's workbook with its part of 6.12 a, as collection takes it in."""
    request = next(each for each in requests(context) if each.provider == who)
    path = folder / f"{who}.xlsx"
    path.write_bytes(about_units_workbook(context, request, {}))
    fill(path, {(about_key(PROVINCE, ROW, "a"), VALUE): number})
    submitted = figures_of(open_received(path, context).workbook, context, path.name)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    source = source_of(who, "about_units")
    with session() as records:
        submission, new = receive(records, ROUND, who, source, digest, path.name, "test")
        assert new
        write_figures(records, ROUND, submission, submitted.figures, "test", plan(context).shared)
        combine(records, context, submission, "test")


def _figure() -> Figure:
    with session() as records:
        return current_figures(records, ROUND)[PROVINCE, ROW, "a"]
