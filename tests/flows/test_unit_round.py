"""The round that ranks units: planted faults, papers that equal the records, death and repeat."""

import email
import email.policy
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from docx import Document
from typer.testing import CliRunner

from dti_core.intake.sample import load_faults
from dti_core.program.load import load_round
from dti_core.rational import round_half_up, vietnamese
from dti_core.records import audit
from dti_core.records.appraising import APPRAISED
from dti_core.records.awards import awards, findings
from dti_core.records.collecting import quarantined, standings
from dti_core.records.database import session
from dti_core.records.figures import current_figures
from dti_core.records.files import round_folder
from dti_core.records.flags import WITHDRAWN, all_flags
from dti_core.records.official import official_totals
from dti_core.records.outbox import notifications
from dti_core.records.scoring import compute
from flows.mailbox import mail_server
from flows.sample_people import confirm, send_figures
from tasks.inbox import inbox
from tests.flows.round_of_units import ROUND, run_to_end
from tests.flows.test_cycle import _files, _records

pytestmark = pytest.mark.prefect
PDFS = ("bao-cao-tham-dinh", "du-thao-quyet-dinh", "to-trinh")
FAULTS = load_faults(load_round(ROUND).program.folder / "sample" / "faults-2023.yaml")


@pytest.fixture(scope="module")
def mail(server: Path) -> Iterator[Path]:
    """A mail server for the module; the folder that its messages land in."""
    with mail_server(server / "mail", "he-thong@mau.example") as channel:
        os.environ["DTI_CHANNEL"] = channel
        try:
            yield server / "mail"
        finally:
            os.environ.pop("DTI_CHANNEL")


def letters(folder: Path) -> Counter[tuple[str, str, str]]:
    """(recipient, subject, first line after the greeting) of every mail, as a program reads it."""
    found: Counter[tuple[str, str, str]] = Counter()
    for file in sorted(folder.glob("*.eml")):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = message.get_body(("plain",))
        assert body is not None
        line = body.get_content().strip().splitlines()[2]
        found[str(message["to"]), str(message["subject"]), line] += 1
    return found


def ranking() -> list[dict[str, object]]:
    from flows.cli import app

    result = CliRunner().invoke(app, ["rank", ROUND, "--json"])
    assert result.exit_code == 0, result.output
    found: list[dict[str, object]] = json.loads(result.output)
    return found


@pytest.mark.usefixtures("mail")
def test_each_planted_fault_is_found_by_its_stage_and_nothing_else(server: Path) -> None:
    from flows.unit_cycle import unit_cycle
    from flows.waits import Waiting

    context = load_round(ROUND)
    with pytest.raises(Waiting, match="thu-thap"):
        unit_cycle(ROUND, day=context.round.opens.on)
    assert len(list((server / "rounds" / ROUND / "out").glob("*/*.xlsx"))) == 22
    assert len(list((server / "rounds" / ROUND / "out").glob("*/*.docx"))) == 20
    page = server / "rounds" / ROUND / "documents" / "chat-luong-so-lieu.html"
    assert page.exists(), "the report is there before the first wait"
    send_figures(context, late=False)
    due = context.round.closes.on
    with pytest.raises(Waiting, match="thu-thap"):
        unit_cycle(ROUND, day=due.replace(month=2, day=1))
    with session() as records:
        reminded = {
            each.recipient
            for each in notifications(records, ROUND)
            if each.key.startswith("remind:")
        }
    assert reminded == {f.unit for f in FAULTS if f.stage == "remind"}
    send_figures(context, late=True)
    with pytest.raises(Waiting, match="thu-thap"):
        unit_cycle(ROUND, day=due.replace(month=2, day=1))
    confirm(context, "thu-thap", "test")
    with pytest.raises(Waiting, match="giai-trinh"):
        unit_cycle(ROUND, day=due.replace(month=2, day=1))
    with session() as records:
        stands = standings(records, ROUND)
        assert {s.provider for s in stands if s.received_on is None} == {
            f.unit for f in FAULTS if f.kind == "missing"
        }
        assert {s.provider for s in stands if s.came_late} == {
            f.unit for f in FAULTS if f.kind == "late"
        }
        assert quarantined(records, ROUND) == []
        faulty = {
            (f.unit, f.criterion, f.variable)
            for f in findings(records, ROUND)
            if f.rule not in ("required", "evidence", "same_quantity")
        }
        assert faulty == {
            (f.unit, f.criterion, f.variable) for f in FAULTS if f.stage == "validate"
        }
        # a whole page copied from another department says other totals than the unit's own
        unequal = {f.unit for f in findings(records, ROUND) if f.rule == "same_quantity"}
        assert unequal == {f.unit for f in FAULTS if f.kind == "copied"}
        lacking = {f.unit for f in findings(records, ROUND) if f.rule == "required"}
        assert lacking == {f.unit for f in FAULTS if f.kind == "missing"}
        doubted = {(f.unit, f.detector) for f in all_flags(records, ROUND)}
    detectors = {
        "part_above_whole": "part_above_whole",
        "wrong_unit": "unit_mixup",
        "jump": "prior_year",
        "copied": "copied",
        "unsupported_self": "self_score",
    }
    assert doubted == {(f.unit, detectors[f.kind]) for f in FAULTS if f.kind in detectors}


