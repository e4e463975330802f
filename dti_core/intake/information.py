"""The fields of general information (thông tin chung): their keys in a workbook, how they read."""

from collections.abc import Iterator

from dti_core.framework.model import Framework, Information, Variable
from dti_core.intake.layout import figure_key
from dti_core.program.requests import INFORMATION


def fields(
    framework: Framework, agency: str | None = None, *, everybody: bool = True
) -> Iterator[tuple[Information, str | None]]:
    """The fields in order; a contact comes once a field of its own ("Họ tên", "Email").

    With `everybody` false only those that the unit itself gives: nobody else is named, or the
    unit is the agency that is named.
    """
    for field in framework.information:
        if everybody or field.given_by(agency):
            for name in field.fields or (None,):
                yield field, name


def information_code(field: Information, name: str | None = None) -> str:
    """ "1.4" for a field, "2.1|Email" for one of a contact."""
    return f"{field.code}|{name}" if name else field.code


def information_key(field: Information, name: str | None = None) -> str:
    """The row key: "info|1.4", "info|2.1|Email"."""
    return figure_key(INFORMATION, information_code(field, name))


def information_variable(field: Information, name: str | None = None) -> Variable:
    """How the cell of a field is read."""
    kind = "text" if name or field.kind == "contact" else field.kind
    return Variable(label=name or field.name, kind=kind, unit=field.unit)
