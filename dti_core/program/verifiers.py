"""Verifiers as people: their names and addresses, and who stands in for whom."""

from dti_core.program.appraisal import CHAIR, PETITION, Council, Member
from dti_core.program.load import RoundContext

DUTIES = {
    "chair": "Chủ tịch Hội đồng",
    "vice": "Phó Chủ tịch Hội đồng",
    "secretary": "Thư ký Hội đồng",
    "member": "Ủy viên Hội đồng",
}


def decider_of(context: RoundContext, unit: str) -> str | None:
    """Who decides where verifiers of a unit's row differ: the organiser, or the council's chair,
    or the next of the council who is not of that unit. None where nobody may."""
    council = context.program.appraisal.council
    if council is not None:
        return neutral_member(council, unit)
    return context.program.organiser if context.program.organiser != unit else None


def member_of(context: RoundContext, verifier: str) -> Member | None:
    """The member of the council with this id."""
    council = context.program.appraisal.council
    members = council.members if council else ()
    return next((each for each in members if each.id == verifier), None)


def verifier_name(context: RoundContext, verifier: str) -> str:
    """The name under which a verifier signs: a unit's name, a member's office and part in the
    council, or whose decision it is."""
    council = context.program.appraisal.council
    if verifier == PETITION:
        return "Kết quả xem xét kiến nghị"
    if verifier == CHAIR and council is not None:
        return f"Chủ tịch {council.name}"
    if verifier == CHAIR:
        return unit_name(context, context.program.organiser)
    member = member_of(context, verifier)
    if member is not None:
        return f"{member.position} – {DUTIES[member.duty]}"
    return unit_name(context, verifier)


def verifier_address(context: RoundContext, verifier: str) -> str | None:
    """Where a verifier is written to by the default channel."""
    council = context.program.appraisal.council
    if verifier == CHAIR:
        verifier = council.chair.id if council else context.program.organiser
    member = member_of(context, verifier)
    if member is not None:
        return member.address
    unit = context.program.unit.get(verifier)
    return unit.address if unit else None


def unit_name(context: RoundContext, unit: str) -> str:
    known = context.program.unit.get(unit)
    return known.name if known else unit


def neutral_member(council: Council, unit: str) -> str | None:
    """The chair, or the first of the council after him, who is not of a unit."""
    order = ("chair", "vice", "member", "secretary")
    ranked = sorted(council.members, key=lambda member: order.index(member.duty))
    return next((each.id for each in ranked if each.unit != unit), None)
