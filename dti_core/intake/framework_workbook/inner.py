"""The sheets of levels and of inner rules: their rows by the rule that they belong to."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from dti_core.framework.model import Reading
from dti_core.framework.sheets import words as w
from dti_core.intake.cells import plain
from dti_core.intake.framework_workbook import cell as read
from dti_core.intake.framework_workbook.book import Row
from dti_core.intake.framework_workbook.cell import Cell, Unreadable
from dti_core.intake.framework_workbook.draft import Draft, Reader
from dti_core.intake.framework_workbook.fields import shown_code
from dti_core.intake.framework_workbook.mistakes import Mistakes

NEEDS_CODE = "Hãy ghi mã của tiêu chí, ví dụ 4.12."
BOUNDS = ("from", "above", "to", "below")


class Address(NamedTuple):
    """A rule: its row, the reading, and the path inside the outermost rule ("" is that rule)."""

    criterion: str
    reading: Reading
    path: str = ""

    def inside(self, number: int) -> "Address":
        path = f"{self.path}.{number}" if self.path else str(number)
        return Address(self.criterion, self.reading, path)

    def holds(self, other: "Address") -> bool:
        """Whether the other rule is this one or stands inside it."""
        return self[:2] == other[:2] and (
            not self.path or other.path == self.path or other.path.startswith(self.path + ".")
        )


@dataclass
class Inner:
    """Levels and inner rules that wait for their rule.

    levels_known, parts_known  False where the sheet could not be read: then nothing is missed
    doubtful                   rules that could not be read: what belongs to them is not told of
    """

    levels: dict[Address, list[Reader]] = field(default_factory=dict)
    parts: dict[Address, Reader] = field(default_factory=dict)
    levels_known: bool = True
    parts_known: bool = True
    doubtful: set[Address] = field(default_factory=set)
    _used: set[Address] = field(default_factory=set)

    def levels_of(self, address: Address) -> list[Reader]:
        self._used.add(address)
        return self.levels.get(address, [])

    def parts_of(self, address: Address) -> list[tuple[Address, Reader]]:
        """The rules one level inside, in the order of their numbers."""
        found = []
        for inner, reader in self.parts.items():
            head, _, last = inner.path.rpartition(".")
            if inner[:2] == address[:2] and head == address.path:
                found.append((int(last), inner, reader))
        return [(inner, reader) for _, inner, reader in sorted(found, key=lambda each: each[0])]

    def strays(self, reached: Collection[Address]) -> Iterator[tuple[Reader, str]]:
        """Rows that no rule asked for, each with the column that says whose it is."""
        for address, readers in self.levels.items():
            if address not in self._used and not self._doubted(address):
                for reader in readers:
                    yield reader, "part" if reader.has("part") else "criterion"
        for address, reader in self.parts.items():
            if address not in reached and not self._doubted(address):
                yield reader, "part"

    def _doubted(self, address: Address) -> bool:
        return any(doubt.holds(address) for doubt in self.doubtful)


def read_inner(
    levels: list[Row] | None,
    parts: list[Row] | None,
    codes: "Codes",
    mistakes: Mistakes,
) -> Inner:
    inner = Inner(levels_known=levels is not None, parts_known=parts is not None)
    for row in levels or ():
        reader = Reader(row, mistakes, f"mục {shown_code(row, 'criterion')}")
        address = _address(reader, codes, levels or [])
        if address is not None:
            inner.levels.setdefault(address, []).append(reader)
    for row in parts or ():
        reader = Reader(row, mistakes, f"mục {shown_code(row, 'criterion')}")
        address = _address(reader, codes, parts or [])
        if address is None:
            continue
        if not address.path:
            reader.wrong("part", "thiếu “Phần”. Hãy ghi số của phần, ví dụ 1; 1.2 nằm trong 1.")
        elif address in inner.parts:
            reader.wrong("part", f"phần {address.path} của mục này có hai lần. Hãy đánh số lại.")
        else:
            inner.parts[address] = reader
    return inner


@dataclass
class Codes:
    """The codes of the criteria. `known` is False where their sheet could not be read."""

    named: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    known: bool = True

    def read(self, reader: Reader, key: str = "criterion", needs: str = "") -> str | None:
        """The code that a row names; None where there is none or its mistake is told. `needs` says
        what to write where the cell is blank."""
        if key not in reader.row.cells:
            return None
        with reader.telling(key):
            words = read.code(reader.row.cells[key], known=self.named)
            if words is None and needs:
                raise Unreadable(f"thiếu “{reader.cell(key).heading}”. {needs}")
            if words is None or words in self.named:
                return words
            if self.known and words not in self.doubtful:
                raise Unreadable(
                    f"trang “Tiêu chí” không có mục “{words}”. Hãy sửa mã, thêm tiêu chí ở trang"
                    " đó, hoặc xóa dòng này."
                )
        return None


def _address(reader: Reader, codes: Codes, rows: list[Row]) -> Address | None:
    criterion = codes.read(reader, needs=NEEDS_CODE)
    draft = reader.draft("part")
    reading = reader.into(draft, "reading", "reading", lambda c: read.word(c, w.READINGS))
    path = reader.into(draft, "part", "part", lambda c: _part(c, len(rows)))
    if criterion is None or draft.failed:
        return None
    return Address(criterion, reading or "as_written", path or "")


def _part(cell: Cell, rows: int) -> str | None:
    words = read.code(cell, room=rows)
    if words is not None and not all(each.isdecimal() for each in words.split(".")):
        raise Unreadable(f"“{words}” không phải số của một phần. Hãy ghi như 1 hoặc 1.2.")
    return words


def read_step(reader: Reader) -> Draft:
    """A row of levels as an interval with its share."""
    draft = reader.draft("share")
    for key in BOUNDS:
        reader.into(draft, key, key, read.number)
    for pair, words in ((("from", "above"), "dưới"), (("to", "below"), "trên")):
        if all(key in draft.data for key in pair):
            draft.failed.add(("share",))
            reader.wrong(
                pair[1], f"một mức chỉ có một cận {words}. Hãy xóa một trong hai ô của dòng này."
            )
    reader.into(draft, "share", "share", _share_of, "Hãy ghi phần điểm của mức này, ví dụ 1/2.")
    if reader.has("choice"):
        reader.wrong(
            "choice",
            "quy tắc “Bảng mức” không có trạng thái. Hãy xóa ô này, hoặc đổi loại quy tắc.",
        )
    return draft


def read_state(reader: Reader, choices: dict[str, str] | None) -> tuple[str | None, Any, Draft]:
    """A row of levels as (state, share, draft); no share where the decree gives the state none."""
    draft = reader.draft("choice")
    needs = "Hãy ghi mã trạng thái như ở cột “Các trạng thái” của trang “Số liệu”."
    state = reader.into(draft, "choice", "choice", lambda c: _state(c, choices), needs)
    needs = f"Hãy ghi phần điểm, ví dụ 1/2; văn bản không cho điểm thì ghi “{w.NOT_STATED}”."
    share = reader.into(draft, "share", "share", _share_or_none, needs)
    for key in BOUNDS:
        if reader.has(key):
            reader.wrong(
                key,
                "quy tắc “Theo trạng thái” không có cận. Hãy xóa ô này, hoặc đổi loại quy tắc.",
            )
    return state, None if share == w.NOT_STATED else share, draft


def _share_of(cell: Cell) -> Any:
    return read.number(cell, whole_of=True)


def _share_or_none(cell: Cell) -> Any:
    if isinstance(cell.value, str) and plain(cell.value) == plain(w.NOT_STATED):
        return w.NOT_STATED
    return _share_of(cell)


def _state(cell: Cell, choices: dict[str, str] | None) -> str | None:
    words = read.text(cell)
    if words is None or choices is None or words in choices:
        return words
    told = [key for key, shown in choices.items() if plain(words) in (plain(key), plain(shown))]
    return told[0] if len(told) == 1 else words
