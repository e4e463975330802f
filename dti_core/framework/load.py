"""Find and load frameworks: those that ship, and a province's own under DTI_HOME."""

import hashlib
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from dti_core.errors import Refused
from dti_core.framework.model import Decree, Framework
from dti_core.framework.references import IN_YAML, Where, check_references
from dti_core.strict_yaml import DataError, Document

SHIPPED = Path(__file__).parent / "decrees"
LEVELS = ("tinh", "so", "huyen", "xa")


class UnknownFramework(Refused):
    """No framework has this id. The text lists those that there are."""


def home() -> Path:
    """Where a province keeps its own data and the state of its rounds (DTI_HOME, ./var)."""
    return Path(os.environ.get("DTI_HOME", "var")).resolve()


def folders() -> tuple[Path, ...]:
    """Where decrees are looked up: the province's own folder wins over what ships."""
    return (home() / "decrees", SHIPPED)


def framework_ids() -> list[str]:
    """Every framework that there is, as "vinh-phuc-2074/so", in a stable order."""
    return sorted({f"{d.name}/{level}" for d, level in _files()}, key=_by_level)


def _by_level(framework_id: str) -> tuple[str, int]:
    decree, level = framework_id.split("/")
    return decree, LEVELS.index(level)


def _files() -> Iterator[tuple[Path, str]]:
    for folder in folders():
        for decree in sorted(folder.glob("*/decree.yaml")):
            for level in LEVELS:
                if (decree.parent / f"{level}.yaml").is_file():
                    yield decree.parent, level


def ships(framework_id: str) -> bool:
    """Whether the framework comes with the software: nobody's to replace."""
    return (SHIPPED / f"{framework_id}.yaml").is_file()


def ships_as_frame(framework_id: str) -> bool:
    """Whether what ships has pillars only, because the text does not give the criteria: a province
    completes it under the same id."""
    file = SHIPPED / f"{framework_id}.yaml"
    return file.is_file() and not _load(file, _stamp_of(file)).criteria


def load_framework(framework_id: str) -> Framework:
    """Load one framework.

    Raises UnknownFramework, or DataError with file and line for a mistake in the YAML.
    """
    for folder in folders():
        file = folder / f"{framework_id}.yaml"
        if framework_id.count("/") == 1 and file.stem in LEVELS and file.is_file():
            if not (file.parent / "decree.yaml").is_file():
                raise DataError(file, None, "thiếu decree.yaml trong cùng thư mục")
            stamp = _stamp_of(file)
            return _load(file, stamp)
    raise UnknownFramework(
        f"Không có bộ chỉ số {framework_id!r}. Hiện có: {', '.join(framework_ids())}."
    )


def _stamp_of(file: Path) -> tuple[int, int]:
    return file.stat().st_mtime_ns, (file.parent / "decree.yaml").stat().st_mtime_ns


@lru_cache(maxsize=64)
def _load(file: Path, _stamp: tuple[int, int]) -> Framework:
    decree_file = file.parent / "decree.yaml"
    decree = Document(decree_file).parse(Decree)
    if decree.id != file.parent.name:
        raise DataError(decree_file, 1, f"id {decree.id!r} phải trùng tên thư mục")
    digest = hashlib.sha256(decree_file.read_bytes() + file.read_bytes()).hexdigest()
    return parse_framework(file, decree, digest)


def parse_framework(file: Path, decree: Decree, sha256: str = "") -> Framework:
    """A level's file under a decree that is already read.

    Raises DataError with file and line for the first mistake.
    """
    document = Document(file)
    framework = document.parse(
        Framework,
        {"id": f"{decree.id}/{file.stem}", "decree": decree, "sha256": sha256},
    )
    if framework.level != file.stem:
        raise document.error(("level",), f"level {framework.level!r} phải trùng tên tệp")
    check_references(_ByLine(document), framework)
    return framework


class _ByLine:
    """Refuses at the first mistake, by its line."""

    wording = IN_YAML

    def __init__(self, document: Document) -> None:
        self._document = document

    def error(self, path: Where, message: str) -> None:
        # a corrected rule is read with the note above it: the erratum as a whole is what to mend
        whole = path[: path.index("corrected")] if "corrected" in path else path
        raise self._document.error(whole, message)
