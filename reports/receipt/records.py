"""The values of a receipt, from the records of a round."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from dti_core.clock import CIVIL_TIME
from dti_core.figures import Figure
from dti_core.program.load import RoundContext
from dti_core.program.requests import SELF as SELF_ROW
from dti_core.program.requests import Item, Request, Shared, shared_figures
from dti_core.records.awards import awards, findings
from dti_core.records.bases import SELF
from dti_core.records.collecting import remarks
from dti_core.records.confirmations import confirmed
from dti_core.records.exemptions import granted
from dti_core.records.figures import current_figures, submissions_of
from dti_core.records.rounds import Gate, gate_of
from dti_core.records.stored import to_figure
from dti_core.records.tables import (
    ConfirmationRecord,
    FigureRecord,
    FindingRecord,
    RemarkRecord,
    SubmissionRecord,
)
from dti_core.scoring.explain import shown_value
from reports.receipt.data import FIGURES, POINTS, Completeness, Problem, Receipt

EVIDENCE = "evidence"
"""The rule of validation that asks for evidence."""

_TOLD = 40
"""How many lines of missing figures and of changes are written out; the rest are counted."""


@dataclass(frozen=True)
class Known:
    """What the records know about a round's figures: read once for all receipts.

    findings       by unit, as validation wrote them
    self_assessed  (unit, criterion) that has self-assessed points
    exempted       (unit, criterion) that need not be answered → the name of the ground
    """

    context: RoundContext
    figures: Mapping[tuple[str, str, str], Figure]
    shared: Mapping[tuple[str, str, str], Shared]
    findings: Mapping[str, Sequence[FindingRecord]]
    remarks: Mapping[int, Sequence[RemarkRecord]]
    confirmed: Mapping[tuple[str, str], ConfirmationRecord]
    gate: Gate
    self_assessed: frozenset[tuple[str, str]]
    exempted: Mapping[tuple[str, str], str]


def known(records: Session, context: RoundContext) -> Known:
    """Read what every receipt of the round needs."""
    return Known(
        context,
        current_figures(records, context.id),
        shared_figures(context),
        _by_unit(findings(records, context.id)),
        remarks(records, context.id),
        confirmed(records, context.id),
        gate_of(records, context.id),
        frozenset((each.unit, each.criterion) for each in awards(records, context.id, SELF)),
        _exempted(records, context),
    )


def _exempted(records: Session, context: RoundContext) -> dict[tuple[str, str], str]:
    """What was granted: nobody misses the figures of such rows."""
    names = {ground.id: ground.name for ground in context.program.exemptions}
    rows = granted(records, context.id)
    return {pair: names.get(each.ground, each.ground) for pair, each in rows.items()}


def receipt_values(
    records: Session,
    known: Known,
    request: Request,
    submission: SubmissionRecord,
    due: date,
    *,
    own: bool,
) -> Receipt:
    """The receipt of one version of a provider's workbook."""
    context, due_now = known.context, request.still_due(known.exempted, own=own)
    items = tuple(item for item in due_now if item.variable != SELF_ROW)
    figures = _figures(known, request.provider, items)
    arrived = datetime.fromisoformat(submission.received_at).astimezone(CIVIL_TIME)
    told = known.remarks.get(submission.id or 0, ())
    confirmation = known.confirmed.get((request.provider, "own" if own else "about_units"))
    missing = [
        _words(context, item, own=own)
        for item in items
        if figures.get(item.key) is None or figures[item.key].status == "missing"
    ]
    points = tuple(item for item in due_now if item.variable == SELF_ROW)
    counted = {item.key[:2] for item in due_now}
    rows = dict.fromkeys(item.key[:2] for item in request.due(own=own))
    spared = [row for row in rows if row in known.exempted and row not in counted]
    if without := [item.criterion for item in points if item.key[:2] not in known.self_assessed]:
        missing.insert(0, f"Chưa có điểm tự đánh giá: {', '.join(without)}")
    return Receipt(
        round_title=context.round.title,
        issuer=context.program.letterhead.issuer,
        unit=context.program.unit[request.provider].name,
        file=submission.stored_as.partition("-")[2] or submission.stored_as,
        sha256=submission.sha256,
        version=submission.version,
        received_at=arrived,
        due=f"{due:%d/%m/%Y}",
        late=max(0, (arrived.date() - due).days),
        parts=_parts(known, (*items, *points), figures, own=own),
        problems=[*_problems(known, items, figures), *_asked_beside(told)],
        notices=[
            *(each.text for each in told if each.kind == "notice"),
            *_spared(known, spared, own=own),
        ],
        missing=_some(missing),
        evidence=_some(_evidence(known, items, own=own)),
        changes=_some(_changes(records, context, submission, items, own=own)),
        confirmed=None
        if confirmation is None
        else f"{confirmation.signed_by}, {confirmation.document}",
        illustration=context.round.illustration,
        closed=not known.gate.takes_figures(request.provider),
        what=_what(items, points),
    )


def _spared(known: Known, rows: Iterable[tuple[str, str]], *, own: bool) -> Iterator[str]:
    """The rows that the form asks about and that need not be answered any more."""
    by_ground: dict[tuple[str, str], list[str]] = {}
    for unit, criterion in rows:
        by_ground.setdefault((unit, known.exempted[unit, criterion]), []).append(criterion)
    for (unit, ground), codes in by_ground.items():
        who = "" if own else f"{known.context.program.unit[unit].name}, "
        yield f"{who}mục {', '.join(codes)}: không phải trả lời, đã được miễn đánh giá ({ground})"


def _what(items: Sequence[Item], points: Sequence[Item]) -> str:
    if not points:
        return FIGURES
    return f"{FIGURES}, {POINTS}" if items else POINTS


