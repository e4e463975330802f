"""A province's own framework is found and loaded; a faulty one is refused by file and line."""

import os
from pathlib import Path

import pytest

from dti_core.framework.load import UnknownFramework, framework_ids, load_framework
from dti_core.strict_yaml import DataError

VINH_PHUC = "vinh-phuc-2074/so"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A province's own folder, empty, so that what ships is what is tested."""
    monkeypatch.setenv("DTI_HOME", str(tmp_path))
    return tmp_path


# a province's own framework

DECREE = """\
id: tinh-a
number: 1/QĐ-UBND
issued: "2024-01-01"
issuer: UBND tỉnh A
title: Quyết định ban hành bộ chỉ số
source: Bản gốc
agencies:
  so-a: {name: Sở A}
  so-b: {name: Sở B}
"""

FRAMEWORK = """\
level: so
title: Bộ chỉ số cấp sở
citation: {decree: 1/QĐ-UBND}
total_stated: 20
information:
  - code: "1"
    name: Số người
    kind: count
    provider: {relative: self}
    citation: {decree: 1/QĐ-UBND, row: I.1}
pillars:
  - code: "1"
    name: Nhận thức số
    max_points: 20
    citation: {decree: 1/QĐ-UBND, row: "1"}
    criteria:
      - code: "1.1"
        name: Tỷ lệ
        max_points: 10
        variables:
          a: {label: Số đã làm, kind: count}
          b: {label: Số phải làm, kind: count}
        rule: {type: ratio, of: a / b, full_at: 80%, below: proportional}
        erratum:
          kind: substantive
          note: Không chia cho 80 %
          corrected: {type: ratio, of: a / b, full_at: 80%, below: scaled}
        provider: {leads: [so-a], partners: [so-b]}
        citation: {decree: 1/QĐ-UBND, row: "1.1"}
      - code: "1.2"
        name: Trạng thái
        max_points: 10
        variables:
          x: {label: Trạng thái, kind: choice, choices: {co: Có, khong: Không}}
        rule: {type: options, of: x, shares: {co: 1, khong: 0}}
        provider: {relative: self}
        citation: {decree: 1/QĐ-UBND, row: "1.2"}
"""


def _write(home: Path, framework: str = FRAMEWORK, decree: str = DECREE) -> Path:
    folder = home / "decrees" / "tinh-a"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "decree.yaml").write_text(decree, encoding="utf-8")
    (folder / "so.yaml").write_text(framework, encoding="utf-8")
    return folder


def _changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


def _line(text: str, words: str) -> int:
    """The line in which the words first stand."""
    return text[: text.index(words)].count("\n") + 1


def test_a_framework_of_the_province_itself_is_found_and_loaded(home: Path) -> None:
    ships = framework_ids()
    _write(home)
    assert set(framework_ids()) - set(ships) == {"tinh-a/so"}
    framework = load_framework("tinh-a/so")
    assert [row.code for row in framework.rows] == ["1.1", "1.2"]
    assert framework.agency("so-b") == "Sở B"


def test_the_province_s_own_copy_wins_over_what_ships(home: Path) -> None:
    ships = framework_ids()
    folder = home / "decrees" / "vinh-phuc-2074"
    folder.mkdir(parents=True)
    decree = _changed(DECREE, "id: tinh-a", "id: vinh-phuc-2074")
    (folder / "decree.yaml").write_text(decree, encoding="utf-8")
    (folder / "so.yaml").write_text(FRAMEWORK, encoding="utf-8")
    assert load_framework(VINH_PHUC).decree.number == "1/QĐ-UBND"
    assert framework_ids() == ships


def test_any_change_of_the_files_changes_their_digest(home: Path) -> None:
    digests = set()
    for hour, (framework, decree) in enumerate(
        [
            (FRAMEWORK, DECREE),
            (FRAMEWORK + "# một chú thích\n", DECREE),
            (FRAMEWORK, DECREE + "# một chú thích\n"),
        ]
    ):
        for file in _write(home, framework, decree).iterdir():
            os.utime(file, (hour * 3600, hour * 3600))
        digests.add(load_framework("tinh-a/so").sha256)
    assert len(digests) == 3


@pytest.mark.parametrize(
    "framework_id", ["", "tinh-a", "tinh-a/so", "vinh-phuc-2074/tinh", "a/b/c"]
)
def test_an_unknown_framework_is_refused_with_those_that_there_are(framework_id: str) -> None:
    with pytest.raises(UnknownFramework) as refusal:
        load_framework(framework_id)
    assert str(refusal.value) == (
        f"Không có bộ chỉ số {framework_id!r}. Hiện có: {', '.join(framework_ids())}."
    )


