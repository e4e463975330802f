"""The rows of appraisers' workbooks, from the records as they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from sqlmodel import Session, col, select

from dti_core.figures import Figure
from dti_core.program.load import RoundContext
from dti_core.program.routing import Pair, assigned
from dti_core.records import evidence
from dti_core.records.awards import awards
from dti_core.records.bases import SELF
from dti_core.records.collecting import source_of
from dti_core.records.flags import WITHDRAWN, all_flags
from dti_core.records.opinions import by_row
from dti_core.records.prior import figures_of_last_year
from dti_core.records.scoring import ScoredRound, scored_round
from dti_core.records.stored import StoredAward
from dti_core.records.tables import (
    EvidenceLinkRecord,
    EvidenceRecord,
    FlagRecord,
    OpinionRecord,
    SubmissionRecord,
)
from reports.workbooks.appraisal import AppraisalRow
from reports.workbooks.appraisal_words import (
    account_told,
    answers_told,
    doubts_told,
    evidence_told,
    figures_told,
    opinions_told,
    prior_told,
)


@dataclass
class Rows:
    """What is known about every row of a round. Raises StaleScores when it is first asked."""

    records: Session
    context: RoundContext

    def of(self, pairs: Iterable[Pair], *, with_opinions: bool = False) -> list[AppraisalRow]:
        """The rows of a workbook. `with_opinions`: what each appraiser gave, for the chair."""
        return [self._row(*pair, with_opinions=with_opinions) for pair in pairs]

    def _row(self, unit: str, code: str, *, with_opinions: bool) -> AppraisalRow:
        row = self.context.framework_of(unit).by_code[code]
        reading = self.context.program.policies.reading_of(code) or "as_written"
        score = self._scored.scores[reading][unit, code]
        ruled = score.status not in ("appraised", "untabled")
        flags = self._flags.get((unit, code), [])
        own, others = self._own.get((unit, code)), ""
        if with_opinions:
            given = self._opinions.get((unit, code), {})
            others = opinions_told(self.context, assigned(self.context)[unit, code], given)
        return AppraisalRow(
            unit=unit,
            criterion=code,
            figures=figures_told(row, unit, self._scored.figures),
            self_points=None if own is None else Fraction(own.points or 0),
            computed=score.points,
            low=score.low if ruled else None,
            high=score.high if ruled else None,
            flags=doubts_told(flags),
            explanation=account_told(own.reason if own else None, answers_told(flags)),
            prior=prior_told(row, unit, self._scored.figures, self._prior),
            evidence=evidence_told(self._named.get((unit, code), []), self._kept),
            others=others,
        )

    @cached_property
    def _scored(self) -> ScoredRound:
        return scored_round(self.records, self.context)

    @cached_property
    def _prior(self) -> dict[tuple[str, str, str], Figure]:
        return figures_of_last_year(self.records, self.context)

    @cached_property
    def _own(self) -> dict[Pair, StoredAward]:
        return {
            (award.unit, award.criterion): award
            for award in awards(self.records, self.context.id, SELF)
            if award.points is not None
        }

    @cached_property
    def _flags(self) -> dict[Pair, list[FlagRecord]]:
        found: dict[Pair, list[FlagRecord]] = {}
        for flag in all_flags(self.records, self.context.id):
            for code in flag.criteria if flag.status != WITHDRAWN else ():
                found.setdefault((flag.unit, code), []).append(flag)
        return found

    @cached_property
    def _opinions(self) -> dict[Pair, dict[str, OpinionRecord]]:
        return by_row(self.records, self.context.id)

    @cached_property
    def _kept(self) -> dict[str, EvidenceRecord]:
        return evidence.kept(self.records, self.context.id)

    @cached_property
    def _named(self) -> dict[Pair, list[EvidenceLinkRecord]]:
        """What was named as evidence; an explanation's reason only where a file came with it."""
        explained = set(
            self.records.exec(
                select(SubmissionRecord.id).where(
                    SubmissionRecord.round_id == self.context.id,
                    col(SubmissionRecord.source).endswith(source_of("", "explanation")),
                )
            )
        )
        found: dict[Pair, list[EvidenceLinkRecord]] = {}
        for link in evidence.links(self.records, self.context.id):
            if link.sha256 or link.submission_id not in explained:
                found.setdefault((link.unit, link.criterion), []).append(link)
        return found
