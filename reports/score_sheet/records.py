"""The values of a score sheet, from the records of a round."""

from collections.abc import Sequence
from fractions import Fraction

from sqlmodel import Session

from dti_core.framework.describe import ERRATUM, FIGURE_STATUS, READING, SCORE_STATUS
from dti_core.framework.model import Criterion, Framework, Pillar
from dti_core.program.load import RoundContext
from dti_core.rational import vietnamese
from dti_core.records.appraising import APPRAISED
from dti_core.records.awards import awards
from dti_core.records.flags import LISTED, STATUS_TEXT, WITHDRAWN, all_flags
from dti_core.records.ranking import ranks
from dti_core.records.scoring import ScoredRound
from dti_core.records.stored import StoredAward
from dti_core.scoring.explain import Explanation, FigureLine, ReadingResult
from dti_core.scoring.total import totals
from reports.provincial.data import policy_lines
from reports.score_sheet.data import FigureText, PillarText, ReadingText, RowText, ScoreSheet
from reports.shown import NOTHING, SCORE_TONE, points, spread


def sheet_values(
    records: Session,
    context: RoundContext,
    unit: str,
    scored: ScoredRound,
    rows: Sequence[Explanation],
) -> ScoreSheet:
    """The sheet of one unit. `rows` explain every row of its framework, in its order."""
    framework, policies = context.framework_of(unit), context.program.policies
    digits = policies.rounding.value.digits if policies.rounding else 2
    reading = policies.reading.value if policies.reading else "as_written"
    by_pillar, whole = totals(framework, unit, scored.scores[reading], policies)
    known = _Known(records, context, unit, framework, digits)
    texts = {row.criterion.code: known.row(row) for row in rows}
    rank = next((each for each in ranks(records, context.id) if each.unit == unit), None)
    return ScoreSheet(
        round_id=context.id,
        round_title=context.round.title,
        decree=context.program.decree,
        unit=context.program.unit[unit].name,
        total=points(Fraction(rank.points), digits)
        if rank is not None and rank.points is not None
        else spread(whole.low, whole.high, digits),
        max_points=vietnamese(whole.max_points),
        rank=str(rank.rank) if rank is not None and rank.rank is not None else "",
        illustration=context.round.illustration,
        policies=tuple(
            f"{line.name}: {line.value}. {line.basis}" for line in policy_lines(policies)
        ),
        pins=tuple(sorted(context.pins.items())),
        pillars=tuple(
            PillarText(
                pillar.code,
                pillar.name,
                _maximum(pillar),
                spread(by_pillar[pillar.code].low, by_pillar[pillar.code].high, digits),
                tuple(texts[row.code] for row in pillar.rows),
            )
            for pillar in framework.pillars
        ),
    )


class _Known:
    """What the records hold about one unit beside its scores, read once."""

    def __init__(
        self, records: Session, context: RoundContext, unit: str, framework: Framework, digits: int
    ) -> None:
        self.framework, self.digits = framework, digits
        self.awards: dict[str, StoredAward] = {
            award.criterion: award
            for award in awards(records, context.id, APPRAISED)
            if award.unit == unit
        }
        self.flags = [
            flag
            for flag in all_flags(records, context.id)
            if flag.unit == unit and flag.status not in (LISTED, WITHDRAWN)
        ]

    def row(self, explanation: Explanation) -> RowText:
        criterion = explanation.criterion
        official = next(
            (each for each in explanation.results if each.reading == explanation.official),
            explanation.results[0],
        )
        award = self.awards.get(criterion.code)
        given = Fraction(award.points) if award and award.points is not None else None
        computed = spread(official.score.low, official.score.high, self.digits)
        adjusted = award is not None and bool(award.reason)
        erratum = criterion.erratum
        return RowText(
            code=criterion.code,
            name=criterion.name,
            child=criterion.code in self.framework.parents,
            max_points=_maximum(criterion),
            computed=computed,
            official=computed if given is None else points(given, self.digits),
            status="đã điều chỉnh" if adjusted else SCORE_STATUS[official.score.status],
            tone="part" if adjusted else SCORE_TONE[official.score.status],
            citation=str(criterion.citation),
            providers="; ".join(
                dict.fromkeys(who for line in explanation.figures for who in line.providers)
            ),
            evidence=criterion.evidence or "",
            erratum=f"{ERRATUM[erratum.kind]}: {erratum.note}" if erratum else "",
            reason=(award.reason or "") if award else "",
            decided_by=(award.decided_by or "") if award else "",
            figures=tuple(_figure(line) for line in explanation.figures),
            readings=tuple(
                self._reading(result, official=result is official)
                for result in explanation.results
                if result is official or (erratum and erratum.kind == "substantive")
            ),
            flags=tuple(
                f"{flag.message} ({STATUS_TEXT[flag.status]})"
                + (f" Đơn vị giải trình: {flag.explanation}" if flag.explanation else "")
                + (f" Người thẩm định: {flag.officer_reason}" if flag.officer_reason else "")
                for flag in self.flags
                if flag.criterion == criterion.code
            ),
        )

    def _reading(self, result: ReadingResult, *, official: bool) -> ReadingText:
        return ReadingText(
            title=f"Quy tắc {READING[result.reading]}",
            official=official,
            rule=result.rule,
            steps=result.steps,
            points=spread(result.score.low, result.score.high, self.digits),
            status=SCORE_STATUS[result.score.status],
        )


def _maximum(row: Pillar | Criterion) -> str:
    return NOTHING if row.max_points is None else vietnamese(row.max_points)


def _figure(line: FigureLine) -> FigureText:
    figure = line.figure
    place = [figure.file, f"trang “{figure.sheet}”" if figure.sheet else None] if figure else []
    where = ", ".join(part for part in place if part)
    cells = (
        tuple(f"{where}, ô {cell}" if where else cell for cell in figure.cells) if figure else ()
    )
    return FigureText(
        name="tỷ lệ" if line.variable == "ratio" else line.variable,
        label=line.label,
        value=line.shown,
        status=FIGURE_STATUS[figure.status if figure else "missing"],
        raw=(figure.raw or "") if figure else "",
        cells=cells,
        question=(figure.question or "") if figure else "",
        note=(figure.note or "") if figure else "",
    )
