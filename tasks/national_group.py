"""One group of a national run: the units of one level of one province, checked, scored, ranked.

A group is never split: rules that compare take all of it as peers, and the column engine is called
once for all of its units. What comes out is text, the same bytes wherever it was worked out.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from sqlmodel import Session

from dti_core.errors import Refused
from dti_core.figures import Figure
from dti_core.framework.model import Framework, Reading
from dti_core.intake.sample import prior_figures
from dti_core.intake.sample_round import files
from dti_core.program.load import RoundContext, load_round
from dti_core.rational import exact_text
from dti_core.records.database import session
from dti_core.records.exemptions import counted_figures
from dti_core.records.scoring import Scores, compute
from dti_core.scoring.standings import Group, officially, standings
from expectations.beside import Beside
from expectations.results import CheckDidNotRun, Finding, did_not_run
from tasks.validation import beside_figures

FOLDER = "national"
"""Where the results of a round's groups are kept, under the round's folder."""

Figures = dict[tuple[str, str, str], Figure]


class NoFigures(Refused):
    """Nobody has given a figure of a group."""


def path_of(level: str) -> str:
    """The result of a level, under the round's folder."""
    return f"{FOLDER}/{level}.json"


def evaluate_group(round_id: str, level: str) -> bytes:
    """Check, score and rank the units of one level of a round; returns the result as JSON.

    Figures are those recorded in the round, else those of the program's sample. Needs
    nobody's points: rows that people appraise stay open, and their units without a rank.
    Raises NoFigures, CheckDidNotRun, ScoringFault.
    """
    context = load_round(round_id)
    with session() as records:
        figures, beside = _given(records, context, level)
    units = tuple(unit for unit in context.units if unit.level == level)
    names = {unit.id: None for unit in units}
    own = {key: figure for key, figure in figures.items() if key[0] in names}
    if not own:
        raise NoFigures(
            f"Đợt {round_id} chưa có số liệu cấp {level}. Hãy nhận số liệu (dti intake {round_id}),"
            " hoặc bỏ đợt này khỏi lần chạy toàn quốc."
        )
    framework = context.frameworks[level]
    only = replace(context, units=units, frameworks={level: framework})
    scores = compute(only, own)
    content = {
        "round": round_id,
        "level": level,
        "illustration": context.round.illustration,
        "framework": framework.id,
        "pins": {framework.id: framework.sha256, "program": context.program.sha256},
        "units": [unit.id for unit in only.units],
        "points": {reading: _columns(framework, only, scores, reading) for reading in scores},
        "totals": _totals(only, level, scores),
        "findings": [
            list(vars(each).values()) for each in _findings(framework, list(names), figures, beside)
        ],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def findings_in(result: Mapping[str, Any]) -> list[Finding]:
    """The findings of a group's result, as they were found."""
    return [Finding(*each) for each in result["findings"]]


def _given(records: Session, context: RoundContext, level: str) -> tuple[Figures, Beside]:
    """The figures of a level and of the levels below, which sums are checked against."""
    recorded = counted_figures(records, context)
    if recorded:
        return dict(recorded), beside_figures(records, context)
    below: dict[str, list[str]] = {}
    for unit in context.units:
        if unit.parent is not None and context.program.unit[unit.parent].level == level:
            below.setdefault(unit.parent, []).append(unit.id)
    frameworks = {unit: context.framework_of(unit) for units in below.values() for unit in units}
    wanted = {level, *(context.program.unit[unit].level for unit in frameworks)}
    only = replace(context, units=tuple(unit for unit in context.units if unit.level in wanted))
    found: Figures = {}
    for file in files(only, "answers"):
        found |= prior_figures(file, only)
    return found, Beside(below=below, frameworks=frameworks)


def _findings(
    framework: Framework, units: list[str], figures: Figures, beside: Beside
) -> tuple[Finding, ...]:
    # Great Expectations takes seconds to import: here, and nowhere else
    from expectations.frame import pooled_frame
    from expectations.run import run_checks

    done = run_checks(pooled_frame(framework, units, figures, beside))
    if done.not_run:
        raise CheckDidNotRun(did_not_run(framework.title, done.not_run))
    return done.findings


def _columns(
    framework: Framework, context: RoundContext, scores: Scores, reading: Reading
) -> dict[str, Any]:
    """Row code → its points of every unit: exact, as published, and why they are open."""
    rounding = context.program.policies.rounding
    found: dict[str, Any] = {}
    for row in framework.rows:
        mine = [scores[reading][unit.id, row.code] for unit in context.units]
        shown = [each.published(rounding.value if rounding else None) for each in mine]
        found[row.code] = {
            "exact": [_text(each.points) for each in mine],
            "published": [None if each is None else str(each) for each in shown],
            "open": {
                at: [each.status, exact_text(each.low), exact_text(each.high)]
                for at, each in enumerate(mine)
                if each.points is None
            },
        }
    return found


def _totals(context: RoundContext, level: str, scores: Scores) -> dict[str, Any]:
    """Totals of every unit by the official readings, and the rank in the group."""
    policies = context.program.policies
    group = Group(level, context.frameworks[level], tuple(unit.id for unit in context.units))
    found = standings(group, officially(group, scores, policies, {}), policies)
    mine = [found[unit] for unit in group.units]
    return {
        "exact": [_text(each.points) for each in mine],
        "published": [
            None if each.total.published is None else str(each.total.published) for each in mine
        ],
        "rank": [each.rank for each in mine],
    }


def _text(points: Fraction | None) -> str | None:
    return None if points is None else exact_text(points)
