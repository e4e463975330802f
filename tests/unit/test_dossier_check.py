"""`dti audit check`: a dossier proves by itself that it is as it was handed out."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dti_core.program.load import load_round
from dti_core.records.database import session
from dti_core.records.handed_out import record_export, unlike_records
from flows.cli import app
from reports.dossier.checking import Checked, NotADossier, check
from reports.dossier.package import DATA, MANIFEST, PAGE, archive, export
from tests.unit.dossier_round import PDF, UNIT, filled_home
from tests.unit.reminded_round import ROUND

MOMENT = datetime(2024, 3, 9, tzinfo=UTC)
Files = dict[str, bytes]
Json = Any


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the filled round and, in `ho-so.zip`, the dossier of a unit, recorded."""
    made = tmp_path_factory.mktemp("dossier")
    shutil.copytree(filled_home(), made, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DTI_HOME", str(made))
        context = load_round(ROUND)
        with session() as records:
            dossier, content = export(records, context, UNIT, MOMENT, "test")
        with session() as records:
            digest = hashlib.sha256(content).hexdigest()
            record_export(records, ROUND, UNIT, digest, dossier.head, "", "test")
        (made / "ho-so.zip").write_bytes(content)
    return made


@pytest.fixture
def files(home: Path) -> Files:
    with zipfile.ZipFile(home / "ho-so.zip") as packed:
        return {name: packed.read(name) for name in packed.namelist() if name != MANIFEST}


@pytest.fixture
def checked(tmp_path: Path) -> Callable[[Files], list[str]]:
    """What is found in a dossier of these files, whose list of hashes fits: whoever alters a file
    can write that anew."""

    def problems(files: Files) -> list[str]:
        target = tmp_path / "altered.zip"
        target.write_bytes(archive(files))
        return list(check(target).problems)

    return problems


def with_data(files: Files, change: Callable[[Json], object]) -> Files:
    data = json.loads(files[DATA])
    change(data)
    return files | {DATA: json.dumps(data, ensure_ascii=False).encode()}


def whole(data: Json, action: str) -> Json:
    return next(e for e in data["links"] if e["action"] == action and e["told"] == "whole")


def test_what_was_exported_is_whole(home: Path, files: Files) -> None:
    found = check(home / "ho-so.zip")
    assert found.problems == []
    assert found.files == len(files)
    (part,) = found.parts
    counts = {told: part.count(told) for told in ("whole", "part", "none")}
    assert sum(counts.values()) == len(part.links)
    assert counts["whole"] > 10
    assert counts["none"] >= 3
    assert check(home / "ho-so.zip", part.data["head"].upper()).problems == []


def test_another_head_noted_outside_is_told(home: Path) -> None:
    (problem,) = check(home / "ho-so.zip", "ab" * 32).problems
    assert "không phải mã đã ghi ở ngoài" in problem


def test_every_single_altered_file_is_found(home: Path, files: Files, tmp_path: Path) -> None:
    with zipfile.ZipFile(home / "ho-so.zip") as packed:
        manifest = packed.read(MANIFEST)
    for name in files:
        target = tmp_path / "altered.zip"
        altered = files | {name: files[name] + b"\n"}
        with zipfile.ZipFile(target, "w") as repacked:
            for each, content in (altered | {MANIFEST: manifest}).items():
                repacked.writestr(each, content)
        assert f"Tệp {name} không còn như lúc xuất." in check(target).problems
        with zipfile.ZipFile(target, "w") as repacked:
            for each, content in (files | {MANIFEST: manifest}).items():
                if each != name or each == DATA:
                    repacked.writestr(each, content)
        if name != DATA:
            assert f"Thiếu tệp {name} có trong {MANIFEST}." in check(target).problems


def test_a_received_file_that_is_another_does_not_fit_its_event(
    files: Files, checked: Callable[[Files], list[str]]
) -> None:
    assert checked(files) == []
    name = next(name for name in files if name.startswith("tep-nhan/"))
    other = b"PK other"
    altered = files | {name: other}
    assert checked(altered) == [f"Tệp {name} không phải tệp có mã đã ghi."]

    def tell(data: Json) -> None:
        entry = next(each for each in data["files"] if each["path"] == name)
        entry["sha256"] = hashlib.sha256(other).hexdigest()

    (problem,) = checked(with_data(altered, tell))
    assert problem == f"Tệp {name}: nhật ký không có sự kiện nào ghi mã này."


def test_evidence_and_the_law_are_held_to_the_chain(
    files: Files, checked: Callable[[Files], list[str]]
) -> None:
    evidence = next(name for name, content in files.items() if content == PDF)
    assert any(evidence in each for each in checked(files | {evidence: b"%PDF-other"}))
    law = next(name for name in files if name.endswith("/so.yaml"))
    told = checked(files | {law: files[law] + b"# 80% -> 60%\n"})
    assert any("không phải bản mà đợt đã ghim" in each for each in told)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: whole(d, "flag_decided")["detail"].update(reason="x"), "bị sửa nội dung"),
        (lambda d: whole(d, "flag_decided").update(actor="x"), "bị sửa nội dung"),
        (lambda d: d["links"].pop(3), "bị thiếu"),
        (lambda d: d["links"].pop(), "không phải mã cuối"),
        (lambda d: d["links"].insert(2, d["links"].pop(3)), "bị thiếu"),
        (lambda d: d["links"][5].update(digest="0" * 64), "không nối vào"),
        (lambda d: d["links"][0].update(previous="1" * 64), "không nối vào"),
        (lambda d: d.update(head="0" * 64), "không phải mã cuối"),
        (lambda d: d.update(round_id="khac/2023"), "thuộc đợt khác"),
        (lambda d: d["pins"].update({"vinh-phuc-2074/so": "0" * 64}), "không như lúc mở đợt"),
    ],
)
def test_an_altered_chain_is_found(
    files: Files,
    checked: Callable[[Files], list[str]],
    change: Callable[[Json], object],
    told: str,
) -> None:
    assert any(told in problem for problem in checked(with_data(files, change)))