def _figures(
    known: Known, provider: str, items: tuple[Item, ...]
) -> dict[tuple[str, str, str], Figure]:
    """What the provider gives of each item: its part where the figure is shared."""
    found = {}
    for item in items:
        unit, criterion, variable = item.key
        name = known.shared[item.key].part(provider) if item.part else variable
        figure = known.figures.get((unit, criterion, name))
        if figure is not None:
            found[item.key] = figure
    return found


def _parts(
    known: Known,
    items: tuple[Item, ...],
    figures: Mapping[tuple[str, str, str], Figure],
    *,
    own: bool,
) -> list[Completeness]:
    """By pillar of a unit's own figures and points; by unit of figures about units."""
    context, groups = known.context, dict[str, list[Item]]()
    for item in items:
        pillar = context.framework_of(item.unit).pillar_of(item.criterion)
        name = f"{pillar.code}. {pillar.name}" if own else context.program.unit[item.unit].name
        groups.setdefault(name, []).append(item)
    return [
        Completeness(
            name,
            asked=len(mine),
            given=sum(
                item.key[:2] in known.self_assessed
                if item.variable == SELF_ROW
                else _is_given(figures.get(item.key))
                for item in mine
            ),
            unclear=sum(
                figure is not None and figure.status == "to_ask"
                for item in mine
                for figure in (figures.get(item.key),)
            ),
        )
        for name, mine in groups.items()
    ]


def _is_given(figure: Figure | None) -> bool:
    """A value, or a plain word that there is none."""
    return figure is not None and (
        figure.known or figure.status in ("not_available", "not_applicable", "partial")
    )


def _by_unit(found: Iterable[FindingRecord]) -> dict[str, list[FindingRecord]]:
    by_unit: dict[str, list[FindingRecord]] = {}
    for each in found:
        by_unit.setdefault(each.unit, []).append(each)
    return by_unit


def _found(known: Known, items: tuple[Item, ...]) -> Iterator[FindingRecord]:
    """What validation found in figures of these items."""
    mine = {item.key for item in items}
    for unit in dict.fromkeys(item.unit for item in items):
        for found in known.findings.get(unit, ()):
            if (found.unit, found.criterion, found.variable) in mine:
                yield found


def _problems(
    known: Known,
    items: tuple[Item, ...],
    figures: Mapping[tuple[str, str, str], Figure],
) -> list[Problem]:
    """Cells that are unclear, then what validation found in figures of this workbook."""
    problems = [
        Problem(figure.question or "", figure.sheet, figure.cells[0] if figure.cells else None)
        for item in items
        if (figure := figures.get(item.key)) is not None and figure.status == "to_ask"
    ]
    problems += [
        Problem(found.message, found.sheet, found.cell, grave=found.severity == "fatal")
        for found in _found(known, items)
        if found.cell is not None
        and found.rule != EVIDENCE
        and (figure := figures.get((found.unit, found.criterion, found.variable))) is not None
        and figure.status != "to_ask"
    ]
    return problems


def _evidence(known: Known, items: tuple[Item, ...], *, own: bool) -> list[str]:
    """A line for each row whose evidence was not named; its figures are not wrong for that."""
    lacking = dict.fromkeys(
        (found.unit, found.criterion) for found in _found(known, items) if found.rule == EVIDENCE
    )
    lines = []
    for unit, code in lacking:
        row = known.context.framework_of(unit).by_code[code]
        who = "" if own else f"{known.context.program.unit[unit].name}, "
        lines.append(f"{who}mục {code}: {row.evidence or row.name}")
    return lines


def _asked_beside(told: Sequence[RemarkRecord]) -> list[Problem]:
    """Questions that are about no figure, and evidence that was not taken."""
    return [
        Problem(each.text, each.sheet, each.cell, grave=each.kind == "question")
        for each in told
        if each.kind != "notice"
    ]


def _changes(
    records: Session,
    context: RoundContext,
    submission: SubmissionRecord,
    items: tuple[Item, ...],
    *,
    own: bool,
) -> list[str]:
    """What this version says otherwise than the ones before it."""
    if submission.version == 1:
        return []
    versions: dict[tuple[str, str, str], list[FigureRecord]] = {}
    mine = submissions_of(records, context.id, submission.source)
    rows = records.exec(
        select(FigureRecord)
        .where(FigureRecord.round_id == context.id, col(FigureRecord.submission_id).in_(mine))
        .order_by(col(FigureRecord.version))
    )
    for row in rows:
        versions.setdefault((row.unit, row.criterion, row.variable.partition("@")[0]), []).append(
            row
        )
    told = []
    for item in items:
        found = versions.get(item.key, [])
        if len(found) < 2 or found[-1].submission_id != submission.id:
            continue
        row = context.framework_of(item.unit).by_code[item.criterion]
        before, after = (shown_value(row, item.variable, to_figure(each)) for each in found[-2:])
        if before != after:  # the same figure in another file or cell is no change
            told.append(f"{_words(context, item, own=own)}: trước {before}, nay {after}")
    return told


def _words(context: RoundContext, item: Item, *, own: bool) -> str:
    row = context.framework_of(item.unit).by_code[item.criterion]
    who = "" if own else f"{context.program.unit[item.unit].name}, "
    # a letter stands in the decree's formula; a longer name is ours alone
    letter = f", {item.variable}" if len(item.variable) == 1 else ""
    return f"{who}mục {item.criterion}{letter}: {row.variables[item.variable].label}"


def _some(lines: list[str]) -> list[str]:
    rest = len(lines) - _TOLD
    return lines if rest <= 0 else [*lines[:_TOLD], f"… và {rest} dòng khác"]
