"""The hidden identity of a workbook is signed: nobody but the office can write another into it."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dti_core.intake import signature
from dti_core.intake.belonging import WrongWorkbook, check_origin
from dti_core.intake.layout import META_KEYS, META_SHEET, SIGNATURE
from dti_core.intake.signature import FILE, VARIABLE, NoKey
from dti_core.intake.submission import figures_of
from dti_core.intake.workbook import Workbook, read_workbook
from dti_core.program.load import RoundContext, load_round
from dti_core.program.requests import requests
from reports.workbooks.appraisal import AppraisalRow, appraisal_workbook
from reports.workbooks.earlier import earlier_workbook
from reports.workbooks.explanation import explanation_workbook
from reports.workbooks.own import own_workbook
from tests.sample.spoilt import sent_out

UNIT = "so-tu-phap"
IDENTITY = dict.fromkeys(META_KEYS, "x")
REFUSED = "phần nhận dạng ẩn đã bị sửa"


@pytest.fixture(scope="module")
def context() -> RoundContext:
    return load_round("vinh-phuc/2023-so")


@pytest.fixture
def own(context: RoundContext, tmp_path: Path) -> Path:
    path = tmp_path / "so-lieu.xlsx"
    request = next(each for each in requests(context) if each.provider == UNIT)
    path.write_bytes(own_workbook(context, request, {}))
    return path


@pytest.fixture
def no_key(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without a key, and none in the environment."""
    monkeypatch.delenv(VARIABLE)
    return empty_home


def _with_identity(path: Path, key: str, value: str | None) -> Workbook:
    """The workbook once somebody has written into its hidden page."""
    book = load_workbook(path, rich_text=True)
    for row in book[META_SHEET].iter_rows():
        if row[0].value == key:
            row[1].value = value
    book.save(path)
    return read_workbook(path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("kind", "about_units"),
        ("round", "vinh-phuc/2022"),
        ("provider", "so-y-te"),
        ("framework", "vinh-phuc-2074/huyen"),
        ("sha256", "0" * 64),
        (SIGNATURE, "0" * 64),
        (SIGNATURE, "chữ ký"),
        (SIGNATURE, None),
    ],
)
def test_a_changed_identity_is_refused(
    key: str, value: str | None, context: RoundContext, own: Path
) -> None:
    changed = _with_identity(own, key, value)
    with pytest.raises(WrongWorkbook, match=REFUSED) as refused:
        figures_of(changed, context, own.name)
    assert own.name in str(refused.value)
    assert FILE in str(refused.value)


def test_the_signature_of_another_workbook_is_none(context: RoundContext, own: Path) -> None:
    other = own.with_name("khac.xlsx")
    request = next(each for each in requests(context) if each.provider == "so-y-te")
    other.write_bytes(own_workbook(context, request, {}))
    borrowed = replace(read_workbook(own), signature=read_workbook(other).signature)
    with pytest.raises(WrongWorkbook, match=REFUSED):
        check_origin(borrowed, context, own.name)


def test_every_kind_of_workbook_is_signed(context: RoundContext, own: Path) -> None:
    points = Fraction(15)
    row = AppraisalRow(UNIT, "1.2.2", "", None, points, points, points)
    contents = [
        own.read_bytes(),
        sent_out("about")[2],
        explanation_workbook(context, UNIT, []),
        appraisal_workbook(context, "so-tttt", [row]),
        earlier_workbook(context),
    ]
    kinds = []
    for content in contents:
        own.write_bytes(content)
        workbook = read_workbook(own)
        kinds.append(workbook.kind)
        check_origin(workbook, context, own.name)
        with pytest.raises(WrongWorkbook, match=REFUSED):
            check_origin(replace(workbook, provider="so-nao-do"), context, own.name)
    assert kinds == ["own", "about_units", "explanation", "appraisal", "earlier"]


def test_the_office_can_only_read_what_its_own_key_has_signed(
    context: RoundContext, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbook = read_workbook(own)
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("DTI_HOME", str(own.parent))  # a home without a key: one is made
    with pytest.raises(WrongWorkbook, match="khóa cũ"):
        check_origin(workbook, context, own.name)
    monkeypatch.setenv(VARIABLE, "another key, as long as a key has to be")
    with pytest.raises(WrongWorkbook, match="khóa cũ"):
        check_origin(workbook, context, own.name)


def test_a_key_is_made_once_and_is_its_owners_only(no_key: Path) -> None:
    first = signature.signature(IDENTITY)
    file = no_key / FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(file.read_text().strip()) == 64
    assert signature.is_signed(IDENTITY, first)
    assert [each.name for each in no_key.iterdir()] == [FILE]
    file.unlink()
    assert not signature.is_signed(IDENTITY, first)


def test_identities_with_the_same_letters_are_signed_apart() -> None:
    one = {**IDENTITY, "kind": "ab", "round": "c"}
    other = {**IDENTITY, "kind": "a", "round": "bc"}
    assert signature.signature(one) != signature.signature(other)


@pytest.mark.usefixtures("no_key")
def test_processes_that_make_the_key_at_once_end_up_with_one() -> None:
    program = (
        "import sys, time; from dti_core.intake import signature;"
        "from dti_core.intake.layout import META_KEYS; print('ready', flush=True);"
        "sys.stdin.readline(); print(signature.signature(dict.fromkeys(META_KEYS, 'x')))"
    )
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=dict(os.environ),
        )
        for _ in range(4)
    ]
    for worker in workers:
        assert worker.stdout is not None
        worker.stdout.readline()
    for worker in workers:  # all have started and read nothing yet
        assert worker.stdin is not None
        worker.stdin.write("\n")
        worker.stdin.flush()
    told = {worker.communicate(timeout=30)[0] for worker in workers}
    assert told == {signature.signature(IDENTITY) + "\n"}


def test_the_key_that_was_made_first_stays(no_key: Path) -> None:
    """What the processes above meet only by chance: the file appears while one makes its own."""
    first = signature.signature(IDENTITY)
    signature._make(no_key / FILE)
    assert signature.signature(IDENTITY) == first


def _short(file: Path) -> None:
    file.write_text("abc\n")


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _binary(file: Path) -> None:
    file.write_bytes(b"\xff\xfe" * 40)


def _folder(file: Path) -> None:
    file.mkdir()


@pytest.mark.parametrize("spoil", [_short, _empty, _binary, _folder])
def test_a_key_file_that_is_none_is_refused_by_its_name(
    spoil: Callable[[Path], None], no_key: Path
) -> None:
    spoil(no_key / FILE)
    with pytest.raises(NoKey, match=FILE):
        signature.signature(IDENTITY)


def test_a_short_key_in_the_environment_is_refused_and_never_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, "bi-mat")
    with pytest.raises(NoKey, match=VARIABLE) as refused:
        signature.signature(IDENTITY)
    assert "bi-mat" not in str(refused.value)
