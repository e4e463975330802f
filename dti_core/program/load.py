"""Find and load programs: those that ship, and a province's own under DTI_HOME."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from dti_core.errors import Refused
from dti_core.framework.load import home, load_framework
from dti_core.framework.model import Framework
from dti_core.program.appraisal import Appraisal
from dti_core.program.model import Program, Round, Unit
from dti_core.program.policies import Policy
from dti_core.strict_yaml import Document

SUB_ROUND = "@"
"""What stands between a round and the unit that runs a sub-round of it."""

SHIPPED = Path(__file__).parent / "programs"

_NOT_PINNED = ("policies", "timetable", "recurring")
"""What may change while a round runs: the first voids approvals, the second moves office hours,
the third speaks of other years' rounds."""

T = TypeVar("T")


class UnknownRound(Refused):
    """No program or round has this id. The text lists those that there are."""


@dataclass(frozen=True)
class RoundContext:
    """A round with all that it needs: program, units, frameworks by level.

    within  of a sub-round: the round that it is a part of
    """

    id: str
    program: Program
    round: Round
    units: tuple[Unit, ...]
    frameworks: dict[str, Framework]
    within: str | None = None

    def framework_of(self, unit: str) -> Framework:
        level = self.program.unit[unit].level
        if level is None:
            raise KeyError(f"{unit} cung cấp số liệu, không được đánh giá")
        return self.frameworks[level]

    @property
    def own_units(self) -> tuple[Unit, ...]:
        """The units that the round itself collects from: not those of its sub-rounds."""
        return tuple(unit for unit in self.units if unit.level not in self.round.through)

    @property
    def sub_rounds(self) -> tuple[str, ...]:
        """The ids of its sub-rounds, in the order of the program's units."""
        parents = {unit.parent for unit in self.units if unit.level in self.round.through}
        return tuple(
            f"{self.id}{SUB_ROUND}{unit.id}" for unit in self.program.units if unit.id in parents
        )

    def once(self, make: Callable[["RoundContext"], T]) -> T:
        """What `make` works out of the round: worked out once, since the round never changes."""
        known: dict[object, T] = self.__dict__.setdefault("_known", {})
        if make not in known:
            known[make] = make(self)
        return known[make]

    @property
    def pins(self) -> dict[str, str]:
        """Hashes that the round is opened with: its frameworks and its program, policies apart."""
        pins = {framework.id: framework.sha256 for framework in self.frameworks.values()}
        return {**pins, f"program:{self.program.id}": self.program.sha256}


def folders() -> tuple[Path, ...]:
    """Where programs are looked up: the province's own folder wins over what ships."""
    return (home() / "programs", SHIPPED)


def program_ids() -> list[str]:
    return sorted({file.parent.name for f in folders() for file in f.glob("*/program.yaml")})


def load_program(program_id: str) -> Program:
    """Raises UnknownRound, or DataError with file and line for a mistake in the YAML."""
    for folder in folders():
        file = folder / program_id / "program.yaml"
        if file.is_file():
            stamp = file.stat()
            return _read(file, (stamp.st_mtime_ns, stamp.st_size))
    raise UnknownRound(
        f"Không có chương trình {program_id!r}. Hiện có: {', '.join(program_ids())}."
    )


@lru_cache(maxsize=16)
def _read(file: Path, _stamp: tuple[int, int]) -> Program:
    """A program's file; `_stamp` makes an edited file another one."""
    document = Document(file)
    content = document.content if isinstance(document.content, dict) else {}
    lasting = {key: value for key, value in content.items() if key not in _NOT_PINNED}
    digest = hashlib.sha256(
        json.dumps(lasting, ensure_ascii=False, sort_keys=True).encode()
    ).hexdigest()
    program = document.parse(Program, {"folder": file.parent, "sha256": digest})
    if program.id != file.parent.name:
        raise document.error(("id",), f"id {program.id!r} phải trùng tên thư mục")
    return program


