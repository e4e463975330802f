"""MẪU: the bundled answers of the sample, typed into the very workbooks that were sent out.

Only `dti demo` and the tests use this. It stands in for people and nothing else: workbooks go out,
come back through the inbox and are read like any other.
"""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, time

from dti_core.clock import CIVIL_TIME
from dti_core.intake import sample_round
from dti_core.intake.fill import fill
from dti_core.intake.layout import (
    CHANGED,
    CORRECTED,
    DECISION,
    REASON,
    VALUE,
    figure_key,
)
from dti_core.intake.sample import Reply, reply_to
from dti_core.program.load import RoundContext
from dti_core.program.requests import requests
from dti_core.records.database import session
from dti_core.records.files import round_folder
from dti_core.records.flags import ANSWERED, OPEN, all_flags, decide
from dti_core.records.rounds import reopen
from dti_core.records.sign_off import sign
from flows.sample_appraisal import appraise
from flows.sample_result import grant_exemptions, hold_sitting, petition
from flows.sample_values import sample_values
from tasks.dispatching import FILES
from tasks.inbox import inbox

ROLE = "Mẫu: người có trách nhiệm"
NOON = time(12, tzinfo=UTC)


def send_figures(context: RoundContext, *, late: bool) -> int:
    """Providers fill their workbooks and send them, each on its day; returns how many came now.

    late  those that come after the deadline, else those that come in time
    """
    answers, points = sample_round.answers(context), sample_round.self_points(context)
    asked = {request.provider: request for request in requests(context)}
    sent = 0
    for arrival in sample_round.arrivals(context):
        if arrival.date is None or (arrival.date > context.round.closes.on) != late:
            continue
        name = FILES[arrival.kind].format(provider=arrival.provider)
        if (inbox(context.id) / name).exists():
            continue
        mine = answers.get((arrival.provider, arrival.kind), [])
        request = asked[arrival.provider]
        values = sample_values(context, request, arrival.kind, mine, points)
        _send(context, f"out/{arrival.provider}/{name}", values, arrival.date, at=arrival.at)
        sent += 1
    return sent


def send_explanations(context: RoundContext) -> int:
    """Every unit with open flags answers them; returns how many workbooks came back."""
    replies = sample_round.replies(context)
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
    replies = sample_round.replies(context)
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
    answers = sample_round.answers(context).get((unit, "own"), [])
    values = sample_values(context, asked, "own", answers, ())
    for reply in replies:
        if reply.criterion and reply.variable and reply.corrected:
            place = asked.place(unit, reply.criterion, reply.variable)
            values[figure_key(*place), VALUE] = reply.corrected
    _send(context, f"out/{unit}/{FILES['own'].format(provider=unit)}", values, day, name)


def judge_explanations(context: RoundContext, role: str) -> int:
    """The officer accepts or refuses each answer, with the sample's reason."""
    replies = sample_round.replies(context)
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


def confirm(context: RoundContext, step: str, role: str) -> None:
    """Somebody with the role approves a step over the records as they are, by the same door as
    `dti approve`."""
    with session() as records:
        sign(records, context, step, role)


def answer(context: RoundContext, step: str) -> str:
    """Do what the round waits for at a step; returns what was done, in Vietnamese."""
    doing: dict[str, Callable[[], str]] = {
        "thu-thap": lambda: _collection(context),
        "giai-trinh": lambda: _explanations(context),
        "tham-dinh": lambda: _appraisal(context),
        "kien-nghi": lambda: petition(context),
        "du-thao": lambda: "lãnh đạo đồng ý dự thảo",
    }
    done, ready = doing[step](), step in ("kien-nghi", "du-thao")
    with session() as records:
        match step:
            case "thu-thap" | "tham-dinh":
                ready = done.startswith("khép")
            case "giai-trinh":
                ready = all(
                    f.status not in (OPEN, ANSWERED) for f in all_flags(records, context.id)
                )
    if ready:
        confirm(context, step, ROLE)
    return done


def _appraisal(context: RoundContext) -> str:
    done = appraise(context)
    return f"{done}; Hội đồng họp" if hold_sitting(context) else done


def _collection(context: RoundContext) -> str:
    if decided := grant_exemptions(context):
        return f"{decided} đề xuất miễn đánh giá được quyết định"
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


def _send(
    context: RoundContext,
    workbook: str,
    values: dict[tuple[str, str], object],
    day: date,
    name: str | None = None,
    at: time | None = None,
) -> None:
    """A filled copy of a workbook that was sent out, in the inbox, stamped with its day."""
    source = round_folder(context.id) / workbook
    target = inbox(context.id) / (name or source.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}")
    shutil.copyfile(source, partial)
    fill(partial, values)
    arrived = at.replace(tzinfo=CIVIL_TIME) if at else NOON
    stamp = datetime.combine(day, arrived).timestamp()
    os.utime(partial, (stamp, stamp))
    partial.replace(target)
