"""MẪU: the bundled answers of the sample, typed into the very workbooks that were sent out.

Only `dti demo` and the tests use this. It stands in for people and nothing else: workbooks go out,
come back through the inbox and are read like any other.
"""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path

from dti_core.intake.fill import fill
from dti_core.intake.layout import (
    APPRAISED,
    CHANGED,
    CORRECTED,
    DECISION,
    REASON,
    SELF_POINTS,
    SELF_ROW,
    VALUE,
    figure_key,
)
from dti_core.intake.sample import (
    Reply,
    load_answers,
    load_appraisals,
    load_arrivals,
    load_replies,
    load_self_points,
    reply_to,
)
from dti_core.program.load import RoundContext
from dti_core.program.requests import requests
from dti_core.records.appraising import APPRAISED as APPRAISED_POINTS
from dti_core.records.approvals import approve
from dti_core.records.awards import awards
from dti_core.records.database import session
from dti_core.records.digests import digest_of
from dti_core.records.files import round_folder
from dti_core.records.flags import ANSWERED, OPEN, all_flags, decide
from dti_core.records.rounds import reopen
from tasks.appraising import WORKBOOK
from tasks.dispatching import FILES
from tasks.inbox import inbox

ROLE = "Mẫu: người có trách nhiệm"
NOON = time(12, tzinfo=UTC)


def folder(context: RoundContext) -> Path:
    """The program's sample files."""
    return context.program.folder / "sample"


def send_figures(context: RoundContext, *, late: bool) -> int:
    """Providers fill their workbooks and send them, each on its day; returns how many came now.

    late  those that come after the deadline, else those that come in time
    """
    year = context.round.evaluation_year
    answers = load_answers(folder(context) / f"answers-{year}.csv")
    points = load_self_points(folder(context) / f"self-{year}.csv")
    asked = {request.provider: request for request in requests(context)}
    sent = 0
    for arrival in load_arrivals(folder(context) / f"arrivals-{year}.csv"):
        if arrival.date is None or (arrival.date > context.round.closes.on) != late:
            continue
        name = FILES[arrival.kind].format(provider=arrival.provider)
        if (inbox(context.id) / name).exists():
            continue
        values: dict[tuple[str, str], object] = {}
        for answer in answers:
            if (answer.provider, answer.kind) != (arrival.provider, arrival.kind):
                continue
            place = asked[answer.provider].place(answer.unit, answer.criterion, answer.variable)
            key = figure_key(*place)
            values[(key, VALUE) if arrival.kind == "own" else (answer.unit, key)] = answer.text
        if arrival.kind == "own":
            for own in points:
                if own.unit == arrival.provider:
                    key = figure_key(own.criterion, SELF_ROW)
                    values[key, SELF_POINTS] = own.points
        _send(context, f"out/{arrival.provider}/{name}", values, arrival.date)
        sent += 1
    return sent


def send_explanations(context: RoundContext) -> int:
    """Every unit with open flags answers them; returns how many workbooks came back."""
    replies = load_replies(folder(context) / f"replies-{context.round.evaluation_year}.csv")
    with session() as records:
        flags = [flag for flag in all_flags(records, context.id) if flag.status == OPEN]
    if not flags:
        return 0
    units = list(dict.fromkeys(flag.unit for flag in flags))
    due = (context.round.explain_by or context.round.closes).on
    for unit in units:
        values: dict[tuple[str, str], object] = {}
        for flag in flags:
            reply = reply_to(replies, unit, flag.criterion, flag.variable)
            if flag.unit != unit or reply is None:
                continue
            values[flag.flag_id, DECISION] = reply.decision
            values[flag.flag_id, REASON] = reply.reason
            if reply.corrected:
                values[flag.flag_id, CORRECTED] = reply.corrected
        _send(context, f"out/{unit}/{unit}-giai-trinh.xlsx", values, due)
    return len(units)


def send_again(context: RoundContext) -> int:
    """Units that sent somebody else's figures send their workbook anew; returns how many."""
    replies = load_replies(folder(context) / f"replies-{context.round.evaluation_year}.csv")
    due = (context.round.explain_by or context.round.closes).on
    sent = 0
    for unit in dict.fromkeys(reply.unit for reply in replies):
        whole = reply_to(replies, unit, "", None)
        explained = inbox(context.id) / f"{unit}-giai-trinh.xlsx"
        again = inbox(context.id) / f"{unit}-gui-lai.xlsx"
        if whole and whole.decision == CHANGED and explained.exists() and not again.exists():
            mine = [reply for reply in replies if reply.unit == unit]
            with session() as records:
                reopen(records, context, "Mẫu: đơn vị gửi lại biểu mẫu đã sửa", ROLE, unit)
            _send_again(context, unit, mine, due, again.name)
            sent += 1
    return sent


