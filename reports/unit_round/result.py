"""The values of the papers that publish: submission and draft decision, from recorded ranks."""

from fractions import Fraction

from sqlmodel import Session

from dti_core.errors import Refused
from dti_core.program.load import RoundContext
from dti_core.program.policies import RoundingRule
from dti_core.records.appraising import PolicyMissing, official_totals, ranks
from dti_core.records.collecting import standings
from dti_core.records.flags import ACCEPTED, REFUSED, WITHDRAWN, all_flags
from dti_core.scoring.total import Total
from reports.letters.decision import Decision
from reports.letters.paper import Paper, organisers_paper
from reports.letters.standings import Column, Group, Standing
from reports.letters.submission import Settled, Submission
from reports.letters.wording import cite
from reports.provincial.data import policy_lines


class NotRanked(Refused):
    """The round has no ranking to publish yet."""


class NoDecisionPaper(Refused):
    """The program does not say how the decision is headed and signed."""


def groups(records: Session, context: RoundContext) -> tuple[Group, ...]:
    """The ranking of each level with official points by pillar, as published. Raises NotRanked."""
    entries = ranks(records, context.id)
    if not entries:
        raise NotRanked(f"Đợt {context.id} chưa xếp hạng. Hãy chạy: dti rank {context.id}")
    _, pillars = official_totals(records, context)
    found = []
    for level, framework in context.frameworks.items():
        columns = tuple(Column(pillar.name, pillar.max_points) for pillar in framework.pillars)
        lines = tuple(
            Standing(
                context.program.unit[entry.unit].name,
                entry.rank,
                None if entry.published is None else Fraction(entry.published),
                tuple(_shown(pillars[entry.unit, pillar.code]) for pillar in framework.pillars),
                entry.reason,
            )
            for entry in entries
            if entry.group == level
        )
        maximum = sum((column.max_points or Fraction(0) for column in columns), Fraction(0))
        name = framework.title if len(context.frameworks) > 1 else None
        found.append(Group(name, maximum, columns, lines))
    return tuple(found)


def _shown(total: Total) -> Fraction:
    """A pillar's points as published; what is decided so far while some are open."""
    return total.computed if total.published is None else Fraction(total.published)


def submission_values(records: Session, context: RoundContext) -> Submission:
    """The paper that submits the result to the publisher."""
    round_ = context.round
    stands = standings(records, context.id)
    flags = [flag for flag in all_flags(records, context.id) if flag.status != WITHDRAWN]
    return Submission(
        paper=organisers_paper(context, "TTr"),
        recipient=context.program.publisher,
        basis=cite(next(iter(context.frameworks.values())).decree),
        title=round_.title,
        evaluation_year=round_.evaluation_year,
        data_from=round_.data_from.on,
        data_to=round_.data_to.on,
        asked=len({each.provider for each in stands}),
        answered=len({each.provider for each in stands})
        - len({each.provider for each in stands if each.received_on is None}),
        doubts=len(flags),
        explained=sum(flag.status in (ACCEPTED, REFUSED) for flag in flags),
        groups=groups(records, context),
        rounding=_rounding(context),
        settled=tuple(
            Settled(line.name, line.value, line.basis)
            for line in policy_lines(context.program.policies)
            if line.basis
        ),
    )


def decision_values(records: Session, context: RoundContext) -> Decision:
    """The draft of the decision. Raises NoDecisionPaper, NotRanked, PolicyMissing."""
    how = context.program.decision
    if how is None:
        raise NoDecisionPaper(
            f"Chương trình {context.program.id} chưa nêu cách trình bày quyết định (khóa decision"
            " trong program.yaml)."
        )
    round_ = context.round
    return Decision(
        paper=Paper(
            parent=None,
            issuer=how.issuer,
            place=how.place,
            symbol=how.symbol,
            signer=how.signer,
            recipients=how.recipients,
            illustration=round_.illustration,
        ),
        competence=how.competence,
        grounds=how.grounds,
        proposer=how.proposer,
        proposal=how.proposal,
        organiser=context.program.letterhead.issuer,
        executors=how.executors,
        basis=cite(next(iter(context.frameworks.values())).decree),
        title=round_.title,
        evaluation_year=round_.evaluation_year,
        data_from=round_.data_from.on,
        data_to=round_.data_to.on,
        groups=groups(records, context),
        rounding=_rounding(context),
    )


def _rounding(context: RoundContext) -> RoundingRule:
    rounding = context.program.policies.rounding
    if rounding is None:
        raise PolicyMissing("Chưa đặt chính sách “rounding” (làm tròn); không thể công bố điểm.")
    return rounding.value
