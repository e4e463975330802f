"""Read units' answers to flags; a corrected figure is a new version, the old one stays."""

from prefect import task
from prefect.artifacts import create_table_artifact
from sqlmodel import Session

from dti_core.errors import Refused
from dti_core.figures import Figure
from dti_core.intake.answers import Reply, replies_of
from dti_core.intake.belonging import check_origin
from dti_core.intake.cells import Unclear, read_cell
from dti_core.program.load import RoundContext, load_round
from dti_core.records.collecting import source_of
from dti_core.records.database import session
from dti_core.records.figures import receive, write_figures
from dti_core.records.flags import STATUS_TEXT, Answer, all_flags, answer
from dti_core.records.rounds import require_round
from dti_core.records.tables import FlagRecord
from tasks.inbox import InboxFile, workbooks
from tasks.retrying import RETRY


class UnclearReply(Refused):
    """An explanation workbook that cannot be taken as it is. The text lists the cells."""


@task(name="nhan-giai-trinh", **RETRY)
def explain_task(round_id: str, actor: str) -> int:
    """Take every explanation workbook in the inbox; returns how many flags were answered now."""
    context = load_round(round_id)
    taken = 0
    for file, workbook in workbooks(round_id, "explanation"):
        with session() as records:
            require_round(records, context)
            try:
                check_origin(workbook, context, file.path.name)
                replies = replies_of(workbook)
                taken += _take(records, context, file, workbook.provider, replies, actor)
            except Refused as refusal:
                records.rollback()
                file.put_aside(records, refusal, actor)
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


def _take(
    records: Session,
    context: RoundContext,
    file: InboxFile,
    unit: str,
    replies: tuple[Reply, ...],
    actor: str,
) -> int:
    flags = {flag.flag_id: flag for flag in all_flags(records, context.id) if flag.unit == unit}
    questions = [
        reply.question
        for reply in replies
        if reply.question and not _sent_again(flags.get(reply.flag), reply)
    ]
    corrected: list[Figure] = []
    for reply in replies:
        flag = flags.get(reply.flag)
        if flag is None:
            questions.append(
                f"Ô {reply.cell.address}: không có nghi vấn {reply.flag} của đơn vị này."
            )
        elif reply.decision == "changed" and reply.corrected is not None and flag.variable:
            figure = _corrected(context, flag, reply, file.path.name)
            if isinstance(figure, Unclear):
                questions.append(f"Ô {reply.corrected.address}: {figure.reason}")
            else:
                corrected.append(figure)
    if questions:
        raise UnclearReply(f"Tệp {file.path.name}:\n" + "\n".join(questions))
    submission, new = receive(
        records,
        context.id,
        unit,
        source_of(unit, "explanation"),
        file.sha256,
        file.keep(),
        actor,
    )
    if new and corrected:
        write_figures(records, context.id, submission, corrected, actor)
    return answer(
        records,
        context.id,
        (
            Answer(reply.flag, reply.decision or "", reply.corrected_raw, reply.reason or "")
            for reply in replies
        ),
        actor,
    )


def _sent_again(flag: FlagRecord | None, reply: Reply) -> bool:
    """A doubt about a whole workbook or about points is mended by sending the workbook again: there
    is no single figure to correct."""
    return (
        flag is not None
        and flag.variable is None
        and reply.decision == "changed"
        and reply.corrected is None
        and bool(reply.reason)
    )


def _corrected(
    context: RoundContext, flag: FlagRecord, reply: Reply, file: str
) -> Figure | Unclear:
    assert flag.variable is not None
    assert reply.corrected is not None
    variable = context.framework_of(flag.unit).by_code[flag.criterion].variables[flag.variable]
    value = read_cell(reply.corrected.value, variable)
    if value is None or isinstance(value, Unclear):
        return value or Unclear("ô số liệu điều chỉnh để trống. Hãy nhập số liệu đúng.")
    return Figure(
        unit=flag.unit,
        criterion=flag.criterion,
        variable=flag.variable,
        status="given",
        value=value,
        raw=reply.corrected_raw,
        file=file,
        sheet=reply.corrected.sheet,
        cells=(reply.corrected.address,),
        note=f"Điều chỉnh khi giải trình: {reply.reason}",
    )
