"""Hand every appraiser the rows that are his with everything known about them, and read the points
back (2554/QĐ-UBND, VI.1; 2074/QĐ-UBND, III.2; 2001/QĐ-UBND, II.1.3b)."""

import hashlib
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from prefect import task
from prefect.artifacts import create_table_artifact
from sqlmodel import Session

from dti_core.errors import Refused
from dti_core.intake.answers import appraisals_of
from dti_core.intake.belonging import check_origin
from dti_core.intake.layout import APPRAISED, DECORATION, REASON, figure_key, split_key
from dti_core.intake.received import Received
from dti_core.intake.workbook import Workbook
from dti_core.program.appraisal import CHAIR
from dti_core.program.load import RoundContext, load_round
from dti_core.program.routing import Pair, decider_of, verifier_name
from dti_core.rational import vietnamese
from dti_core.records.appraisal_files import is_read, record_read
from dti_core.records.appraising import write_appraised
from dti_core.records.assignments import record_sent, rows_by_verifier
from dti_core.records.database import session
from dti_core.records.exemptions import granted
from dti_core.records.official import write_exempted
from dti_core.records.opinions import (
    AppraisalRefused,
    Appraised,
    by_row,
    differing,
    may_give,
    write_opinions,
)
from dti_core.records.outbox import enqueue
from dti_core.records.rights import Right, may
from dti_core.records.rounds import require_round
from dti_core.records.scoring import scored_round
from tasks.appraisal_mail import not_taken, workbook_sent
from tasks.inbox import InboxFile, keep_evidence, workbooks
from tasks.papers import Paper, write_papers
from tasks.retrying import RETRY
from tasks.unchanged import unless_done

FOLDER, KIND = "out/tham-dinh", "appraisal_workbook"


def organises(round_id: str) -> bool:
    """Whether whoever acts now runs the round: an operator, or anybody where none is registered."""
    with session() as records:
        return may(records, round_id, Right.OPERATE)


@dataclass
class Read:
    """What came back.

    opinions   how many opinions are new or changed; `awards`: official points, likewise
    given      what the files just read say, by verifier
    told       what the appraisers should know
    set_aside  why files were not taken
    chair      the chair's workbook, where rows differ
    """

    opinions: int = 0
    awards: int = 0
    given: list[tuple[str, Appraised]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)
    chair: str | None = None


def workbook_of(verifier: str) -> str:
    """Where a verifier's workbook lies, under the round's folder."""
    return f"{FOLDER}/{verifier}.xlsx"


@task(name="tep-tham-dinh", **RETRY)
def appraisal_workbook_task(round_id: str, actor: str) -> list[str]:
    """Write every appraiser's workbook and queue the message that brings it; returns the paths."""
    context = load_round(round_id)
    return unless_done("tep-tham-dinh", context, (actor,), lambda: write_workbooks(context, actor))


def write_workbooks(context: RoundContext, actor: str) -> list[str]:
    """The same without Prefect. The second time changes and queues nothing. Raises NotRouted,
    StaleScores."""
    from reports.workbooks.appraisal import appraisal_workbook
    from tasks.appraisal_rows import Rows

    with session() as records:
        require_round(records, context)
        if not may(records, context.id, Right.OPERATE):
            return []  # an appraiser reads his own points in; the organiser hands the rows out
        rows, shares = Rows(records, context), rows_by_verifier(records, context)
        papers: list[Paper] = []
        messages = []
        sent: dict[str, tuple[str, str]] = {}
        for verifier, pairs in shares.items():
            content = appraisal_workbook(context, verifier, rows.of(pairs))
            path, sha256 = workbook_of(verifier), hashlib.sha256(content).hexdigest()
            papers.append((KIND, path, content))
            sent[verifier] = path, sha256
            messages += workbook_sent(context, verifier, len(pairs), path, sha256)
        write_papers(records, context.id, papers, actor)
        record_sent(records, context, sent, actor)
        enqueue(records, context.id, messages, actor)
    return [path for path, _ in sent.values()]


@task(name="tham-dinh", **RETRY)
def appraise_task(round_id: str, actor: str) -> Read:
    """Read the appraisers' points; see `appraise`."""
    context = load_round(round_id)
    return unless_done(
        "tham-dinh",
        context,
        (actor,),
        lambda: _appraise(context, actor),
        folders=("in/inbox",),
        keep=(_still_told, lambda kept: Read(**kept)),
    )


def _still_told(read: Read) -> dict[str, Any]:
    """What reading the same files again would tell."""
    return {"set_aside": read.set_aside, "chair": read.chair}


def _appraise(context: RoundContext, actor: str) -> Read:
    read = appraise(context, actor)
    create_table_artifact(
        key="tham-dinh",
        description="\n\n".join(
            [f"Điểm thẩm định vừa đọc, đợt {context.id}", *read.told, *read.set_aside]
        ),
        table=[
            {
                "người thẩm định": verifier_name(context, verifier),
                "đơn vị": each.unit,
                "mục": each.criterion,
                "điểm": str(each.points),
                "lý do": each.reason or "",
            }
            for verifier, each in read.given
        ],
    )
    return read


