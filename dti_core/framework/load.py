"""Find and load frameworks: those that ship, and a province's own under DTI_HOME."""

import hashlib
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from dti_core.errors import Refused
from dti_core.framework.model import Citation, Criterion, Decree, Framework, Information, Provider
from dti_core.framework.rules import Deductions, Gate, Rule, metrics, sub_rules, variables_used
from dti_core.strict_yaml import DataError, Document

SHIPPED = Path(__file__).parent / "decrees"
LEVELS = ("tinh", "so", "huyen", "xa")
NUMERIC = {"count", "mean", "money", "percent", "frequency"}


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


def load_framework(framework_id: str) -> Framework:
    """Load one framework.

    Raises UnknownFramework, or DataError with file and line for a mistake in the YAML.
    """
    for folder in folders():
        file = folder / f"{framework_id}.yaml"
        if framework_id.count("/") == 1 and file.stem in LEVELS and file.is_file():
            if not (file.parent / "decree.yaml").is_file():
                raise DataError(file, None, "thiếu decree.yaml trong cùng thư mục")
            stamp = (file.stat().st_mtime_ns, (file.parent / "decree.yaml").stat().st_mtime_ns)
            return _load(file, stamp)
    raise UnknownFramework(
        f"Không có bộ chỉ số {framework_id!r}. Hiện có: {', '.join(framework_ids())}."
    )


@lru_cache(maxsize=64)
def _load(file: Path, _stamp: tuple[int, int]) -> Framework:
    decree_file = file.parent / "decree.yaml"
    decree = Document(decree_file).parse(Decree)
    if decree.id != file.parent.name:
        raise DataError(decree_file, 1, f"id {decree.id!r} phải trùng tên thư mục")
    document = Document(file)
    digest = hashlib.sha256(decree_file.read_bytes() + file.read_bytes()).hexdigest()
    framework = document.parse(
        Framework,
        {"id": f"{decree.id}/{file.stem}", "decree": decree, "sha256": digest},
    )
    if framework.level != file.stem:
        raise document.error(("level",), f"level {framework.level!r} phải trùng tên tệp")
    _check_references(document, framework)
    return framework


def _check_references(document: Document, framework: Framework) -> None:
    """What a schema cannot see: unique codes, known agencies, rules that name known figures."""
    known = framework.decree.agencies
    seen: set[str] = set()
    seen_information: set[str] = set()

    def agencies(provider: Provider | None, path: tuple[str | int, ...], what: str) -> None:
        for slug in (*provider.leads, *provider.partners) if provider else ():
            if slug not in known:
                raise document.error(path, f"{what}: decree.yaml không có cơ quan {slug!r}")

    def cited(citation: Citation, path: tuple[str | int, ...], what: str) -> None:
        if citation.decree != framework.decree.number:
            raise document.error(path, f"{what}: trích dẫn {citation.decree!r} lạ")

    def visit(criterion: Criterion, path: tuple[str | int, ...]) -> None:
        what = f"mục {criterion.code}"
        if criterion.code in seen:
            raise document.error(path, f"{what} có hai lần")
        seen.add(criterion.code)
        cited(criterion.citation, (*path, "citation"), what)
        agencies(criterion.provider, (*path, "provider"), what)
        if criterion.verifier and criterion.verifier not in known:
            raise document.error(
                (*path, "verifier"), f"{what}: decree.yaml không có cơ quan {criterion.verifier!r}"
            )
        for name, variable in criterion.variables.items():
            agencies(variable.provider, (*path, "variables", name), f"{what}, biến {name}")
        rules = [(criterion.rule, "rule")]
        if criterion.erratum and criterion.erratum.corrected:
            rules.append((criterion.erratum.corrected, "erratum"))
        for rule, key in rules:
            _check_rule(document, criterion, rule, (*path, key))
        for index, child in enumerate(criterion.children):
            visit(child, (*path, "children", index))

    for index, information in enumerate(framework.information):
        _check_information(document, information, index, seen_information)
        agencies(information.provider, ("information", index), f"thông tin {information.code}")
        cited(information.citation, ("information", index), f"thông tin {information.code}")
    for p, pillar in enumerate(framework.pillars):
        if any(other.code == pillar.code for other in framework.pillars[:p]):
            raise document.error(("pillars", p), f"chỉ số chính {pillar.code} có hai lần")
        cited(pillar.citation, ("pillars", p), f"chỉ số chính {pillar.code}")
        for c, criterion in enumerate(pillar.criteria):
            visit(criterion, ("pillars", p, "criteria", c))


def _check_information(
    document: Document, information: Information, index: int, seen: set[str]
) -> None:
    if information.code in seen:
        raise document.error(("information", index), f"thông tin {information.code} có hai lần")
    seen.add(information.code)


def _check_rule(
    document: Document, criterion: Criterion, rule: Rule, path: tuple[str | int, ...]
) -> None:
    what = f"mục {criterion.code}"
    for name in variables_used(rule):
        if name not in criterion.variables:
            raise document.error(path, f"{what}: quy tắc dùng biến {name!r} chưa khai báo")
    for metric in metrics(rule):
        for name in metric.variables:
            if criterion.variables[name].kind not in NUMERIC:
                raise document.error(
                    path, f"{what}: biến {name!r} không phải số nên không tính được {metric}"
                )
    for sub in sub_rules(rule):
        match sub.type:
            case "flag" | "options" | "percent":
                _check_kind(document, criterion, sub.of, sub.type, path)
            case _:
                pass
        if isinstance(sub, Gate):
            _check_kind(document, criterion, sub.flag, "flag", path)
        if isinstance(sub, Deductions) and criterion.max_points is None:
            raise document.error(path, f"{what}: quy tắc trừ điểm cần điểm tối đa")
        if sub.type == "options":
            choices = criterion.variables[sub.of].choices
            if stray := [choice for choice in sub.shares if choice not in choices]:
                raise document.error(path, f"{what}: lựa chọn {stray} không có trong choices")


_KINDS = {"flag": "flag", "options": "choice", "percent": "percent"}


def _check_kind(
    document: Document, criterion: Criterion, name: str, rule: str, path: tuple[str | int, ...]
) -> None:
    kind = criterion.variables[name].kind
    if kind != _KINDS[rule]:
        raise document.error(
            path,
            f"mục {criterion.code}: quy tắc {rule!r} cần biến {name!r} có kind: {_KINDS[rule]},"
            f" không phải {kind}",
        )
