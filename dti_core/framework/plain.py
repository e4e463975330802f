"""A framework as plain data in the shape and the key order of the YAML files.

Defaults and what is not there are left out, aliases are written (`from`, `to`), and exact numbers
are texts as people write them (`dti_core.framework.spelling`).
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from dti_core.framework.model import (
    Agency,
    Citation,
    Criterion,
    Decree,
    Erratum,
    Framework,
    Information,
    Pillar,
    PillarErratum,
    Provider,
    Variable,
)
from dti_core.framework.rules import (
    Appraised,
    BestOf,
    Deductions,
    Factor,
    Flag,
    Gate,
    Interval,
    MinMax,
    Options,
    Part,
    Parts,
    Percent,
    PerItem,
    Ratio,
    RelativeToBest,
    Rule,
    Steps,
)
from dti_core.framework.spelling import (
    bound_number,
    factor_number,
    percent_number,
    plain_number,
    share_number,
)

Plain = dict[str, Any]
"""str → Number | str | int | bool | None | list | Plain"""


class Number(str):
    """An exact number in its spelling: it is never quoted."""


def plain_decree(decree: Decree) -> Plain:
    """What decree.yaml holds."""
    return {
        "id": decree.id,
        "number": decree.number,
        "issued": decree.issued.isoformat(),
        "issuer": decree.issuer,
        "title": decree.title,
        "source": decree.source,
        "agencies": {slug: _agency(agency) for slug, agency in decree.agencies.items()},
    }


def plain_framework(framework: Framework) -> Plain:
    """What the file of a level holds: neither the id nor the decree, which stand around it."""
    return _present(
        level=framework.level,
        title=framework.title,
        citation=plain_citation(framework.citation),
        total_stated=_stated(framework.total_stated),
        criteria_stated=framework.criteria_stated,
        information=[_information(each) for each in framework.information] or None,
        pillars=[_pillar(pillar) for pillar in framework.pillars],
    )


def plain_rule(rule: Rule, percents: Iterable[str] = ()) -> Plain:
    """A rule; `percents` names the variables that are percentages."""
    known = frozenset(percents)
    body: Plain
    match rule:
        case Flag() | Percent():
            body = {"of": rule.of}
        case Options():
            shares = {choice: _share(share) for choice, share in rule.shares.items()}
            body = {"of": rule.of, "shares": shares}
        case Ratio():
            body = _ratio(rule)
        case Steps():
            ratio = rule.of.is_quotient or known.issuperset(rule.of.variables)
            body = {
                "of": str(rule.of),
                "table": [_interval(step, of_ratio=ratio) for step in rule.table],
            }
        case PerItem():
            body = {"of": str(rule.of), "each": _points(rule.each)}
        case RelativeToBest() | MinMax():
            body = {"of": str(rule.of), "peers": rule.peers}
        case Parts():
            body = {"parts": [_part(part, known) for part in rule.parts]}
        case Gate():
            body = {"flag": rule.flag, "then": plain_rule(rule.then, known)}
        case BestOf():
            body = {"alternatives": [plain_rule(way, known) for way in rule.alternatives]}
        case Deductions():
            losses = [{"of": str(event.of), "each": _points(event.each)} for event in rule.events]
            body = _present(events=losses, floor=_points(rule.floor) if rule.floor else None)
        case Appraised():
            body = _present(step=_points(rule.step))
        case _:
            body = {}
    return {"type": rule.type, **body}


def plain_citation(citation: Citation) -> Plain:
    return _present(**{name: getattr(citation, name) for name in type(citation).model_fields})


def percents_of(variables: Mapping[str, Variable]) -> list[str]:
    """The variables whose bounds are written as percentages."""
    return [name for name, variable in variables.items() if variable.kind == "percent"]


_NULL = object()  # a key that must be there although it has no value


def _present(**values: Any) -> Plain:
    """The keys that have a value."""
    return {
        key: None if value is _NULL else value for key, value in values.items() if value is not None
    }


def _stated(value: Fraction | None) -> Any:
    """Points under a key that is written even where the decree states none."""
    return _NULL if value is None else _points(value)


def _points(value: Fraction | None) -> int | Number | None:
    return None if value is None else _number(plain_number(value))


def _number(text: str) -> int | Number:
    return int(text) if text.lstrip("-").isdigit() else Number(text)


def _share(share: Fraction) -> int | Number:
    return _number(share_number(share))


def _ratio(rule: Ratio) -> Plain:
    below: Any = rule.below
    if isinstance(below, Factor):
        below = {
            name: _number(factor_number(value))
            for name, value in (("divide_by", below.divide_by), ("times", below.times))
            if value != 1
        }

    def threshold(value: Fraction | None) -> int | Number | None:
        return None if value is None else _number(percent_number(value))

    return _present(
        of=str(rule.of),
        full_at=threshold(rule.full_at),
        below=below,
        scale_at=threshold(rule.scale_at),
        below_includes_full_at=rule.below_includes_full_at or None,
    )


def _interval(step: Interval, *, of_ratio: bool) -> Plain:
    ends = (
        ("from", step.at_least),
        ("above", step.above),
        ("to", step.at_most),
        ("below", step.below),
    )
    written = {
        name: _number(bound_number(end, of_ratio=of_ratio)) for name, end in ends if end is not None
    }
    return {**written, "share": _share(step.share)}


def _part(part: Part, percents: frozenset[str]) -> Plain:
    return _present(
        label=part.label,
        weight=_share(part.weight),
        rule=plain_rule(part.rule, percents),
    )


def _agency(agency: Agency) -> Plain:
    return _present(name=agency.name, group=agency.group, includes=list(agency.includes) or None)


def _provider(provider: Provider | None) -> Plain | None:
    if provider is None:
        return None
    return _present(
        relative=provider.relative,
        leads=list(provider.leads) or None,
        partners=list(provider.partners) or None,
        aggregate=provider.aggregate if provider.aggregate != "none" else None,
        duties=dict(provider.duties) or None,
    )


def _information(information: Information) -> Plain:
    return _present(
        code=information.code,
        name=information.name,
        kind=information.kind,
        unit=information.unit,
        quantity=information.quantity,
        fields=list(information.fields) or None,
        stated=information.stated,
        note=information.note,
        provider=_provider(information.provider),
        evidence=information.evidence,
        citation=plain_citation(information.citation),
    )


def _pillar(pillar: Pillar) -> Plain:
    return _present(
        code=pillar.code,
        name=pillar.name,
        max_points=_stated(pillar.max_points),
        outside_maximum=pillar.outside_maximum or None,
        criteria_stated=pillar.criteria_stated,
        erratum=_pillar_erratum(pillar.erratum) if pillar.erratum else None,
        citation=plain_citation(pillar.citation),
        criteria=[_criterion(each) for each in pillar.criteria] or None,
    )


def _criterion(row: Criterion) -> Plain:
    follow_up = row.follow_up
    return _present(
        code=row.code,
        name=row.name,
        max_points=_stated(row.max_points),
        variables={name: _variable(each) for name, each in row.variables.items()} or None,
        rule=plain_rule(row.rule, percents_of(row.variables)),
        erratum=_erratum(row.erratum, row.variables) if row.erratum else None,
        provider=_provider(row.provider),
        evidence=row.evidence,
        verifier=row.verifier,
        follow_up=_present(**dict(follow_up)) if follow_up else None,
        citation=plain_citation(row.citation),
        children=[_criterion(child) for child in row.children] or None,
    )


def _variable(variable: Variable) -> Plain:
    return _present(
        label=variable.label,
        kind=variable.kind,
        unit=variable.unit,
        quantity=variable.quantity,
        choices=dict(variable.choices) or None,
        provider=_provider(variable.provider),
    )


def _pillar_erratum(erratum: PillarErratum) -> Plain:
    found_by = erratum.found_by if erratum.found_by != "checker" else None
    return _present(kind=erratum.kind, found_by=found_by, note=erratum.note)


def _erratum(erratum: Erratum, variables: Mapping[str, Variable]) -> Plain:
    corrected = erratum.corrected
    return _present(
        kind=erratum.kind,
        found_by=erratum.found_by if erratum.found_by != "checker" else None,
        corrected=plain_rule(corrected, percents_of(variables)) if corrected else None,
        note=erratum.note,
    )
