"""The values of the papers that publish, from recorded ranks: submission, decision, correction."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from sqlmodel import Session

from dti_core.errors import Refused
from dti_core.program.groups import group_of
from dti_core.program.load import RoundContext
from dti_core.program.model import DecisionPaper
from dti_core.program.policies import RoundingRule
from dti_core.program.routing import verifier_name
from dti_core.records.adjustments import adjustments
from dti_core.records.collecting import standings
from dti_core.records.exemptions import granted
from dti_core.records.flags import ACCEPTED, REFUSED, WITHDRAWN, all_flags
from dti_core.records.issued import correction_reason, differences, issues
from dti_core.records.official import official_awards
from dti_core.records.petitions import DISMISSED, UPHELD, petitions
from dti_core.records.ranking import PolicyMissing
from reports.letters.correction import Change, Correction, NothingCorrected
from reports.letters.decision import Decision
from reports.letters.issued import Issued
from reports.letters.paper import Paper, organisers_paper
from reports.letters.submission import Settled, Submission
from reports.letters.wording import cite
from reports.provincial.data import policy_lines
from reports.unit_round.ranked_groups import groups, names


class NoDecisionPaper(Refused):
    """The program does not say how the decision is headed and signed."""


def submission_values(records: Session, context: RoundContext) -> Submission:
    """The paper that submits the result to the publisher."""
    round_ = context.round
    stands = standings(records, context.id)
    flags = [flag for flag in all_flags(records, context.id) if flag.status != WITHDRAWN]
    changed = adjustments(records, context)
    decided = [p for p in petitions(records, context.id) if p.status in (UPHELD, DISMISSED)]
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
        adjusted=len(changed),
        up=sum(each.before is not None and each.after > each.before for each in changed),
        down=sum(each.before is not None and each.after < each.before for each in changed),
        exempted=len(granted(records, context.id)),
        petitions=len(decided),
        upheld=sum(each.status == UPHELD for each in decided),
        groups=groups(records, context),
        rounding=rounding_of(context),
        settled=tuple(
            Settled(line.name, line.value, line.basis)
            for line in policy_lines(context.program.policies, partial(verifier_name, context))
            if line.basis
        ),
    )


def decision_values(
    records: Session,
    context: RoundContext,
    issued: Issued | None = None,
    proposed: Issued | None = None,
) -> Decision:
    """The draft of the decision, or the decision as it was issued.

    proposed  the proposal (Tờ trình) as it was sent

    Raises NoDecisionPaper, NotRanked, PolicyMissing.
    """
    round_ = context.round
    return Decision(
        **_of_any_decision(records, context),
        basis=cite(next(iter(context.frameworks.values())).decree),
        evaluation_year=round_.evaluation_year,
        data_from=round_.data_from.on,
        data_to=round_.data_to.on,
        personnel=_personnel(context),
        issued=issued,
        proposed=proposed,
    )


def _of_any_decision(records: Session, context: RoundContext) -> dict[str, Any]:
    """What the decision and its correction have in common, by the names of their fields.

    Raises NoDecisionPaper, NotRanked, PolicyMissing.
    """
    how = paper_of(context)
    return {
        "paper": publishers_paper(context),
        "competence": how.competence,
        "grounds": how.grounds,
        "proposer": how.proposer,
        "proposal": how.proposal,
        "organiser": context.program.letterhead.issuer,
        "executors": how.executors,
        "title": context.round.title,
        "groups": groups(records, context),
        "rounding": rounding_of(context),
    }


def issued_decision(records: Session, context: RoundContext) -> Issued | None:
    """The decision as it was issued; None while it is not. Raises NoDecisionPaper, BrokenNumber."""
    return next(iter(_issued(records, context)), None)


def _issued(records: Session, context: RoundContext) -> list[Issued]:
    """What was issued, the decision first. Raises NoDecisionPaper, BrokenNumber."""
    return [
        Issued.of(each.number, date.fromisoformat(each.issued_on), paper_of(context).symbol)
        for each in issues(records, context.id)
    ]


def correction_values(
    records: Session,
    context: RoundContext,
    issued: Issued | None = None,
    proposed: Issued | None = None,
) -> Correction:
    """The draft of what corrects the issued decision: what differs now from the last issue.

    Made before the correction itself is recorded as issued: from then on nothing differs.

    Raises NothingCorrected where no correction is under way, NoDecisionPaper, NotRanked,
    PolicyMissing, SnapshotLost, BrokenNumber.
    """
    before = _issued(records, context)
    reason = correction_reason(records, context.id)
    if not before or reason is None:
        raise NothingCorrected(
            f"Đợt {context.id} chưa bắt đầu đính chính. Hãy chạy: dti publish {context.id}"
            " --correct --reason LÝ_DO"
        )
    return Correction(
        **_of_any_decision(records, context),
        corrected=before[0],
        corrected_by=paper_of(context).competence,
        reason=reason,
        changes=tuple(_changes(records, context)),
        amended=tuple(before[1:]),
        issued=issued,
        proposed=proposed,
    )


def _changes(records: Session, context: RoundContext) -> Iterator[Change]:
    """What differs, unit by unit; a percentage only where it decides a rank."""
    official = official_awards(records, context)
    for each in differences(records, context):
        if each.kind == "percent_published" and group_of(context, each.unit).by == "points":
            continue
        what, reason = each.what, ""
        if each.kind == "points":
            code = each.what.rpartition(" ")[2]
            what = f"{each.what}. {context.framework_of(each.unit).by_code[code].name}"
            award = official.get((each.unit, code))
            reason = (award.reason or "") if award else ""
        yield Change(names(context)[each.unit], what, each.before, each.after, reason)


def paper_of(context: RoundContext) -> DecisionPaper:
    """How the round's decision is headed and signed. Raises NoDecisionPaper."""
    if context.program.decision is None:
        raise NoDecisionPaper(
            f"Chương trình {context.program.id} chưa nêu cách trình bày quyết định (khóa decision"
            " trong program.yaml; đợt thành phần: khóa decision của đơn vị chủ trì)."
        )
    return context.program.decision


def publishers_paper(context: RoundContext) -> Paper:
    """The frame of the publisher's decisions. Raises NoDecisionPaper."""
    how = paper_of(context)
    return Paper(
        parent=None,
        issuer=how.issuer,
        place=how.place,
        symbol=how.symbol,
        signer=how.signer,
        recipients=how.recipients,
        illustration=context.round.illustration,
    )


def rounding_of(context: RoundContext) -> RoundingRule:
    """How points are published. Raises PolicyMissing."""
    rounding = context.program.policies.rounding
    if rounding is None:
        raise PolicyMissing("Chưa đặt chính sách “rounding” (làm tròn); không thể công bố điểm.")
    return rounding.value


def _personnel(context: RoundContext) -> str | None:
    personnel = context.program.personnel
    return context.program.unit[personnel].name if personnel else None
