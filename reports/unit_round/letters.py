"""The values of the letters that go to providers and units."""

from collections.abc import Sequence

from dti_core.framework.model import Framework
from dti_core.plausibility.flag import Flag
from dti_core.program.load import RoundContext
from dti_core.program.requests import Request
from dti_core.rational import vietnamese
from reports.letters.explanation import Doubt, ExplanationLetter
from reports.letters.paper import organisers_paper
from reports.letters.request import RequestLetter, Workbook
from reports.letters.wording import cite


def request_values(context: RoundContext, request: Request, files: Sequence[str]) -> RequestLetter:
    """The letter that asks one provider; `files` are its workbooks, its own figures' first."""
    round_ = context.round
    names = iter(file.rpartition("/")[2] for file in files)
    workbooks = []
    if request.own:
        rows = {item.criterion for item in request.own}
        workbooks.append(Workbook(next(names), "own", len(rows), len(request.own)))
    if request.about_units:
        rows = {item.criterion for item in request.about_units}
        units = {item.unit for item in request.about_units}
        workbooks.append(
            Workbook(next(names), "about_units", len(rows), len(request.about_units), len(units))
        )
    organiser = context.program.unit.get(context.program.organiser)
    return RequestLetter(
        paper=organisers_paper(context),
        recipient=context.program.unit[request.provider].name,
        basis=_basis(context),
        title=round_.title,
        evaluation_year=round_.evaluation_year,
        data_from=round_.data_from.on,
        data_to=round_.data_to.on,
        opens=round_.opens.on,
        closes=round_.closes.on,
        workbooks=tuple(workbooks),
        send_to=organiser.address if organiser else None,
    )


def explanation_values(
    context: RoundContext, unit: str, flags: Sequence[Flag], workbook: str
) -> ExplanationLetter:
    """The letter that asks one unit to explain."""
    round_ = context.round
    framework = context.framework_of(unit)
    due = round_.explain_by or round_.closes
    return ExplanationLetter(
        paper=organisers_paper(context),
        recipient=context.program.unit[unit].name,
        basis=_basis(context),
        title=round_.title,
        evaluation_year=round_.evaluation_year,
        due=due.on,
        workbook=workbook.rpartition("/")[2],
        doubts=tuple(_doubt(framework, flag) for flag in flags),
    )


def _doubt(framework: Framework, flag: Flag) -> Doubt:
    row = framework.by_code[flag.criterion]
    figure = "" if flag.reported is None else vietnamese(flag.reported, 6)
    variable = row.variables.get(flag.variable or "")
    if figure and variable and variable.kind == "percent" and flag.reported is not None:
        figure = f"{vietnamese(flag.reported * 100, 4)} %"
    elif figure and variable and variable.unit:
        figure += f" {variable.unit}"
    if figure and flag.variable:
        figure = f"{flag.variable} = {figure}"
    return Doubt(flag.criterion, row.name, figure, flag.message)


def _basis(context: RoundContext) -> str:
    return cite(next(iter(context.frameworks.values())).decree)
