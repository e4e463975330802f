"""A round's figures beside those of the evaluation year before."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction

from sqlmodel import Session, col, select

from dti_core.figures import Figure
from dti_core.framework.sheets.words import LEVELS
from dti_core.program.load import UnknownRound, load_round
from dti_core.records.prior import figures_of_last_year
from dti_core.records.stored import to_figure
from dti_core.records.tables import RoundRecord
from reports.quality.data import YearLine
from reports.quality.records import Known
from reports.quality.records import known as read
from reports.quality.stages import Counts


def year_lines(session: Session, known: Known) -> Iterator[YearLine]:
    """A line for each group that has figures of the year before; none where nobody has."""
    context = known.context
    prior = {key: f for key, f in figures_of_last_year(session, context).items() if f.known}
    if not prior:
        return
    level = {unit.id: unit.level for unit in context.units}
    before = _stages_before(session, known)
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for key in known.needed:
        versions = known.versions.get(key)
        now = to_figure(versions[-1]) if versions else None
        way = _compared(prior.get(key), now)
        # a file that has not come leaves nothing out yet
        if way != "lost" or versions or known.has_come(key):
            groups[level[key[0]] or ""][way] += 1
    compared = {level[unit] for unit, _, _ in prior}
    for name, framework in context.frameworks.items():
        ways = groups[name]
        if name not in compared:
            continue
        yield YearLine(
            group=LEVELS[framework.level],
            both=sum(ways[way] for way in ("same", "up", "down", "other")),
            same=ways["same"],
            up=ways["up"],
            down=ways["down"],
            lost=ways["lost"],
            new=ways["new"],
            now=known.counts([key for key in known.needed if level[key[0]] == name]),
            before=before.get(name),
        )


def _compared(before: Figure | None, now: Figure | None) -> str:
    if now is None or not now.known:
        return "lost" if before else "none"
    if before is None:
        return "new"
    if before.value == now.value:
        return "same"
    if isinstance(before.value, Fraction) and isinstance(now.value, Fraction):
        return "up" if now.value > before.value else "down"
    return "other"


def _stages_before(session: Session, known: Known) -> dict[str, Counts]:
    """Level → last year's stages, of the last round of that year that can still be read: its
    program and frameworks are there and are those that it was opened with."""
    context, found = known.context, {}
    records = session.exec(
        select(RoundRecord)
        .where(
            col(RoundRecord.id).startswith(f"{context.program.id}/", autoescape=True),
            RoundRecord.evaluation_year == context.round.evaluation_year - 1,
        )
        .order_by(col(RoundRecord.opened_at), col(RoundRecord.id))
    ).all()
    for record in records:
        try:
            then = load_round(record.id)
        except UnknownRound:
            continue
        pins = {framework.id: framework.sha256 for framework in then.frameworks.values()}
        if not pins.items() <= record.pins.items():
            continue
        read_then = read(session, then)
        level = {unit.id: unit.level for unit in then.units}
        for name in then.frameworks:
            keys = [key for key in read_then.needed if level[key[0]] == name]
            found[str(name)] = read_then.counts(keys)
    return found
