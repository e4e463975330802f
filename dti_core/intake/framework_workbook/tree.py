"""Which criterion stands under which pillar or row."""

from collections.abc import Collection

from dti_core.framework.sheets import words as w
from dti_core.intake.framework_workbook.cell import Unreadable
from dti_core.intake.framework_workbook.criteria import Node
from dti_core.intake.framework_workbook.fields import row_code
from dti_core.intake.framework_workbook.inner import Codes


def plant(
    nodes: list[Node], codes: Codes, pillars: Collection[str] | None
) -> dict[str, list[Node]]:
    """Pillar → its rows without a parent, in their order; children are hung under their parents.

    `pillars` are the codes of the pillars, None where their sheet could not be read.
    """
    named = {node.code: node for node in nodes if node.code and not node.repeated}
    parents: dict[str, str] = {}
    stated: dict[str, str | None] = {}
    for node in nodes:
        parent = codes.read(node.reader, "parent")
        pillar = _pillar(node, pillars)
        if node.code is None or node.repeated:
            continue
        stated[node.code] = pillar
        if parent is not None:
            parents[node.code] = parent
    roots: dict[str, list[Node]] = {}
    for code, node in named.items():
        if code in parents:
            root = _root(code, parents)
            if root is None:
                node.reader.wrong(
                    "parent", "mục cha vòng trở lại chính mục này. Hãy sửa cột “Mục cha”."
                )
                continue
            named[parents[code]].children.append(node)
            top = stated.get(root)
            if top and stated[code] and stated[code] != top:
                node.reader.wrong(
                    "pillar",
                    f"mục cha {parents[code]} thuộc chỉ số chính {top}. Hãy ghi {top}, hoặc sửa"
                    " mục cha.",
                )
        elif pillar := stated[code]:
            roots.setdefault(pillar, []).append(node)
        elif not node.reader.has("pillar") and not node.reader.has("parent"):
            node.reader.wrong(
                "pillar", "thiếu “Chỉ số chính”. Hãy ghi mã chỉ số chính mà mục này thuộc về."
            )
    for node in named.values():
        _sums(node)
    return roots


def _pillar(node: Node, pillars: Collection[str] | None) -> str | None:
    if "pillar" not in node.reader.row.cells:
        return None
    with node.reader.telling("pillar"):
        code = row_code(node.reader.row.cells["pillar"], known=pillars or ())
        if code is None or pillars is None or code in pillars:
            return code
        raise Unreadable(
            f"trang “Chỉ số chính” không có mã “{code}”. Hãy sửa mã, hoặc thêm chỉ số chính ở trang"
            " đó."
        )
    return None


def _root(code: str, parents: dict[str, str]) -> str | None:
    """The row without a parent above a row; None where the parents go in a circle."""
    seen = {code}
    while code in parents:
        code = parents[code]
        if code in seen:
            return None
        seen.add(code)
    return code


def _sums(node: Node) -> None:
    """A row with children adds them up, unless they only split its figures."""
    scored = [child for child in node.children if child.rule_type not in (None, "untabled")]
    if scored and node.rule_type not in (None, "sum_of_children"):
        node.reader.wrong(
            "type",
            f"mục này có mục con {scored[0].code} với quy tắc riêng. Hãy chọn"
            f" “{w.RULES['sum_of_children']}”, hoặc chọn “{w.RULES['untabled']}” cho các mục con"
            " nếu chúng chỉ tách số liệu.",
        )
        node.draft.failed.add(("rule",))
        node.draft.failed.add(())
