"""What a row lacks, leaves open or says twice."""

import unicodedata
from collections.abc import Callable, Iterator

from dti_core.framework.check.finding import Finding, Severity
from dti_core.framework.model import Criterion, Framework
from dti_core.framework.rules import Untabled, stated_ratio, sub_rules, variables_used


def check_row(framework: Framework, criterion: Criterion) -> Iterator[Finding]:
    def finding(kind: str, severity: Severity, message: str) -> Finding:
        return Finding(
            framework.id,
            criterion.code,
            kind,
            severity,
            {},
            message,
            criterion.citation,
            None,
        )

    code = criterion.code
    if any(isinstance(rule, Untabled) for rule in sub_rules(criterion.rule)):
        yield finding("no_rule", "warning", f"Mục {code} không có quy tắc tính điểm trong văn bản.")
    used = {*variables_used(criterion.rule)}
    if criterion.erratum and criterion.erratum.corrected:
        used.update(variables_used(criterion.erratum.corrected))
    for name, variable in criterion.variables.items():
        if name not in used:
            yield finding("unused_variable", "warning", f"Mục {code}: biến {name} không dùng đến.")
        if variable.kind == "choice" and (open_states := criterion.unassigned(name)):
            states = "; ".join(f"“{variable.choices[state]}”" for state in open_states)
            yield finding(
                "unassigned_state",
                "warning",
                f"Mục {code}: văn bản không cho điểm trạng thái {states}.",
            )
    yield from _alike(criterion, finding)
    if not criterion.children:
        if criterion.provider is None and not all(
            variable.provider for variable in criterion.variables.values()
        ):
            yield finding("no_provider", "error", f"Mục {code} không có cơ quan cung cấp số liệu.")
        if criterion.evidence is None and _asks_evidence(framework):
            yield finding("no_evidence", "note", f"Mục {code} không nêu tài liệu kiểm chứng.")


def _alike(
    criterion: Criterion, finding: Callable[[str, Severity, str], Finding]
) -> Iterator[Finding]:
    """Numerator and denominator that are named almost alike: one of the names is a slip."""
    metric = stated_ratio(criterion.rule)
    if metric is None or (halves := metric.quotient) is None:
        return
    for top in halves[0].variables:
        for bottom in halves[1].variables:
            if top != bottom and _same(
                criterion.variables[top].label, criterion.variables[bottom].label
            ):
                yield finding(
                    "same_label",
                    "warning",
                    f"Mục {criterion.code}: tử số {top} và mẫu số {bottom} được gọi gần như nhau"
                    f" (“{criterion.variables[bottom].label}”).",
                )


def _same(first: str, second: str) -> bool:
    """Alike but for bracketed remarks, a leading "tổng" and the passive "được"."""

    def bare(label: str) -> list[str]:
        text, depth = "", 0
        for sign in unicodedata.normalize("NFC", label.casefold()):
            depth += (sign == "(") - (sign == ")")
            text += sign if not depth and sign != ")" else " "
        skipped = {"tổng", "số", "được", "lượng"}
        return [word for word in text.replace(".", " ").split() if word not in skipped]

    return bare(first) == bare(second)


def _asks_evidence(framework: Framework) -> bool:
    return any(row.evidence for row in framework.rows)
