"""A rule from the columns of its row, its levels and the rules inside it."""

from collections.abc import Mapping
from typing import Any

from dti_core.framework.model import Variable
from dti_core.framework.sheets import words as w
from dti_core.framework.sheets.rule_columns import (
    ALLOWED,
    NEEDED,
    RULE_COLUMNS,
    WITH_INNER,
    WITH_LEVELS,
)
from dti_core.intake.framework_workbook import cell as read
from dti_core.intake.framework_workbook.cell import Cell
from dti_core.intake.framework_workbook.draft import Draft, Reader
from dti_core.intake.framework_workbook.inner import Address, Inner, read_state, read_step

_SIGNS = str.maketrans({"×": "*", "÷": "/", ":": "/", "−": "-", "–": "-"})
_FEWEST_WAYS = 2


class RuleReader:
    """Reads the rules of one row under one reading.

    variables  the row's figures by name, without a value where a figure could not be read
    """

    def __init__(
        self, inner: Inner, variables: Mapping[str, Variable | None], reached: set[Address]
    ) -> None:
        self._inner = inner
        self._variables = variables
        self._reached = reached

    def read(self, reader: Reader, address: Address, *, event: bool = False) -> Draft | None:
        """The rule that a row holds, None where not even its type can be read."""
        draft = reader.draft("type")
        words = w.RULES if reader.row.sheet.key != "parts" else w.INNER_RULES
        kind = reader.into(
            draft,
            "type",
            "type",
            lambda cell: read.word(cell, words),
            "Hãy chọn loại quy tắc trong danh sách.",
        )
        if kind is None:
            self._inner.doubtful.add(address)
            return None
        if (kind == w.EVENT) != event:
            self._inner.doubtful.add(address)
            told = f"“{w.INNER_RULES[w.EVENT]}” chỉ đứng trong quy tắc “{w.RULES['deductions']}”"
            if event:
                told = f"trong quy tắc “{w.RULES['deductions']}” chỉ có “{w.INNER_RULES[w.EVENT]}”"
            reader.wrong("type", f"{told}. Hãy chọn loại khác.")
            return None
        self._columns(reader, draft, kind)
        if kind in WITH_LEVELS:
            self._levels(reader, draft, kind, address)
        if kind in WITH_INNER:
            self._inside(reader, draft, kind, address)
        if kind == w.EVENT:
            del draft.data["type"]
        return draft

    def _columns(self, reader: Reader, draft: Draft, kind: str) -> None:
        needed, allowed = NEEDED.get(kind, ()), ALLOWED.get(kind, ())
        for column in RULE_COLUMNS:
            used = column.key in needed or column.key in allowed
            if column.key != "type" and not used and reader.has(column.key):
                reader.wrong(
                    column.key,
                    f"quy tắc “{w.INNER_RULES[kind]}” không dùng cột “{column.heading}”. Hãy xóa ô"
                    " này, hoặc đổi loại quy tắc.",
                )
        if "of" in needed:
            name = "flag" if kind == "gate" else "of"
            reader.into(draft, name, "of", _expression, "Hãy ghi ký hiệu số liệu hay phép tính.")
        if "each" in needed:
            reader.into(draft, "each", "each", read.points, "Hãy ghi số điểm cho mỗi cái.")
        if "peers" in needed:
            needs = "Hãy chọn so sánh với ai."
            reader.into(draft, "peers", "peers", lambda cell: read.word(cell, w.PEERS), needs)
        for key in ("floor", "step"):
            if key in allowed:
                reader.into(draft, key, key, read.points)
        if kind == "ratio":
            _threshold(reader, draft)

    def _levels(self, reader: Reader, draft: Draft, kind: str, address: Address) -> None:
        rows = self._inner.levels_of(address)
        if not rows:
            draft.failed.add(("table",))
            draft.failed.add(("shares",))
            if self._inner.levels_known:
                reader.wrong(
                    "type",
                    f"quy tắc “{w.RULES[kind]}” chưa có mức nào. Hãy thêm các dòng ở trang “Mức"
                    f" điểm”{_where(address)}.",
                )
        elif kind == "steps":
            draft.data["table"] = []
            for index, row in enumerate(rows):
                step = read_step(row)
                draft.data["table"].append(step.data)
                draft.nest(("table", index), step)
        else:
            self._states(draft, rows)

    def _states(self, draft: Draft, rows: list[Reader]) -> None:
        variable = self._variables.get(draft.data.get("of", ""))
        choices = variable.choices if variable else None
        draft.data["shares"] = {}
        seen: set[str] = set()
        for row in rows:
            state, share, cells = read_state(row, choices)
            if cells.failed:
                draft.failed.add(("shares",))
            if state is None:
                continue
            if state in seen:
                row.wrong("choice", f"trạng thái “{state}” có hai lần. Hãy xóa một dòng.")
            seen.add(state)
            if share is not None:
                draft.data["shares"][state] = share
            elif choices is not None and state not in choices:
                row.wrong(
                    "choice",
                    f"trạng thái “{state}” không có ở cột “Các trạng thái” của trang “Số liệu”."
                    " Hãy thêm trạng thái ở đó, hoặc sửa mã trạng thái.",
                )
            draft.cells["shares", state] = row.cell("choice")

    def _inside(self, reader: Reader, draft: Draft, kind: str, address: Address) -> None:
        rows = self._inner.parts_of(address)
        fewest = _FEWEST_WAYS if kind == "best_of" else 1
        keys = {"parts": "parts", "gate": "then", "best_of": "alternatives", "deductions": "events"}
        key = keys[kind]
        if len(rows) < fewest or (kind == "gate" and len(rows) > 1):
            draft.failed.add((key,))
            self._inner.doubtful.add(address)
            if self._inner.parts_known:
                count = {"best_of": "ít nhất hai", "gate": "đúng một"}.get(kind, "ít nhất một")
                reader.wrong(
                    "type",
                    f"quy tắc “{w.RULES[kind]}” cần {count} {WITH_INNER[kind]}, đang có"
                    f" {len(rows)}. Hãy sửa các dòng ở trang “Phần của quy tắc”{_where(address)}.",
                )
        pieces: list[Any] = []
        for place, row in rows:
            self._reached.add(place)
            index = len(pieces)
            piece = row.draft("type")
            self._part_head(row, piece, is_part=kind == "parts")
            rule = self.read(row, place, event=kind == "deductions")
            path: tuple[str | int, ...] = ("then",) if kind == "gate" else (key, index)
            if kind == "parts":
                draft.nest(path, piece)
                path = (*path, "rule")
            if rule is None:
                draft.failed.add(path)
                pieces.append(piece.data)
                continue
            draft.nest(path, rule)
            pieces.append({**piece.data, "rule": rule.data} if kind == "parts" else rule.data)
        if pieces:
            draft.data[key] = pieces[0] if kind == "gate" else pieces

    def _part_head(self, row: Reader, piece: Draft, *, is_part: bool) -> None:
        """Label and weight, which only a weighted part has."""
        if is_part:
            row.into(piece, "label", "label", read.text)
            needs = "Hãy ghi trọng số của phần, ví dụ 4/5 hoặc 30%."
            row.into(piece, "weight", "weight", lambda c: read.number(c, whole_of=True), needs)
            return
        for key in ("label", "weight"):
            if row.has(key):
                heading = row.row.sheet.column(key).heading
                row.wrong(
                    key,
                    f"cột “{heading}” chỉ dùng trong quy tắc “{w.RULES['parts']}”. Hãy xóa ô này.",
                )