def test_the_demo_ends_the_round_and_its_papers_equal_its_records(server: Path, mail: Path) -> None:
    """`dti demo` goes on with the round as it stands; its people answer what it waits for."""
    from flows.cli import app

    shown_to_user = CliRunner().invoke(app, ["demo"])
    assert shown_to_user.exit_code == 0, shown_to_user.output
    made = server / "rounds" / ROUND
    for name in (
        "documents/du-thao-quyet-dinh.docx",
        "documents/bao-cao-tham-dinh.docx",
        "documents/to-trinh.docx",
        "documents/chat-luong-so-lieu.html",
        "documents/chat-luong-so-lieu.xlsx",
        "site/index.html",
        "../../vinh-long/2024-06/documents/bao-cao.docx",
    ):
        assert (made / name).exists(), name
    for name in PDFS if os.environ.get("DTI_PDF") != "off" else ():
        assert (made / "documents" / f"{name}.pdf").exists(), name
    context = load_round(ROUND)
    ranked = ranking()
    assert len(ranked) == 20
    with session() as records:
        wholes = {unit: total.low for unit, total in official_totals(records, context)[0].items()}
        figures = current_figures(records, ROUND)
        official = awards(records, ROUND, APPRAISED)
        assert audit.verify(records, ROUND) == []
        assert not [f for f in all_flags(records, ROUND) if f.status in ("open", "answered")]
        sent = notifications(records, ROUND)
    computed = compute(context, figures)["as_written"]
    for award in official:
        points = computed[award.unit, award.criterion].points
        assert award.points is not None
        assert award.reason or Fraction(award.points) == points, (award.unit, award.criterion)
    content = (server / "rounds" / ROUND / "documents" / "du-thao-quyet-dinh.docx").read_bytes()
    tables = [
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in Document(io.BytesIO(content)).tables
    ]
    shown = {row[1]: (row[0], row[2]) for table in tables for row in table if len(row) == 3}
    for line in ranked:
        total = wholes[str(line["unit"])]
        assert total is not None
        name = context.program.unit[str(line["unit"])].name
        assert shown[name] == (str(line["rank"]), vietnamese(round_half_up(total, 2)))
        assert Fraction(str(line["exact"])) == total
    assert {each.status for each in sent} == {"sent"}
    assert sum(letters(mail).values()) + sum(letters(made / "mail").values()) == len(sent)


def test_a_finished_round_run_again_changes_nothing_and_sends_nothing(
    server: Path, mail: Path
) -> None:
    files, records, sent = _files(server), _records(), letters(mail)
    run_to_end()
    assert _files(server) == files
    assert _records() == records
    assert letters(mail) == sent


