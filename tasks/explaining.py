"""Read units' answers to flags; a corrected figure is a new version, the old one stays."""

from collections.abc import Mapping
from datetime import date

from prefect import task
from prefect.artifacts import create_table_artifact
from sqlmodel import Session

from dti_core.clock import today
from dti_core.errors import Refused
from dti_core.figures import Figure
from dti_core.framework.model import RATIO, Variable
from dti_core.intake.answers import Reply, replies_of, said
from dti_core.intake.belonging import check_origin
from dti_core.intake.cells import Unclear
from dti_core.intake.received import Received
from dti_core.program.calendar import local_day
from dti_core.program.load import RoundContext, load_round
from dti_core.records.collecting import Remark, is_known, link_answers, source_of, write_remarks
from dti_core.records.database import session
from dti_core.records.figures import receive, write_figures
from dti_core.records.flags import (
    DECIDED,
    STATUS_TEXT,
    Answer,
    all_flags,
    answer,
    is_late,
    is_recorded,
    lapse,
)
from dti_core.records.rounds import Gate, gate_of, require_round
from dti_core.records.tables import FlagRecord
from reports.policies import answer as in_words
from tasks.closed import RoundClosed, how_to_ask
from tasks.inbox import InboxFile, keep_evidence, workbooks
from tasks.retrying import RETRY
from tasks.unchanged import unless_done

BARE_RATIO = Variable(label="Tỷ lệ nêu thẳng", kind="percent")
"""A ratio that its source states without its parts."""


class UnclearReply(Refused):
    """An explanation workbook that cannot be taken as it is. The text lists the cells."""


@task(name="nhan-giai-trinh", **RETRY)
def explain_task(round_id: str, actor: str, day: date | None = None) -> int:
    """Take in the explanations, then let the policy decide on what nobody answered until `day`.

    Returns how many flags were answered now.
    """
    context, day = load_round(round_id), day or today()
    return unless_done(
        "nhan-giai-trinh",
        context,
        (actor, day),
        lambda: _explain(context, actor, day),
        lambda _taken: 0,
        folders=("in/inbox",),
    )


def _explain(context: RoundContext, actor: str, day: date) -> int:
    round_id, taken = context.id, explain(context, actor)
    with session() as records:
        policy = context.program.policies.unanswered_flags
        gate = gate_of(records, round_id)
        lapse(records, round_id, policy, gate, day, actor)
    with session() as records:
        create_table_artifact(
            key="giai-trinh",
            description=f"Nghi vấn và giải trình, đợt {round_id}",
            table=[
                {
                    "đơn vị": flag.unit,
                    "mục": flag.criterion,
                    "tình trạng": STATUS_TEXT[flag.status],
                    "giải trình": flag.explanation or "",
                }
                for flag in all_flags(records, round_id)
            ],
        )
    return taken


def explain(context: RoundContext, actor: str) -> int:
    """Take every explanation workbook in the inbox; returns how many flags were answered now."""
    taken = 0
    for file, received in workbooks(context, "explanation", actor):
        with session() as records:
            require_round(records, context)
            try:
                check_origin(received.workbook, context, file.path.name)
                taken += _take(records, context, file, received, actor)
            except Refused as refusal:
                records.rollback()
                file.put_aside(records, refusal, actor)
    return taken


def _take(
    records: Session, context: RoundContext, file: InboxFile, received: Received, actor: str
) -> int:
    unit = received.workbook.provider
    replies = replies_of(received.workbook, file.path.name)
    source = source_of(unit, "explanation")
    if is_known(records, context.id, source, file.sha256):
        return 0
    gate = gate_of(records, context.id)
    if not gate.takes_answers(unit):
        raise RoundClosed(
            f"Tệp {file.path.name} đến sau khi dự thảo kết quả đợt {context.id} được duyệt"
            f" ({gate.closed_by}, ngày {gate.closed_on:%d/%m/%Y}) nên chưa được nhận."
            f" {how_to_ask(context, unit)}"
        )
    flags = {flag.flag_id: flag for flag in all_flags(records, context.id) if flag.unit == unit}
    new = _new(context, flags, replies, gate, file)
    corrected = _corrections(context, flags, new, file.path.name)
    submission, _ = receive(
        records, context.id, unit, source, file.sha256, file.keep(), actor, file.arrived
    )
    if corrected:
        # what an earlier explanation corrected stays corrected
        earlier = {(unit, flag.criterion, flag.variable or "") for flag in flags.values()}
        write_figures(records, context.id, submission, corrected, actor, earlier)
    taken, refused = keep_evidence(records, context.id, received.evidence, actor)
    named = {
        (unit, flag.criterion, flag.variable or ""): reply.reason
        for reply in replies
        if reply.reason and (flag := flags[reply.flag])
    }
    link_answers(records, submission, named, taken)
    notices = (Remark("notice", notice) for notice in received.workbook.notices)
    told = [*notices, *(Remark("evidence", reason) for reason in refused)]
    write_remarks(records, submission, told, actor)
    return answer(records, context.id, map(_answer, new), actor)


