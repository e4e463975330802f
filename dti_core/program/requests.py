"""Who is asked for which figures about whom (2074/QĐ-UBND: Nguồn thu thập số liệu; 2554/QĐ-UBND:
Cơ quan chủ trì)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from dti_core.errors import Refused
from dti_core.framework.model import Criterion, Framework, Provider
from dti_core.framework.rules import Appraised
from dti_core.program.load import RoundContext
from dti_core.program.model import Unit
from dti_core.program.proposed import proposed

Key = tuple[str, str, str]
"""(unit, criterion, variable)"""

INFORMATION = "info"
"""Where a key names the criterion, that of a field of general information says this."""

PART = "@"
"""`a@so-tai-chinh` is the part of figure a that so-tai-chinh gives."""

SELF = "@self"
"""The variable of an item that asks for self-assessed points, not for a figure."""


class NobodyToAsk(Refused):
    """A figure is asked of no unit of the program. The text names the rows."""


@dataclass(frozen=True, order=True)
class Item:
    """One figure asked about one unit. `row` is its place in the framework; `part` says that the
    provider gives its part only, or its own answer beside others'."""

    unit: str
    row: int
    criterion: str
    variable: str
    part: bool = False

    @property
    def key(self) -> Key:
        return self.unit, self.criterion, self.variable


@dataclass(frozen=True)
class Request:
    """Everything asked of one provider: about itself, and about units that it knows of.

    same  a figure that is the same quantity as one asked before it → the one that is asked, which
          may be a field of general information: (unit, `INFORMATION`, its code)
    self_assessed  rows without figures that it gives its own points for, with evidence
                   (2001/QĐ-UBND, II.1.3a); their variable is `SELF`
    spared         such rows for which an exemption is proposed: no points are asked
    """

    provider: str
    own: tuple[Item, ...]
    about_units: tuple[Item, ...]
    same: Mapping[Key, Key] = field(default_factory=dict)
    self_assessed: tuple[Item, ...] = ()
    spared: tuple[Item, ...] = ()

    @property
    def about_itself(self) -> bool:
        """Whether it gets a workbook about itself."""
        return bool(self.own or self.self_assessed or self.spared)

    def due(self, *, own: bool) -> tuple[Item, ...]:
        """Everything that a workbook has to bring: figures, and points of rows without figures."""
        return (*self.asked(own=own), *(self.self_assessed if own else ()))

    def still_due(self, exempted: Collection[tuple[str, str]], *, own: bool) -> tuple[Item, ...]:
        """What a workbook has to bring once some rows are exempted: not theirs, but for a quantity
        that another row counts too.

        exempted  (unit, row)
        """
        elsewhere = {place for key, place in self.same.items() if key[:2] not in exempted}
        return tuple(
            item
            for item in self.due(own=own)
            if item.key[:2] not in exempted or item.key in elsewhere
        )

    def asked(self, *, own: bool) -> tuple[Item, ...]:
        """The items that take an answer, each quantity once."""
        return tuple(
            item for item in (self.own if own else self.about_units) if item.key not in self.same
        )

    def place(self, unit: str, criterion: str, variable: str) -> tuple[str, str]:
        """Where a figure is asked: (criterion, variable), or (`INFORMATION`, code)."""
        return self.same.get((unit, criterion, variable), (unit, criterion, variable))[1:]


@dataclass(frozen=True)
class Shared:
    """A figure that several providers give together.

    together  `sum`: each gives a part, the figure is their sum; `none`: each answers, and the
              figure is what they agree on
    """

    unit: str
    criterion: str
    variable: str
    providers: tuple[str, ...]
    together: str

    def part(self, provider: str) -> str:
        """The name under which one provider's part is kept."""
        return f"{self.variable}{PART}{provider}"


@dataclass(frozen=True)
class Plan:
    """Who gives what. `gaps` says in words what nobody is asked for, and why."""

    requests: tuple[Request, ...]
    shared: Mapping[Key, Shared]
    gaps: tuple[str, ...]


def requests(context: RoundContext) -> tuple[Request, ...]:
    """The requests of a round, in the order of the program's units. Raises NobodyToAsk."""
    found = plan(context)
    if found.gaps:
        raise NobodyToAsk(
            f"Đợt {context.id} có số liệu không biết hỏi ai:\n  "
            + "\n  ".join(found.gaps)
            + "\nHãy thêm đơn vị (units, với agency) vào program.yaml. Xem cả bảng phân công:"
            f" dti dispatch {context.id} --plan"
        )
    return found.requests


def shared_figures(context: RoundContext) -> Mapping[Key, Shared]:
    """The figures of a round that several providers give together."""
    return plan(context).shared


def plan(context: RoundContext) -> Plan:
    """Everybody's share of the work, and the gaps; refuses nothing."""
    return context.once(_planned)


def _planned(context: RoundContext) -> Plan:
    book = _Plan(context)
    for level, framework in context.frameworks.items():
        units = [
            unit
            for unit in context.own_units
            if unit.level == level and not _left_alone(context, unit)
        ]
        for place, row in enumerate(framework.rows):
            for variable in row.needed:
                book.ask(framework, place, row, variable, units)
            if _self_assessed(row):
                book.ask_points(place, row, units)
    order = [unit.id for unit in context.program.units]
    made = []
    for who in order:
        own, about = tuple(sorted(book.own.get(who, []))), tuple(sorted(book.about.get(who, [])))
        points, spared = tuple(book.points.get(who, ())), tuple(book.spared.get(who, ()))
        if own or about or points or spared:
            unit = context.program.unit[who]
            # what a unit gives about itself and what it gives about others are two workbooks
            same = _repeated(context, own, unit) | _repeated(context, about)
            made.append(Request(who, own, about, same, points, spared))
    return Plan(tuple(made), book.shared, book.gaps)


