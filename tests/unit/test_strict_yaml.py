"""YAML without guesses: every mistake is refused with its file and line, in Vietnamese."""

from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from dti_core import strict_yaml
from dti_core.errors import Refused
from dti_core.framework.load import SHIPPED
from dti_core.rational import Exact
from dti_core.strict_yaml import DataError, Document

LOADERS = {
    "libyaml": getattr(yaml, "CSafeLoader", None),
    "pure Python": yaml.SafeLoader,
}


@pytest.fixture(params=LOADERS, autouse=True)
def _loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test of this file runs with libyaml and without."""
    loader = LOADERS[request.param]
    if loader is None:
        pytest.skip("PyYAML was built without libyaml")
    monkeypatch.setattr(strict_yaml, "_Loader", loader)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "đợt.yaml"


def _document(file: Path, text: str) -> Document:
    file.write_text(text, encoding="utf-8")
    return Document(file)


def _read(file: Path, text: str, model: type[BaseModel] | None) -> object:
    document = _document(file, text)
    return document.parse(model) if model else document


def _refusal(file: Path, text: str, model: type[BaseModel] | None = None) -> DataError:
    """The refusal of a text, on reading it or on making a model of it."""
    with pytest.raises(DataError) as refusal:
        _read(file, text, model)
    return refusal.value


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("5", 5),
        ("-3", -3),
        ("82237000000", 82_237_000_000),
    ],
)
def test_only_true_false_null_and_whole_numbers_have_a_type(
    file: Path, written: str, read: object
) -> None:
    value = _document(file, f"k: {written}").content["k"]
    assert value == read
    assert type(value) is type(read)


@pytest.mark.parametrize(
    "written",
    [
        "1.10",
        "7.5",
        "1/2",
        "80%",
        "007",
        "+5",
        "1_000",
        "0x10",
        "1e3",
        "12:30",
        "2024-06-20",
        ".inf",
        "yes",
        "no",
        "on",
        "Off",
        "True",
        "FALSE",
        "Null",
        "1.337.124",
        "Chưa có",
    ],
)
def test_every_other_scalar_stays_the_text_that_was_written(file: Path, written: str) -> None:
    assert _document(file, f"k: {written}").content == {"k": written}


@pytest.mark.parametrize("written", ["5", "true", "null", "", "1.10"])
@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_quoted_scalar_is_text(file: Path, written: str, quote: str) -> None:
    assert _document(file, f"k: {quote}{written}{quote}").content == {"k": written}


def test_folded_text_lists_and_nested_tables_are_read(file: Path) -> None:
    text = "a: >-\n  một\n  hai\nb: [1, {c: x}]\n1.10: x\n"
    assert _document(file, text).content == {
        "a": "một hai",
        "b": [1, {"c": "x"}],
        "1.10": "x",
    }


def test_an_empty_file_has_no_content(file: Path) -> None:
    assert _document(file, "").content is None
    assert _document(file, "# chỉ có chú thích\n").content is None


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    document = Document(file)
    assert document.content == {"a": 1, "b": 2}
    assert document.line(("b",)) == 2


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "a"),
        ("a:\n  b: 1\n  c: 2\n  b: 3\n", 4, "b"),
        ("a:\n  - {x: 1}\n  - {y: 1, y: 1}\n", 3, "y"),
        ("1: x\n'1': y\n", 2, "1"),
    ],
)
def test_a_key_written_twice_is_refused_where_it_stands_again(
    file: Path, text: str, line: int, key: str
) -> None:
    refusal = _refusal(file, text)
    assert (refusal.file, refusal.line) == (str(file), line)
    assert str(refusal) == (f"{file}, dòng {line}: khóa {key!r} viết hai lần trong cùng một mục")


def test_the_same_key_in_two_tables_is_no_duplicate(file: Path) -> None:
    assert _document(file, "- {a: 1}\n- {a: 2}\n").content == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: c: d\n", 2),
        ("a:\n  b: 1\n c: 2\n", 3),
        ("a:\n\t- b\n", 2),
        ("a: 1\nb\nc: 2\n", 3),
        ("a: 1\nb: *x\n", 2),
        ("a: 1\n---\nb: 2\n", 2),
        ("a: @b\n", 1),
    ],
)
def test_faulty_syntax_is_refused_with_its_line(file: Path, text: str, line: int) -> None:
    refusal = _refusal(file, text)
    assert refusal.line == line
    assert str(refusal).startswith(f"{file}, dòng {line}: sai cú pháp YAML (")


def test_a_file_in_another_encoding_is_refused(file: Path) -> None:
    file.write_bytes("tên: Sở Nội vụ\n".encode("utf-16"))
    with pytest.raises(DataError) as refusal:
        Document(file)
    assert refusal.value.line is None
    assert str(refusal.value) == f"{file}: tệp phải được lưu ở bảng mã UTF-8"


class _Person(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(pattern=r"^[a-z]+$")]
    age: int = 0
    level: Literal["tinh", "so"] = "so"
    chief: bool = False
    share: Exact | None = None

    @field_validator("age")
    @classmethod
    def _age(cls, age: int) -> int:
        if age < 0:
            raise ValueError("tuổi không thể âm")
        return age


class _Office(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str
    people: tuple[_Person, ...] = Field(default=())
    year: int = 2023


def test_a_faultless_file_becomes_its_model(file: Path) -> None:
    text = "title: Sở\npeople:\n  - {name: an, age: 5, chief: true, share: 1/2}\n"
    office = _document(file, text).parse(_Office)
    assert office == _Office(
        title="Sở", people=(_Person(name="an", age=5, chief=True, share="1/2"),)
    )


def test_values_from_outside_the_file_complete_the_model(file: Path) -> None:
    office = _document(file, "title: Sở\n").parse(_Office, {"year": 2024})
    assert (office.title, office.year) == ("Sở", 2024)


@pytest.mark.parametrize(
    ("faulty", "line", "message"),
    [
        ("nick: an", 5, "people → 0 → nick: khóa lạ 'nick'"),
        ("age: năm", 5, "people → 0 → age: giá trị 'năm' sai kiểu"),
        ("age: 1.10", 5, "people → 0 → age: giá trị '1.10' sai kiểu"),
        ("age: null", 5, "people → 0 → age: giá trị None sai kiểu"),
        ("age: [5]", 5, "people → 0 → age: giá trị [5] sai kiểu"),
        ("age: -1", 5, "people → 0 → age: tuổi không thể âm"),
        ("chief: có", 5, "people → 0 → chief: giá trị 'có' sai kiểu"),
        ("level: xa", 5, "people → 0 → level: giá trị 'xa' phải là một trong 'tinh' or 'so'"),
        ("share: 1,5", 5, "people → 0 → share: '1,5' không phải số chính xác"),
        ("share: true", 5, "people → 0 → share: True không phải số chính xác"),
    ],
)
def test_a_faulty_value_is_refused_with_its_line_and_place(
    file: Path, faulty: str, line: int, message: str
) -> None:
    refusal = _refusal(file, f"title: Sở\n\npeople:\n  - name: an\n    {faulty}\n", _Office)
    assert refusal.line == line
    assert str(refusal).startswith(f"{file}, dòng {line}: {message}")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("5", "people → 0 → name: giá trị 5 sai kiểu"),
        ("true", "people → 0 → name: giá trị True sai kiểu"),
        ("AN", "people → 0 → name: 'AN' viết sai dạng"),
    ],
)
def test_a_number_or_boolean_is_no_text(file: Path, name: str, message: str) -> None:
    refusal = _refusal(file, f"title: Sở\npeople:\n  - name: {name}\n", _Office)
    assert (refusal.line, refusal.message) == (3, message)


def test_a_missing_key_is_refused_where_its_table_starts(file: Path) -> None:
    refusal = _refusal(file, "title: Sở\npeople:\n  - {name: an}\n  - age: 5\n", _Office)
    assert (refusal.line, refusal.message) == (4, "people → 1 → name: thiếu khóa 'name'")


def test_several_mistakes_are_told_at_once_each_with_its_line(file: Path) -> None:
    refusal = _refusal(file, "name: 5\nage: x\nnick: y\n", _Person)
    assert str(refusal) == (
        f"{file}, dòng 1: name: giá trị 5 sai kiểu"
        "\n  dòng 2: age: giá trị 'x' sai kiểu"
        "\n  dòng 3: nick: khóa lạ 'nick'"
    )


def test_of_many_mistakes_five_are_told_and_the_rest_counted(file: Path) -> None:
    text = "name: an\n" + "".join(f"k{n}: 1\n" for n in range(8))
    lines = str(_refusal(file, text, _Person)).splitlines()
    assert [line.split("k")[-1] for line in lines[:5]] == [f"{n}'" for n in range(5)]
    assert lines[5:] == ["  … và 3 lỗi khác"]


@pytest.mark.parametrize("text", ["", "- a\n", "chữ\n", "5\n"])
def test_a_file_that_is_no_table_is_refused(file: Path, text: str) -> None:
    assert str(_refusal(file, text, _Person)) == (
        f"{file}, dòng 1: tệp phải là một bảng khóa: giá trị"
    )


def test_an_unknown_rule_type_is_refused_in_plain_words(file: Path) -> None:
    class A(BaseModel):
        type: Literal["a"]

    class B(BaseModel):
        type: Literal["b"]

    class Row(BaseModel):
        rule: Annotated[A | B, Field(discriminator="type")]

    assert _refusal(file, "\nrule: {type: c}\n", Row).message == (
        "rule: loại quy tắc (type) không có trong bộ từ vựng"
    )


def test_every_key_path_has_its_line_and_an_unknown_one_that_of_its_parent(file: Path) -> None:
    document = _document(file, "a: 1\nb:\n  - c: 2\n\n  -\n    d: >-\n      x\n      y\n    e: 3\n")
    lines: dict[tuple[Any, ...], int] = {
        ("a",): 1,
        ("b",): 2,
        ("b", 0): 3,
        ("b", 0, "c"): 3,
        ("b", 1): 6,
        ("b", 1, "d"): 6,
        ("b", 1, "e"): 9,
        ("b", 1, "missing", "deeper"): 6,
        ("missing",): 1,
    }
    assert {path: document.line(path) for path in lines} == lines
    assert str(document.error(("b", 1, "e"), "sai")) == f"{file}, dòng 9: sai"


def test_a_data_error_is_a_refusal_for_people() -> None:
    assert str(DataError("a.yaml", 3, "thiếu tên")) == "a.yaml, dòng 3: thiếu tên"
    assert str(DataError("a.yaml", None, "thiếu tên")) == "a.yaml: thiếu tên"
    assert isinstance(DataError("a.yaml", 3, "thiếu tên"), Refused)


def test_shipped_file_reads_the_same_with_and_without_libyaml(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = SHIPPED / "vinh-phuc-2074" / "so.yaml"
    here = Document(file)
    monkeypatch.setattr(strict_yaml, "_Loader", yaml.SafeLoader)
    pure = Document(file)
    assert here.content == pure.content
    assert here._lines == pure._lines
