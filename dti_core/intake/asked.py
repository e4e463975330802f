"""What a round asks of a provider, planned once a round: planning takes longer than reading."""

import weakref
from dataclasses import dataclass, field

from dti_core.intake.form_words import Words, form_words
from dti_core.program.load import RoundContext
from dti_core.program.requests import Request, requests


@dataclass
class _Planned:
    """The requests of one round, and the words of their workbooks."""

    of: weakref.ref[RoundContext]
    requests: dict[str, Request]
    words: dict[tuple[str, bool], tuple[Words, Words]] = field(default_factory=dict)


_rounds: dict[int, _Planned] = {}


def request_of(context: RoundContext, provider: str) -> Request | None:
    """The request of a provider; None for one that the round does not ask."""
    return _planned(context).requests.get(provider)


def words_of(context: RoundContext, provider: str, *, own: bool) -> tuple[Words, Words]:
    """The words of a provider's workbook, as `form_words` gives them."""
    planned = _planned(context)
    if (provider, own) not in planned.words:
        planned.words[provider, own] = form_words(context, planned.requests[provider], own=own)
    return planned.words[provider, own]


def _planned(context: RoundContext) -> _Planned:
    place = id(context)
    known = _rounds.get(place)
    if known is None or known.of() is not context:
        # the plan goes when the round does, before another round can stand in its place
        forget = weakref.ref(context, lambda _: _rounds.pop(place, None))
        known = _Planned(forget, {each.provider: each for each in requests(context)})
        _rounds[place] = known
    return known
