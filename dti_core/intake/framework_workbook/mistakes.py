"""Every mistake of a workbook, by sheet and cell, told at once."""

from collections.abc import Mapping
from dataclasses import dataclass

from dti_core.errors import Refused
from dti_core.framework.references import Where, Wording
from dti_core.framework.sheets.words import KINDS, RULES
from dti_core.intake.framework_workbook.cell import Cell

_MOST_SHOWN = 200

IN_WORKBOOK = Wording(
    {
        "twice": "{what}: mã này có hai lần. Hãy sửa một trong hai mã, hoặc xóa dòng thừa.",
        "agency": "{what}: trang “Cơ quan” không có mã “{name}”. Hãy thêm cơ quan ở trang đó.",
        "citation": "{what}: trích dẫn văn bản “{name}” không phải văn bản này.",
        "undeclared": "{what}: quy tắc dùng số liệu “{name}” chưa khai báo. Hãy thêm một dòng ở"
        " trang “Số liệu”, hoặc sửa phép tính.",
        "not_a_number": "{what}: “{name}” không phải số nên không tính được {metric}. Hãy sửa loại"
        " số liệu ở trang “Số liệu”, hoặc sửa phép tính.",
        "kind": "{what}: quy tắc “{rule}” cần “{name}” là số liệu loại “{wanted}”, không phải"
        " “{kind}”. Hãy sửa loại quy tắc, hoặc loại số liệu ở trang “Số liệu”.",
        "no_maximum": "{what}: quy tắc “Trừ điểm” cần điểm tối đa. Hãy ghi điểm tối đa của mục.",
        "choices": "{what}: trạng thái “{name}” không có ở cột “Các trạng thái” của trang “Số"
        " liệu”. Hãy thêm trạng thái ở đó, hoặc sửa mã trạng thái.",
    },
    rules=RULES,
    kinds=KINDS,
)


@dataclass(frozen=True)
class Mistake:
    """One mistake. `address` is None where a whole sheet is meant; `told` is the Vietnamese text
    with its place, what is wrong and what to do."""

    sheet: str
    address: str | None
    told: str

    def __str__(self) -> str:
        return self.told


class BrokenFrameworkWorkbook(Refused):
    """A workbook that cannot become a framework. Nothing of it was taken over."""

    def __init__(self, file: str, mistakes: tuple[Mistake, ...]) -> None:
        self.mistakes = mistakes
        shown = [f"  {number}. {each}" for number, each in enumerate(mistakes[:_MOST_SHOWN], 1)]
        if len(mistakes) > _MOST_SHOWN:
            shown.append(
                f"  … và {len(mistakes) - _MOST_SHOWN} chỗ nữa, sau khi sửa những chỗ trên"
            )
        super().__init__(
            f"Tệp {file} có {len(mistakes)} chỗ phải sửa; chưa ghi gì cả:\n" + "\n".join(shown)
        )


class Mistakes:
    """Collects mistakes, each once, and refuses with all of them in the order of the workbook."""

    def __init__(self, file: str, order: tuple[str, ...]) -> None:
        self._file = file
        self._order = {name: place for place, name in enumerate(order)}
        self._found: dict[tuple[int, int, int, str], Mistake] = {}

    def __bool__(self) -> bool:
        return bool(self._found)

    def at(self, cell: Cell, message: str, what: str = "") -> None:
        """A mistake in a cell. `what` names the row that the cell belongs to ("mục 4.12")."""
        place = f"trang “{cell.sheet}”, ô {cell.address}"
        joined = f"{place}, {what}: {message}" if what else f"{place}: {message}"
        key = (self._order.get(cell.sheet, len(self._order)), cell.row, cell.column, message)
        self._found.setdefault(key, Mistake(cell.sheet, cell.address, joined))

    def told(self, cell: Cell, message: str) -> None:
        """A mistake whose message begins with the row that it concerns."""
        what, _, rest = message.partition(": ")
        self.at(cell, rest, what)

    def sheet(self, name: str, message: str) -> None:
        """A mistake of a whole sheet."""
        key = (self._order.get(name, len(self._order)), 0, 0, message)
        self._found.setdefault(key, Mistake(name, None, f"trang “{name}”: {message}"))

    def refuse(self) -> None:
        """Raises BrokenFrameworkWorkbook where there is any mistake."""
        if self._found:
            ordered = tuple(self._found[key] for key in sorted(self._found))
            raise BrokenFrameworkWorkbook(self._file, ordered)


class ByCell:
    """Takes the mistakes of `references` and finds their cells."""

    wording = IN_WORKBOOK

    def __init__(self, mistakes: Mistakes, cells: Mapping[Where, Cell]) -> None:
        self._mistakes = mistakes
        self._cells = cells

    def error(self, path: Where, message: str) -> None:
        self._mistakes.told(nearest(self._cells, path), message)


def nearest(cells: Mapping[Where, Cell], path: Where) -> Cell:
    """The cell of a path, or of the nearest path around it that has one."""
    while path not in cells:
        path = path[:-1]
    return cells[path]
