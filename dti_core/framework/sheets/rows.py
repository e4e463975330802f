"""What stands in the cells of a framework's workbook."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from dti_core.framework.describe import describe
from dti_core.framework.model import (
    Agency,
    Citation,
    Criterion,
    Framework,
    Information,
    Pillar,
    Provider,
    Variable,
)
from dti_core.framework.sheets.numbers import CellContent, as_number
from dti_core.framework.sheets.rule_rows import level_rows, part_rows, rule_cells
from dti_core.framework.sheets.words import (
    AGGREGATE,
    ERRATA,
    FOUND_BY,
    GROUPS,
    KINDS,
    LEVELS,
    NOT_STATED,
    RELATIVE,
    YES,
)

Row = dict[str, CellContent]
"""Column key → what stands in the cell; columns without a key stay empty."""


def head(framework: Framework) -> Row:
    """The values of the sheet of the decree, by the keys of `layout.HEAD_FIELDS`."""
    decree = framework.decree
    return {
        "id": decree.id,
        "number": decree.number,
        "issued": f"{decree.issued:%d/%m/%Y}",
        "issuer": decree.issuer,
        "title": decree.title,
        "source": decree.source,
        "level": LEVELS[framework.level],
        "framework_title": framework.title,
        "total_stated": _stated(framework.total_stated),
        "criteria_stated": as_number(framework.criteria_stated),
        **_citation(framework.citation),
    }


def tables(framework: Framework) -> Mapping[str, list[Row]]:
    """Sheet key → its rows, for `layout.TABLES`."""
    rows = framework.rows
    return {
        "agencies": [_agency(slug, each) for slug, each in framework.decree.agencies.items()],
        "information": [_information(each) for each in framework.information],
        "pillars": [_pillar(pillar) for pillar in framework.pillars],
        "criteria": [_criterion(framework, row) for row in rows],
        "variables": [
            _variable(row, name, variable)
            for row in rows
            for name, variable in row.variables.items()
        ],
        "levels": [cells for row in rows for cells in level_rows(row)],
        "parts": [cells for row in rows for cells in part_rows(row)],
        "errata": [cells for row in rows for cells in _erratum(row)],
    }


def _agency(slug: str, agency: Agency) -> Row:
    return {
        "slug": slug,
        "name": agency.name,
        "group": GROUPS[agency.group] if agency.group else None,
        "includes": "\n".join(agency.includes) or None,
    }


def _information(information: Information) -> Row:
    return {
        "code": information.code,
        "name": information.name,
        "kind": KINDS[information.kind],
        "unit": information.unit,
        "quantity": information.quantity,
        "fields": "\n".join(information.fields) or None,
        "stated": information.stated,
        "note": information.note,
        "evidence": information.evidence,
        **_provider(information.provider),
        **_citation(information.citation),
    }


def _pillar(pillar: Pillar) -> Row:
    erratum = pillar.erratum
    return {
        "code": pillar.code,
        "name": pillar.name,
        "max_points": _stated(pillar.max_points),
        "criteria_stated": as_number(pillar.criteria_stated),
        "outside_maximum": YES["yes"] if pillar.outside_maximum else None,
        "erratum": ERRATA[erratum.kind] if erratum else None,
        "found_by": FOUND_BY[erratum.found_by] if erratum else None,
        "note": erratum.note if erratum else None,
        **_citation(pillar.citation),
    }


def _criterion(framework: Framework, row: Criterion) -> Row:
    follow_up = row.follow_up
    return {
        "code": row.code,
        "name": row.name,
        "parent": framework.parents.get(row.code),
        "pillar": framework.pillar_of(row.code).code,
        "max_points": _stated(row.max_points),
        "words": "\n".join(describe(row, row.rule)),
        **rule_cells(row.rule),
        "evidence": row.evidence,
        **_provider(row.provider),
        "verifier": row.verifier,
        **_citation(row.citation),
        "follow_year": as_number(follow_up.year) if follow_up else None,
        "follow_result": follow_up.result if follow_up else None,
        "follow_target": follow_up.target if follow_up else None,
        "follow_deadline": follow_up.deadline if follow_up else None,
    }


def _variable(row: Criterion, name: str, variable: Variable) -> Row:
    return {
        "criterion": row.code,
        "variable": name,
        "label": variable.label,
        "kind": KINDS[variable.kind],
        "unit": variable.unit,
        "quantity": variable.quantity,
        "choices": _pairs(variable.choices),
        **_provider(variable.provider),
    }


def _erratum(row: Criterion) -> Iterator[Row]:
    erratum = row.erratum
    if erratum is None:
        return
    corrected = erratum.corrected
    yield {
        "criterion": row.code,
        "kind": ERRATA[erratum.kind],
        "found_by": FOUND_BY[erratum.found_by],
        "note": erratum.note,
        **(rule_cells(corrected) if corrected else {}),
        "words": "\n".join(describe(row, corrected)) if corrected else None,
    }


def _stated(points: Fraction | None) -> CellContent:
    return NOT_STATED if points is None else as_number(points)


def _citation(citation: Citation) -> Row:
    """Without the decree's number: a framework cites the decree that it stands in."""
    return {
        "cited_appendix": citation.appendix,
        "cited_table": citation.table,
        "cited_row": citation.row,
        "cited_clause": citation.clause,
        "cited_column": citation.column,
    }


def _provider(provider: Provider | None) -> Row:
    if provider is None:
        return {}
    return {
        "relative": RELATIVE[provider.relative] if provider.relative else None,
        "leads": "; ".join(provider.leads) or None,
        "partners": "; ".join(provider.partners) or None,
        "aggregate": AGGREGATE.get(provider.aggregate),
        "duties": _pairs(provider.duties),
    }


def _pairs(pairs: Mapping[str, str]) -> str | None:
    return "\n".join(f"{key}: {words}" for key, words in pairs.items()) or None
