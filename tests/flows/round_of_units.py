"""A unit round driven to its end, with the sample's people answering; also as a child process.

`python -m tests.flows.round_of_units` runs it in DTI_HOME on the server and channel that the
environment names, so that a test can kill it anywhere and start it again.
"""

from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context

from dti_core.program.load import RoundContext, load_round
from dti_core.records.approvals import approved, steps_of
from dti_core.records.database import session
from dti_core.records.digests import digest_of
from dti_core.records.exemptions import propose
from dti_core.records.official import write_exempted
from dti_core.records.ranking import write_ranks
from dti_core.records.rounds import open_round
from dti_core.records.scoring import score_round
from dti_core.records.sub_rounds import open_sub_rounds
from flows.sample_people import answer
from flows.stages import OPERATOR
from tasks import council
from tasks.announcing import tell_provisional
from tasks.appraising import appraise, write_workbooks
from tasks.collecting import collect
from tasks.dispatching import send_requests
from tasks.explaining import explain
from tasks.flagging import flag
from tasks.inbox import inbox
from tasks.papers import write_papers
from tasks.publishing import publish
from tasks.sub_rounds import hand_overs
from tasks.validation import validate_round

ROUND = "vinh-phuc/2023-so"


def today(context: RoundContext) -> date:
    """The day that it is in the sample: the opening until files have come, then the day after the
    deadline. It follows from what is there, so that a killed run goes on with the same day."""
    if inbox(context.id).exists():
        return context.round.closes.on + timedelta(days=1)
    return context.round.opens.on


def run_to_end(round_id: str = ROUND) -> list[str]:
    """Run the cycle until it is done; where it waits, the sample answers. Returns the papers."""
    from flows.unit_cycle import unit_cycle
    from flows.waits import Waiting

    context = load_round(round_id)
    for _ in range(30):
        try:
            return unit_cycle(round_id, day=today(context))
        except Waiting as waiting:
            answer(context, waiting.step)
    raise AssertionError("the round never ended")


def run_ahead(round_id: str, *, flow: bool = True) -> list[str]:
    """The round by its stages' functions, the people doing all that a stage waits for; then, as
    `flow` says, the cycle over it, which must find everything done. Returns the papers."""
    context = load_round(round_id)
    with session() as records:
        open_round(records, context, OPERATOR)
        propose(records, context, OPERATOR)
        open_sub_rounds(records, context, OPERATOR)
    write_decision_of_council(context)
    send_requests(context, OPERATOR)
    _collected(context)
    while not _closed(context, "giai-trinh"):
        _doubted(context)
        answer(context, "giai-trinh")
        explain(context, OPERATOR)
    _collected(context)  # whose whole workbook was doubted has sent it again
    _doubted(context)
    write_workbooks(context, OPERATOR)
    papers = _decided(context)
    if not flow:
        return papers
    from flows.unit_cycle import unit_cycle

    return unit_cycle(round_id, day=today(context))


def run_all(round_ids: tuple[str, ...], *, flow: bool) -> dict[str, list[str]]:
    """Several rounds side by side, each in a process that runs one after another; the cycle runs
    over the first of them, as `flow` says."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        runs = {
            each: pool.submit(run_ahead, each, flow=flow and each == round_ids[0])
            for each in round_ids
        }
        return {each: run.result() for each, run in runs.items()}


def write_decision_of_council(context: RoundContext) -> None:
    if context.program.appraisal.council is not None:
        with session() as records:
            write_papers(records, context.id, [council.decision(context)], OPERATOR)


def _collected(context: RoundContext) -> None:
    if context.sub_rounds:
        hand_overs(context, today(context), OPERATOR)
    while not _closed(context, "thu-thap"):
        answer(context, "thu-thap")
        collect(context, OPERATOR)


def _decided(context: RoundContext) -> list[str]:
    """Appraisal, ranking, what the units object to, the drafts; each as often as it takes."""
    while not _closed(context, "tham-dinh"):
        answer(context, "tham-dinh")
        appraise(context, OPERATOR)
    with session() as records:
        write_exempted(records, context, OPERATOR)
        write_ranks(records, context, OPERATOR)
    tell_provisional(context, today(context), OPERATOR)
    if "kien-nghi" in steps_of(context) and not _closed(context, "kien-nghi"):
        answer(context, "kien-nghi")
        return _decided(context)  # an upheld petition has changed points
    papers = publish(context, OPERATOR)
    if not _closed(context, "du-thao"):
        answer(context, "du-thao")
    return papers


def _doubted(context: RoundContext) -> None:
    with session() as records:
        validate_round(records, context, OPERATOR)
        score_round(records, context, OPERATOR)
    flag(context, OPERATOR, today(context))


def _closed(context: RoundContext, step: str) -> bool:
    with session() as records:
        return approved(records, context.id, step, digest_of(records, context.id, step))


if __name__ == "__main__":
    run_to_end()
