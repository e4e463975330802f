"""Two true years of a department: the prior one drawn, the evaluated one grown from it.

The draws are keyed, not in sequence: another row or department changes no figure already there.
"""

from dataclasses import dataclass
from fractions import Fraction
from random import Random

from dti_core.figures import Value
from tests.sample.departments import DEPARTMENTS, Department

SEED = 2074
DRIFT = Fraction(14, 100)
"""No figure moves by more from one year to the next; a small count moves by 1 at most."""

Row = tuple[str, str]
Figures = dict[tuple[str, str, str], Value]


@dataclass(frozen=True)
class Pair:
    """One figure in both years, in whole units (people, dossiers, tenths of a million)."""

    before: int
    now: int

    def __add__(self, other: "Pair") -> "Pair":
        return Pair(self.before + other.before, self.now + other.now)


def draw(*key: str) -> float:
    """A number in [0, 1) that belongs to a key, for ever."""
    return Random("|".join((str(SEED), *key))).random()


def two_years() -> tuple[Figures, Figures]:
    """The prior year's figures and the evaluated year's, of every department."""
    before: Figures = {}
    now: Figures = {}
    for unit, department in DEPARTMENTS.items():
        for (criterion, variable), (then, later) in _Sample(unit, department).figures().items():
            before[unit, criterion, variable] = then
            now[unit, criterion, variable] = later
    return before, now


def most(value: int) -> int:
    """How far a figure may move in a year."""
    return max(1, int(value * DRIFT))