def _where(address: Address) -> str:
    """Which rows of another sheet are meant."""
    part = f", phần {address.path}" if address.path else ""
    reading = f", cách đọc “{w.READINGS['corrected']}”" if address.reading == "corrected" else ""
    return f" cho mục {address.criterion}{part}{reading}"


def _expression(cell: Cell) -> str | None:
    words = read.text(cell)
    return words.translate(_SIGNS) if words else None


def _part_of_whole(cell: Cell) -> Any:
    return read.number(cell, whole_of=True)


def _threshold(reader: Reader, draft: Draft) -> None:
    """The columns of a threshold: `full_at` with `below`, or `scale_at`."""
    raw = reader.draft("threshold")
    threshold = reader.into(raw, "threshold", "threshold", _part_of_whole)
    below = reader.into(raw, "below", "below", lambda cell: read.word(cell, w.BELOW))
    divide_by = reader.into(raw, "divide_by", "divide_by", read.number)
    times = reader.into(raw, "times", "times", read.number)
    draft.nest((), raw)
    if not raw.failed:
        if threshold is not None and below is None:
            draft.failed.add(("below",))
            reader.wrong("below", "có ngưỡng nhưng chưa rõ dưới ngưỡng được bao nhiêu. Hãy chọn.")
        if below is not None and threshold is None:
            draft.failed.add(("full_at",))
            reader.wrong("threshold", "thiếu ngưỡng. Hãy ghi, ví dụ 80%, hoặc xóa “Dưới ngưỡng”.")
        if threshold is not None and threshold <= 0:
            draft.failed.add(("full_at",))
            reader.wrong("threshold", "ngưỡng phải lớn hơn 0. Hãy sửa.")
        for key, factor in (("divide_by", divide_by), ("times", times)):
            if factor is not None and below != w.FACTOR:
                reader.wrong(
                    key, f"chỉ dùng khi “Dưới ngưỡng” là “{w.BELOW[w.FACTOR]}”. Hãy xóa ô này."
                )
    key = "scale_at" if below == w.UNCAPPED else "full_at"
    draft.cells[key,] = reader.cell("threshold")
    if threshold is not None:
        draft.data[key] = threshold
    if below == w.FACTOR:
        factors = {"divide_by": divide_by, "times": times}
        draft.data["below"] = {name: each for name, each in factors.items() if each is not None}
    elif below not in (None, w.UNCAPPED):
        draft.data["below"] = below
    if reader.into(raw, "both", "both", lambda cell: read.word(cell, w.YES)):
        draft.data["below_includes_full_at"] = True
