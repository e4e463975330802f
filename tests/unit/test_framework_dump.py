"""What is written as YAML is read back as the same framework, and tidily written."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from pydantic import BaseModel

from dti_core.framework.dump import dump_decree, dump_framework
from dti_core.framework.load import framework_ids, load_framework, parse_framework
from dti_core.framework.model import Decree, Framework
from dti_core.framework.rules import Rule
from dti_core.framework.spelling import (
    bound_number,
    factor_number,
    percent_number,
    plain_number,
    share_number,
)
from dti_core.intake.framework_workbook import read_framework
from dti_core.rational import parse_exact
from dti_core.strict_yaml import Document
from reports.framework_workbook import framework_workbook
from tests.unit.framework_workbooks import same
from tests.unit.whole_framework import EVERY_RULE, FACTORED, fractions, framework_of, parts, rules

SIGNS = "\n\t:#-'\" ,{}[]?%"
"""What YAML may take for something else than text."""

RULE_TYPES = get_args(get_args(Rule)[0])


def loaded(framework: Framework, folder: Path) -> Framework:
    (folder / "decree.yaml").write_text(dump_decree(framework.decree), encoding="utf-8")
    (folder / "so.yaml").write_text(dump_framework(framework), encoding="utf-8")
    decree = Document(folder / "decree.yaml").parse(Decree)
    return parse_framework(folder / "so.yaml", decree)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tinh-a")


# every framework that there is


@pytest.mark.parametrize("framework_id", framework_ids())
def test_every_framework_is_read_back_and_its_text_is_canonical(
    framework_id: str, tmp_path: Path
) -> None:
    framework = load_framework(framework_id)
    for name, text in (
        ("decree", dump_decree(framework.decree)),
        (framework.level, dump_framework(framework)),
    ):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        assert not [line for line in text.splitlines() if len(line) > 118 and " " in line.strip()]
    decree = Document(tmp_path / "decree.yaml").parse(Decree)
    read = parse_framework(tmp_path / f"{framework.level}.yaml", decree)
    assert same(read, framework)
    assert dump_framework(read) == (tmp_path / f"{framework.level}.yaml").read_text("utf-8")
    assert dump_decree(decree) == (tmp_path / "decree.yaml").read_text("utf-8")


# any framework


def _pieces(piece: BaseModel) -> Iterator[BaseModel]:
    """The piece of a model and every piece inside it."""
    yield piece
    for name in type(piece).model_fields:
        value = getattr(piece, name)
        members = value.values() if isinstance(value, dict) else value
        for each in members if isinstance(members, tuple | type({}.values())) else [value]:
            if isinstance(each, BaseModel):
                yield from _pieces(each)


def test_whatever_the_model_can_say_is_written_exported_and_read(folder: Path) -> None:
    """A field that the model learns must be set here, and then it must come back."""
    framework = framework_of(EVERY_RULE, FACTORED)
    known, said = set(), set()
    for piece in _pieces(framework):
        for name, field in type(piece).model_fields.items():
            known.add((type(piece).__name__, name))
            if getattr(piece, name) != field.get_default(call_default_factory=True):
                said.add((type(piece).__name__, name))
    assert known == said
    assert {name for name, _ in known} >= {each.__name__ for each in RULE_TYPES}
    assert loaded(framework, folder) == framework
    path = folder / "bo-chi-so.xlsx"
    path.write_bytes(framework_workbook(framework))
    assert read_framework(path) == framework


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rule=rules, corrected=st.none() | rules)
def test_any_rule_is_read_back(
    rule: dict[str, Any], corrected: dict[str, Any] | None, folder: Path
) -> None:
    framework = framework_of(rule, corrected)
    read = loaded(framework, folder)
    assert read == framework
    assert dump_framework(read) == dump_framework(framework)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rule=rules, corrected=st.none() | rules)
def test_any_rule_comes_back_from_a_workbook(
    rule: dict[str, Any], corrected: dict[str, Any] | None, folder: Path
) -> None:
    framework = framework_of(rule, corrected)
    path = folder / "bo-chi-so.xlsx"
    path.write_bytes(framework_workbook(framework))
    assert same(read_framework(path), framework)


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from(SIGNS)))
def test_any_text_is_read_back(text: str, folder: Path) -> None:
    agency = {"name": text, "includes": [text, text]}
    data = framework_of({"type": "untabled"}).decree.model_dump()
    decree = Decree.model_validate({**data, "source": text, "agencies": {"so-a": agency}})
    file = folder / "text.yaml"
    file.write_bytes(dump_decree(decree).encode())
    assert Document(file).parse(Decree) == decree


@given(st.one_of(fractions, parts, st.fractions()))
def test_every_spelling_of_a_number_is_exact(value: Fraction) -> None:
    spelled = [
        plain_number(value),
        share_number(value),
        percent_number(value),
        factor_number(value),
        bound_number(value, of_ratio=True),
        bound_number(value, of_ratio=False),
    ]
    assert [parse_exact(each) for each in spelled] == [value] * len(spelled)


# how it looks


def test_numbers_are_spelled_as_the_decrees_write_them() -> None:
    assert [plain_number(Fraction(n)) for n in ("5", "15/4", "1/3")] == ["5", "3.75", "1/3"]
    shares = ["0", "1", "1/2", "7/10", "1/8", "3/20", "2"]
    assert [share_number(Fraction(n)) for n in shares] == [
        *("0", "1", "1/2", "70%", "1/8", "15%", "200%")
    ]
    assert [percent_number(Fraction(n)) for n in ("4/5", "1/400", "1", "1/3")] == [
        *("80%", "0.25%", "100%", "1/3")
    ]
    assert bound_number(Fraction(1, 2), of_ratio=False) == "0.5"
    assert bound_number(Fraction(1, 2), of_ratio=True) == "50%"


def test_the_text_looks_like_the_files_that_are_written_by_hand() -> None:
    text = dump_framework(load_framework("vinh-phuc-2074/so"))
    for piece in (
        '      - code: "1.1"\n        name: Người đứng đầu Sở/Ban/Ngành là Trưởng ban',
        "rule: {type: options, of: x, shares: {nguoi-dung-dau: 1, cap-pho: 1/2, khong: 0}}\n",
        "              - {from: 10, to: 19, share: 1/2}\n",
        "          corrected: {type: ratio, of: a / (b + c), full_at: 80%, below: scaled}\n",
        "        rule: {type: ratio, of: a / b, full_at: 1%, below: {times: 100}}\n",
        '        citation: {decree: 2074/QĐ-UBND, appendix: "1", row: "1.10"}\n'.replace(
            "1.10", "6.14"
        ),
        "        provider: {leads: [vp-ubnd], partners: [so-tttt]}\n",
    ):
        assert piece in text
