"""What a figure counts, as its unit and label say: things, a part of them, groups, exclusions."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from dti_core.framework.check.vocabulary import Restriction, Value, vocabulary
from dti_core.framework.check.words import Words, content, place_of, words

_CLAUSE = re.compile(r"[(,;]\s*([^();]*)")


@dataclass(frozen=True)
class Counted:
    """
    thing       the id of what is counted, None where the vocabulary does not know it
    parts       restriction → how the label narrows it ("người từ 15 tuổi trở lên")
    staff       groups of public servants that the label lists, in the vocabulary's words
    excluded    what the label leaves out, in its words
    """

    thing: str | None
    parts: dict[str, str]
    staff: frozenset[str]
    excluded: frozenset[str]


@lru_cache(maxsize=4096)
def counted(label: str, unit: str | None) -> Counted:
    """Read one label with its unit."""
    thing = _thing(label, unit)
    text = words(label)
    return Counted(
        thing,
        {r.id: part for r in restrictions(thing) if (part := narrowed(r, text)) is not None},
        _staff(text) if thing == vocabulary().staff.of else frozenset(),
        excluded(label),
    )


def restrictions(thing: str | None) -> tuple[Restriction, ...]:
    """The restrictions that can narrow a thing."""
    return tuple(each for each in vocabulary().restrictions if thing in each.of)


def _thing(label: str, unit: str | None) -> str | None:
    things = vocabulary().things
    if unit is not None:
        return next((i for i, t in things.items() if words(unit) in map(words, t.units)), None)
    text = content(label)
    heads = [(content(head), i) for i, thing in things.items() for head in thing.heads]
    fitting = [(len(head), i) for head, i in heads if head and text[: len(head)] == head]
    return max(fitting)[1] if fitting else None


def narrowed(restriction: Restriction, text: Words) -> str | None:
    """How a text narrows what it speaks of: the value's name, with the number it gives."""
    for value in restriction.values:
        for sought in map(words, value.words):
            if (place := place_of(sought, text)) is not None:
                number = next((w for w in text[place[0] : place[1]] if w.isdigit()), "")
                return value.name.replace("{n}", number)
    return None


def _staff(text: Words) -> frozenset[str]:
    known = vocabulary().staff
    named = frozenset(group for group in known.groups if place_of(words(group), text) is not None)
    return named if named - set(known.general) else frozenset()


def excluded(text: str) -> frozenset[str]:
    """What a text leaves out: “(trừ văn bản mật theo quy định)” → "văn bản mật theo quy định"."""
    found: list[str] = []
    for clause in _CLAUSE.findall(text):
        for opening in sorted(vocabulary().exclusions, key=len, reverse=True):
            begin = words(opening)
            if words(clause)[: len(begin)] == begin:
                found.append(" ".join(clause.split()[len(begin) :]))
                break
    return frozenset(found)


def places(text: str) -> frozenset[str]:
    """The places that a label names, in the vocabulary's words."""
    return frozenset(place.name for place in vocabulary().places if _names(place, text))


def _names(value: Value, text: str) -> bool:
    return any(place_of(words(each), words(text)) is not None for each in value.words)


def listed(names: Iterable[str]) -> str:
    """Names for people, in a stable order: "công chức, viên chức"."""
    return ", ".join(sorted(names))