def load_round(round_id: str) -> RoundContext:
    """Load "program/round" with its units and frameworks. Raises UnknownRound, DataError.

    "program/round@unit" is the sub-round that the unit runs for the units below it.
    """
    program_id, _, name = round_id.partition("/")
    name, _, parent = name.partition(SUB_ROUND)
    program = load_program(program_id)
    try:
        round_ = program.round(name)
    except KeyError:
        known = ", ".join(f"{program.id}/{each.id}" for each in program.rounds)
        raise UnknownRound(f"Không có đợt {round_id!r}. Hiện có: {known}.") from None
    before = _KNOWN.get(round_id)
    if before is not None and before[0] is program and _current(before[1]):
        return before[1]
    whole = RoundContext(
        id=f"{program_id}/{name}",
        program=program,
        round=round_,
        units=tuple(each for each in program.units_of(round_) if not _own_framework(round_, each)),
        frameworks={level: load_framework(program.frameworks[level]) for level in round_.levels},
    )
    made = sub_round(whole, parent) if parent else whole
    _KNOWN[round_id] = program, made
    return made


def _own_framework(round_: Round, unit: Unit) -> str | None:
    """The framework that the unit above set for it instead of the program's (2001/QĐ-UBND, V.1).

    Such units are evaluated and ranked by the unit above alone: points of different frameworks do
    not compare over the whole.
    """
    how = round_.through.get(unit.level) if unit.level else None
    return how.frameworks.get(unit.parent or "") if how else None


_KNOWN: dict[str, tuple[Program, RoundContext]] = {}
"""Rounds that were put together before, with the program that they were put together from."""


def _current(context: RoundContext) -> bool:
    """Whether its frameworks are what their files say: a file that changed is read as another."""
    return all(load_framework(each.id) is each for each in context.frameworks.values())


def sub_round(whole: RoundContext, parent: str) -> RoundContext:
    """The round that a unit runs for those below it: its own papers, its own framework where it set
    one (2001/QĐ-UBND, V.1), the program's policies. Raises UnknownRound.

    Petitions about what it finds go to the round that it is a part of, which publishes.
    """
    units = tuple(
        unit
        for unit in whole.program.units_of(whole.round)
        if unit.parent == parent and unit.level in whole.round.through
    )
    if not units:
        known = ", ".join(whole.sub_rounds)
        raise UnknownRound(
            f"Đợt {whole.id} không có đợt thành phần của {parent!r}."
            + (f" Hiện có: {known}." if known else "")
        )
    who, program, round_ = whole.program.unit[parent], whole.program, whole.round
    levels = tuple(dict.fromkeys(unit.level for unit in units if unit.level))
    how = round_.through[levels[0]]
    if who.letterhead is None:
        raise UnknownRound(
            f"{who.name} chưa có khóa letterhead trong program.yaml nên chưa ra văn bản của đợt"
            " thành phần được."
        )
    no_petitions = Policy(value=0, basis=how.basis, decided_on=how.due.on)
    return RoundContext(
        id=f"{whole.id}{SUB_ROUND}{parent}",
        program=program.model_copy(
            update={
                "organiser": parent,
                "publisher": program.letterhead.issuer,
                "letterhead": who.letterhead,
                "decision": who.decision,
                "appraisal": Appraisal(),
                "groups": (),
                "personnel": None,
                "policies": program.policies.model_copy(update={"petition_days": no_petitions}),
            }
        ),
        round=round_.model_copy(
            update={
                "title": how.title.replace("{unit}", who.name),
                "closes": how.closes or round_.closes,
                "explain_by": how.explain_by or round_.explain_by,
                "appraise_by": how.due,
                "petition_by": None,
                "publish_by": None,
                "levels": levels,
                "through": {},
                "units": (),
            }
        ),
        units=units,
        frameworks={
            level: load_framework(
                round_.through[level].frameworks.get(parent) or program.frameworks[level]
            )
            for level in levels
        },
        within=whole.id,
    )


def round_ids() -> list[str]:
    """Every round of every program; sub-rounds are `RoundContext.sub_rounds`."""
    return [f"{p}/{each.id}" for p in program_ids() for each in load_program(p).rounds]