@dataclass(frozen=True)
class _Sample:
    unit: str
    department: Department

    def between(self, key: str, low: float, high: float) -> float:
        return low + (high - low) * draw(self.unit, key)

    def grown(self, key: str, before: int) -> int:
        """Mostly a little more than before; of few things, the same or one more."""
        change = round(before * self.between(f"{key} growth", -0.03, 0.11))
        if before and change == 0 and draw(self.unit, key, "one") < 0.4:
            change = 1
        return before + max(-most(before), min(most(before), change))

    def count(self, key: str, low: float, high: float) -> Pair:
        before = round(self.between(key, low, high))
        return Pair(before, self.grown(key, before))

    def near(self, key: str, size: int) -> Pair:
        """A count of the department's own order of magnitude."""
        return self.count(key, size * 0.96, size * 1.04)

    def part(self, key: str, whole: Pair, low: float, high: float) -> Pair:
        """Some of a whole, in both years: a share of `low` to `high` that shifts a little."""
        share = self.between(key, low, high)
        before = min(whole.before, round(share * whole.before))
        later = round((share + self.between(f"{key} shift", -0.02, 0.05)) * whole.now)
        now = max(before - most(before), min(before + most(before), later, whole.now))
        return Pair(before, min(now, whole.now))

    def figures(self) -> dict[Row, tuple[Value, Value]]:
        staff = self.near("staff", self.department.staff)
        found = {
            **self._awareness(),
            **self._people(staff),
            **self._security(staff),
            **self._services(),
            **self._office(staff),
            **self._money(),
        }
        return {row: found[row] for row in sorted(found)}

    def _awareness(self) -> dict[Row, tuple[Value, Value]]:
        head = "nguoi-dung-dau" if draw(self.unit, "1.1") < 0.8 else "cap-pho"
        section = draw(self.unit, "1.4") < 0.95
        invited = self.count("1.2.1", 6, 10)
        meetings = self.count("1.2.2", 5, 13)
        orders = self.count("1.3", 9, 38)
        tasks = self.count("2.4", 5, 19)
        articles = self.count("1.4", 9, 46) if section else Pair(0, 0)
        return {
            ("1.1", "x"): (head, head),
            **_ratio("1.2.1", self.part("1.2.1 a", invited, 0.72, 1), invited),
            **_ratio("1.2.2", self.part("1.2.2 a", meetings, 0.7, 1), meetings),
            **_ratio("1.3", self.part("1.3 a", orders, 0.68, 0.96), orders),
            ("1.4", "co_chuyen_muc"): (section, section),
            ("1.4", "so_tin_bai"): _whole(articles),
            ("2.1", "x"): self.flag("2.1", 0.85),
            ("2.2", "x"): self.flag("2.2", 0.9),
            ("2.3", "x"): self.flag("2.3", 0.95),
            **_ratio("2.4", self.part("2.4 a", tasks, 0.7, 1), tasks),
            ("2.5", "x"): _whole(self.count("2.5", 1, 5)),
            ("2.6", "x"): self.flag("2.6", 0.85),
        }

    def _people(self, staff: Pair) -> dict[Row, tuple[Value, Value]]:
        full_time = 1 + int(draw(self.unit, "4.1") * 4) if self.department.specialist else 0
        graduates = full_time - (full_time > 2 and draw(self.unit, "4.1 a") < 0.5)
        in_charge = Pair(full_time, full_time) + self.count("4.3", 2, 7)
        return {
            ("4.1", "co_can_bo_chuyen_trach"): (full_time > 0, full_time > 0),
            **_ratio("4.1", Pair(graduates, graduates), Pair(full_time, full_time)),
            ("4.2", "x"): self.flag("4.2", 0.92),
            **_ratio("4.3", self.part("4.3 a", in_charge, 0.65, 1), in_charge),
            **_ratio("4.4", self.part("4.4 a", staff, 0.74, 0.98), staff),
            **_ratio("7.1", self.part("7.1 a", staff, 0.9, 1), staff),
            **_ratio("7.2", self.part("7.2 a", staff, 0.62, 0.95), staff),
            **_ratio("7.3", self.part("7.3 a", staff, 0.78, 0.99), staff),
            ("7.4", "x"): self.flag("7.4", 0.85),
        }

    def _security(self, staff: Pair) -> dict[Row, tuple[Value, Value]]:
        equipped = self.part("3.2 a", staff, 0.91, 1)
        computers = equipped + self.count("5.4", 2, 2 + staff.before * 0.06)
        systems = self.count("systems", self.department.systems, self.department.systems)
        approved = self.part("5.1 a", systems, 0.66, 1)
        network = "thuong-xuyen" if self.department.connected else "khong-ket-noi"
        return {
            ("3.1", "x"): (network, network),
            **_ratio("3.2", equipped, staff),
            ("3.3", "x"): self.flag("3.3", 0.85),
            **_ratio("5.1", approved, systems),
            **_ratio("5.2", self.part("5.2 a", approved, 0.66, 1), approved),
            **_ratio("5.3", self.part("5.3 a", systems, 0.6, 1), systems),
            **_ratio("5.4", self.part("5.4 a", computers, 0.82, 0.99), computers),
            **_ratio("5.5", self.part("5.5 a", systems, 0.6, 1), systems),
            ("5.6", "x"): self.flag("5.6", 0.9),
            ("5.7", "x"): self.flag("5.7", 0.92),
        }

    def _services(self) -> dict[Row, tuple[Value, Value]]:
        services = self.near("6.3", self.department.services)
        dossiers = self.near("6.4", self.department.dossiers)
        charged = self.part("6.5", dossiers, 0.4, 0.8)
        handled = self.part("6.6", dossiers, 0.96, 1)
        asked = self.part("6.7", dossiers, 0.12, 0.35)
        return {
            ("6.2", "x"): self.flag("6.2", 0.85) if self.department.connected else (False, False),
            **_ratio("6.3", self.part("6.3 a", services, 0.5, 0.92), services),
            **_ratio("6.4", self.part("6.4 a", dossiers, 0.55, 0.97), dossiers),
            **_ratio("6.5", self.part("6.5 a", charged, 0.4, 0.88), charged),
            **_ratio("6.6", self.part("6.6 a", handled, 0.93, 1), handled),
            **_ratio("6.7", self.part("6.7 a", asked, 0.9, 1), asked),
        }

    def _office(self, staff: Pair) -> dict[Row, tuple[Value, Value]]:
        online = self.count("6.9", staff.before * 4, staff.before * 7)
        paper = self.count("6.9 c", online.before * 0.04, online.before * 0.24)
        reports = self.count("6.11", 16, 48)
        assigned = reports + self.count("6.12", 4, 18)
        return {
            ("6.1", "x"): _tenths(self.count("6.1", 140, 420)),
            ("6.8", "x"): _whole(self.count("6.8", 5, 34)),
            **_ratio("6.9", self.part("6.9 a", online, 0.93, 1), online),
            ("6.9", "c"): _whole(paper),
            ("6.10", "x"): self.percent("6.10", 880, 985),
            **_ratio("6.11", self.part("6.11 a", reports, 0.85, 1), reports),
            **_ratio("6.12", self.part("6.12 a", assigned, 0.85, 1), assigned),
            ("6.13", "x"): self.percent("6.13", 780, 970),
        }

    def _money(self) -> dict[Row, tuple[Value, Value]]:
        spent = self.near("6.14", self.department.budget * 10)
        on_technology = self.part("6.14 a", spent, 0.005, 0.02)
        # a shift of percentage points is large beside a share of one per cent: grow it instead
        grown = Pair(on_technology.before, self.grown("6.14 a", on_technology.before))
        return {("6.14", "a"): _tenths(grown), ("6.14", "b"): _tenths(spent)}

    def flag(self, key: str, likely: float) -> tuple[bool, bool]:
        """Yes stays yes; of those that had it not, some have it a year later."""
        before = draw(self.unit, key) < likely
        return before, before or draw(self.unit, key, "later") < 0.3

    def percent(self, key: str, low: int, high: int) -> tuple[Value, Value]:
        """A percentage with one decimal; `low` and `high` in tenths of a per cent."""
        before = round(self.between(key, low, high))
        now = min(1000, before + round(self.between(f"{key} shift", -5, 20)))
        return Fraction(before, 1000), Fraction(now, 1000)


def _ratio(criterion: str, part: Pair, whole: Pair) -> dict[Row, tuple[Value, Value]]:
    return {(criterion, "a"): _whole(part), (criterion, "b"): _whole(whole)}


def _whole(pair: Pair) -> tuple[Value, Value]:
    return Fraction(pair.before), Fraction(pair.now)


def _tenths(pair: Pair) -> tuple[Value, Value]:
    return Fraction(pair.before, 10), Fraction(pair.now, 10)
