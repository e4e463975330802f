"""The values of the plan of a unit round, from its program and its frameworks."""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from dti_core.framework.model import Framework
from dti_core.program.calendar import closing_of
from dti_core.program.load import RoundContext
from dti_core.program.requests import Request, requests
from dti_core.program.routing import verifier_name
from dti_core.records.assignments import due_of
from reports.letters.paper import organisers_paper
from reports.letters.plan import Limit, Plan, Roster, Scope, Share
from reports.letters.wording import cite
from reports.policies import ladder
from reports.unit_round.letters import deadline_basis, send_to
from reports.unit_round.policies import applied, undecided


def plan_values(context: RoundContext) -> Plan:
    """The plan, before anything is sent out.

    Raises NobodyToAsk where a figure is asked of nobody; UnknownYear, UnsettledDay where the
    deadline's day off cannot be told.
    """
    program, round_ = context.program, context.round
    asked = {request.provider: request for request in requests(context)}
    assessed = {unit.id for unit in context.units}
    reminders, council = program.policies.reminders, program.appraisal.council
    return Plan(
        paper=organisers_paper(context, "KH"),
        basis="; ".join(
            dict.fromkeys(cite(framework.decree) for framework in context.frameworks.values())
        ),
        title=round_.title,
        publisher=program.publisher,
        evaluation_year=round_.evaluation_year,
        data_from=round_.data_from.on,
        data_to=round_.data_to.on,
        data_basis="; ".join(dict.fromkeys((round_.data_from.basis, round_.data_to.basis))),
        opens=round_.opens.on,
        closes=closing_of(program, round_).on,
        explain_by=round_.explain_by.on if round_.explain_by else None,
        appraise_by=due_of(context),
        publish_by=round_.publish_by.on if round_.publish_by else None,
        limits=tuple(_limits(context)),
        scopes=tuple(
            _scope(framework, sum(unit.level == level for unit in context.units))
            for level, framework in context.frameworks.items()
        ),
        rosters=_rosters(context, asked, assessed),
        only_providers=len(set(asked) - assessed),
        reminders=ladder(reminders.value) if reminders else None,
        reminded_before=bool(reminders and reminders.value.before),
        policies=tuple(applied(program.policies, partial(verifier_name, context))),
        undecided=undecided(context),
        send_to=send_to(context),
        figures=any(each.own or each.about_units for each in asked.values()),
        council=council.name if council else None,
    )


def _limits(context: RoundContext) -> Iterator[Limit]:
    """What sets the days of the steps; the same basis is named once."""
    round_ = context.round
    bases = {"1": round_.opens.basis, "2": deadline_basis(context)}
    for step, limit in (
        ("6", round_.explain_by),
        ("7", round_.appraise_by),
        ("8", round_.publish_by),
    ):
        if limit:
            bases[step] = limit.basis
    for basis in dict.fromkeys(bases.values()):
        steps = [step for step, each in bases.items() if each == basis]
        *most, last = steps
        yield Limit(f"bước {', '.join(most)} và {last}" if most else f"bước {last}", basis)


def _scope(framework: Framework, units: int) -> Scope:
    most = [pillar.max_points for pillar in framework.pillars]
    added = None if None in most else sum((each or Fraction(0) for each in most), Fraction(0))
    return Scope(
        title=framework.title,
        citation=str(framework.citation),
        units=units,
        pillars=len(framework.pillars),
        criteria=len(framework.criteria),
        max_points=added if framework.total_stated is None else framework.total_stated,
    )


def _rosters(
    context: RoundContext, asked: dict[str, Request], assessed: set[str]
) -> tuple[Roster, ...]:
    """A table for each framework, and one for those who give figures only."""
    named = len(context.frameworks) > 1 or bool(set(asked) - assessed)
    found = [
        Roster(
            framework.title if named else None,
            tuple(
                _share(unit.name, asked.get(unit.id))
                for unit in context.units
                if unit.level == level
            ),
        )
        for level, framework in context.frameworks.items()
    ]
    others = tuple(
        _share(context.program.unit[who].name, request)
        for who, request in asked.items()
        if who not in assessed
    )
    return (*found, Roster("Cơ quan, đơn vị cung cấp số liệu, không được đánh giá", others))


def _share(name: str, request: Request | None) -> Share:
    if request is None:
        return Share(name, 0, 0)
    return Share(name, len(request.due(own=True)), len(request.due(own=False)), len(request.spared))