def _answer(reply: Reply) -> Answer:
    return Answer(reply.flag, reply.decision or "", reply.corrected_raw, reply.reason or "")


def _new(
    context: RoundContext,
    flags: Mapping[str, FlagRecord],
    replies: tuple[Reply, ...],
    gate: Gate,
    file: InboxFile,
) -> tuple[Reply, ...]:
    """The replies that say something that is not recorded yet.

    Raises UnclearReply for those that may not any more: the officer has decided, or the deadline
    after which a policy decides has passed.
    """
    policy, day = context.program.policies.unanswered_flags, local_day(file.arrived)
    new: list[Reply] = []
    refused: list[str] = []
    for reply in replies:
        flag = flags.get(reply.flag)
        if flag is not None and is_recorded(flag, _answer(reply)):
            continue
        new.append(reply)
        if flag is None:
            continue
        where = f"Tệp {file.path.name}, trang “{reply.cell.sheet}”, ô {reply.cell.address}"
        if flag.status in DECIDED:
            refused.append(
                f"{where}: cán bộ đã quyết định về giải trình trước của mục {flag.criterion}"
                f" ({STATUS_TEXT[flag.status]}: {flag.officer_reason}) nên giải trình khác không"
                " được nhận; số liệu còn sai thì gửi lại biểu mẫu số liệu."
                f" {how_to_ask(context, flag.unit)}"
            )
        elif policy is not None and is_late(flag, policy, gate, day):
            refused.append(
                f"{where}: giải trình mục {flag.criterion} đến ngày {day:%d/%m/%Y}, sau hạn"
                f" {date.fromisoformat(flag.due or ''):%d/%m/%Y}, nên chưa được nhận; theo quy định"
                f" của đợt: {in_words('unanswered_flags', policy.value)}."
                f" {how_to_ask(context, flag.unit)}"
            )
    if refused:
        raise UnclearReply("\n".join(refused))
    return tuple(new)


def _corrections(
    context: RoundContext,
    flags: Mapping[str, FlagRecord],
    replies: tuple[Reply, ...],
    file: str,
) -> list[Figure]:
    """The corrected figures. Raises UnclearReply, with every cell that has to be asked about."""
    questions = [
        reply.question
        for reply in replies
        if reply.question and not _sent_again(flags.get(reply.flag), reply)
    ]
    corrected: list[Figure] = []
    for reply in replies:
        flag = flags.get(reply.flag)
        if flag is None:
            where = f"Tệp {file}, trang “{reply.cell.sheet}”, ô {reply.cell.address}"
            questions.append(f"{where}: không có nghi vấn {reply.flag} của đơn vị này.")
        elif reply.question is None and reply.decision == "changed" and reply.corrected is not None:
            figure = _corrected(context, flag, reply, file)
            if isinstance(figure, Unclear):
                where = f"trang “{reply.corrected.sheet}”, ô {reply.corrected.address}"
                questions.append(f"Tệp {file}, {where}: {figure.reason}")
            else:
                corrected.append(figure)
    if questions:
        raise UnclearReply("\n".join(questions))
    return corrected


def _sent_again(flag: FlagRecord | None, reply: Reply) -> bool:
    """A doubt about a whole workbook or about points is mended by sending the workbook again: there
    is no single figure to correct."""
    return (
        flag is not None
        and flag.variable is None
        and reply.decision == "changed"
        and reply.corrected is None
        and not reply.cell.doubt
        and bool(reply.reason)
    )


def _corrected(
    context: RoundContext, flag: FlagRecord, reply: Reply, file: str
) -> Figure | Unclear:
    assert reply.corrected is not None
    if flag.variable is None:
        return Unclear(
            "nội dung này không về riêng một số liệu nên không biết điều chỉnh số nào. Hãy xóa ô số"
            " liệu điều chỉnh, ghi lý do và gửi lại biểu mẫu số liệu đã sửa."
        )
    row = context.framework_of(flag.unit).by_code[flag.criterion]
    variable = BARE_RATIO if flag.variable == RATIO else row.variables[flag.variable]
    read = said(reply.corrected, variable)
    value = read.value
    if value is None:
        return Unclear("ô số liệu điều chỉnh để trống. Hãy nhập số liệu đúng.")
    if isinstance(value, Unclear) and value.status == "to_ask":
        return value
    # "chưa thống kê được" is an answer too: the figure is withdrawn with its status
    note = f"Điều chỉnh khi giải trình: {reply.reason}"
    return Figure(
        unit=flag.unit,
        criterion=flag.criterion,
        variable=flag.variable,
        status=value.status if isinstance(value, Unclear) else "given",
        value=None if isinstance(value, Unclear) else value,
        raw=reply.corrected_raw,
        file=file,
        sheet=reply.corrected.sheet,
        cells=(reply.corrected.address,),
        note=f"{note}\n{read.remark}" if read.remark else note,
    )
