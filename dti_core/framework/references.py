"""What a schema cannot see: codes told twice, agencies and figures that nobody declared.

The same rules hold for a YAML file and for a workbook. Whoever runs them brings a `Report`: where
a mistake is (line or cell) and in which words it is said.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from dti_core.framework.expression import Expression
from dti_core.framework.model import Citation, Criterion, Decree, Framework, Provider, Variable
from dti_core.framework.rules import (
    BestOf,
    Deductions,
    Flag,
    Gate,
    MinMax,
    Options,
    Parts,
    Percent,
    PerItem,
    Ratio,
    RelativeToBest,
    Rule,
    Steps,
)

Where = tuple[str | int, ...]
"""A key path in the YAML's shape: ("pillars", 0, "criteria", 3, "rule", "of")."""

NUMERIC = {"count", "mean", "money", "percent", "frequency"}
_KIND_OF_RULE = {"flag": "flag", "gate": "flag", "options": "choice", "percent": "percent"}

Problem = Literal[
    "twice", "agency", "citation", "undeclared", "not_a_number", "kind", "no_maximum", "choices"
]


@dataclass(frozen=True)
class Wording:
    """How problems are told. Templates take the facts that `Report.error` is given by name;
    `rules` and `kinds` translate rule types and kinds of figures."""

    templates: Mapping[Problem, str]
    rules: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)

    def say(self, problem: Problem, what: str, **facts: str) -> str:
        if "rule" in facts:
            facts["rule"] = self.rules.get(facts["rule"], facts["rule"])
        for name in ("kind", "wanted"):
            if name in facts:
                facts[name] = self.kinds.get(facts[name], facts[name])
        return self.templates[problem].format(what=what, **facts)


IN_YAML = Wording(
    {
        "twice": "{what} có hai lần",
        "agency": "{what}: decree.yaml không có cơ quan {name!r}",
        "citation": "{what}: trích dẫn {name!r} lạ",
        "undeclared": "{what}: quy tắc dùng biến {name!r} chưa khai báo",
        "not_a_number": "{what}: biến {name!r} không phải số nên không tính được {metric}",
        "kind": "{what}: quy tắc {rule!r} cần biến {name!r} có kind: {wanted}, không phải {kind}",
        "no_maximum": "{what}: quy tắc trừ điểm cần điểm tối đa",
        "choices": "{what}: lựa chọn [{name!r}] không có trong choices",
    },
    rules={"gate": "flag"},  # the key of a gate that names the figure
)


class Report(Protocol):
    """Takes mistakes. `error` may raise, or note the mistake and let the checks go on."""

    @property
    def wording(self) -> Wording: ...

    def error(self, path: Where, message: str) -> None: ...


def check_references(report: Report, framework: Framework) -> None:
    """Every check on a whole framework, in the order of the document."""
    decree = framework.decree
    _cited(report, framework.citation, decree, ("citation",), "bộ chỉ số")
    seen: set[str] = set()
    for index, information in enumerate(framework.information):
        what = f"thông tin {information.code}"
        path: Where = ("information", index)
        once(report, information.code, seen, path, what)
        check_provider(report, information.provider, decree, path, what)
        _cited(report, information.citation, decree, path, what)
    pillars: set[str] = set()
    codes: set[str] = set()
    for p, pillar in enumerate(framework.pillars):
        what = f"chỉ số chính {pillar.code}"
        once(report, pillar.code, pillars, ("pillars", p), what)
        _cited(report, pillar.citation, decree, ("pillars", p), what)
        for c, criterion in enumerate(pillar.criteria):
            for row, path in _rows(criterion, ("pillars", p, "criteria", c)):
                once(report, row.code, codes, path, f"mục {row.code}")
                _check_row(report, row, decree, path)


def once(report: Report, code: str, seen: set[str], path: Where, what: str) -> None:
    if code in seen:
        report.error(path, report.wording.say("twice", what))
    seen.add(code)


def check_provider(
    report: Report, provider: Provider | None, decree: Decree, path: Where, what: str
) -> None:
    for slug in (*provider.leads, *provider.partners) if provider else ():
        if slug not in decree.agencies:
            report.error(path, report.wording.say("agency", what, name=slug))