def _send_again(
    context: RoundContext, unit: str, replies: list[Reply], day: date, name: str
) -> None:
    asked = next(request for request in requests(context) if request.provider == unit)
    values: dict[tuple[str, str], object] = {}
    for answer_ in load_answers(folder(context) / f"answers-{context.round.evaluation_year}.csv"):
        if answer_.unit == unit and answer_.kind == "own" and answer_.provider == unit:
            place = asked.place(unit, answer_.criterion, answer_.variable)
            values[figure_key(*place), VALUE] = answer_.text
    for reply in replies:
        if reply.criterion and reply.variable and reply.corrected:
            place = asked.place(unit, reply.criterion, reply.variable)
            values[figure_key(*place), VALUE] = reply.corrected
    _send(context, f"out/{unit}/{FILES['own'].format(provider=unit)}", values, day, name)


def judge_explanations(context: RoundContext, role: str) -> int:
    """The officer accepts or refuses each answer, with the sample's reason."""
    replies = load_replies(folder(context) / f"replies-{context.round.evaluation_year}.csv")
    judged = 0
    with session() as records:
        for flag in all_flags(records, context.id):
            reply = reply_to(replies, flag.unit, flag.criterion, flag.variable)
            if flag.status == ANSWERED and reply is not None:
                accepted = reply.officer_decision == "accepted"
                judged += decide(
                    records, context.id, flag.flag_id, accepted, reply.officer_reason, role
                )
    return judged


def send_appraisals(context: RoundContext) -> int:
    """The appraiser enters points and reasons where they differ; returns how many rows."""
    rows = load_appraisals(folder(context) / f"appraisals-{context.round.evaluation_year}.csv")
    values: dict[tuple[str, str], object] = {}
    for row in rows:
        key = figure_key(row.unit, row.criterion)
        values[key, APPRAISED] = row.points
        values[key, REASON] = row.reason
    due = (context.round.explain_by or context.round.closes).on
    _send(context, WORKBOOK, values, due)
    return len(rows)


def confirm(context: RoundContext, step: str, role: str) -> None:
    """Somebody with the role approves a step over the records as they are."""
    with session() as records:
        approve(records, context.id, step, role, digest_of(records, context.id, step))


def answer(context: RoundContext, step: str) -> str:
    """Do what the round waits for at a step; returns what was done, in Vietnamese."""
    doing: dict[str, Callable[[], str]] = {
        "thu-thap": lambda: _collection(context),
        "giai-trinh": lambda: _explanations(context),
        "tham-dinh": lambda: _appraisal(context),
        "du-thao": lambda: "lãnh đạo đồng ý dự thảo",
    }
    done, ready = doing[step](), step == "du-thao"
    with session() as records:
        match step:
            case "thu-thap":
                ready = done.startswith("khép")
            case "giai-trinh":
                ready = all(
                    f.status not in (OPEN, ANSWERED) for f in all_flags(records, context.id)
                )
            case "tham-dinh":
                ready = bool(awards(records, context.id, APPRAISED_POINTS))
    if ready:
        confirm(context, step, ROLE)
    return done


def _collection(context: RoundContext) -> str:
    if sent := send_figures(context, late=False):
        return f"{sent} tệp đúng hạn đã vào hộp nhận"
    if sent := send_figures(context, late=True):
        return f"{sent} tệp muộn đã vào hộp nhận"
    return "khép việc thu thập, đơn vị không gửi được ghi rõ"


def _explanations(context: RoundContext) -> str:
    judged = judge_explanations(context, ROLE)
    if sent := send_explanations(context):
        return f"{sent} đơn vị gửi tệp giải trình"
    if sent := send_again(context):
        return f"{sent} đơn vị gửi lại biểu mẫu đã sửa"
    return f"cán bộ xem {judged} giải trình, ghi lý do chấp nhận hay không"


def _appraisal(context: RoundContext) -> str:
    if not (inbox(context.id) / Path(WORKBOOK).name).exists():
        return f"người thẩm định cho điểm, {send_appraisals(context)} dòng có lý do riêng"
    return "khép việc thẩm định"


def _send(
    context: RoundContext,
    workbook: str,
    values: dict[tuple[str, str], object],
    day: date,
    name: str | None = None,
) -> None:
    """A filled copy of a workbook that was sent out, in the inbox, stamped with its day."""
    source = round_folder(context.id) / workbook
    target = inbox(context.id) / (name or source.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}")
    shutil.copyfile(source, partial)
    fill(partial, values)
    stamp = datetime.combine(day, NOON).timestamp()
    os.utime(partial, (stamp, stamp))
    partial.replace(target)
