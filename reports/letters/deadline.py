"""What the letters about a deadline have in common: which workbook, and what follows the day."""

from typing import Literal

from dti_core.program.policies import Policy

About = Literal["own", "about_units"]
"""A workbook's figures are about the provider itself, or about assessed units."""

Late = Policy[Literal["accept", "refuse"]]
"""What the round decided about workbooks that come late."""


def after(policy: Late | None) -> dict[str, object]:
    """What happens to a late workbook, as the templates ask for it."""
    return {
        "accepted": policy is not None and policy.value == "accept",
        "refused": policy is not None and policy.value == "refuse",
        "late_basis": policy.basis if policy else "",
    }
