"""Whatever changes in a round leaves an event in its chain, in the transaction that changes it.

A round is driven through its stages by the functions that the stages call; every transaction is
watched. What has no event is named here, with the reason.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from dti_core.intake.earlier import Earlier, EarlierResult
from dti_core.program.load import RoundContext, load_round
from dti_core.records import assignments, improvement, issues, outbox, petitions, seals
from dti_core.records.appraising import write_appraised
from dti_core.records.awards import write_findings
from dti_core.records.collecting import Remark, set_aside, write_remarks
from dti_core.records.confirmations import confirm
from dti_core.records.database import session
from dti_core.records.earlier import write_earlier
from dti_core.records.exemptions import decide, propose
from dti_core.records.information import write_information
from dti_core.records.official import write_exempted
from dti_core.records.participation import keep_out
from dti_core.records.ranking import write_ranks
from dti_core.records.rounds import open_round, reopen
from dti_core.records.sittings import hold
from dti_core.records.tables import AuditRecord, FindingRecord, Record, SubmissionRecord
from dti_core.scoring.improvement import Line
from tests.unit import council_round, dossier_round, reminded_round, signed_round
from tests.unit.signed_round import ORGANISER, OVER

NOT_OF_A_ROUND = {"person", "seal", "audit_event"}
"""People have a chain of their own; seals and events are what the bookkeeping itself writes."""


COLLECTED = {
    "round",
    "request",
    "submission",
    "remark",
    "figure",
    "information",
    "evidence",
    "evidence_link",
    "award",
    "flag",
    "finding",
    "extension",
    "quarantine",
    "confirmation",
    "notification",
    "earlier_result",
}
APPRAISED = {
    "round",
    "award",
    "opinion",
    "rank_entry",
    "assignment",
    "exemption",
    "participation",
    "petition",
    "approval",
    "document",
    "issue",
    "improvement",
}
"""The tables that change in the first and in the second half of a round."""


class Watch:
    """Every transaction: which tables it changed, and whether it added an event.

    changed  table → the actions of the events that were added with a change to it
    silent   the tables of transactions that changed something and added no event
    """

    def __init__(self) -> None:
        self.changed: dict[str, set[str]] = {}
        self.silent: list[set[str]] = []
        self._sealed: set[str] = set()

    def flushed(self, opened: Session, *_rest: object) -> None:
        actions = {each.action for each in opened.new if isinstance(each, AuditRecord)}
        opened.info.setdefault("events", set()).update(actions)

    def sealed(self, changes: Mapping[seals.Key, seals.Sum]) -> None:
        """What the seals say is what changed, whichever way it was written."""
        self._sealed = {table for _, table, _ in changes}

    def committed(self, opened: Session) -> None:
        tables, self._sealed = self._sealed - NOT_OF_A_ROUND, set()
        actions = opened.info.pop("events", set())
        for table in tables:
            self.changed.setdefault(table, set()).update(actions)
        if tables and not actions:
            self.silent.append(tables)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    made = Watch()
    monkeypatch.setattr(seals, "_listeners", [*seals._listeners, made.sealed])
    event.listen(Session, "before_flush", made.flushed)
    event.listen(Session, "after_commit", made.committed)
    yield made
    event.remove(Session, "before_flush", made.flushed)
    event.remove(Session, "after_commit", made.committed)


def test_collection_and_explanation(empty_home: Path, watch: Watch) -> None:
    assert empty_home
    dossier_round.fill()
    context = load_round(reminded_round.ROUND)
    with session() as records:
        found = FindingRecord(
            round_id=context.id,
            unit="so-y-te",
            criterion="1.3",
            variable="a",
            rule="thử",
            severity="fatal",
            message="x",
        )
        write_findings(records, context.id, [found], "test")
    with session() as records:
        set_aside(records, context.id, "la.xlsx", "a" * 64, "không đọc được", "test")
    with session() as records:
        sent = records.exec(
            select(SubmissionRecord).where(SubmissionRecord.unit == "so-tu-phap")
        ).one()
        write_remarks(records, sent, [Remark("notice", "Trang cuối để trống.")], "test")
        records.commit()
        framework = context.framework_of("so-tu-phap")
        told = {framework.information[0].code: Fraction(5)}
        write_information(records, sent, framework, told, "test")
        records.commit()
        paper = ("12/BC", "Giám đốc", date(2024, 2, 6))
        confirm(records, context, "so-tu-phap", "own", sent.sha256[:12], *paper, "test")
    with session() as records:
        outbox.enqueue(records, context.id, [outbox.Message("thử", "so-y-te", "x", "x")], "test")
    with session() as records:
        (message,) = outbox.unsent(records, context.id)
        assert outbox.claim(records, message, "a")
        outbox.settle(records, message.id or 0, "a", outbox.Outcome(outbox.SENT, "thư"), "test")
    with session() as records:
        results = (EarlierResult("so-y-te", "so", Fraction(50), 3, "x"),)
        before = Earlier("cu.xlsx", 2022, (), results, frozenset(), frozenset(), (), ())
        write_earlier(records, context, before, "b" * 64, "cu.xlsx", "test")
    assert watch.silent == []
    assert set(watch.changed) == COLLECTED


GROUND = {
    "id": "khong-co",
    "name": "Không có phát sinh",
    "effect": "not_assessed",
    "levels": ["so"],
    "basis": "ví dụ",
}


def test_appraisal_ranking_and_issue(empty_home: Path, watch: Watch) -> None:
    assert empty_home
    context = signed_round.opened(exemptions=[GROUND], exempt={"so-c": {"khong-co": ["1.1"]}})
    with session() as records:
        assignments.record_sent(records, context, {ORGANISER: ("out/a.xlsx", "a" * 64)}, "test")
    with session() as records:
        propose(records, context, "test")
    with session() as records:
        decide(records, context, "so-c", "khong-co", True, "đúng hồ sơ", "test")
    with session() as records:
        assignments.close(records, context, ORGANISER, "test")
    with session() as records:
        assignments.reopen(records, context, ORGANISER, "thiếu", "test")
    with session() as records:
        keep_out(records, context, "so-b", "not_ranked", "giải thể", "9/QĐ", "test")
    _settled(context)
    with session() as records:
        petitions.announce(records, context, signed_round.SENT, "test")
    with session() as records:
        petitions.lodge(records, context, "so-a", "thiếu", signed_round.SENT, "1.2", actor="test")
    with session() as records:
        petitions.decide(records, context, 1, True, "đúng", Fraction(16), actor="test")
    _settled(context)
    signed_round.approves(context, "thu-thap", "giai-trinh", "tham-dinh", "kien-nghi")
    signed_round.drafted(context)
    signed_round.approves(context, "du-thao")
    with session() as records:
        issues.issue(records, context, "5", OVER, actor="test", day=OVER)
    with session() as records:
        improvement.write_plan(records, context, "so-a", [Line(1, "1.1", "Sửa")], "x", "test")
    with session() as records:
        reopen(records, context, "sai sót", "test")
    assert watch.silent == []
    assert set(watch.changed) == APPRAISED
    assert "petition_decided" in watch.changed["opinion"], "what a petition awards is told by it"
    assert "round_reopened" in watch.changed["approval"], "and what an opening takes away"


def _settled(context: RoundContext) -> None:
    with session() as records:
        write_appraised(records, context, "test", [("so-c", "1.1")])
        write_exempted(records, context, "test")
        write_ranks(records, context, "test")


def test_a_sitting_of_the_council(empty_home: Path, watch: Watch) -> None:
    assert empty_home
    context = council_round.program()
    with session() as records:
        open_round(records, context, "test")
    with session() as records:
        members = [who for who, *_ in council_round.MEMBERS]
        hold(records, context, council_round.FIRST, "Phòng họp số 2", members, "test")
    assert watch.silent == []
    assert watch.changed["sitting"] == {"sitting_held"}


def test_every_table_of_a_round_is_watched_above() -> None:
    """A new table has to be added to one of the tests, or to those that need no event."""
    elsewhere = {"earlier_figure"}  # written with earlier_result, by the same function
    watched = COLLECTED | APPRAISED | {"sitting"}
    tables = {table.name for table in Record.metadata.sorted_tables}
    assert tables - watched - elsewhere == NOT_OF_A_ROUND


def test_the_watch_sees_a_change_without_an_event(empty_home: Path, watch: Watch) -> None:
    assert empty_home
    context = signed_round.opened()
    assert watch.silent == []
    with session() as records:
        records.exec(select(SubmissionRecord)).all()
    assert watch.silent == []
    with session() as records:
        records.add(
            FindingRecord(
                round_id=context.id,
                unit="so-a",
                criterion="1.1",
                variable="a",
                rule="x",
                severity="fatal",
                message="x",
            )
        )
    assert watch.silent == [{"finding"}]
