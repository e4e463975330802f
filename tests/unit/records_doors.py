"""Every door of the records: a change tried on a round, and the right that it takes."""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from sqlmodel import Session

from dti_core.figures import Figure
from dti_core.intake.earlier import Earlier
from dti_core.program.load import RoundContext
from dti_core.records import (
    appraisal_files,
    appraising,
    approvals,
    assignments,
    awards,
    collecting,
    confirmations,
    drafts,
    earlier,
    evidence,
    exemptions,
    extensions,
    figures,
    flags,
    handed_out,
    improvement,
    information,
    issues,
    official,
    opinions,
    outbox,
    participation,
    parts,
    people,
    petition_period,
    petitions,
    policies,
    ranking,
    rounds,
    sign_off,
    sittings,
    sub_rounds,
)
from dti_core.records.rights import Right
from dti_core.records.rounds import Gate
from dti_core.records.tables import NotificationRecord, SubmissionRecord
from dti_core.scoring.improvement import Line
from tests.unit.signed_round import ORGANISER

DAY = date(2024, 3, 1)
A = ""  # the role of whoever says nothing

Door = Callable[[Session, RoundContext], Any]


def _sent(context: RoundContext) -> SubmissionRecord:
    return SubmissionRecord(
        id=1,
        round_id=context.id,
        unit="so-a",
        source="so-a:own",
        version=1,
        sha256="a" * 64,
        stored_as="x",
        received_at="2024-03-01T00:00:00+00:00",
    )


def _queued(records: Session, context: RoundContext) -> NotificationRecord:
    """A message of the round that nobody has claimed; written past the doors."""
    record = NotificationRecord(
        round_id=context.id,
        key="x",
        recipient="so-a",
        title="x",
        body="x",
        attachments=[],
        status="pending",
    )
    records.add(record)
    records.flush()
    return record


def _id(record: NotificationRecord) -> int:
    assert record.id is not None
    return record.id


FIGURE = Figure("so-a", "1.1", "a", status="given", value=Fraction(1))
MESSAGE = outbox.Message("thu", "so-a", "x", "x")
SENT = outbox.Outcome(outbox.SENT)
LINE = Line(1, "1.1", "x")
EARLIER = Earlier("x.xlsx", 2022, (), (), frozenset(), frozenset(), (), ())

