"""The page of general information and contacts (thông tin chung)."""

from dti_core.framework.model import Framework
from dti_core.intake.information import fields, information_key, information_variable
from dti_core.intake.layout import EVIDENCE, NOTE, VALUE
from dti_core.program.model import Unit
from reports.workbooks.book import Book
from reports.workbooks.sheet import Column, Input, Sheet, Text, style

SHEET = "Thông tin chung"


def general_information(book: Book, framework: Framework, unit: Unit) -> dict[str, str]:
    """The fields that the unit itself gives; a contact is a heading with a row a field.

    Returns the address of each field's answer by its code.
    """
    cells: dict[str, str] = {}
    centre = style(align="center")
    sheet = Sheet(
        book,
        SHEET,
        "Thông tin chung",
        [
            Column("Mục", 7),
            Column("Thông tin", 56),
            Column("Đơn vị tính", 14),
            Column("Trả lời", 44, VALUE),
            Column("Tài liệu kiểm chứng", 30, EVIDENCE),
            Column("Ghi chú", 24, NOTE),
        ],
    )
    contact = None
    for field, name in fields(framework, unit.agency, everybody=False):
        key, variable = information_key(field, name), information_variable(field, name)
        if name is None:
            note = f"\n{field.note}" if field.note else ""
            cells[field.code] = sheet.address(VALUE, sheet.next_row)
            evidence = Input(hint=f"Cần gửi: {field.evidence}") if field.evidence else Input()
            sheet.add(
                key,
                [
                    Text(field.code, style=centre),
                    Text(f"{field.name}{note}"),
                    Text(field.unit or "", style=centre),
                    Input(variable),
                    evidence,
                    Input(),
                ],
            )
            continue
        if contact != field.code:
            contact = field.code
            sheet.band(
                f"info{field.code}",
                [Text(lead=field.code, style=centre), Text(lead=field.name, span=5)],
            )
        sheet.add(key, [Text(), Text(name), Text(), Input(variable), Text(), Text()])
    return cells