def appraise(context: RoundContext, actor: str) -> Read:
    """Read the appraisers' workbooks in the inbox, the newest last, and settle the official points.

    A file that cannot be taken as it is is set aside whole, its sender told, and the others are
    read. Raises StaleScores, NotRouted.
    """
    read = Read()
    with session() as records:
        require_round(records, context)
        scored_round(records, context)  # points are appraised over the figures as they are
    for file, received in workbooks(context, "appraisal", actor):
        _take(context, file, received, read, actor)
    with session() as records:
        exempt = granted(records, context.id)
        read.awards = write_appraised(records, context, actor, exempt)
        write_exempted(records, context, actor)
        if may(records, context.id, Right.OPERATE):
            read.chair = _chair_workbook(records, context, actor)
    return read


def _take(
    context: RoundContext, file: InboxFile, received: Received, read: Read, actor: str
) -> None:
    """Take one file, or set it aside."""
    verifier, name = received.workbook.provider, file.path.name
    ours = False
    with session() as records:
        try:
            check_origin(received.workbook, context, name)
            ours = True
            if is_read(records, context.id, verifier, file.sha256):
                return
            if not may_give(records, context, verifier):
                read.told.append(_not_theirs(context, verifier, name))
                return
            given = _given(received.workbook, name)
            told = _left_empty(records, context, verifier, received.workbook, name)
            opinions = write_opinions(records, context, verifier, given, actor)
            _, refused = keep_evidence(records, context.id, received.evidence, actor)
            file.keep()
            record_read(records, context.id, verifier, name, file.sha256, len(given), actor)
        except Refused as refusal:
            records.rollback()
            new = file.put_aside(records, refusal, actor)
            if ours and new and may(records, context.id, Right.OPERATE):
                told_to = not_taken(context, verifier, name, file.sha256, str(refusal))
                enqueue(records, context.id, told_to, actor)
            read.set_aside.append(str(refusal))
            return
    read.opinions += opinions
    read.given += [(verifier, each) for each in given]
    read.told += [*received.workbook.notices, *refused, *told]


def _not_theirs(context: RoundContext, verifier: str, file: str) -> str:
    return (
        f"Tệp {file} của {verifier_name(context, verifier)} còn nằm ở hộp nhận: điểm thẩm định do"
        f" chính người được đăng ký cho lĩnh vực này nhận, bằng mã của mình: dti appraise"
        f" {context.id}"
    )


def _given(workbook: Workbook, file: str) -> list[Appraised]:
    _rows(workbook, file)
    return [
        Appraised(
            each.unit,
            each.criterion,
            each.points,
            each.reason,
            file,
            each.cell.sheet,
            each.cell.address,
        )
        for each in appraisals_of(workbook, file)
    ]


def _rows(workbook: Workbook, file: str) -> list[Pair]:
    """(unit, row) of every row that takes an answer. Raises AppraisalRefused for a hidden key that
    somebody wrote over."""
    found = []
    for key in dict.fromkeys(key for key, _ in workbook.cells if not key.startswith(DECORATION)):
        try:
            found.append(split_key(key))
        except ValueError as error:
            raise AppraisalRefused(
                f"Tệp {file} có dòng mang mã ẩn {key!r} không phải của biểu mẫu đã gửi. Hãy điền"
                " vào đúng tệp đã nhận rồi gửi lại."
            ) from error
    return found


def _left_empty(
    records: Session, context: RoundContext, verifier: str, workbook: Workbook, file: str
) -> list[str]:
    """What the sender may have meant by cells that he left empty, and what becomes of them."""
    known = by_row(records, context.id)
    name, kept, unheard = verifier_name(context, verifier), [], []
    for unit, code in _rows(workbook, file):
        key = figure_key(unit, code)
        points = workbook.cells.get((key, APPRAISED))
        if (points is not None and not points.blank) or unit not in context.program.unit:
            continue
        row = f"{context.program.unit[unit].name} mục {code}"
        before = known.get((unit, code), {}).get(verifier)
        reason = workbook.cells.get((key, REASON))
        if before is not None:
            kept.append(f"{row} ({vietnamese(Fraction(before.points))} điểm)")
        elif reason is not None and not reason.blank:
            unheard.append(row)
    told = []
    if kept:
        told.append(
            f"Tệp {file} của {name}: ô điểm để trống không xóa điểm đã gửi trước, vẫn giữ:"
            f" {'; '.join(kept)}. Muốn đổi thì nhập điểm khác."
        )
    if unheard:
        told.append(f"Tệp {file} của {name}: có lý do nhưng chưa có điểm: {'; '.join(unheard)}.")
    return told


def _chair_workbook(records: Session, context: RoundContext, actor: str) -> str | None:
    """Write the workbook of the rows that the chair has to decide; None where there are none."""
    pairs = [
        (each.unit, each.criterion)
        for each in differing(records, context)
        if decider_of(context, each.unit) is not None
    ]
    if not pairs:
        return None
    from reports.workbooks.appraisal import appraisal_workbook
    from tasks.appraisal_rows import Rows

    rows = Rows(records, context).of(pairs, with_opinions=True)
    content = appraisal_workbook(context, CHAIR, rows)
    path, sha256 = workbook_of(CHAIR), hashlib.sha256(content).hexdigest()
    write_papers(records, context.id, [(KIND, path, content)], actor)
    messages = workbook_sent(context, CHAIR, len(pairs), path, sha256)
    enqueue(records, context.id, messages, actor)
    return path
