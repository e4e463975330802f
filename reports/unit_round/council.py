"""The values of the appraisal council's papers: its decision, an invitation, the minutes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from dti_core.errors import Refused
from dti_core.program.appraisal import Council as CouncilOf
from dti_core.program.appraisal import Member
from dti_core.program.load import RoundContext
from dti_core.program.routing import DUTIES
from dti_core.records.ranking import PolicyMissing
from dti_core.records.sittings import sittings
from dti_core.records.tables import SittingRecord
from reports.letters.council import Council, Quorum, Seat
from reports.letters.invitation import Invitation
from reports.letters.minutes import Minutes
from reports.letters.paper import Paper, organisers_paper
from reports.letters.wording import cite
from reports.unit_round.appraised import adjusted, differing, exempted
from reports.unit_round.fields import aside, assigned
from reports.unit_round.result import paper_of, publishers_paper, rounding_of


class NoCouncil(Refused):
    """The program has no appraisal council."""


class NoSitting(Refused):
    """The records have no such sitting."""


def council_of(context: RoundContext) -> CouncilOf:
    """The program's council. Raises NoCouncil."""
    council = context.program.appraisal.council
    if council is None:
        raise NoCouncil(
            f"Chương trình {context.program.id} không lập Hội đồng thẩm định nên không có văn bản"
            " của Hội đồng. Nếu có, hãy khai appraisal.council trong program.yaml."
        )
    return council


def council_values(context: RoundContext) -> Council:
    """The decision that establishes the council. Raises NoCouncil, NoDecisionPaper,
    PolicyMissing."""
    council, how, round_ = council_of(context), paper_of(context), context.round
    return Council(
        paper=publishers_paper(context),
        competence=how.competence,
        grounds=how.grounds,
        proposer=how.proposer,
        proposal=how.proposal,
        name=council.name,
        basis=basis_of(context),
        title=round_.title,
        standing=organiser_of(context),
        publisher=context.program.publisher,
        seats=tuple(_seat(member) for member in council.members),
        fields=tuple(assigned(context)),
        quorum=_quorum(context, council),
        executors=how.executors,
        report_by=round_.appraise_by.on if round_.appraise_by else None,
        aside=aside(context, organiser_of(context)),
    )


def invitation_values(
    context: RoundContext,
    starts: datetime,
    content: Iterable[str],
    place: str | None = None,
    others: Iterable[str] = (),
    note: str | None = None,
) -> Invitation:
    """The invitation to a sitting of the council, by the agency that serves it.

    place   None: where the council usually sits
    others  who is invited besides the members

    Raises NoCouncil.
    """
    council = council_of(context)
    return Invitation(
        paper=organisers_paper(context, "GM"),
        council=council.name,
        title=context.round.title,
        chair=_told(council.chair),
        starts=starts,
        place=place or council.place or "",
        content=tuple(content),
        members=tuple(_told(member) for member in council.members),
        others=tuple(others),
        note=note,
    )


def minutes_values(records: Session, context: RoundContext, held_on: date | None = None) -> Minutes:
    """The minutes of the sitting of a day, or of the last one.

    They have what was given since the sitting before. What the last one decided may be entered
    after its day; a petition that was decided later than that is not its decision.

    Raises NoCouncil, NoSitting, NotRouted, PolicyMissing.
    """
    council, sitting = council_of(context), _sitting(records, context, held_on)
    members = {member.id: member for member in council.members}
    secretary = next((m for m in council.members if m.duty == "secretary"), None)
    there = set(sitting.one.present)
    chaired_by = members.get(sitting.one.chaired_by)
    return Minutes(
        paper=council_paper(context, council, "BB", archive="VT, Hồ sơ"),
        council=council.name,
        basis=basis_of(context),
        title=context.round.title,
        held_on=sitting.on,
        place=sitting.one.place,
        chaired_by=_told(chaired_by) if chaired_by else sitting.one.chaired_by,
        secretary=_told(secretary) if secretary and secretary.id in there else None,
        present=tuple(_seat(member) for member in council.members if member.id in there),
        absent=tuple(_seat(member) for member in council.members if member.id not in there),
        quorum=_quorum(context, council),
        digits=rounding_of(context).digits,
        adjusted=tuple(adjusted(records, context, sitting.after, sitting.until, sitting.on)),
        differing=tuple(differing(records, context, sitting.after, sitting.until)),
        exempted=tuple(exempted(records, context, sitting.after, sitting.until)),
        note=sitting.one.note,
    )


def council_paper(
    context: RoundContext, council: CouncilOf, kind: str, archive: str = "VT"
) -> Paper:
    """A paper of the council, under the body that it reports to."""
    return Paper(
        parent=context.program.publisher,
        issuer=(council.name,),
        place=context.program.letterhead.place,
        symbol=f"{kind}-{council.symbol}",
        signer=("TM. Hội đồng", "Chủ tịch"),
        archive=archive,
        illustration=context.round.illustration,
    )


def basis_of(context: RoundContext) -> str:
    """The decrees in full, each once."""
    cited = (cite(framework.decree) for framework in context.frameworks.values())
    return "; ".join(dict.fromkeys(cited))


def organiser_of(context: RoundContext) -> str:
    """The agency that organises the round, by name."""
    organiser = context.program.unit.get(context.program.organiser)
    return organiser.name if organiser else context.program.letterhead.issuer


@dataclass(frozen=True)
class _Sitting:
    """A sitting, and between which days what it decided was given (the last one has no end)."""

    one: SittingRecord
    after: date | None
    until: date | None

    @property
    def on(self) -> date:
        return date.fromisoformat(self.one.held_on)


def _sitting(records: Session, context: RoundContext, held_on: date | None) -> _Sitting:
    held = sittings(records, context.id)
    days = [date.fromisoformat(each.held_on) for each in held]
    if not held or (held_on is not None and held_on not in days):
        on = f" ngày {held_on:%d/%m/%Y}" if held_on else ""
        known = ", ".join(f"{day:%d/%m/%Y}" for day in days)
        raise NoSitting(
            f"Đợt {context.id} chưa ghi phiên họp{on} của Hội đồng thẩm định nên chưa lập được biên"
            f" bản.{f' Đã ghi: {known}.' if known else ''} Hãy ghi phiên họp trước: dti council"
            f" {context.id} --held NGÀY --present MÃ,MÃ"
        )
    at = len(held) - 1 if held_on is None else days.index(held_on)
    last = at == len(held) - 1
    return _Sitting(held[at], days[at - 1] if at else None, None if last else days[at])


def _seat(member: Member) -> Seat:
    return Seat(member.position, member.duty)


def _told(member: Member) -> str:
    """A member in a sentence: office, then part in the council."""
    return f"{member.position}, {DUTIES[member.duty]}"


def _quorum(context: RoundContext, council: CouncilOf) -> Quorum:
    policy = context.program.policies.quorum
    if policy is None:
        raise PolicyMissing(
            "Chưa đặt chính sách “quorum” (tỷ lệ thành viên phải có mặt) nên chưa rõ Hội đồng họp"
            " thế nào là hợp lệ. Hãy đặt trong policies của program.yaml: quorum: {value: 2/3,"
            " basis: …, decided_on: …}."
        )
    return Quorum(policy.value, len(council.members), policy.basis)
