"""MẪU: who decides on exemptions, sits in the council, objects and decides on objections.

They stand in for people as those of `flows.sample_people` do: by the same doors of the records as
the commands.
"""

from datetime import timedelta

from dti_core.intake import sample_round
from dti_core.program.load import RoundContext
from dti_core.records import exemptions, petitions
from dti_core.records.database import session
from dti_core.records.petition_period import announced_on
from dti_core.records.sittings import hold, sittings

ROLE = "Mẫu: người có trách nhiệm"


def grant_exemptions(context: RoundContext) -> int:
    """Every proposal is granted: the sample's traits are as its units are. Returns how many."""
    with session() as records:
        open_ = {(each.unit, each.ground) for each in exemptions.undecided(records, context.id)}
        return sum(
            exemptions.decide(
                records, context, unit, ground, True, "Mẫu: đúng hồ sơ của đơn vị", ROLE
            )
            for unit, ground in sorted(open_)
        )


def hold_sitting(context: RoundContext) -> bool:
    """The council sits once, one member being away; returns whether it did now."""
    council = context.program.appraisal.council
    if council is None:
        return False
    round_ = context.round
    day = (round_.appraise_by or round_.explain_by or round_.closes).on
    away = next(member.id for member in reversed(council.members) if member.duty == "member")
    present = [member.id for member in council.members if member.id != away]
    with session() as records:
        if sittings(records, context.id):
            return False
        return hold(
            records, context, day, council.place or context.program.letterhead.place, present, ROLE
        )


def petition(context: RoundContext) -> str:
    """Units object, and each objection is decided, as the sample says."""
    given = sample_round.petitions(context)
    if not given:
        return "không đơn vị nào kiến nghị"
    with session() as records:
        sent = announced_on(records, context.id)
        assert sent is not None  # the round waits for petitions only after it has told the units
        for each in given:
            record = petitions.lodge(
                records,
                context,
                each.unit,
                each.text,
                sent + timedelta(days=1),
                each.criterion,
                actor=ROLE,
            )
            petitions.decide(
                records,
                context,
                record.number,
                each.upheld,
                each.reason,
                each.points,
                actor=ROLE,
            )
    return f"{len(given)} kiến nghị được nhận và quyết định, có lý do"
