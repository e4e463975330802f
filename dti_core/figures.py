"""A figure (số liệu): what a source says a variable is worth, and how sure that is."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

FigureStatus = Literal[
    "given",  # the source states it
    "given_as_ratio",  # the source states the ratio ("75,5%"), not its parts
    "derived",  # taken from another cell of the source, which is cited
    "partial",  # some of the agencies that give parts of it have not done so
    "missing",  # the source gives nothing
    "not_available",  # the source says that it has no such figure ("chưa thống kê được")
    "not_applicable",  # does not apply to the unit
    "exempt",  # its row is not scored for the unit: a granted exemption; never recorded so
    "to_ask",  # the source says something that cannot be read as this figure: a question
]
STATUSES: tuple[FigureStatus, ...] = get_args(FigureStatus)
KNOWN: frozenset[FigureStatus] = frozenset({"given", "given_as_ratio", "derived"})

Value = Fraction | bool | str


@dataclass(frozen=True)
class Figure:
    """One figure of one unit.

    value     a fraction; True/False for a flag; the key of a choice. None where not known
    between   bounds that the source supports although it gives no figure ("60-70 sinh viên")
    among     the choices that the source leaves open
    raw       the text of the source, untouched
    cells     where it stands: the cell read, and every other cell that it was derived from
    question  what has to be asked, in Vietnamese, where status is `to_ask`
    """

    unit: str
    criterion: str
    variable: str
    status: FigureStatus
    value: Value | None = None
    between: tuple[Fraction, Fraction] | None = None
    among: tuple[str, ...] = ()
    raw: str | None = None
    file: str | None = None
    sheet: str | None = None
    cells: tuple[str, ...] = ()
    question: str | None = None
    note: str | None = None

    @property
    def known(self) -> bool:
        return self.value is not None and self.status in KNOWN

    @property
    def key(self) -> tuple[str, str, str]:
        return self.unit, self.criterion, self.variable
