"""The values of the letters that go to providers and units."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session, select

from dti_core.framework.model import RATIO, Framework
from dti_core.plausibility.flag import Flag
from dti_core.program.calendar import closing_of
from dti_core.program.load import RoundContext
from dti_core.program.policies import Unanswered
from dti_core.program.requests import Request
from dti_core.records.collecting import Standing
from dti_core.records.tables import ExtensionRecord, RequestRecord
from reports.letters.deadline import About
from reports.letters.explanation import Doubt, ExplanationLetter
from reports.letters.extension import ExtendedFile, ExtensionLetter
from reports.letters.paper import organisers_paper
from reports.letters.reminder import MissingFile, NothingLate, ReminderLetter
from reports.letters.request import RequestLetter, Workbook
from reports.letters.wording import cite, within
from reports.workbooks.explanation import reported

Files = Mapping[str, str]
"""Kind of workbook → its path, as its request was recorded."""

Extensions = Mapping[tuple[str, str], ExtensionRecord]
"""(provider, kind) → the newest extension."""


_IF_UNANSWERED: Mapping[Unanswered, str] = {
    "to_appraiser": "Quá thời hạn này, nội dung chưa được giải trình do người thẩm định quyết định"
    " và ghi rõ lý do.",
    "keep": "Quá thời hạn này, số liệu đã báo cáo được giữ để tính điểm và được ghi rõ là chưa giải"
    " trình.",
}


def request_values(
    context: RoundContext, request: Request, files: Sequence[str], due: date | None = None
) -> RequestLetter:
    """The letter that asks one provider.

    files  its workbooks, its own figures' first
    due    its deadline where that is not the round's
    """
    round_ = context.round
    names = iter(file.rpartition("/")[2] for file in files)
    workbooks = []
    if request.about_itself:
        rows = {item.criterion for item in (*request.own, *request.self_assessed)}
        workbooks.append(
            Workbook(
                next(names),
                "own" if request.own else "points",
                len(rows),
                len(request.due(own=True)),
                spared=len(request.spared),
            )
        )
    if request.about_units:
        rows = {item.criterion for item in request.about_units}
        units = {item.unit for item in request.about_units}
        workbooks.append(
            Workbook(
                next(names), "about_units", len(rows), len(request.asked(own=False)), len(units)
            )
        )
    return RequestLetter(
        paper=organisers_paper(context),
        recipient=context.program.unit[request.provider].name,
        basis=_basis(context),
        title=round_.title,
        evaluation_year=round_.evaluation_year,
        data_from=round_.data_from.on,
        data_to=round_.data_to.on,
        opens=round_.opens.on,
        closes=due or closing_of(context.program, round_).on,
        workbooks=tuple(workbooks),
        send_to=send_to(context),
    )


def explanation_values(
    context: RoundContext, unit: str, flags: Sequence[Flag], workbook: str
) -> ExplanationLetter:
    """The letter that asks one unit to explain, in the order given."""
    round_, policy = context.round, context.program.policies.unanswered_flags
    framework = context.framework_of(unit)
    return ExplanationLetter(
        paper=organisers_paper(context),
        recipient=context.program.unit[unit].name,
        basis=_basis(context),
        title=round_.title,
        evaluation_year=round_.evaluation_year,
        due=round_.explain_by.on if round_.explain_by else closing_of(context.program, round_).on,
        workbook=workbook.rpartition("/")[2],
        doubts=tuple(_doubt(framework, flag) for flag in flags),
        if_unanswered=_IF_UNANSWERED[policy.value] if policy and round_.explain_by else None,
    )


def reminder_values(
    context: RoundContext,
    late: Sequence[Standing],
    day: date,
    files: Files,
    extensions: Extensions,
) -> ReminderLetter:
    """The letter that asks one provider for what has not come until `day`.

    late        its requests that are late on that day
    files       the workbooks that went out to it
    extensions  those of the round, as `records.extensions.granted` returns them

    Raises NothingLate, UnknownYear, UnsettledDay.
    """
    providers = {each.provider for each in late}
    in_time = [each for each in late if not each.late(day)]
    if len(providers) != 1 or in_time:
        raise NothingLate(
            "Công văn đôn đốc gửi một nơi cung cấp, về những tệp đã quá hạn mà chưa nhận được"
            f" vào ngày {day:%d/%m/%Y}; nhận được: {', '.join(sorted(providers)) or 'không có gì'}"
            f"{''.join(f', {each.provider} ({each.kind}) không quá hạn' for each in in_time)}."
        )
    round_ = context.round
    return ReminderLetter(
        paper=organisers_paper(context),
        recipient=context.program.unit[providers.pop()].name,
        basis=_basis(context),
        title=round_.title,
        evaluation_year=round_.evaluation_year,
        day=day,
        files=tuple(
            MissingFile(
                file=_name(files, each.kind),
                about=_about(each.kind),
                rows=each.items,
                due=each.due,
                basis=deadline_basis(context, extensions.get((each.provider, each.kind))),
            )
            for each in late
        ),
        late=context.program.policies.late_submission,
        send_to=send_to(context),
    )


def extension_values(
    context: RoundContext,
    provider: str,
    before: Mapping[str, date],
    until: date,
    reason: str,
    document: str,
    files: Files,
) -> ExtensionLetter:
    """The letter that grants one provider a later deadline.

    before    kind → the deadline until now, as `records.extensions.extend` returns it
    document  the paper by which the extension was approved
    files     the workbooks that went out to it
    """
    round_ = context.round
    return ExtensionLetter(
        paper=organisers_paper(context),
        recipient=context.program.unit[provider].name,
        basis=_basis(context),
        title=round_.title,
        evaluation_year=round_.evaluation_year,
        until=until,
        reason=reason,
        document=document,
        files=tuple(
            ExtendedFile(_name(files, kind), _about(kind), due) for kind, due in before.items()
        ),
        late=context.program.policies.late_submission,
        send_to=send_to(context),
    )


def files_of(records: Session, round_id: str, provider: str) -> Files:
    """The workbooks that went out to a provider."""
    asked = select(RequestRecord).where(
        RequestRecord.round_id == round_id, RequestRecord.provider == provider
    )
    return {record.kind: record.workbook for record in records.exec(asked)}


def send_to(context: RoundContext) -> str | None:
    """Where filled workbooks go: the organiser's address, where the program has one."""
    organiser = context.program.unit.get(context.program.organiser)
    return organiser.address if organiser else None


def deadline_basis(context: RoundContext, extension: ExtensionRecord | None = None) -> str:
    """What sets a deadline: an extension, else the round's own basis and why its day moved.

    Raises UnknownYear, UnsettledDay.
    """
    if extension is not None:
        return f"văn bản gia hạn {extension.document or '(chưa ghi số)'}"
    closing, basis = closing_of(context.program, context.round), context.round.closes.basis
    moved = "" if closing.on == closing.stated else f"; {within(closing.note.rstrip('.'))}"
    return f"{basis}{moved}"


def _about(kind: str) -> About:
    return "own" if kind == "own" else "about_units"


def _name(files: Files, kind: str) -> str:
    return files[kind].rpartition("/")[2]


def _doubt(framework: Framework, flag: Flag) -> Doubt:
    figure = "" if flag.reported is None else reported(framework, flag)
    if figure and flag.variable and flag.variable != RATIO:
        figure = f"{flag.variable} = {figure}"
    return Doubt(flag.criterion, framework.by_code[flag.criterion].name, figure, flag.message)


def _basis(context: RoundContext) -> str:
    return cite(next(iter(context.frameworks.values())).decree)
