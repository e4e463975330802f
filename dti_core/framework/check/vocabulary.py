"""What the checker understands of Vietnamese labels: data, in `vocabulary.yaml`."""

from functools import lru_cache
from pathlib import Path

from pydantic import Field

from dti_core.framework.model import Slug
from dti_core.framework.rules import Strict
from dti_core.strict_yaml import Document

_FILE = Path(__file__).with_name("vocabulary.yaml")


class Thing(Strict):
    """A kind of thing that figures count, known by its units or by the first words of a label."""

    name: str
    units: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()


class Value(Strict):
    """One way to count only a part of a thing: what it is called, and the words that say it."""

    name: str
    words: tuple[str, ...] = Field(min_length=1)


class Restriction(Strict):
    """Ways to count only a part of some things that can be compared with each other.

    everyone    what a label without any of the words counts
    note_words  words of which an erratum's note uses one where it speaks of this
    """

    id: Slug
    of: tuple[Slug, ...]
    everyone: str
    note_words: tuple[str, ...]
    values: tuple[Value, ...]


class Staff(Strict):
    """Groups of public servants that labels list; a label of `general` words alone lists none."""

    of: Slug
    groups: tuple[str, ...]
    general: tuple[str, ...]


class Vocabulary(Strict):
    """Every table, as its remark in the file says what it is for."""

    spellings: dict[str, str]
    abbreviations: dict[str, str]
    leading_words: tuple[str, ...]
    empty_words: tuple[str, ...]
    things: dict[Slug, Thing]
    restrictions: tuple[Restriction, ...]
    staff: Staff
    audiences: tuple[str, ...]
    exclusions: tuple[str, ...]
    places: tuple[Value, ...]
    nothing_done: tuple[str, ...]


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The vocabulary that ships. Raises DataError with file and line for a mistake in it."""
    return Document(_FILE).parse(Vocabulary)