KILL_AT = (
    ("requests_made", "%"),
    ("message_settled", "request:%"),
    ("file_received", "%"),
    ("message_settled", "remind:%"),
    ("figures_validated", "%"),
    ("scores_computed", "%"),
    ("flags_raised", "%"),
    ("flag_answered", "%"),
    ("points_appraised", "%"),
    ("units_ranked", "%"),
    ("document_made", "documents/du-thao%"),
    ("step_approved", "du-thao"),
)
"""The first trace of each stage in the audit trail, (action, subject): a child dies right behind
it."""


def _seen(database: Path, action: str, subject: str) -> int:
    if not database.exists():
        return 0
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30) as connection:
        try:
            (count,) = connection.execute(
                "SELECT count(*) FROM audit_event WHERE action = ? AND subject LIKE ?",
                (action, subject),
            ).fetchone()
        except sqlite3.OperationalError:
            return 0  # the tables are not there yet
    return int(count)


@pytest.mark.usefixtures("server")
def killed_in_every_stage_it_ends_with_the_same_ranking_and_mails(
    mail: Path, tmp_path: Path
) -> None:
    undisturbed, expected = ranking(), letters(mail) + letters(round_folder(ROUND) / "mail")
    home, kills = tmp_path / "killed", 0
    with mail_server(tmp_path / "mail", "he-thong@mau.example") as channel:
        environment = {
            **os.environ,
            "DTI_HOME": str(home),
            "DTI_CHANNEL": channel,
            "PREFECT_API_URL": os.environ["PREFECT_API_URL"],
        }
        command = [sys.executable, "-m", "tests.flows.round_of_units"]
        root = Path(__file__).parents[2]
        for action, subject in KILL_AT:
            log = (tmp_path / "child.log").open("ab")
            child = subprocess.Popen(command, env=environment, cwd=root, stdout=log, stderr=log)
            try:
                deadline = time.monotonic() + 120
                while child.poll() is None and time.monotonic() < deadline:
                    if _seen(home / "dti.sqlite", action, subject):
                        child.send_signal(signal.SIGKILL)
                        kills += 1
                        break
                    time.sleep(0.02)
            finally:
                child.kill()
                child.wait()
                log.close()
        done = subprocess.run(
            command, env=environment, cwd=root, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr[-3000:]
    assert kills == len(KILL_AT)
    before = os.environ["DTI_HOME"]
    os.environ["DTI_HOME"] = str(home)
    try:
        assert ranking() == undisturbed
        with session() as records:
            assert audit.verify(records, ROUND) == []
            assert not [f for f in all_flags(records, ROUND) if f.status == WITHDRAWN]
    finally:
        os.environ["DTI_HOME"] = before
    survived = letters(tmp_path / "mail")
    assert set(survived) == set(expected)
    # a double only where a kill fell between the server's acceptance and our commit
    assert sum(survived.values()) - len(survived) <= kills


if os.environ.get("DTI_TEST_WHOLE"):
    # a minute and more; `make test` kills the small rounds of tests.flows.kills instead
    test_killed_in_every_stage_it_ends_with_the_same_ranking_and_mails = (
        killed_in_every_stage_it_ends_with_the_same_ranking_and_mails
    )


@pytest.mark.usefixtures("server")
def test_a_bad_file_is_set_aside_once_with_its_reason_and_kept() -> None:
    from flows.stages import intake

    bad = inbox(ROUND) / "la.xlsx"
    bad.write_bytes(b"not a workbook at all")
    intake(ROUND)
    intake(ROUND)
    with session() as records:
        (aside,) = quarantined(records, ROUND)
        assert audit.verify(records, ROUND) == []
    assert aside.name == "la.xlsx"
    assert "la.xlsx" in aside.reason
    kept = round_folder(ROUND) / "in" / "set-aside" / f"{aside.sha256[:12]}-la.xlsx"
    assert kept.read_bytes() == bad.read_bytes()
