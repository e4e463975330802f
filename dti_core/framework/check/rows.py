"""What a row lacks or holds for nothing: rule, provider, evidence, figures that nothing uses."""

from collections.abc import Iterator

from dti_core.framework.check.finding import Finding, Row
from dti_core.framework.rules import SumOfChildren, Untabled, sub_rules, variables_used


def check_row(row: Row) -> Iterator[Finding]:
    criterion, code = row.criterion, row.criterion.code
    if any(isinstance(rule, Untabled) for rule in sub_rules(criterion.rule)):
        yield _no_rule(row)
    used = {*variables_used(criterion.rule)}
    if criterion.erratum and criterion.erratum.corrected:
        used.update(variables_used(criterion.erratum.corrected))
    for name, variable in criterion.variables.items():
        if name not in used:
            yield row.finding(
                "unused_variable",
                "warning",
                f"Mục {code}: biến {name} (“{variable.label}”) không dùng đến.",
                about=("không dùng",),
            )
    if not criterion.children:
        yield from _provider(row)
        if criterion.evidence is None and any(each.evidence for each in row.framework.rows):
            yield row.finding(
                "no_evidence",
                "note",
                f"Mục {code} không nêu tài liệu kiểm chứng.",
                about=("kiểm chứng",),
            )


def _no_rule(row: Row) -> Finding:
    """A row without a rule, unless it only splits up the figures of a row that has one."""
    code = row.criterion.code
    above = row.framework.parents.get(code)
    splits = above is not None and not isinstance(
        row.framework.by_code[above].rule, SumOfChildren | Untabled
    )
    return row.finding(
        "no_rule",
        "note" if splits else "warning",
        f"Mục {code} không có quy tắc tính điểm trong văn bản"
        + (f": chỉ tách số liệu của mục {above}, không có điểm riêng." if splits else "."),
        about=("công thức", "quy tắc", "cách tính", "không tính được điểm"),
    )


def _provider(row: Row) -> Iterator[Finding]:
    criterion = row.criterion
    if criterion.provider or (
        criterion.variables and all(each.provider for each in criterion.variables.values())
    ):
        return
    above = row.framework.parents.get(criterion.code)
    while above is not None and row.framework.by_code[above].provider is None:
        above = row.framework.parents.get(above)
    message = f"Mục {criterion.code} không có cơ quan cung cấp số liệu"
    yield row.finding(
        "no_provider",
        "error" if above is None else "note",
        f"{message}." if above is None else f"{message}; mục {above} chứa nó thì có.",
        about=("cung cấp", "chủ trì"),
    )
