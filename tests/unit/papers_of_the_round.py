"""Values of the papers around the collection, of the sample round of departments."""

from collections.abc import Callable
from datetime import date

from dti_core.program.load import RoundContext
from dti_core.records.collecting import Standing
from reports.letters import extension, plan, reminder
from reports.letters.extension import ExtensionLetter
from reports.letters.reminder import ReminderLetter
from reports.unit_round.letters import extension_values, reminder_values
from reports.unit_round.plan import plan_values

DUE = date(2024, 1, 31)
PAPERS = ("plan", "reminder", "extension")
FILES = {"own": "out/so-tttt/so-tttt.xlsx", "about_units": "out/so-tttt/so-tttt-cung-cap.xlsx"}


def late(kind: str = "own", due: date = DUE, items: int = 42) -> Standing:
    return Standing("so-tttt", kind, due, None, items)


def reminder_letter(context: RoundContext) -> ReminderLetter:
    both = [late(), late("about_units", items=440)]
    return reminder_values(context, both, date(2024, 2, 5), FILES, {})


def extension_letter(context: RoundContext) -> ExtensionLetter:
    return extension_values(
        context,
        "so-tttt",
        {"own": DUE, "about_units": DUE},
        date(2024, 2, 20),
        "Phần mềm một cửa ngừng hoạt động từ ngày 22/01 đến ngày 29/01/2024.",
        "7/STTTT ngày 30/01/2024",
        FILES,
    )


def values(context: RoundContext) -> dict[str, tuple[object, Callable[..., bytes]]]:
    """Each paper's values and what renders them."""
    return {
        "plan": (plan_values(context), plan.render),
        "reminder": (reminder_letter(context), reminder.render),
        "extension": (extension_letter(context), extension.render),
    }


def decided(value: object, basis: str = "Kế hoạch 5/KH") -> dict[str, object]:
    return {"value": value, "basis": basis, "decided_on": "2024-01-02"}