def _left_alone(context: RoundContext, unit: Unit) -> bool:
    """Whether the round does not evaluate the unit at all."""
    why = context.round.kept_out.get(unit.id)
    return why is not None and why.place == "not_evaluated"


class _Plan:
    """The plan while it is made."""

    def __init__(self, context: RoundContext) -> None:
        self.context = context
        self.own: dict[str, list[Item]] = {}
        self.about: dict[str, list[Item]] = {}
        self.points: dict[str, list[Item]] = {}
        self.spared: dict[str, list[Item]] = {}
        self.shared: dict[Key, Shared] = {}
        self._lacking: dict[str, list[str]] = {}
        at = context.round.data_to.on
        existing = [
            unit
            for unit in context.program.units
            if (unit.since is None or unit.since <= at) and (unit.until is None or unit.until >= at)
        ]
        self._by_agency: dict[str, list[str]] = {}
        self._by_level: dict[str, list[str]] = {}
        for unit in existing:
            if unit.agency:
                self._by_agency.setdefault(unit.agency, []).append(unit.id)
            if unit.level:
                self._by_level.setdefault(unit.level, []).append(unit.id)

    @property
    def gaps(self) -> tuple[str, ...]:
        """A line for each reason, with the rows that it leaves without an answer."""
        return tuple(
            f"{reason}: {', '.join(rows[:6])}" + (f" … ({len(rows)} mục)" if len(rows) > 6 else "")
            for reason, found in self._lacking.items()
            for rows in (list(dict.fromkeys(found)),)
        )

    def _gap(self, framework: Framework, row: Criterion, reason: str) -> None:
        self._lacking.setdefault(f"{framework.id}: {reason}", []).append(row.code)

    def ask(
        self, framework: Framework, place: int, row: Criterion, variable: str, units: Sequence[Unit]
    ) -> None:
        provider = row.provider_of(variable)
        for unit in units:
            who = self._asked(framework, provider, row, unit)
            own = provider is not None and provider.relative == "self"
            item = Item(unit.id, place, row.code, variable, part=len(who) > 1)
            for each in who:
                target = self.own if own and each == unit.id else self.about
                target.setdefault(each, []).append(item)
            if len(who) > 1:
                together = provider.aggregate if provider else "none"
                self.shared[item.key] = Shared(unit.id, row.code, variable, tuple(who), together)

    def ask_points(self, place: int, row: Criterion, units: Sequence[Unit]) -> None:
        """Ask every unit for its own points on a row, but where an exemption is proposed for it."""
        for unit in units:
            target = self.spared if row.code in proposed(self.context, unit.id) else self.points
            target.setdefault(unit.id, []).append(Item(unit.id, place, row.code, SELF))

    def _asked(
        self,
        framework: Framework,
        provider: Provider | None,
        row: Criterion,
        unit: Unit,
    ) -> list[str]:
        """Everybody who gives a figure of a unit; a gap is told and asks nobody."""
        if provider is None:
            self._gap(framework, row, "bộ chỉ số không nêu nơi cung cấp")
            return []
        if provider.relative == "self":
            return [unit.id]
        if provider.relative == "parent":
            if unit.parent is None:
                self._gap(framework, row, f"{unit.name} chưa có cơ quan cấp trên (parent)")
                return []
            return [unit.parent]
        found: list[str] = []
        for lead in provider.leads:
            mine = self._of(framework, lead)
            if not mine and not (found and provider.aggregate == "none"):
                name = framework.agency(lead)
                reason = f"chương trình chưa có đơn vị “{name}” (agency: {lead})"
                self._gap(framework, row, reason)
            if provider.aggregate == "none" and found:
                continue  # the first lead answers, the others stand beside it as partners
            found += [each for each in mine if each not in found]
        return found

    def _of(self, framework: Framework, agency: str) -> list[str]:
        """The units of the program that stand for an agency of the decree, or for a class."""
        named = self._by_agency.get(agency, [])
        if named:
            return named
        group = framework.decree.agencies[agency].group
        return self._by_level.get(group, []) if group else []


def _self_assessed(row: Criterion) -> bool:
    """A row that people award points for, from the unit's own account of itself and no figure."""
    own = row.provider is not None and row.provider.relative == "self"
    return isinstance(row.rule, Appraised) and own and bool(row.max_points) and not row.needed


def _repeated(
    context: RoundContext, items: Sequence[Item], who: Unit | None = None
) -> dict[Key, Key]:
    """Figures that are a quantity asked before of the same unit: asked once, kept everywhere.

    who  whose general information stands in the same workbook, before its figures
    """
    first: dict[tuple[str, str], Key] = {}
    if who is not None and items:
        for field_ in context.framework_of(who.id).information:
            if field_.quantity and field_.kind != "contact" and field_.given_by(who.agency):
                first[who.id, field_.quantity] = who.id, INFORMATION, field_.code
    same: dict[Key, Key] = {}
    for item in items:
        row = context.framework_of(item.unit).by_code[item.criterion]
        quantity = row.variables[item.variable].quantity
        if quantity is None or item.part:
            continue
        before = first.setdefault((item.unit, quantity), item.key)
        if before != item.key:
            same[item.key] = before
    return same