# what is refused → the text changed, what it becomes, the words in the line named, the message
REFUSALS = {
    "agency unknown among the leads": (
        "leads: [so-a]",
        "leads: [so-z]",
        "provider: {leads: [so-z]",
        "mục 1.1: decree.yaml không có cơ quan 'so-z'",
    ),
    "agency unknown among the partners": (
        "partners: [so-b]",
        "partners: [so-b, so-z]",
        "partners: [so-b, so-z]",
        "mục 1.1: decree.yaml không có cơ quan 'so-z'",
    ),
    "agency unknown for one figure": (
        "b: {label: Số phải làm, kind: count}",
        "b: {label: Số phải làm, kind: count, provider: {leads: [so-z]}}",
        "b: {label: Số phải làm",
        "mục 1.1, biến b: decree.yaml không có cơ quan 'so-z'",
    ),
    "agency unknown for information": (
        "kind: count\n    provider: {relative: self}",
        "kind: count\n    provider: {leads: [so-z]}",
        '- code: "1"\n    name: Số người',
        "thông tin 1: decree.yaml không có cơ quan 'so-z'",
    ),
    "nobody who gives the figure": (
        "provider: {leads: [so-a], partners: [so-b]}",
        "provider: {partners: [so-b]}",
        "provider: {partners: [so-b]}",
        "provider: phải có leads hoặc relative",
    ),
    "code doubled": (
        '- code: "1.2"',
        '- code: "1.1"',
        '- code: "1.1"\n        name: Trạng thái',
        "mục 1.1 có hai lần",
    ),
    "code malformed": (
        '- code: "1.2"',
        "- code: 1-2",
        "code: 1-2",
        "pillars → 0 → criteria → 1 → code: '1-2' viết sai dạng",
    ),
    "information doubled": (
        "pillars:\n",
        '  - {code: "1", name: x, kind: text, citation: {decree: 1/QĐ-UBND}}\npillars:\n',
        '- {code: "1", name: x',
        "thông tin 1 có hai lần",
    ),
    "rule over an undeclared variable": (
        "rule: {type: ratio, of: a / b,",
        "rule: {type: ratio, of: a / c,",
        "rule: {type: ratio, of: a / c,",
        "mục 1.1: quy tắc dùng biến 'c' chưa khai báo",
    ),
    "corrected rule over an undeclared variable": (
        "corrected: {type: ratio, of: a / b,",
        "corrected: {type: ratio, of: a / c,",
        "erratum:",
        "mục 1.1: quy tắc dùng biến 'c' chưa khai báo",
    ),
    "rule over a figure of the wrong kind": (
        "x: {label: Trạng thái, kind: choice, choices: {co: Có, khong: Không}}",
        "x: {label: Trạng thái, kind: count}",
        "rule: {type: options",
        "mục 1.2: quy tắc 'options' cần biến 'x' có kind: choice, không phải count",
    ),
    "flag over a choice": (
        "rule: {type: options, of: x, shares: {co: 1, khong: 0}}",
        "rule: {type: flag, of: x}",
        "rule: {type: flag, of: x}",
        "mục 1.2: quy tắc 'flag' cần biến 'x' có kind: flag, không phải choice",
    ),
    "percent over a count": (
        "rule: {type: ratio, of: a / b, full_at: 80%, below: proportional}",
        "rule: {type: percent, of: a}",
        "rule: {type: percent, of: a}",
        "mục 1.1: quy tắc 'percent' cần biến 'a' có kind: percent, không phải count",
    ),
    "gate on a count": (
        "rule: {type: ratio, of: a / b, full_at: 80%, below: proportional}",
        "rule: {type: gate, flag: a, then: {type: ratio, of: a / b}}",
        "rule: {type: gate",
        "mục 1.1: quy tắc 'flag' cần biến 'a' có kind: flag, không phải count",
    ),
    "choice unknown": (
        "shares: {co: 1, khong: 0}",
        "shares: {co: 1, chua: 0}",
        "rule: {type: options",
        "mục 1.2: lựa chọn ['chua'] không có trong choices",
    ),
    "choices of a count": (
        "a: {label: Số đã làm, kind: count}",
        "a: {label: Số đã làm, kind: count, choices: {co: Có}}",
        "a: {label: Số đã làm",
        "choices đi với kind: choice, và chỉ với nó",
    ),
    "kind unknown": (
        "a: {label: Số đã làm, kind: count}",
        "a: {label: Số đã làm, kind: number}",
        "a: {label: Số đã làm",
        "kind: giá trị 'number' phải là một trong",
    ),
    "rule type unknown": (
        "rule: {type: options, of: x,",
        "rule: {type: magic, of: x,",
        "rule: {type: magic",
        "rule: loại quy tắc (type) không có trong bộ từ vựng",
    ),
    "metric faulty": (
        "rule: {type: ratio, of: a / b,",
        "rule: {type: ratio, of: a ** b,",
        "rule: {type: ratio, of: a ** b,",
        "rule → of: biểu thức 'a ** b' chỉ được dùng tên biến",
    ),
    "threshold without a lower branch": (
        "rule: {type: ratio, of: a / b, full_at: 80%, below: proportional}",
        "rule: {type: ratio, of: a / b, full_at: 80%}",
        "rule: {type: ratio, of: a / b, full_at: 80%}",
        "full_at và below phải đi cùng nhau",
    ),
    "citation missing": (
        '        citation: {decree: 1/QĐ-UBND, row: "1.2"}\n',
        "",
        '- code: "1.2"',
        "pillars → 0 → criteria → 1 → citation: thiếu khóa 'citation'",
    ),
    "citation of another decree": (
        'citation: {decree: 1/QĐ-UBND, row: "1.2"}',
        'citation: {decree: 2/QĐ-UBND, row: "1.2"}',
        "citation: {decree: 2/QĐ-UBND",
        "mục 1.2: trích dẫn '2/QĐ-UBND' lạ",
    ),
    "substantive erratum without its correction": (
        "          corrected: {type: ratio, of: a / b, full_at: 80%, below: scaled}\n",
        "",
        "erratum:",
        "erratum kind: substantive phải có corrected",
    ),
    "name of a variable that is reserved": (
        "b: {label: Số phải làm, kind: count}",
        "ratio: {label: Số phải làm, kind: count}",
        '- code: "1.1"',
        "tên biến 'ratio' dành cho tỷ lệ được nêu thẳng",
    ),
    "children of a row with a rule of its own": (
        "        provider: {relative: self}\n        citation",
        "        children:\n"
        "          - {code: 1.2.1, name: x, max_points: 10, rule: {type: appraised}, "
        "citation: {decree: 1/QĐ-UBND}}\n"
        "        provider: {relative: self}\n        citation",
        '- code: "1.2"',
        "mục có children phải có rule: {type: sum_of_children}",
    ),
    "deductions without a maximum": (
        'row: "1.2"}\n',
        'row: "1.2"}\n'
        '      - code: "1.3"\n'
        "        name: Trừ điểm\n"
        "        max_points: null\n"
        "        variables: {n: {label: Số lần, kind: count}}\n"
        "        rule: {type: deductions, events: [{of: n, each: 1}]}\n"
        '        citation: {decree: 1/QĐ-UBND, row: "1.3"}\n',
        "rule: {type: deductions",
        "mục 1.3: quy tắc trừ điểm cần điểm tối đa",
    ),
    "key unknown": (
        "name: Trạng thái\n",
        "name: Trạng thái\n        nguồn: x\n",
        "nguồn: x",
        "pillars → 0 → criteria → 1 → nguồn: khóa lạ 'nguồn'",
    ),
    "key doubled": (
        "name: Trạng thái\n",
        "name: Trạng thái\n        name: x\n",
        "name: x",
        "khóa 'name' viết hai lần trong cùng một mục",
    ),
    "level of another file": (
        "level: so",
        "level: huyen",
        "level: huyen",
        "level 'huyen' phải trùng tên tệp",
    ),
}


