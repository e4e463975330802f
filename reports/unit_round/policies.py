"""The policies of a round as its plan lists them: those decided, and those still needed."""

from collections.abc import Iterator

from dti_core.errors import Refused
from dti_core.framework.rules import MinMax, Ratio, Rule, Steps, sub_rules
from dti_core.program.calendar import day_off
from dti_core.program.load import RoundContext
from dti_core.program.policies import Policies
from reports.letters.plan import Applied
from reports.letters.wording import within
from reports.policies import COLLECTING, EXPLAINING, SCORING, answer

_QUESTIONS = {**SCORING, **COLLECTING, **EXPLAINING}


def applied(policies: Policies) -> Iterator[Applied]:
    """Every policy that somebody decided, in words; one criterion's own reading under the rest."""
    for name, question in _QUESTIONS.items():
        policy = getattr(policies, name)
        if policy is not None:
            value = answer(name, policy.value)
            yield Applied(question, value, policy.basis, policy.decided_on)
        if name == "reading":
            for code, own in policies.reading_overrides.items():
                value = answer(name, own.value)
                yield Applied(f"{question}: mục {code}", value, own.basis, own.decided_on)


def undecided(context: RoundContext) -> tuple[str, ...]:
    """The questions that this round meets and nobody decided, in words."""
    policies = context.program.policies
    return tuple(
        within(question)
        for name, question in _QUESTIONS.items()
        if getattr(policies, name) is None and _met(context, name)
    )


def _met(context: RoundContext, name: str) -> bool:
    """Whether the round holds anything that the policy `name` bears on."""
    frameworks = context.frameworks.values()
    rows = [row for framework in frameworks for row in framework.rows]
    match name:
        case "reading":
            return any(row.erratum and row.erratum.corrected for row in rows)
        case "overlap":
            return any(_may_overlap(rule) for row in rows for rule in sub_rules(row.rule))
        case "min_max":
            return any(isinstance(rule, MinMax) for row in rows for rule in sub_rules(row.rule))
        case "pillar_overflow":
            return any(
                sum(row.max_points or 0 for row in pillar.criteria) > pillar.max_points
                for framework in frameworks
                for pillar in framework.pillars
                if pillar.max_points is not None
            )
        case "deadline_on_day_off":
            return _may_be_off(context)
        case "reminders":
            return False  # without a ladder whoever is late is reminded: nothing is left open
        case "questions_per_unit" | "unanswered_flags":
            return False  # without them every doubt is asked about and waited for
    return True


def _may_overlap(rule: Rule) -> bool:
    """Whether a value may belong to two branches of the rule as it is written."""
    return isinstance(rule, Steps) or (isinstance(rule, Ratio) and rule.below_includes_full_at)


def _may_be_off(context: RoundContext) -> bool:
    """Whether the round closes on a day off, or on one that the calendar does not know."""
    try:
        return day_off(context.round.closes.on) is not None
    except Refused:
        return True
