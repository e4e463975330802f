"""Find and load programs: those that ship, and a province's own under DTI_HOME."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from dti_core.errors import Refused
from dti_core.framework.load import home, load_framework
from dti_core.framework.model import Framework
from dti_core.program.model import Program, Round, Unit
from dti_core.strict_yaml import Document

SHIPPED = Path(__file__).parent / "programs"

T = TypeVar("T")


class UnknownRound(Refused):
    """No program or round has this id. The text lists those that there are."""


@dataclass(frozen=True)
class RoundContext:
    """A round with all that it needs: program, units, frameworks by level."""

    id: str
    program: Program
    round: Round
    units: tuple[Unit, ...]
    frameworks: dict[str, Framework]

    def framework_of(self, unit: str) -> Framework:
        level = self.program.unit[unit].level
        if level is None:
            raise KeyError(f"{unit} cung cấp số liệu, không được đánh giá")
        return self.frameworks[level]

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
            document = Document(file)
            content = document.content if isinstance(document.content, dict) else {}
            lasting = {key: value for key, value in content.items() if key != "policies"}
            digest = hashlib.sha256(
                json.dumps(lasting, ensure_ascii=False, sort_keys=True).encode()
            ).hexdigest()
            program = document.parse(Program, {"folder": file.parent, "sha256": digest})
            if program.id != program_id:
                raise document.error(("id",), f"id {program.id!r} phải trùng tên thư mục")
            return program
    raise UnknownRound(
        f"Không có chương trình {program_id!r}. Hiện có: {', '.join(program_ids())}."
    )


def load_round(round_id: str) -> RoundContext:
    """Load "program/round" with its units and frameworks. Raises UnknownRound, DataError."""
    program_id, _, name = round_id.partition("/")
    program = load_program(program_id)
    try:
        round_ = program.round(name)
    except KeyError:
        known = ", ".join(f"{program.id}/{each.id}" for each in program.rounds)
        raise UnknownRound(f"Không có đợt {round_id!r}. Hiện có: {known}.") from None
    return RoundContext(
        id=round_id,
        program=program,
        round=round_,
        units=program.units_of(round_),
        frameworks={level: load_framework(program.frameworks[level]) for level in round_.levels},
    )


def round_ids() -> list[str]:
    """Every round of every program."""
    return [f"{p}/{each.id}" for p in program_ids() for each in load_program(p).rounds]
