"""A workbook → a framework."""

from pathlib import Path
from typing import Any

from dti_core.framework.model import Decree, Framework, Pillar
from dti_core.framework.references import Where, check_references
from dti_core.framework.sheets.layout import HEAD, TABLES
from dti_core.framework.sheets.words import NOT_STATED
from dti_core.intake.framework_workbook.book import read_rows
from dti_core.intake.framework_workbook.cell import Cell
from dti_core.intake.framework_workbook.criteria import (
    Around,
    Node,
    build,
    fill,
    read_codes,
    read_errata,
)
from dti_core.intake.framework_workbook.draft import Draft, validated
from dti_core.intake.framework_workbook.fields import Agencies
from dti_core.intake.framework_workbook.figures import read_figures
from dti_core.intake.framework_workbook.heads import (
    decree_data,
    head_citation,
    read_agencies,
    read_head,
)
from dti_core.intake.framework_workbook.inner import Codes, read_inner
from dti_core.intake.framework_workbook.mistakes import ByCell, Mistakes
from dti_core.intake.framework_workbook.pillars import read_information, read_pillars
from dti_core.intake.framework_workbook.tree import plant


def read_framework(path: Path) -> Framework:
    """The framework of a workbook, without a digest.

    Raises UnreadableFile where the file is no workbook, BrokenFrameworkWorkbook with every
    mistake by sheet and cell.
    """
    order = (HEAD.name, *(sheet.name for sheet in TABLES))
    mistakes = Mistakes(path.name, order)
    rows = read_rows(path, mistakes)
    head = read_head(rows["head"] or [], mistakes) if rows["head"] is not None else None
    number = str(head.data.get("number", "")) if head else ""
    agencies = read_agencies(rows["agencies"] or [], mistakes)
    agencies.known = rows["agencies"] is not None
    information = read_information(rows["information"] or [], number, agencies, mistakes)
    pillars = read_pillars(rows["pillars"] or [], number, mistakes)
    codes = {draft.data.get("code") for _, draft in pillars}
    known = codes if rows["pillars"] is not None and None not in codes else None
    roots = _criteria(rows, number, agencies, known, mistakes)
    placed = _placed(pillars, roots)
    criteria = {code: [build(node, mistakes) for node in nodes] for code, nodes in roots.items()}
    mistakes.refuse()
    assert head is not None  # a workbook without its head is refused above
    decree = validated(_decree(head, agencies), Decree, mistakes, "")
    mistakes.refuse()
    assert decree is not None
    framework = Framework(
        id=f"{decree.id}/{head.data['level']}",
        decree=decree,
        level=head.data["level"],
        title=head.data["framework_title"],
        citation=head_citation(head, number),
        total_stated=_points(head),
        criteria_stated=head.data.get("criteria_stated"),
        information=tuple(each for each, _ in information if each),
        pillars=tuple(
            Pillar.model_validate({**dict(pillar), "criteria": criteria.get(pillar.code, ())})
            for pillar, _ in pillars
            if pillar
        ),
        sha256="",
    )
    cells = {(): head.cells[()], **placed}
    for index, (_, draft) in enumerate(information):
        cells |= _under(("information", index), draft)
    check_references(ByCell(mistakes, cells), framework)
    mistakes.refuse()
    return framework


def _criteria(
    rows: dict[str, Any],
    number: str,
    agencies: Agencies,
    pillars: set[Any] | None,
    mistakes: Mistakes,
) -> dict[str, list[Node]]:
    """Pillar → its rows without a parent, everything of them read.

    `pillars` are the codes of the pillars, None where not all of them could be read.
    """
    nodes, codes = read_codes(rows["criteria"] or [], mistakes)
    if rows["criteria"] is None:
        codes = Codes(known=False)
    figures = read_figures(rows["variables"] or [], codes, agencies, mistakes)
    around = Around(
        number,
        agencies,
        figures if rows["variables"] is not None else None,
        read_inner(rows["levels"], rows["parts"], codes, mistakes),
        read_errata(rows["errata"] or [], codes, mistakes),
        mistakes,
    )
    for node in nodes:
        fill(node, around)
    for reader, key in around.inner.strays(around.reached):
        reader.wrong(
            key,
            "không có quy tắc nào cần dòng này. Hãy sửa mã mục, cách đọc hay số của phần cho khớp"
            " với quy tắc, hoặc xóa dòng.",
        )
    return plant(nodes, codes, pillars)


def _placed(pillars: list[tuple[Pillar | None, Draft]], roots: dict[str, list[Node]]) -> Any:
    """Key path in the YAML's shape → cell, for pillars and criteria."""
    cells: dict[Where, Cell] = {}

    def place(node: Node, path: Where) -> None:
        cells.update(_under(path, node.draft))
        for index, child in enumerate(node.children):
            place(child, (*path, "children", index))

    for p, (pillar, draft) in enumerate(pillars):
        cells |= _under(("pillars", p), draft)
        for c, node in enumerate(roots.get(pillar.code, ()) if pillar else ()):
            place(node, ("pillars", p, "criteria", c))
    return cells


def _under(path: Where, draft: Draft) -> dict[Where, Cell]:
    return {(*path, *place): cell for place, cell in draft.cells.items()}


def _decree(head: Draft, agencies: Agencies) -> Draft:
    return Draft(decree_data(head, agencies), head.cells, head.failed)


def _points(head: Draft) -> Any:
    stated = head.data["total_stated"]
    return None if stated == NOT_STATED else stated