def check_rule(
    report: Report,
    what: str,
    variables: Mapping[str, Variable | None],
    rule: Rule,
    path: Where,
    *,
    has_maximum: bool,
) -> None:
    """A rule against the figures of its row. A variable without a value is one that could not be
    read: it is declared, and that is all that is known of it."""
    say = report.wording.say
    for sub, place in inside(rule, path):
        if isinstance(sub, Deductions) and not has_maximum:
            report.error(place, say("no_maximum", what))
        for name, rule_type, at in _wants_kind(sub, place):
            if name not in variables:
                report.error(at, say("undeclared", what, name=name))
            elif (variable := variables[name]) is None:
                continue
            elif variable.kind != (wanted := _KIND_OF_RULE[rule_type]):
                report.error(
                    at,
                    say("kind", what, name=name, rule=rule_type, wanted=wanted, kind=variable.kind),
                )
            elif isinstance(sub, Options):
                for choice in sub.shares:
                    if choice not in variable.choices:
                        spot = (*place, "shares", choice)
                        report.error(spot, say("choices", what, name=choice))
        for metric, at in _metrics(sub, place):
            for name in metric.variables:
                if name not in variables:
                    report.error(at, say("undeclared", what, name=name))
                elif (variable := variables[name]) is not None and variable.kind not in NUMERIC:
                    report.error(at, say("not_a_number", what, name=name, metric=str(metric)))


def inside(rule: Rule, path: Where) -> Iterator[tuple[Rule, Where]]:
    """The rule and every rule inside it, outermost first, each with its key path."""
    yield rule, path
    match rule:
        case Parts():
            for index, part in enumerate(rule.parts):
                yield from inside(part.rule, (*path, "parts", index, "rule"))
        case Gate():
            yield from inside(rule.then, (*path, "then"))
        case BestOf():
            for index, way in enumerate(rule.alternatives):
                yield from inside(way, (*path, "alternatives", index))
        case _:
            pass


def _check_row(report: Report, row: Criterion, decree: Decree, path: Where) -> None:
    what = f"mục {row.code}"
    _cited(report, row.citation, decree, (*path, "citation"), what)
    check_provider(report, row.provider, decree, (*path, "provider"), what)
    if row.verifier and row.verifier not in decree.agencies:
        told = report.wording.say("agency", what, name=row.verifier)
        report.error((*path, "verifier"), told)
    for name, variable in row.variables.items():
        place = (*path, "variables", name)
        check_provider(report, variable.provider, decree, place, f"{what}, biến {name}")
    rules: list[tuple[Rule, Where]] = [(row.rule, (*path, "rule"))]
    if row.erratum and row.erratum.corrected:
        rules.append((row.erratum.corrected, (*path, "erratum", "corrected")))
    for rule, place in rules:
        maximum = row.max_points is not None
        check_rule(report, what, row.variables, rule, place, has_maximum=maximum)


def _rows(criterion: Criterion, path: Where) -> Iterator[tuple[Criterion, Where]]:
    yield criterion, path
    for index, child in enumerate(criterion.children):
        yield from _rows(child, (*path, "children", index))


def _cited(report: Report, citation: Citation, decree: Decree, path: Where, what: str) -> None:
    if citation.decree != decree.number:
        report.error(path, report.wording.say("citation", what, name=citation.decree))


def _wants_kind(rule: Rule, path: Where) -> Iterator[tuple[str, str, Where]]:
    """(variable, rule type that asks for its kind, key path) of a rule that names one figure."""
    match rule:
        case Flag() | Options() | Percent():
            yield rule.of, rule.type, (*path, "of")
        case Gate():
            yield rule.flag, rule.type, (*path, "flag")
        case _:
            pass


def _metrics(rule: Rule, path: Where) -> Iterator[tuple[Expression, Where]]:
    match rule:
        case Ratio() | Steps() | PerItem() | RelativeToBest() | MinMax():
            yield rule.of, (*path, "of")
        case Deductions():
            for index, event in enumerate(rule.events):
                yield event.of, (*path, "events", index, "of")
        case _:
            pass
