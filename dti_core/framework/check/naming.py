"""One appendix that names two things alike, or one thing in two ways."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from dti_core.framework.check.counted import Counted, counted, listed, places
from dti_core.framework.check.finding import Finding
from dti_core.framework.check.words import Words, content, words
from dti_core.framework.model import Citation, Criterion, Framework


@dataclass(frozen=True)
class _Figure:
    """A figure that the framework asks for, in a row or in the general information."""

    code: str
    name: str
    label: str
    kind: str
    unit: str | None
    quantity: str | None
    citation: Citation

    @property
    def told(self) -> str:
        return f"mục {self.code}" + (f", biến {self.name}" if self.name else "")

    @property
    def measure(self) -> tuple[str, str]:
        return self.kind, " ".join(words(self.unit or ""))


def check_names(framework: Framework) -> Iterator[Finding]:
    yield from _criteria(framework)
    figures = list(_figures(framework))
    yield from _labels(framework, figures)
    yield from _quantities(framework, figures)


def _criteria(framework: Framework) -> Iterator[Finding]:
    """Two criteria, or two child rows of one row, with one name."""
    families: list[tuple[Criterion, ...]] = [framework.criteria]
    families += [row.children for row in framework.rows if row.children]
    for family in families:
        first: dict[Words, Criterion] = {}
        for row in family:
            name = words(row.name)
            if name not in first:
                first[name] = row
                continue
            other = first[name]
            yield Finding(
                framework.id,
                row.code,
                "same_name",
                "warning",
                {},
                f"Mục {other.code} và mục {row.code} cùng tên “{row.name}”"
                + ("" if row.name == other.name else f" (mục {other.code}: “{other.name}”)")
                + ": phải nói rõ hai mục khác nhau ở đâu.",
                row.citation,
                about=(f"mục {other.code}", "cùng tên"),
            )


def _labels(framework: Framework, figures: list[_Figure]) -> Iterator[Finding]:
    """One label measured in two ways: tỷ đồng in one row, triệu đồng in another."""
    first: dict[Words, _Figure] = {}
    for figure in figures:
        name = content(figure.label)
        other = first.setdefault(name, figure)
        if figure.kind != other.kind or (
            figure.unit and other.unit and figure.measure != other.measure
        ):
            yield _finding(
                framework,
                figure,
                "label_units",
                f"“{figure.label}” được đo hai cách: {other.told} là {_measure(other)},"
                f" {figure.told} là {_measure(figure)}.",
                ("đơn vị tính",),
            )


def _quantities(framework: Framework, figures: list[_Figure]) -> Iterator[Finding]:
    """A figure that is asked once must be one thing wherever it occurs."""
    together: dict[str, list[_Figure]] = {}
    for figure in figures:
        if figure.quantity is not None:
            together.setdefault(figure.quantity, []).append(figure)
    for quantity, same in together.items():
        for one, other in combinations(same, 2):
            if difference := _difference(one, other):
                yield _finding(
                    framework,
                    other,
                    "quantity_differs",
                    f"Số liệu dùng chung “{quantity}” có hai nghĩa: {one.told} là “{one.label}”,"
                    f" {other.told} là “{other.label}” ({difference}).",
                    ("dùng chung",),
                )
                break


def _difference(one: _Figure, other: _Figure) -> str | None:
    """In what two figures of one quantity differ; None where they can be one figure."""
    if one.kind != other.kind or (one.unit and other.unit and one.measure != other.measure):
        return f"{_measure(one)} khác {_measure(other)}"
    first, second = (counted(each.label, each.unit) for each in (one, other))
    if first.thing and second.thing and first.thing != second.thing:
        return "đếm hai thứ khác nhau"
    if not {*content(one.label)} & {*content(other.label)}:
        return "hai nhãn không có chữ nào chung"
    for a, b in (
        (_parts(first), _parts(second)),
        (first.staff, second.staff) if first.staff and second.staff else ((), ()),
        (places(one.label), places(other.label))
        if places(one.label) and places(other.label)
        else ((), ()),
    ):
        if a != b:
            return f"{listed(a) or 'không giới hạn'} khác {listed(b) or 'không giới hạn'}"
    return None


def _parts(each: Counted) -> frozenset[str]:
    return frozenset(each.parts.values())


def _measure(figure: _Figure) -> str:
    kinds = {
        "flag": "có/không",
        "choice": "lựa chọn",
        "count": "số đếm",
        "mean": "số bình quân",
        "money": "số tiền",
        "percent": "tỷ lệ phần trăm",
        "frequency": "tần suất",
        "text": "chữ",
        "contact": "liên hệ",
    }
    return kinds[figure.kind] + (f" ({figure.unit})" if figure.unit else "")


def _finding(
    framework: Framework, figure: _Figure, kind: str, message: str, about: tuple[str, ...]
) -> Finding:
    return Finding(
        framework.id, figure.code, kind, "warning", {}, message, figure.citation, about=about
    )


def _figures(framework: Framework) -> Iterator[_Figure]:
    for each in framework.information:
        yield _Figure(
            each.citation.row or each.code,
            "",
            each.name,
            each.kind,
            each.unit,
            each.quantity,
            each.citation,
        )
    for row in framework.rows:
        for name, variable in row.variables.items():
            yield _Figure(
                row.code,
                name,
                variable.label,
                variable.kind,
                variable.unit,
                variable.quantity,
                row.citation,
            )