DOORS: Mapping[str, tuple[Right, Door]] = {
    "appraisal_files.record_read": (
        Right.FILE,
        lambda s, c: appraisal_files.record_read(s, c.id, ORGANISER, "x", "a" * 64, 1, A),
    ),
    "appraising.write_appraised": (
        Right.SETTLE,
        lambda s, c: appraising.write_appraised(s, c, A),
    ),
    "appraising.write_self": (
        Right.OPERATE,
        lambda s, c: appraising.write_self(s, c, {("so-a", "1.1"): Fraction(1)}, A),
    ),
    "approvals.approve": (
        Right.APPROVE,
        lambda s, c: approvals.approve(s, c.id, "tham-dinh", "Giám đốc Sở", "a" * 64),
    ),
    "assignments.close": (Right.APPRAISE, lambda s, c: assignments.close(s, c, ORGANISER, A)),
    "assignments.record_sent": (
        Right.OPERATE,
        lambda s, c: assignments.record_sent(s, c, {ORGANISER: ("x", "a" * 64)}, A),
    ),
    "assignments.reopen": (
        Right.OPERATE,
        lambda s, c: assignments.reopen(s, c, ORGANISER, "x", A),
    ),
    "awards.write_findings": (Right.OPERATE, lambda s, c: awards.write_findings(s, c.id, [], A)),
    "awards.write_scores": (Right.OPERATE, lambda s, c: awards.write_scores(s, c.id, {}, A)),
    "collecting.link_answers": (
        Right.OPERATE,
        lambda s, c: collecting.link_answers(s, _sent(c), {}, []),
    ),
    "collecting.outdate_findings": (
        Right.OPERATE,
        lambda s, c: collecting.outdate_findings(s, _sent(c), A),
    ),
    "collecting.record_requests": (
        Right.OPERATE,
        lambda s, c: collecting.record_requests(
            s, c.id, [collecting.Asked("so-a", "own", DAY, 1, "x", "a" * 64)], A
        ),
    ),
    "collecting.set_aside": (
        Right.FILE,
        lambda s, c: collecting.set_aside(s, c.id, "x", "a" * 64, "x", A),
    ),
    "collecting.write_remarks": (
        Right.OPERATE,
        lambda s, c: collecting.write_remarks(s, _sent(c), [], A),
    ),
    "confirmations.confirm": (
        Right.OPERATE,
        lambda s, c: confirmations.confirm(s, c, "so-a", "own", "a" * 12, "x", "x", DAY, A),
    ),
    "drafts.note_draft": (Right.OPERATE, lambda s, c: drafts.note_draft(s, c.id, A)),
    "earlier.write_earlier": (
        Right.PROGRAM,
        lambda s, c: earlier.write_earlier(s, c, EARLIER, "a" * 64, "x", A),
    ),
    "evidence.keep": (Right.FILE, lambda s, c: evidence.keep(s, c.id, [], A)),
    "evidence.link": (Right.OPERATE, lambda s, c: evidence.link(s, _sent(c), {}, [])),
    "exemptions.decide": (
        Right.DECIDE,
        lambda s, c: exemptions.decide(s, c, "so-a", "x", True, "x", A),
    ),
    "exemptions.propose": (Right.DECIDE, lambda s, c: exemptions.propose(s, c, A)),
    "extensions.extend": (
        Right.OPERATE,
        lambda s, c: extensions.extend(s, c, "so-a", DAY, "x", "x", A),
    ),
    "figures.add_versions": (
        Right.OPERATE,
        lambda s, c: figures.add_versions(s, c.id, _sent(c), []),
    ),
    "figures.receive": (
        Right.OPERATE,
        lambda s, c: figures.receive(s, c.id, "so-a", "so-a:own", "a" * 64, "x", A),
    ),
    "figures.write_figures": (
        Right.OPERATE,
        lambda s, c: figures.write_figures(s, c.id, _sent(c), [FIGURE], A),
    ),
    "flags.answer": (
        Right.OPERATE,
        lambda s, c: flags.answer(s, c.id, [flags.Answer("x", "kept", None, "x")], A),
    ),
    "flags.decide": (Right.DECIDE, lambda s, c: flags.decide(s, c.id, "x", True, "x", A)),
    "flags.lapse": (Right.OPERATE, lambda s, c: flags.lapse(s, c.id, None, Gate(), DAY, A)),
    "flags.write_flags": (Right.OPERATE, lambda s, c: flags.write_flags(s, c.id, [], {}, A)),
    "handed_out.record_export": (
        Right.OPERATE,
        lambda s, c: handed_out.record_export(s, c.id, "so-a", "a" * 64, "a" * 64, "x", A),
    ),
    "improvement.write_plan": (
        Right.OPERATE,
        lambda s, c: improvement.write_plan(s, c, "so-a", [LINE], "x", A),
    ),
    "improvement.write_tasks": (
        Right.PROGRAM,
        lambda s, c: improvement.write_tasks(s, c.program.id, 2023, [LINE], "x", A),
    ),
    "information.write_information": (
        Right.OPERATE,
        lambda s, c: information.write_information(s, _sent(c), c.framework_of("so-a"), {}, A),
    ),
    "issues.issue": (Right.OPERATE, lambda s, c: issues.issue(s, c, "1", DAY, actor=A)),
    "issues.start_correction": (
        Right.OPERATE,
        lambda s, c: issues.start_correction(s, c, "x", actor=A),
    ),
    "official.write_exempted": (Right.SETTLE, lambda s, c: official.write_exempted(s, c, A)),
    "opinions.write_opinions": (
        Right.APPRAISE,
        lambda s, c: opinions.write_opinions(s, c, ORGANISER, [], A),
    ),
    "outbox.claim": (
        Right.OPERATE,
        lambda s, c: outbox.claim(s, _queued(s, c), "x"),
    ),
    "outbox.enqueue": (Right.OPERATE, lambda s, c: outbox.enqueue(s, c.id, [MESSAGE], A)),
    "outbox.retry": (Right.OPERATE, lambda s, c: outbox.retry(s, c.id, A)),
    "outbox.settle": (
        Right.OPERATE,
        lambda s, c: outbox.settle(s, _id(_queued(s, c)), "người gửi khác", SENT, A),
    ),
    "participation.keep_out": (
        Right.DECIDE,
        lambda s, c: participation.keep_out(s, c, "so-a", "not_ranked", "x", "x", A),
    ),
    "parts.combine": (Right.OPERATE, lambda s, c: parts.combine(s, c, _sent(c), A)),
    "people.add": (Right.PEOPLE, lambda s, _: people.add(s, "Kế toán", ["reader"])),
    "people.renew": (Right.PEOPLE, lambda s, _: people.renew(s, "Thanh tra")),
    "people.revoke": (Right.PEOPLE, lambda s, _: people.revoke(s, "Thanh tra", "x")),
    "petition_period.announce": (
        Right.OPERATE,
        lambda s, c: petition_period.announce(s, c, DAY, A),
    ),
    "petitions.decide": (
        Right.DECIDE,
        lambda s, c: petitions.decide(s, c, 1, True, "x", actor=A),
    ),
    "petitions.lodge": (
        Right.OPERATE,
        lambda s, c: petitions.lodge(s, c, "so-a", "x", DAY, actor=A),
    ),
    "petitions.withdraw": (
        Right.OPERATE,
        lambda s, c: petitions.withdraw(s, c, 1, "x", actor=A),
    ),
    "policies.note_policies": (Right.OPERATE, lambda s, c: policies.note_policies(s, c, A)),
    "ranking.write_ranks": (Right.OPERATE, lambda s, c: ranking.write_ranks(s, c, A)),
    "rounds.open_round": (Right.OPERATE, lambda s, c: rounds.open_round(s, c, A)),
    "rounds.record_documents": (
        Right.OPERATE,
        lambda s, c: rounds.record_documents(s, c.id, {"x": ("x", "a" * 64)}, A),
    ),
    "rounds.reopen": (Right.OPERATE, lambda s, c: rounds.reopen(s, c, "x", A)),
    "sign_off.sign": (
        Right.APPROVE,
        lambda s, c: sign_off.sign(s, c, "tham-dinh", "Giám đốc Sở"),
    ),
    "sittings.hold": (Right.OPERATE, lambda s, c: sittings.hold(s, c, DAY, "x", [], A)),
    "sub_rounds.take_over": (Right.PROGRAM, lambda s, c: sub_rounds.take_over(s, c, A)),
}
"""module.function → the right that it takes, and the change tried."""
