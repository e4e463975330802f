"""To whom a message goes: a unit of the program, a member of its council, or whoever chairs."""

from dti_core.program.load import RoundContext
from dti_core.program.routing import verifier_address
from tasks.channels import DEFAULT, addresses_of


def addresses(
    context: RoundContext, recipient: str, *, head: bool = False
) -> list[tuple[str, str]]:
    """(channel, address) of a recipient, in the order in which they are tried; empty where there is
    none. Only a unit has a head."""
    unit = context.program.unit.get(recipient)
    if unit is not None:
        return addresses_of(unit, head=head)
    address = verifier_address(context, recipient)
    return [(DEFAULT, address)] if address and not head else []
