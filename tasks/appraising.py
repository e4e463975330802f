"""Hand the appraiser the figures with everything known about them, and read the points back."""

from fractions import Fraction

from prefect import task
from prefect.artifacts import create_table_artifact
from sqlmodel import Session

from dti_core.errors import Refused
from dti_core.framework.model import RATIO
from dti_core.intake.answers import appraisals_of
from dti_core.intake.belonging import check_origin
from dti_core.intake.package import Evidence
from dti_core.program.load import RoundContext, load_round
from dti_core.records.appraising import SELF, Appraised, write_appraised
from dti_core.records.awards import awards
from dti_core.records.database import session
from dti_core.records.flags import WITHDRAWN, all_flags
from dti_core.records.rounds import require_round
from dti_core.records.scoring import scored_round
from dti_core.scoring.explain import shown_value
from tasks.inbox import keep_evidence, workbooks
from tasks.papers import write_paper
from tasks.retrying import RETRY

WORKBOOK = "out/tham-dinh/tham-dinh.xlsx"


@task(name="tep-tham-dinh", **RETRY)
def appraisal_workbook_task(round_id: str, actor: str) -> str:
    """Write the appraiser's workbook: every unit and row with figures, points, doubts, answers."""
    from reports.workbooks.appraisal import AppraisalRow, appraisal_workbook

    context = load_round(round_id)
    with session() as records:
        require_round(records, context)
        rows = [AppraisalRow(**row) for row in _rows(records, context)]
        content = appraisal_workbook(context, context.program.organiser, rows)
        write_paper(records, round_id, "appraisal_workbook", WORKBOOK, content, actor)
    return WORKBOOK


def _rows(records: Session, context: RoundContext) -> list[dict[str, object]]:
    from reports.workbooks.appraisal import answers_told, doubts_told

    scored = scored_round(records, context)
    policies = context.program.policies
    own = {
        (award.unit, award.criterion): Fraction(award.points)
        for award in awards(records, context.id, SELF)
        if award.points is not None
    }
    flags = [flag for flag in all_flags(records, context.id) if flag.status != WITHDRAWN]
    rows: list[dict[str, object]] = []
    for unit in context.units:
        framework = context.framework_of(unit.id)
        for row in framework.rows:
            if row.children:
                continue
            reading = policies.reading_of(row.code) or "as_written"
            score = scored.scores[reading][unit.id, row.code]
            figures = [
                f"{name} = {shown_value(row, name, figure)}"
                for name in (*row.variables, RATIO)
                if (figure := scored.figures.get((unit.id, row.code, name)))
            ]
            mine = [f for f in flags if f.unit == unit.id and row.code in f.criteria]
            rows.append(
                {
                    "unit": unit.id,
                    "criterion": row.code,
                    "figures": "; ".join(figures),
                    "self_points": own.get((unit.id, row.code)),
                    "computed": score.points,
                    "low": score.low,
                    "high": score.high,
                    "flags": doubts_told(mine),
                    "explanation": answers_told(mine),
                }
            )
    return rows


@task(name="tham-dinh", **RETRY)
def appraise_task(round_id: str, actor: str) -> int:
    """Read the appraisers' points; see `appraise`."""
    changed, given, told = appraise(load_round(round_id), actor)
    create_table_artifact(
        key="tham-dinh",
        description="\n\n".join([f"Điểm có lý do riêng, đợt {round_id}", *told]),
        table=[
            {
                "đơn vị": each.unit,
                "mục": each.criterion,
                "điểm": str(each.points),
                "lý do": each.reason or "",
            }
            for each in given
        ],
    )
    return changed


def appraise(context: RoundContext, actor: str) -> tuple[int, list[Appraised], list[str]]:
    """Read the appraisers' workbooks in the inbox, the newest last.

    Returns how many awards changed, what was given, and what the appraisers should know. Raises
    Refused, with the file set aside, where one cannot be taken as it is.
    """
    given: dict[tuple[str, str], Appraised] = {}
    beside: list[Evidence] = []
    notices: list[str] = []
    for file, received in workbooks(context, "appraisal", actor):
        file.keep()
        try:
            check_origin(received.workbook, context, file.path.name)
            for each in appraisals_of(received.workbook, file.path.name):
                where = f"Tệp {file.path.name}, trang “{each.cell.sheet}”, ô {each.cell.address}"
                given[each.unit, each.criterion] = Appraised(
                    each.unit, each.criterion, each.points, each.reason, where
                )
        except Refused as refusal:
            with session() as records:
                file.put_aside(records, refusal, actor)
            raise
        beside += received.evidence
        notices += received.workbook.notices
    with session() as records:
        require_round(records, context)
        scored_round(records, context)  # points are appraised over the figures as they are
        changed = write_appraised(records, context, given.values(), actor)
        _, refused = keep_evidence(records, context.id, beside, actor)
    return changed, list(given.values()), [*notices, *refused]
