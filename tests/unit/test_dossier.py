"""`dti audit export`: one file with everything behind a unit's rank, and nothing of the others."""

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import col, select
from typer.testing import CliRunner

from dti_core.figures import Figure
from dti_core.intake.evidence import checked
from dti_core.program.load import RoundContext, load_round
from dti_core.records import issues, petitions
from dti_core.records.appraisal_files import record_read
from dti_core.records.appraising import write_appraised
from dti_core.records.awards import awards
from dti_core.records.collecting import set_aside
from dti_core.records.database import database_url, engine, session
from dti_core.records.exemptions import decide, propose
from dti_core.records.figures import current_figures, receive, write_figures
from dti_core.records.files import round_folder, write_whole
from dti_core.records.handed_out import EXPORTED
from dti_core.records.official import write_exempted
from dti_core.records.participation import keep_out
from dti_core.records.ranking import write_ranks
from dti_core.records.rounds import open_round
from dti_core.records.sub_rounds import open_sub_rounds
from dti_core.records.tables import AuditRecord, SubmissionRecord
from dti_core.records.verifying import head, verify
from flows.cli import app
from reports.dossier.checking import check
from reports.dossier.package import DATA, MANIFEST, PAGE, archive, export
from tests.trail import events_of
from tests.unit import signed_round
from tests.unit.dossier_round import DUE, ONLY_OTHERS, OTHER, PDF, SILENT, UNIT, filled_home
from tests.unit.reminded_round import ROUND
from tests.unit.scored_unit_round import score_june
from tests.unit.tampered import change_award

MOMENT = datetime(2024, 3, 9, 1, 2, 3, tzinfo=UTC)
Json = Any


