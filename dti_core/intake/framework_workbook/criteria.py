"""The criteria: each row with its figures, rule and erratum, told of by its own cells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dti_core.framework.model import Criterion, Erratum, FollowUp, Variable
from dti_core.framework.references import check_rule
from dti_core.framework.rules import Rule
from dti_core.framework.sheets import words as w
from dti_core.framework.sheets.rule_columns import RULE_COLUMNS
from dti_core.intake.cells import raw_text
from dti_core.intake.framework_workbook import cell as read
from dti_core.intake.framework_workbook.book import Row
from dti_core.intake.framework_workbook.cell import Cell, Unreadable
from dti_core.intake.framework_workbook.draft import Draft, Reader, validated
from dti_core.intake.framework_workbook.fields import (
    NEEDS_WORDS,
    Agencies,
    maximum,
    once,
    read_citation,
    read_provider,
    room_of,
    row_code,
    shown_code,
)
from dti_core.intake.framework_workbook.figures import Figures
from dti_core.intake.framework_workbook.inner import NEEDS_CODE, Address, Codes, Inner
from dti_core.intake.framework_workbook.mistakes import ByCell, Mistakes
from dti_core.intake.framework_workbook.rules import RuleReader

_FOLLOW_UP = ("year", "result", "target", "deadline")


@dataclass
class Node:
    """A row on its way: its draft, and what stands under it.

    code      None where it could not be read
    repeated  an earlier row has the same code
    """

    reader: Reader
    draft: Draft
    code: str | None
    repeated: bool = False
    rule_type: str | None = None
    children: list["Node"] = field(default_factory=list)


@dataclass
class Around:
    """What the rows of criteria are read with.

    figures  None where their sheet could not be read: then no figure is missed
    """

    number: str
    agencies: Agencies
    figures: Figures | None
    inner: Inner
    errata: Mapping[str, Reader]
    mistakes: Mistakes
    reached: set[Address] = field(default_factory=set)


def read_codes(rows: list[Row], mistakes: Mistakes) -> tuple[list[Node], Codes]:
    """The rows with their codes, so that other rows can name them."""
    nodes: list[Node] = []
    codes = Codes()
    seen: dict[str, Cell] = {}
    for row in rows:
        reader = Reader(row, mistakes, f"mục {shown_code(row, 'code')}")
        draft = reader.draft("code")
        code = reader.into(draft, "code", "code", _code_among(rows), "Hãy ghi mã mục, ví dụ 4.12.")
        node = Node(reader, draft, code)
        if code is None:
            codes.doubtful.update(_guesses(reader.cell("code")))
        else:
            node.repeated = not once(reader, "code", code, seen)
            codes.named.add(code)
        nodes.append(node)
    return nodes, codes


def read_errata(rows: list[Row], codes: Codes, mistakes: Mistakes) -> dict[str, Reader]:
    """The rows of errata by the criterion that they are about."""
    found: dict[str, Reader] = {}
    for row in rows:
        reader = Reader(row, mistakes, f"mục {shown_code(row, 'criterion')}")
        code = codes.read(reader, needs=NEEDS_CODE)
        if code in found:
            reader.wrong("criterion", "mục này đã có một dòng sai sót. Hãy gộp hai dòng thành một.")
        elif code is not None:
            found[code] = reader
    return found


def fill(node: Node, around: Around) -> None:
    """Read everything of a row but its place in the tree."""
    reader, draft = node.reader, node.draft
    reader.into(draft, "name", "name", read.text, NEEDS_WORDS)
    maximum(reader, draft)
    reader.into(draft, "evidence", "evidence", read.text)
    reader.into(draft, "verifier", "verifier", lambda cell: _one(around.agencies, cell))
    provider, provided = read_provider(reader, around.agencies)
    if provided:
        draft.nest(("provider",), provided)
        draft.data["provider"] = provider
    draft.nest(("citation",), read_citation(reader, around.number, node.code), data=True)
    _follow_up(reader, draft)
    if node.code is None or node.repeated:
        draft.failed.add(("rule",))  # whose figures and levels they are is in doubt
        return
    figures = around.figures.get(node.code, {}) if around.figures is not None else {}
    draft.data["variables"] = {name: figure for name, (figure, _) in figures.items()}
    for name, (_, cells) in figures.items():
        draft.nest(("variables", name), cells)
    variables = {name: figure for name, (figure, _) in figures.items()}
    written, kind = _rule(reader, Address(node.code, "as_written"), draft, variables, around)
    node.rule_type = kind
    _put(draft, "rule", written)
    _erratum(node, node.code, variables, around)


def build(node: Node, mistakes: Mistakes) -> Criterion | None:
    """The row with its children as a criterion; None where anything of it is wrong."""
    children = [build(child, mistakes) for child in node.children]
    node.draft.data["children"] = [child for child in children if child is not None]
    built: Criterion | None = validated(node.draft, Criterion, mistakes, node.reader.what)
    return None if None in children else built


def _code_among(rows: list[Row]) -> Any:
    return lambda cell: row_code(cell, room_of(cell, rows, "code"))


def _guesses(cell: Cell) -> set[str]:
    """Codes that a cell may have meant, so that rows that name them are not told of too."""
    shown = raw_text(cell.value).replace(",", ".")
    return {shown, *(shown + "0" * more for more in range(1, 3))} if shown else set()


def _one(agencies: Agencies, cell: Cell) -> str | None:
    named = agencies.read(cell)
    if len(named) > 1:
        raise Unreadable("chỉ ghi một cơ quan thẩm định. Hãy bỏ bớt.")
    return named[0] if named else None


def _follow_up(reader: Reader, draft: Draft) -> None:
    if not any(reader.has(f"follow_{key}") for key in _FOLLOW_UP):
        return
    inner = reader.draft("follow_year")
    needs = "Hãy ghi năm của kết quả theo dõi, ví dụ 2023."
    reader.into(inner, "year", "follow_year", read.whole, needs)
    for key in _FOLLOW_UP[1:]:
        reader.into(inner, key, f"follow_{key}", read.text)
    draft.nest(("follow_up",), inner)
    draft.data["follow_up"] = validated(inner, FollowUp, reader.mistakes, reader.what)


def _rule(
    reader: Reader,
    address: Address,
    draft: Draft,
    variables: Mapping[str, Variable | None],
    around: Around,
) -> tuple[Rule | None, str | None]:
    """The rule of a row with its type; its cells go into the draft under where it stands."""
    where = ("rule",) if address.reading == "as_written" else ("erratum", "corrected")
    piece = RuleReader(around.inner, variables, around.reached).read(reader, address)
    if piece is None:
        draft.failed.add(where)
        return None, None
    draft.nest(where, piece)
    rule: Rule | None = validated(piece, Rule, around.mistakes, reader.what)
    if rule is not None and around.figures is not None:
        known = draft.data.get("max_points") is not None or ("max_points",) in draft.failed
        report = ByCell(around.mistakes, piece.cells)
        check_rule(report, reader.what, variables, rule, (), has_maximum=known)
    return rule, str(piece.data["type"])


def _put(draft: Draft, key: str, piece: Any) -> None:
    if piece is None:
        draft.failed.add((key,))
    else:
        draft.data[key] = piece


def _erratum(
    node: Node, code: str, variables: Mapping[str, Variable | None], around: Around
) -> None:
    reader = around.errata.get(code)
    if reader is None:
        return
    inner = reader.draft("kind")
    needs = "Hãy chọn loại sai sót trong danh sách."
    kind = reader.into(inner, "kind", "kind", lambda cell: read.word(cell, w.ERRATA), needs)
    reader.into(inner, "found_by", "found_by", lambda cell: read.word(cell, w.FOUND_BY))
    reader.into(inner, "note", "note", read.text, "Hãy ghi văn bản sai ở chỗ nào, vì sao.")
    filled = [column.key for column in RULE_COLUMNS if reader.has(column.key)]
    corrected = None
    if kind == "substantive" or (kind is None and filled):
        address = Address(code, "corrected")
        corrected, _ = _rule(reader, address, node.draft, variables, around)
    elif filled:
        reader.wrong(
            filled[0],
            f"chỉ sai sót “{w.ERRATA['substantive']}” mới có quy tắc đã chỉnh. Hãy xóa quy tắc ở"
            " dòng này, hoặc đổi loại sai sót.",
        )
        around.inner.doubtful.add(Address(code, "corrected"))
    node.draft.nest(("erratum",), inner)
    if kind == "substantive" and corrected is None:
        node.draft.failed.add(("erratum",))
        return
    if corrected is not None:
        inner.data["corrected"] = corrected
    _put(node.draft, "erratum", validated(inner, Erratum, around.mistakes, reader.what))
