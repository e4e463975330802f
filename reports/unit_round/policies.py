"""The policies of a round as its plan lists them: those decided, and those still needed."""

from collections.abc import Iterator

from dti_core.program import needed
from dti_core.program.load import RoundContext
from dti_core.program.needed import QUESTIONS
from dti_core.program.policies import Policies
from reports.letters.plan import Applied
from reports.letters.wording import within
from reports.policies import Named, answer


def applied(policies: Policies, named: Named = str) -> Iterator[Applied]:
    """Every policy that somebody decided, in words; one criterion's own reading under the rest."""
    for name, question in QUESTIONS.items():
        policy = getattr(policies, name)
        if policy is not None:
            value = answer(name, policy.value, named)
            yield Applied(question, value, policy.basis, policy.decided_on)
        if name == "reading":
            for code, own in policies.reading_overrides.items():
                value = answer(name, own.value)
                yield Applied(f"{question}: mục {code}", value, own.basis, own.decided_on)


def undecided(context: RoundContext) -> tuple[str, ...]:
    """The questions that this round meets and nobody decided, in words."""
    return tuple(within(QUESTIONS[name]) for name in needed.undecided(context))
