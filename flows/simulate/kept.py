"""Finished seeds beside their report, so that an interrupted run goes on where it stopped."""

import hashlib
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter

from flows.simulate.outcome import Outcome
from flows.simulate.passes import Through

_CODE = Path(__file__).parent.parent.parent


def folder_of(report: Path) -> Path:
    """Where the seeds of a report are kept."""
    return report.with_name(f"{report.stem}-hat-giong")


def keep(report: Path, outcome: Outcome) -> None:
    """Keep a seed that is through; an older one of its number gives way."""
    file = _file(report, outcome.year, outcome.through, outcome.seed)
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".tmp")
    partial.write_bytes(_adapter().dump_json(outcome, indent=1))
    partial.replace(file)


def kept(report: Path, program: str, year: int, through: Through, seed: int) -> Outcome | None:
    """A seed that is through already. Whether today's software would come to the same is not
    asked: `Outcome.software` says which it was."""
    try:
        found = _adapter().validate_json(_file(report, year, through, seed).read_bytes())
    except FileNotFoundError:
        return None
    return found if found.program == program else None


def _file(report: Path, year: int, through: Through, seed: int) -> Path:
    return folder_of(report) / f"{year}-{through}-{seed}.json"


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Outcome]:
    return TypeAdapter(Outcome)


@lru_cache(maxsize=1)
def software() -> str:
    """Short digest of the code and the bundled content, by what is in the files."""
    digest = hashlib.sha256()
    for name in ("dti_core", "expectations", "flows", "reports", "tasks"):
        for file in sorted((_CODE / name).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(str(file.relative_to(_CODE)).encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]
