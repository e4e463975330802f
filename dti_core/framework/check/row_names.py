"""A row whose name speaks of others than its figures count."""

from collections.abc import Iterator

from dti_core.framework.check.counted import counted, excluded, listed, narrowed
from dti_core.framework.check.finding import Finding, Row
from dti_core.framework.check.vocabulary import vocabulary
from dti_core.framework.check.words import says, words
from dti_core.framework.model import Variable
from dti_core.framework.rules import metrics


def check_row_name(row: Row) -> Iterator[Finding]:
    """Rows whose rule is a quotient: what the name limits, leaves out or promises to count."""
    quotients = [metric for metric in metrics(row.criterion.rule) if metric.is_quotient]
    names = sorted({name for metric in quotients for name in metric.variables})
    figures = [row.criterion.variables[name] for name in names]
    if figures:
        yield from _limits(row, figures)
        yield from _leaves_out(row, figures)
        yield from _audiences(row, figures)


def _limits(row: Row, figures: list[Variable]) -> Iterator[Finding]:
    for restriction in vocabulary().restrictions:
        wanted = narrowed(restriction, words(row.criterion.name))
        read = [counted(figure.label, figure.unit) for figure in figures]
        parts = {each.parts.get(restriction.id) for each in read if each.thing in restriction.of}
        if wanted and parts and wanted not in parts:
            told = listed({part or restriction.everyone for part in parts})
            yield _finding(row, f"nói {wanted}", f"ghi {told}", restriction.note_words)


def _leaves_out(row: Row, figures: list[Variable]) -> Iterator[Finding]:
    left_out = excluded(row.criterion.name)
    if left_out and not any(excluded(figure.label) for figure in figures):
        told = "; ".join(f"“{text}”" for text in sorted(left_out))
        yield _finding(row, f"trừ {told}", "không ghi trừ", tuple(left_out))


def _audiences(row: Row, figures: list[Variable]) -> Iterator[Finding]:
    named = [each for each in vocabulary().audiences if says(row.criterion.name, each)]
    met = [each for each in named if any(says(figure.label, each) for figure in figures)]
    if met and len(met) < len(named):
        yield _finding(row, f"nói {', '.join(named)}", f"chỉ ghi {', '.join(met)}", tuple(named))


def _finding(row: Row, name: str, figures: str, about: tuple[str, ...]) -> Finding:
    return row.finding(
        "name_differs",
        "warning",
        f"Tên mục {row.criterion.code} {name}, các số liệu {figures}: phải nói rõ đếm theo tên mục"
        " hay theo số liệu.",
        about=about,
    )