@pytest.fixture
def context(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> RoundContext:
    shutil.copytree(filled_home(), empty_home, dirs_exist_ok=True)
    monkeypatch.chdir(empty_home)
    monkeypatch.setenv("COLUMNS", "220")
    return load_round(ROUND)


def made(context: RoundContext, unit: str = UNIT) -> dict[str, bytes]:
    """The files of a dossier."""
    with session() as records:
        _, content = export(records, context, unit, MOMENT, "Người vận hành", "Thanh tra")
    return unpacked(content)


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def data_of(files: dict[str, bytes]) -> Json:
    return json.loads(files[DATA])


def row_of(data: Json, code: str) -> Json:
    return next(r for p in data["pillars"] for r in p["rows"] if r["row"]["code"] == code)


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == code, f"{result.output}{result.exception}"
    return f"{result.output} {result.exception or ''}"


def test_from_the_cell_to_the_clause(context: RoundContext) -> None:
    files = made(context)
    row = row_of(data_of(files), "1.3")
    old, new = (each for each in row["versions"] if each["variable"] == "a")
    assert (old["raw"], old["exact"], old["counts"], old["submission"]) == ("26", "26", False, 1)
    assert (new["raw"], new["exact"], new["counts"], new["submission"]) == ("14", "14", True, 2)
    assert new["received_by"] == "Văn thư"
    assert hashlib.sha256(files[new["path"]]).hexdigest() == new["sha256"]
    assert files[new["path"]].startswith(b"PK"), "the file as it came, the package whole"
    assert (new["sheet"], new["cells"]) == (old["sheet"], old["cells"])
    assert new["place"] == f"trang “{new['sheet']}”, ô {new['cells'][0]}"
    points = {each["kind"]: each for each in row["points"]}
    assert points["tự đánh giá"]["exact"] == "20"
    assert points["tính theo quy tắc"]["exact"] == "35/2"  # 14/20 × 25
    assert row["row"]["citation"] == "2074/QĐ-UBND, Phụ lục 1, mục 1.3"
    assert "14 / 20" in " ".join(row["row"]["readings"][0]["steps"])
    (doubt,) = row["flags"]
    assert doubt["message"] == "14 so với năm trước 7 là gấp đôi."
    assert (doubt["explanation"], doubt["officer"]) == ("Có thêm phòng.", "Đúng hồ sơ")
    assert doubt["decided_by"] == "Tổ trưởng"
    page = files[PAGE].decode()
    for told in ("35/2", "Đúng hồ sơ", "2074/QĐ-UBND, Phụ lục 1, mục 1.3", new["sha256"][:12]):
        assert told in page


def test_evidence_lies_beside_the_words_that_name_it(context: RoundContext) -> None:
    files = made(context)
    (evidence,) = row_of(data_of(files), "2.1")["evidence"]
    assert evidence["words"] == "Nghị quyết, tệp QD-12.pdf"
    assert files[evidence["path"]] == PDF


def test_the_course_of_the_collection_is_told(context: RoundContext) -> None:
    data = data_of(made(context))
    (asked,) = data["requests"]
    assert (asked["asked_until"], asked["due"]) == ("31/01/2024", "05/02/2024")
    assert (asked["received_on"], asked["late"]) == ("22/01/2024", "đúng hạn")
    assert [(s["version"], s["newest"]) for s in data["submissions"]] == [(1, False), (2, True)]
    longer = next(each for each in data["steps"] if each["what"].startswith("Gia hạn"))
    assert (longer["state"], longer["by"], longer["note"]) == (
        "12/STTTT",
        "Trưởng phòng",
        "sáp nhập",
    )
    late = data_of(made(context, OTHER))
    assert late["requests"][0]["late"] == "muộn 6 ngày"
    assert late["submissions"][0]["late"] == 6
    assert DUE.isoformat() == "2024-01-31"


def test_a_unit_that_never_sent_has_a_dossier_too(context: RoundContext) -> None:
    files = made(context, SILENT)
    data = data_of(files)
    assert data["submissions"] == []
    assert data["requests"][0]["late"] == "chưa nhận được"
    assert data["rank"] is None
    assert data["total"] == "chưa đủ điểm"
    assert "Chưa nhận được tệp nào." in files[PAGE].decode()


def test_nothing_of_another_unit_is_in_it(context: RoundContext) -> None:
    def everything(files: dict[str, bytes]) -> str:
        return "\n".join(
            content.decode(errors="replace")
            for name, content in files.items()
            if not name.endswith("program.yaml")  # the law is everybody's, and names all units
        )

    theirs = made(context, OTHER)
    text, own = everything(made(context)), everything(theirs)
    with session() as records:
        sent = records.exec(select(SubmissionRecord).where(SubmissionRecord.unit == OTHER)).one()
    for secret in (*ONLY_OTHERS[:3], sent.sha256):
        assert secret in own, "it is there to be found"
        assert secret not in text
    assert f"{OTHER}:own" in own
    assert OTHER not in text, "not even the events' subjects"


def test_the_chain_is_told_only_as_far_as_it_may(context: RoundContext) -> None:
    data = data_of(made(context))
    with session() as records:
        events = records.exec(
            select(AuditRecord).where(AuditRecord.round_id == ROUND).order_by(AuditRecord.seq)  # type: ignore[arg-type]
        ).all()
        assert data["head"] == head(records, ROUND)
    links = data["links"]
    assert [(e.seq, e.digest, e.previous) for e in events] == [
        (each["seq"], each["digest"], each["previous"]) for each in links
    ]
    told = {each["told"]: each for each in links}
    assert set(told) == {"whole", "none"}
    assert {key for key, value in told["none"].items() if value is not None} == {
        "seq",
        "previous",
        "digest",
        "told",
    }
    actions = {each["action"] for each in links if each["told"] == "whole"}
    assert {"file_received", "flag_decided", "deadline_extended", "evidence_received"} <= actions


def test_the_same_records_give_the_same_bytes(context: RoundContext) -> None:
    first, second = made(context), made(context)
    assert first == second
    manifest = first.pop(MANIFEST).decode()
    packed = archive(first)
    with zipfile.ZipFile(io.BytesIO(packed)) as entries:
        assert {entry.date_time for entry in entries.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert packed == archive(dict(reversed(first.items())))
    assert manifest.splitlines() == [
        f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in sorted(first.items())
    ]


def test_a_file_that_is_gone_is_told_and_not_made_up(context: RoundContext) -> None:
    with session() as records:
        of_the_unit = select(SubmissionRecord).where(SubmissionRecord.unit == UNIT)
        sent = records.exec(of_the_unit.order_by(col(SubmissionRecord.id))).first()
        assert sent is not None
    (round_folder(ROUND) / "in" / "received" / sent.stored_as).write_bytes(b"other")
    data = data_of(made(context))
    first = data["submissions"][0]
    assert first["path"] == ""
    assert "không còn như lúc ghi" in first["why"]
    assert any(sent.stored_as in problem for problem in data["problems"])


def test_points_that_no_longer_follow_are_told(context: RoundContext) -> None:
    assert data_of(made(context))["current"]
    with session() as records:
        award = next(each for each in awards(records, ROUND) if each.unit == UNIT)
        change_award(records, ROUND, UNIT, award.criterion, award.kind, status="question")
    files = made(context)
    assert not data_of(files)["current"]
    assert "chưa khớp với số liệu hiện có" in files[PAGE].decode()


@pytest.fixture
def statements() -> Iterator[list[str]]:
    told: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        told.append(statement)

    database = engine(database_url())
    event.listen(database, "before_cursor_execute", note)
    yield told
    event.remove(database, "before_cursor_execute", note)


def test_the_number_of_queries_does_not_grow(context: RoundContext, statements: list[str]) -> None:
    with session() as records:
        assert len(current_figures(records, ROUND)) > 2
    statements.clear()
    made(context, SILENT)
    few = len(statements)
    statements.clear()
    made(context)
    assert len(statements) == few
    assert few < 110


class TestTheCommand:
    def test_it_records_who_got_the_file(self, context: RoundContext) -> None:
        told = run("audit", "export", ROUND, UNIT, "a.zip", "--to", "Thanh tra tỉnh")
        digest = hashlib.sha256(Path("a.zip").read_bytes()).hexdigest()
        assert digest in told
        with session() as records:
            noted = records.exec(select(AuditRecord).where(AuditRecord.action == EXPORTED)).one()
        assert (noted.subject, noted.actor) == (UNIT, "Người vận hành")
        assert noted.detail["sha256"] == digest
        assert noted.detail["recipient"] == "Thanh tra tỉnh"
        assert noted.previous == noted.detail["head"], "the chain in it ends just before"
        assert "nguyên vẹn" in run("audit", "check", "a.zip", "--recorded")
        assert context.id == ROUND

    @pytest.mark.usefixtures("context")
    def test_a_file_that_is_there_is_left_alone_unless_it_may_go(self) -> None:
        Path("a.zip").write_bytes(b"mine")
        assert "--replace" in run("audit", "export", ROUND, UNIT, "a.zip", code=1)
        assert Path("a.zip").read_bytes() == b"mine"
        with session() as records:
            assert not events_of(records, EXPORTED)
        run("audit", "export", ROUND, UNIT, "a.zip", "--replace")
        assert Path("a.zip").read_bytes() != b"mine"
        named = json.loads(run("audit", "export", ROUND, UNIT, "--json"))
        assert named["file"] == "ho-so-so-y-te-nhac-2023.zip"
        assert Path(named["file"]).is_file()

    @pytest.mark.usefixtures("context")
    def test_an_unknown_unit_is_refused_with_those_that_are(self) -> None:
        told = run("audit", "export", ROUND, "so-la", code=1)
        assert "không đánh giá đơn vị 'so-la'" in told
        assert "so-y-te" in told


class TestARankedRound:
    def test_the_rank_stands_beside_the_others_points_and_ranks_alone(self, database: str) -> None:
        assert database
        signed = signed_round.ready()
        signed_round.adjusts(signed, "so-b", "1.1", 5, "lý do riêng của B")
        data = data_of(made(signed, "so-a"))
        assert (data["rank"]["rank"], data["rank"]["of"]) == ("3", 3)
        assert (data["total"], data["total_exact"], data["total_max"]) == ("63", "63", "100")
        assert [(p["code"], p["exact"]) for p in data["pillars"]] == [("1", "23"), ("2", "40")]
        assert [tuple(peer.values()) for peer in data["peers"]] == [
            ("1", "Sở C", "79", "79 %", False),
            ("2", "Sở B", "75", "75 %", False),
            ("3", "Sở A", "63", "63 %", True),
        ]
        assert "lý do riêng của B" not in json.dumps(data, ensure_ascii=False)

    def test_opinions_approvals_and_what_voids_them_are_told(self, empty_home: Path) -> None:
        assert empty_home
        signed = signed_round.ready()
        signed_round.adjusts(signed, "so-a", "1.1", 4, "thiếu văn bản")
        data = data_of(made(signed, "so-a"))
        row = row_of(data, "1.1")
        (opinion,) = row["opinions"]
        assert (opinion["verifier"], opinion["exact"]) == ("Văn phòng", "4")
        official = next(each for each in row["points"] if each["official"])
        assert (official["exact"], official["reason"]) == ("4", "thiếu văn bản")
        appraised = next(each for each in data["steps"] if "tham-dinh" in each["what"])
        assert appraised["state"] == "không còn hiệu lực"
        assert "Sở" not in appraised["note"], "which units changed is not everybody's business"
        given = next(e for e in data["links"] if e["action"] == "opinions_given")
        assert given["told"] == "part"
        assert {each["unit"] for each in given["detail"]["changes"]} == {"so-a"}

    def test_the_issued_decision_and_petitions_lie_in_it(self, empty_home: Path) -> None:
        assert empty_home
        context = signed_round.opened()
        with session() as records:
            petitions.announce(records, context, signed_round.SENT, "test")
            day = signed_round.SENT
            petitions.lodge(records, context, "so-a", "thiếu giấy", day, "1.2", actor="Văn thư")
            petitions.lodge(records, context, "so-b", "việc riêng của B", day, actor="Văn thư")
            petitions.decide(records, context, 1, True, "đúng", Fraction(16), actor="Tổ trưởng")
            petitions.decide(records, context, 2, False, "không", actor="Tổ trưởng")
            signed_round.settle(records, context)
        signed_round.approves(context, "thu-thap", "giai-trinh", "tham-dinh", "kien-nghi")
        signed_round.drafted(context)
        signed_round.approves(context, "du-thao")
        with session() as records:
            paper = checked("ky.pdf", b"%PDF-1.4 ky")
            over = signed_round.OVER
            issues.issue(records, context, "5", over, actor="Văn thư", signed=paper, day=over)
        files = made(context, "so-a")
        data = data_of(files)
        assert data["problems"] == []
        (petition,) = data["petitions"]
        assert (petition["points"], petition["decided_by"]) == ("16", "Tổ trưởng")
        row = row_of(data, "1.2")
        assert next(each for each in row["points"] if each["official"])["exact"] == "16"
        issued = data["steps"][-1]
        assert issued["what"] == "Quyết định công bố số 5 ngày 07/03/2024"
        enclosed = [name for name, content in files.items() if content == b"%PDF-1.4 ky"]
        assert len(enclosed) == 1
        assert hashlib.sha256(files[enclosed[0]]).hexdigest() == issued["sha256"]
        assert not any(content == b"PK du thao" for content in files.values()), "others' points"
        named = next(each for each in data["files"] if each["kind"] == "draft_decision")
        assert named["path"] == ""
        assert "việc riêng của B" not in json.dumps(data, ensure_ascii=False)


def test_an_exempted_and_a_not_ranked_unit_say_why(empty_home: Path) -> None:
    assert empty_home
    ground = {
        "id": "khong-co",
        "name": "Không có phát sinh",
        "effect": "not_assessed",
        "levels": ["so"],
        "basis": "mục VII",
    }
    context = signed_round.opened(exemptions=[ground], exempt={"so-c": {"khong-co": ["1.1"]}})
    with session() as records:
        propose(records, context, "test")
        decide(records, context, "so-c", "khong-co", True, "đúng hồ sơ", "Chủ tịch")
        keep_out(records, context, "so-b", "not_ranked", "mới thành lập", "9/QĐ", "Chủ tịch")
        write_appraised(records, context, "test", [("so-c", "1.1")])
        write_exempted(records, context, "test")
        write_ranks(records, context, "test")
    data = data_of(made(context, "so-c"))
    assert (data["total_exact"], data["total_max"]) == ("70", "90")
    row = row_of(data, "1.1")
    (exempted,) = row["exemptions"]
    assert (exempted["status"], exempted["reason"]) == ("đã chấp thuận", "đúng hồ sơ")
    assert exempted["decided_by"] == "Chủ tịch"
    assert next(e for e in row["points"] if e["official"])["status"] == "không đánh giá"
    kept_out = data_of(made(context, "so-b"))
    rank = kept_out["rank"]
    assert (rank["rank"], rank["status"]) == ("", "Được đánh giá, không xếp hạng")
    assert rank["reason"] == "mới thành lập (9/QĐ)"
    assert kept_out["peers"] == []
    assert kept_out["steps"][0]["what"] == rank["status"]


def test_the_dossier_of_a_commune_holds_that_of_its_sub_round(empty_home: Path) -> None:
    assert empty_home
    whole = load_round("vinh-phuc/2023")
    sub = load_round("vinh-phuc/2023@tam-duong")
    first, second = (unit.id for unit in sub.units[:2])
    with session() as records:
        open_round(records, whole, "test")
        open_sub_rounds(records, whole, "test")
        for number, unit in enumerate((first, second)):
            sha256 = hashlib.sha256(unit.encode()).hexdigest()
            name = f"{sha256[:12]}-{unit}.xlsx"
            write_whole(round_folder(sub.id) / "in" / "received" / name, unit.encode())
            file, _ = receive(records, sub.id, unit, f"{unit}:own", sha256, name, "Huyện")
            row = next(r for r in sub.framework_of(unit).rows if r.variables)
            key = (unit, row.code, next(iter(row.variables)))
            figure = Figure(*key, "given", Fraction(7 + number), raw="7", cells=("E9",))
            write_figures(records, sub.id, file, [figure], "test")
    files = made(whole, first)
    assert data_of(files)["within"] == "dot-thanh-phan/ho-so.html"
    below = json.loads(files[f"dot-thanh-phan/{DATA}"])
    assert below["round_id"] == sub.id
    (sent,) = below["submissions"]
    assert files[f"dot-thanh-phan/{sent['path']}"] == first.encode()
    assert second not in json.dumps(below, ensure_ascii=False)
    target = empty_home / "a.zip"
    target.write_bytes(archive({n: c for n, c in files.items() if n != MANIFEST}))
    assert check(target).problems == []


def test_the_provinces_own_round_has_one(empty_home: Path) -> None:
    assert empty_home
    data = data_of(made(score_june(), "kon-tum"))
    assert data["rank"] is None
    assert data["current"]
    figure = row_of(data, "4.1")["versions"][0]
    assert figure["raw"] == "Đã đạt được"
    assert figure["path"].endswith("kon-tum-2023.yaml")
    assert "ô " not in figure["place"]
    assert data["problems"] == []


def test_a_file_that_was_set_aside_is_verified_too(empty_home: Path) -> None:
    context = signed_round.write_round()
    with session() as records:
        open_round(records, context, "test")
    sha256 = hashlib.sha256(b"la").hexdigest()
    kept = round_folder(context.id) / "in" / "set-aside" / f"{sha256[:12]}-la.xlsx"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"la")
    with session() as records:
        set_aside(records, context.id, "la.xlsx", sha256, "không đọc được", "test")
        record_read(records, context.id, "van-phong", "cham.xlsx", sha256, 1, "test")
        set_aside(records, context.id, "la.xlsx", sha256, "không đọc được", "test")
    with session() as records:
        (problem,) = verify(records, context.id)
        assert f"tệp {sha256[:12]}-cham.xlsx mất hoặc đã bị sửa" in problem
        kept.write_bytes(b"khac")
        assert any(kept.name in each for each in verify(records, context.id))
    assert empty_home
