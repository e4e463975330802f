"""The bundled rounds in the records, scored and ranked, without Prefect.

What the sample's providers typed is read cell by cell, as from their workbooks; a cell that is
unclear is left out, as it is until its unit has answered.
"""

from dti_core.figures import Figure
from dti_core.intake.cells import Unclear, read_cell
from dti_core.intake.data_files import receive_data_files
from dti_core.intake.sample import load_answers
from dti_core.intake.sample_round import appraisals
from dti_core.plausibility.detect import detect
from dti_core.program.load import RoundContext, load_round
from dti_core.program.routing import verifiers_of
from dti_core.records.appraising import write_appraised
from dti_core.records.database import session
from dti_core.records.figures import receive, write_figures
from dti_core.records.flags import write_flags
from dti_core.records.opinions import Appraised, write_opinions
from dti_core.records.ranking import write_ranks
from dti_core.records.rounds import open_round
from dti_core.records.scoring import score_round
from tests.conftest import JUNE

ROUND = "vinh-phuc/2023-so"


def score_sample() -> RoundContext:
    """Open, fill and score the round in the current home, and record its flags."""
    context = load_round(ROUND)
    figures = []
    for answer in load_answers(context.program.folder / "sample" / "answers-2023.csv"):
        row = context.framework_of(answer.unit).by_code[answer.criterion]
        value = read_cell(answer.text, row.variables[answer.variable])
        if value is not None and not isinstance(value, Unclear):
            figures.append(Figure(answer.unit, answer.criterion, answer.variable, "given", value))
    with session() as records:
        open_round(records, context, "test")
        file, _ = receive(records, ROUND, "sample", "answers", "a" * 64, "answers.csv", "test")
        write_figures(records, ROUND, file, figures, "test")
        scored, _ = score_round(records, context, "test")
        units = [unit.id for unit in context.units]
        scores = scored.scores["as_written"]
        flags = detect(context.frameworks["so"], units, scored.figures, {}, {}, scores)
        write_flags(records, ROUND, flags, {}, "test")
    return context


def score_june() -> RoundContext:
    """Open, fill and score the province's own round in the current home."""
    context = load_round(JUNE)
    with session() as records:
        open_round(records, context, "test")
        receive_data_files(records, context, "test")
        score_round(records, context, "test")
    return context


def appraise_sample(context: RoundContext) -> None:
    """Award the sample's points and rank the units."""
    given: dict[str, list[Appraised]] = {}
    for each in appraisals(context):
        for verifier in verifiers_of(context, each.unit, each.criterion):
            one = Appraised(each.unit, each.criterion, each.points, each.reason)
            given.setdefault(verifier, []).append(one)
    with session() as records:
        for verifier, theirs in given.items():
            write_opinions(records, context, verifier, theirs, "test")
        write_appraised(records, context, "test")
        write_ranks(records, context, "test")