def test_an_added_or_missing_file_is_found(home: Path, files: Files, tmp_path: Path) -> None:
    target = tmp_path / "a.zip"
    shutil.copy(home / "ho-so.zip", target)
    with zipfile.ZipFile(target, "a") as packed:
        packed.writestr("them.txt", b"x")
    assert check(target).problems == [f"Thừa tệp them.txt: {MANIFEST} không nêu."]
    target.write_bytes(archive({name: each for name, each in files.items() if name != PAGE}))
    assert check(target).problems == [f"Thiếu trang {PAGE}."]


def test_what_is_no_dossier_is_refused(tmp_path: Path) -> None:
    for content, told in ((b"x", "không phải tệp nén"), (archive({"a": b""}), "thiếu")):
        (tmp_path / "a.zip").write_bytes(content)
        with pytest.raises(NotADossier, match=told):
            check(tmp_path / "a.zip")
    (tmp_path / "a.zip").write_bytes(archive({DATA: b'{"format": "dti-ho-so/9"}'}))
    with pytest.raises(NotADossier, match="dti-ho-so/9"):
        check(tmp_path / "a.zip")
    with pytest.raises(NotADossier, match="Không có tệp"):
        check(tmp_path / "b.zip")


def test_what_only_the_database_knows_is_asked_there(
    home: Path, files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Points are in no event: a dossier with other points is whole in itself, and is not the one
    that was exported."""

    def other_points(data: Json) -> None:
        data["total"] = "99"

    monkeypatch.setenv("DTI_HOME", str(home))
    forged = tmp_path / "a.zip"
    forged.write_bytes(archive(with_data(files, other_points)))
    found: Checked = check(forged)
    assert found.problems == []
    with session() as records:
        real = check(home / "ho-so.zip")
        assert unlike_records(records, ROUND, real.sha256, real.parts[0].links) == []
        (told,) = unlike_records(records, ROUND, found.sha256, found.parts[0].links)
        assert "không có lần xuất hồ sơ nào" in told
        assert unlike_records(records, "khac/1", None, []) == [
            "Cơ sở dữ liệu này không có đợt khac/1."
        ]
        links = [dict(link) for link in real.parts[0].links]
        links[4]["digest"] = "0" * 64
        (told,) = unlike_records(records, ROUND, None, links)
        assert told == "1 sự kiện không như trong cơ sở dữ liệu, từ số 5."


def test_the_command_needs_no_database(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DTI_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("COLUMNS", "220")
    result = CliRunner().invoke(app, ["audit", "check", str(home / "ho-so.zip")])
    assert result.exit_code == 0
    assert "Hồ sơ nguyên vẹn" in result.output
    assert not (tmp_path / "none").exists()
    told = CliRunner().invoke(app, ["audit", "check", str(home / "ho-so.zip"), "--json"])
    assert json.loads(told.output)["rounds"][0]["unit"] == UNIT
    bad = CliRunner().invoke(app, ["audit", "check", str(home / "ho-so.zip"), "--head", "0"])
    assert bad.exit_code == 1
    assert "1 chỗ không khớp" in bad.output
