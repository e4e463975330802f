"""The criteria that units get wrong, from what was read of a round."""

from collections import defaultdict
from collections.abc import Iterator

from dti_core.framework.model import Criterion, Framework
from dti_core.framework.sheets.words import LEVELS
from dti_core.records.progress import FATAL, STATED
from reports.quality.data import CriterionLine
from reports.quality.records import EVIDENCE, MISSING, REQUIRED, Known

Row = tuple[str, str]
"""(unit, criterion)"""


def criterion_lines(known: Known) -> Iterator[CriterionLine]:
    """Every criterion that asks for figures or is doubted, in the order of the frameworks."""
    faults = _faults(known)
    for framework in known.context.frameworks.values():
        units = [unit.id for unit in known.context.units if unit.level == framework.level]
        for row in framework.rows:
            line = _line(known, framework, row, units, faults)
            if row.needed or line.wrong or line.papers:
                yield line


def _line(
    known: Known,
    framework: Framework,
    row: Criterion,
    units: list[str],
    faults: dict[str, set[Row]],
) -> CriterionLine:
    missing: set[str] = set()
    unclear: set[str] = set()
    for unit in units:
        for variable in row.needed:
            key = unit, row.code, variable
            status = known.answers[key]
            # a file that has not come says nothing about the criterion
            if status in STATED or (status in (MISSING, "partial") and not known.has_come(key)):
                continue
            (missing if status == MISSING else unclear).add(unit)
    ways = {
        "missing": missing,
        "unclear": unclear,
        **{
            way: {unit for unit in units if (unit, row.code) in faults[way]}
            for way in ("fatal", "warned", "doubted", "papers")
        },
    }
    wrong = set().union(*(found for way, found in ways.items() if way != "papers"))
    return CriterionLine(
        group=LEVELS[framework.level],
        code=row.code,
        name=row.name,
        units=len(units),
        wrong=len(wrong),
        **{way: len(found) for way, found in ways.items()},
    )


def _faults(known: Known) -> dict[str, set[Row]]:
    """Way → the rows of units that have it."""
    found: dict[str, set[Row]] = defaultdict(set)
    for finding in known.findings:
        row = finding.unit, finding.criterion
        if finding.rule == EVIDENCE:
            found["papers"].add(row)
        elif finding.rule != REQUIRED:
            found["fatal" if finding.severity == FATAL else "warned"].add(row)
    for flag in known.flags:
        found["doubted"] |= {(flag.unit, code) for code in flag.criteria or (flag.criterion,)}
    return found
