"""What several sheets share: codes, agencies, points, who gives a figure, where it is written."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from dti_core.framework.model import Agency, Provider
from dti_core.framework.sheets import words as w
from dti_core.intake.cells import plain, raw_text
from dti_core.intake.framework_workbook import cell as read
from dti_core.intake.framework_workbook.book import Row
from dti_core.intake.framework_workbook.cell import Cell, Unreadable
from dti_core.intake.framework_workbook.draft import Draft, Reader, validated

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CODE = re.compile(r"[0-9IVX]+(\.[0-9]+)*")
NEEDS_WORDS = "Hãy ghi vào ô này."
STATES_POINTS = f"Hãy ghi số điểm; nếu văn bản không nêu thì ghi “{w.NOT_STATED}”."
_ANY_ROOM = 10**9


@dataclass
class Agencies:
    """The agencies of the decree. `known` is False where their sheet could not be read."""

    named: dict[str, Agency] = field(default_factory=dict)
    known: bool = True

    def read(self, cell: Cell) -> list[str]:
        """The agencies that a cell names, by code or by name, as codes."""
        words = read.text(cell) or ""
        found: list[str] = []
        for each in re.split(r"[;\n]", words):
            if each.strip():
                found += self._agencies(each.strip())
        return found

    def _agencies(self, words: str) -> list[str]:
        if words in self.named or not self.known:
            return [words]
        named = [slug for slug, agency in self.named.items() if plain(agency.name) == plain(words)]
        if len(named) == 1:
            return named
        codes = [each.strip() for each in words.split(",")]
        if len(codes) > 1 and all(each in self.named for each in codes):
            return codes
        near = get_close_matches(words, list(self.named), 1)
        guess = f" Có phải “{near[0]}”?" if near else ""
        raise Unreadable(
            f"“{words}” không phải mã hay tên cơ quan nào ở trang “Cơ quan”.{guess} Hãy sửa, hoặc"
            " thêm cơ quan ở trang đó; nhiều cơ quan thì ngăn bằng dấu chấm phẩy."
        )


def slug(cell: Cell) -> str | None:
    """A code that other sheets and files use: small letters without accents, digits, hyphens."""
    words = read.code(cell)
    if words is not None and not SLUG.fullmatch(words):
        raise Unreadable(
            f"“{words}” viết sai dạng: mã chỉ có chữ thường không dấu, chữ số và gạch ngang, ví dụ"
            " so-noi-vu. Hãy sửa mã."
        )
    return words


def stated_points(cell: Cell) -> Any:
    """Points, or the word for points that the decree does not state."""
    if isinstance(cell.value, str) and plain(cell.value) == plain(w.NOT_STATED):
        return w.NOT_STATED
    return read.points(cell)


def row_code(cell: Cell, room: int | None = None, known: Collection[str] = ()) -> str | None:
    """The code of a pillar or a criterion."""
    words = read.code(cell, known, room)
    if words is not None and not CODE.fullmatch(words):
        raise Unreadable(f"“{words}” viết sai dạng. Hãy ghi mã như 4.12 hoặc 5.12.1.")
    return words


def maximum(reader: Reader, draft: Draft) -> None:
    """The column of points into `max_points`, None where the decree states none."""
    if reader.into(draft, "max_points", "max_points", stated_points, STATES_POINTS) == w.NOT_STATED:
        draft.data["max_points"] = None


def yes(cell: Cell) -> str | None:
    return read.word(cell, w.YES)


def once(reader: Reader, key: str, code: str | None, seen: dict[str, Cell]) -> bool:
    """Whether no earlier row has the code; a code that one has is told of."""
    if code is None:
        return True
    first = seen.setdefault(code, reader.cell(key))
    if first.row == reader.row.number:
        return True
    reader.wrong(
        key,
        f"mã “{code}” có hai lần, lần đầu ở ô {first.address}. Hãy sửa một trong hai mã, hoặc xóa"
        " dòng thừa.",
    )
    return False


def shown_code(row: Row, key: str) -> str:
    """What stands in the cell of the code, for the words of a mistake."""
    cell = row.cells.get(key)
    if cell is None or cell.blank or cell.formula:
        return f"ở dòng {row.number}"
    return raw_text(cell.value).replace(",", ".")


def room_of(cell: Cell, rows: list[Row], key: str) -> int:
    """How many rows begin their code with the same number as the cell, a number, does."""
    whole = re.split(r"\D", raw_text(cell.value).strip() + ".")[0]
    return sum(
        re.split(r"\D", shown_code(row, key) + ".")[0] == whole for row in rows if key in row.cells
    )


def read_citation(reader: Reader, number: str, own_code: str | None) -> Draft:
    """Where the row is written, in the decree that the workbook is about."""
    draft = reader.draft("cited_row")
    draft.data["decree"] = number
    for name in ("appendix", "table", "row", "clause", "column"):
        parse = read.text if name == "column" else _cited(own_code)
        reader.into(draft, name, f"cited_{name}", parse)
    return draft


def _cited(own_code: str | None) -> Any:
    known = (own_code,) if own_code else ()
    return lambda cell: (
        read.text(cell)
        if isinstance(cell.value, str)
        else read.code(cell, known=known, room=_ANY_ROOM)
    )


def read_provider(reader: Reader, agencies: Agencies) -> tuple[Provider | None, Draft | None]:
    """Who gives the figures, None where the row names nobody."""
    keys = ("relative", "leads", "partners", "aggregate", "duties")
    if not any(reader.has(key) for key in keys):
        return None, None
    draft = reader.draft("leads" if reader.has("leads") else "relative")
    reader.into(draft, "relative", "relative", lambda cell: read.word(cell, w.RELATIVE))
    reader.into(draft, "leads", "leads", agencies.read)
    reader.into(draft, "partners", "partners", agencies.read)
    reader.into(draft, "aggregate", "aggregate", lambda cell: read.word(cell, w.AGGREGATE))
    reader.into(draft, "duties", "duties", read.pairs)
    told = bool(draft.failed)
    if not told and not ({"relative", "leads"} & set(draft.data)):
        told = True
        reader.wrong(
            "leads",
            "không rõ hỏi ai: cần “Cơ quan chủ trì” hoặc “Nguồn số liệu”. Hãy ghi một trong hai.",
        )
    named = [*draft.data.get("leads", []), *draft.data.get("partners", [])]
    if not told and (strange := [key for key in draft.data.get("duties", {}) if key not in named]):
        told = True
        reader.wrong(
            "duties",
            f"“{strange[0]}” không có ở cơ quan chủ trì hay phối hợp của dòng này. Hãy sửa mã, hoặc"
            " thêm cơ quan vào một trong hai cột đó.",
        )
    if told:
        return None, draft
    return validated(draft, Provider, reader.mistakes, reader.what), draft
