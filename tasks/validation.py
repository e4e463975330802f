"""Validate the figures of a round with Great Expectations."""

from fractions import Fraction

from prefect import task
from prefect.artifacts import create_table_artifact
from sqlmodel import Session

from dti_core.program.load import RoundContext, load_round
from dti_core.records.all_information import all_information
from dti_core.records.appraising import SELF
from dti_core.records.awards import awards, findings, write_findings
from dti_core.records.database import session
from dti_core.records.evidence import links
from dti_core.records.exemptions import counted_figures
from dti_core.records.rounds import require_round
from dti_core.records.tables import FindingRecord
from expectations.beside import Beside
from expectations.results import CheckDidNotRun, Outcome, did_not_run, raw_json
from tasks.papers import write_paper
from tasks.retrying import RETRY
from tasks.unchanged import unless_done

RAW = "validation/{level}.json"
"""Where the raw results of a level are kept, under the round's folder."""


@task(name="kiem-tra-so-lieu", **RETRY)
def validate_task(round_id: str, actor: str) -> dict[str, int]:
    """Run every check over one pooled frame a level and record the findings, by severity.

    Raises CheckDidNotRun, with all that did run recorded, where a check could not be carried out.
    """
    context = load_round(round_id)
    return unless_done("kiem-tra-so-lieu", context, (actor,), lambda: _validate(context, actor))


def _validate(context: RoundContext, actor: str) -> dict[str, int]:
    with session() as records:
        require_round(records, context)
        found, not_run = validate_round(records, context, actor)
        counts = {"fatal": 0, "warning": 0}
        for finding in found:
            counts[finding.severity] += 1
        create_table_artifact(
            key="kiem-tra-so-lieu",
            description=f"Phát hiện khi kiểm tra số liệu, đợt {context.id}",
            table=[
                {
                    "đơn vị": finding.unit,
                    "mục": finding.criterion,
                    "mức": finding.severity,
                    "nội dung": finding.message,
                }
                for finding in found
            ]
            + [
                {"đơn vị": level, "mục": one.rule, "mức": one.status, "nội dung": one.reason}
                for level, outcomes in not_run.items()
                for one in outcomes
            ],
        )
    if not_run:
        raise CheckDidNotRun(
            " ".join(
                did_not_run(context.frameworks[level].title, outcomes)
                for level, outcomes in not_run.items()
            )
        )
    return counts


def validate_round(
    records: Session, context: RoundContext, actor: str
) -> tuple[list[FindingRecord], dict[str, tuple[Outcome, ...]]]:
    """Check every level, keep the raw results beside, record the findings.

    Returns the findings, and by level the checks that could not run: what they found before
    stands until they run again.
    """
    # Great Expectations takes seconds to import: here, and nowhere else
    from expectations.frame import pooled_frame
    from expectations.run import run_checks

    figures = counted_figures(records, context)
    beside = beside_figures(records, context)
    before = findings(records, context.id)
    found: list[FindingRecord] = []
    not_run: dict[str, tuple[Outcome, ...]] = {}
    for level, framework in context.frameworks.items():
        units = [unit.id for unit in context.units if unit.level == level]
        done = run_checks(pooled_frame(framework, units, figures, beside))
        content = raw_json(framework, units, done)
        write_paper(records, context.id, "validation", RAW.format(level=level), content, actor)
        found += [FindingRecord(round_id=context.id, **vars(each)) for each in done.findings]
        if done.not_run:
            not_run[level] = done.not_run
            rules, known = {one.rule for one in done.not_run}, set(units)
            found += [
                FindingRecord(**each.model_dump(exclude={"id"}))
                for each in before
                if each.rule in rules and each.unit in known
            ]
    write_findings(records, context.id, found, actor)
    return found, not_run


def beside_figures(records: Session, context: RoundContext) -> Beside:
    """What the checks look at beside the figures: information, evidence, points, units below."""
    evidence: dict[tuple[str, str], str] = {}
    for link in links(records, context.id):
        key = link.unit, link.criterion
        came = link.sha256 is not None or evidence.get(key) == ""
        evidence[key] = "" if came else link.words
    below: dict[str, list[str]] = {}
    for unit in context.units:
        if unit.parent is not None:
            below.setdefault(unit.parent, []).append(unit.id)
    return Beside(
        information=all_information(records, context.id),
        evidence=evidence,
        self_points={
            (award.unit, award.criterion): Fraction(award.points)
            for award in awards(records, context.id, SELF)
            if award.points is not None
        },
        below=below,
        frameworks={unit: context.framework_of(unit) for units in below.values() for unit in units},
    )
