"""A filled workbook of ours, spoilt as offices really spoil them: each way named, all seeded.

The ways stand in `ways_typed` and `ways_of_numbers` (what people type), `ways_of_sheets` and
`ways_of_cells` (what they do to pages) and `ways_of_files` (how they save and send); `WAYS` has
them all by name.
"""

from collections.abc import Iterable
from random import Random
from typing import get_args

from tests.sample import (
    ways_of_cells,
    ways_of_files,
    ways_of_numbers,
    ways_of_sheets,
    ways_typed,
)
from tests.sample.spoilt import WAYS, Case, Form, Stage, Way, filled

__all__ = ["WAYS", "Case", "Form", "Way", "combination", "filled", "mangle"]

_MODULES = (ways_typed, ways_of_numbers, ways_of_sheets, ways_of_cells, ways_of_files)
_ORDER: tuple[Stage, ...] = get_args(Stage)


def ways() -> list[Way]:
    """All ways, module by module, in the order in which they are written."""
    names = [module.__name__ for module in _MODULES]
    return sorted(WAYS.values(), key=lambda each: names.index(each.spoil.__module__))


def mangle(case: Case, names: Iterable[str]) -> None:
    """Spoil a workbook in these ways: typing first, then pages, then the file."""
    for chosen in sorted((WAYS[name] for name in names), key=lambda each: _ORDER.index(each.stage)):
        if chosen.stage == "file":
            case.save()
        chosen.spoil(case)
    case.save()


def combination(form: Form, seed: int, *, office: bool) -> tuple[str, ...]:
    """Two or three ways that go together, chosen by the seed."""
    random = Random(f"combination {seed} {form}")
    fit = [w for w in WAYS.values() if form in w.forms and not w.alone and (office or not w.office)]
    chosen: list[Way] = []
    while len(chosen) < 2 + seed % 2:
        more = random.choice(fit)
        if more not in chosen and _go_together([*chosen, more]):
            chosen.append(more)
    return tuple(each.name for each in chosen)


def _go_together(chosen: list[Way]) -> bool:
    """One way at most saves the file, one changes single cells of pages; and formulas, which name
    cells by their places, stay where they were typed and are not reckoned anew."""
    stages = [each.stage for each in chosen]
    reckoned = "reckoned" in stages
    return (
        stages.count("file") <= 1
        and stages.count("answer") <= 1
        and not (reckoned and any(each.stage in ("sheet", "answer") for each in chosen))
        and not (reckoned and any(each.office for each in chosen))
    )
