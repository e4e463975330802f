"""MẪU: the sample's appraisers, each in his own workbook, and whoever decides where they differ.

They stand in for people as those of `flows.sample_people` do.
"""

import os
import shutil
from datetime import UTC, datetime, time
from fractions import Fraction
from pathlib import Path

from dti_core.intake import sample_round
from dti_core.intake.fill import fill
from dti_core.intake.layout import APPRAISED, REASON, figure_key
from dti_core.intake.sample import Appraisal
from dti_core.program.appraisal import CHAIR
from dti_core.program.load import RoundContext
from dti_core.program.routing import Pair, assigned, decider_of
from dti_core.rational import vietnamese
from dti_core.records.appraising import write_appraised
from dti_core.records.assignments import assignments, close, progress, rows_by_verifier
from dti_core.records.database import session
from dti_core.records.exemptions import granted
from dti_core.records.files import round_folder
from dti_core.records.opinions import differing
from tasks.appraising import workbook_of
from tasks.inbox import inbox

ROLE = "Mẫu: người có trách nhiệm"
NOON, AFTER_THEM = time(12, tzinfo=UTC), time(13, tzinfo=UTC)
AGREED = "Mẫu: Hội đồng xem lại tài liệu kiểm chứng và thống nhất mức {points} điểm."

Values = dict[tuple[str, str], object]


def send_appraisals(context: RoundContext) -> int:
    """The appraisers enter points, and reasons where they differ; returns how many rows."""
    with session() as records:
        rows = rows_by_verifier(records, context)
    given: dict[str, Values] = {verifier: {} for verifier in rows}
    routed = assigned(context)
    entered = 0
    for each in sample_round.appraisals(context):
        pair = each.unit, each.criterion
        for verifier in routed.get(pair, ()):
            if each.verifier in (None, verifier) and pair in rows.get(verifier, ()):
                given[verifier] |= _typed(each)
                entered += 1
    for verifier, values in given.items():
        _send(context, verifier, values)
    return entered


def appraise(context: RoundContext) -> str:
    """Do the next thing that appraisal waits for; returns what was done, in Vietnamese."""
    with session() as records:
        sent = [each.verifier for each in assignments(records, context.id)]
        undecided = [
            (each.unit, each.criterion)
            for each in differing(records, context)
            if each.decision is None and decider_of(context, each.unit) is not None
        ]
    if any(not (inbox(context.id) / _name(verifier)).exists() for verifier in sent):
        return f"người thẩm định cho điểm, {send_appraisals(context)} dòng có lý do riêng"
    if undecided and not (inbox(context.id) / _name(CHAIR)).exists():
        return f"người chủ trì quyết định {_decide(context, undecided)} dòng có điểm khác nhau"
    open_ = _close(context)
    return f"còn {open_} phần chưa khép được" if open_ else "khép việc thẩm định"


def _decide(context: RoundContext, pairs: list[Pair]) -> int:
    """The chair decides as the sample says, else for the lowest of the points that were given."""
    with session() as records:
        lowest = {
            (each.unit, each.criterion): min(Fraction(o.points) for o in each.opinions)
            for each in differing(records, context)
        }
    values: Values = {}
    for pair in pairs:
        why = AGREED.format(points=vietnamese(lowest[pair]))
        values |= _typed(Appraisal(*pair, lowest[pair], why))
    for each in sample_round.appraisals(context):
        if each.verifier == CHAIR and (each.unit, each.criterion) in pairs:
            values |= _typed(each)
    _send(context, CHAIR, values, at=AFTER_THEM)
    return len(pairs)


def _close(context: RoundContext) -> int:
    """Close every part that may be, and let the official points follow; returns how many stay."""
    with session() as records:
        parts = progress(records, context)
        ready = [each for each in parts if not each.lacking]
        for each in ready:
            close(records, context, each.verifier, ROLE)
        write_appraised(records, context, ROLE, granted(records, context.id))
    return len(parts) - len(ready)


def _typed(each: Appraisal) -> Values:
    key = figure_key(each.unit, each.criterion)
    return {(key, APPRAISED): each.points, (key, REASON): each.reason}


def _name(verifier: str) -> str:
    return f"tham-dinh-{Path(workbook_of(verifier)).name}"


def _send(context: RoundContext, verifier: str, values: Values, at: time = NOON) -> None:
    """A filled copy of a verifier's workbook, in the inbox, stamped with the day it was due."""
    target = inbox(context.id) / _name(verifier)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}")
    shutil.copyfile(round_folder(context.id) / workbook_of(verifier), partial)
    if values:
        fill(partial, values)
    round_ = context.round
    due = (round_.appraise_by or round_.explain_by or round_.closes).on
    stamp = datetime.combine(due, at).timestamp()
    os.utime(partial, (stamp, stamp))
    partial.replace(target)