@pytest.mark.parametrize(("old", "new", "place", "message"), REFUSALS.values(), ids=REFUSALS)
def test_a_faulty_framework_is_refused_by_file_and_line(
    home: Path, old: str, new: str, place: str, message: str
) -> None:
    text = _changed(FRAMEWORK, old, new)
    file = _write(home, text) / "so.yaml"
    with pytest.raises(DataError) as refusal:
        load_framework("tinh-a/so")
    assert str(refusal.value).startswith(f"{file}, dòng {_line(text, place)}: ")
    assert message in str(refusal.value)


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("id: tinh-a", "id: tinh-b", "id: tinh-b", "id 'tinh-b' phải trùng tên thư mục"),
        ("so-b: {name: Sở B}", "Sở-B: {name: Sở B}", "Sở-B:", "'Sở-B' viết sai dạng"),
        ("  so-b: {name", "  so-a: {name", "so-a: {name: Sở B}", "khóa 'so-a' viết hai lần"),
        ("issuer: UBND tỉnh A\n", "", "id: tinh-a", "thiếu khóa 'issuer'"),
        ('"2024-01-01"', "01/01/2024", "issued:", "giá trị '01/01/2024' sai kiểu"),
    ],
)
def test_a_faulty_decree_is_refused_by_file_and_line(
    home: Path, old: str, new: str, place: str, message: str
) -> None:
    text = _changed(DECREE, old, new)
    file = _write(home, decree=text) / "decree.yaml"
    with pytest.raises(DataError) as refusal:
        load_framework("tinh-a/so")
    assert str(refusal.value).startswith(f"{file}, dòng {_line(text, place)}: ")
    assert message in str(refusal.value)
