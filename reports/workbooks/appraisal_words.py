"""What an appraiser is told of a row, in words: figures, doubts, answers, evidence, what the
others gave."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from dti_core.figures import Figure
from dti_core.framework.model import RATIO, Criterion
from dti_core.intake.layout import CHANGED, KEPT
from dti_core.program.load import RoundContext
from dti_core.program.routing import verifier_name
from dti_core.rational import vietnamese
from dti_core.records.flags import STATUS_TEXT
from dti_core.records.tables import EvidenceLinkRecord, EvidenceRecord, FlagRecord, OpinionRecord
from dti_core.scoring.explain import shown_value
from reports.workbooks.prior import prior_text

FigureMap = Mapping[tuple[str, str, str], Figure]


def figures_told(row: Criterion, unit: str, figures: FigureMap) -> str:
    """The figures of a row with their labels, a line each; "?" for one that was not given."""
    lines, names = [], _names(row, unit, figures)
    for name in names:
        variable = row.variables.get(name)
        label = variable.label if variable else "Tỷ lệ nêu thẳng"
        value = shown_value(row, name, figures.get((unit, row.code, name)))
        lines.append(f"{_lead(name, names)}{label}: {value}")
    return "\n".join(lines)


def prior_told(row: Criterion, unit: str, figures: FigureMap, prior: FigureMap) -> str:
    """The same figures of the year before; empty where there are none."""
    names = _names(row, unit, figures)
    if not any((unit, row.code, name) in prior for name in names):
        return ""
    return "\n".join(
        f"{_lead(name, names)}{prior_text(row, name, prior.get((unit, row.code, name)))}"
        for name in names
    )


def evidence_told(named: Iterable[EvidenceLinkRecord], kept: Mapping[str, EvidenceRecord]) -> str:
    """The documents that were named for a row, a line each, and the files that came with them."""
    files: dict[str, list[str]] = {}
    for link in named:
        came = files.setdefault(link.words.strip(), [])
        if link.sha256 and link.sha256 in kept and kept[link.sha256].name not in came:
            came.append(kept[link.sha256].name)
    return "\n".join(
        f"{words} [{'đã nhận tệp: ' + ', '.join(came) if came else 'chưa nhận được tệp'}]"
        for words, came in files.items()
    )


def opinions_told(
    context: RoundContext, verifiers: Sequence[str], given: Mapping[str, OpinionRecord]
) -> str:
    """What each appraiser gave and why, a line each; who closed without points kept the base."""
    lines = []
    for verifier in verifiers:
        opinion, name = given.get(verifier), verifier_name(context, verifier)
        if opinion is None:
            lines.append(f"{name}: giữ điểm đã có.")
            continue
        why = f" ({opinion.reason})" if opinion.reason else ""
        lines.append(f"{name}: {vietnamese(_points(opinion))} điểm{why}")
    return "\n".join(lines)


def account_told(account: str | None, answers: str) -> str:
    """What the unit says of the points that it gave itself, before its answers to doubts."""
    own = f"Giải trình điểm tự chấm: {account}" if account else ""
    return "\n".join(filter(None, (own, answers)))


def doubts_told(flags: Sequence[FlagRecord]) -> str:
    """Doubts about one row in words, a line each, numbered where there are several."""
    return "\n".join(f"{lead}{flag.message}" for lead, flag in _numbered(flags))


def answers_told(flags: Sequence[FlagRecord]) -> str:
    """What became of the same doubts: the unit's answer, then how they stand and the officer's
    reason."""
    return "\n".join(f"{lead}{_answered(flag)}" for lead, flag in _numbered(flags))


def _names(row: Criterion, unit: str, figures: FigureMap) -> list[str]:
    stated = [RATIO] if (unit, row.code, RATIO) in figures else []
    return [*row.variables, *stated]


def _lead(name: str, names: Sequence[str]) -> str:
    """The letter that the decree gives a figure; a dash before one that it names otherwise."""
    if len(names) == 1:
        return ""
    return f"{name}. " if len(name) == 1 else "– "


def _numbered(flags: Sequence[FlagRecord]) -> Iterator[tuple[str, FlagRecord]]:
    for number, flag in enumerate(flags, 1):
        yield (f"({number}) " if len(flags) > 1 else ""), flag


def _answered(flag: FlagRecord) -> str:
    status = STATUS_TEXT[flag.status].capitalize()
    decided = f"{status}: {flag.officer_reason}" if flag.officer_reason else status
    if not flag.explanation:
        return f"{decided}."
    chosen = f"{CHANGED} thành {flag.corrected}" if flag.corrected else CHANGED
    said = KEPT if flag.decision == "kept" else chosen
    return f"{said}: {flag.explanation} [{decided}]"


def _points(opinion: OpinionRecord) -> Fraction:
    return Fraction(opinion.points)
