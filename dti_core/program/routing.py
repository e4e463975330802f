"""Who appraises which row: the fields of work of the program, and nobody his own unit's rows
(2074/QĐ-UBND, III.2a; 2001/QĐ-UBND, V.2; 2554/QĐ-UBND, VI.1)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dti_core.errors import Refused
from dti_core.framework.model import Criterion, Framework
from dti_core.program.appraisal import Council, Verification
from dti_core.program.load import RoundContext
from dti_core.program.model import Unit
from dti_core.program.policies import Policies
from dti_core.program.verifiers import (
    DUTIES,
    decider_of,
    member_of,
    neutral_member,
    unit_name,
    verifier_address,
    verifier_name,
)
from dti_core.scoring.total import scored_rows

__all__ = [
    "DUTIES",
    "NotRouted",
    "Pair",
    "assigned",
    "decider_of",
    "member_of",
    "routes",
    "verifier_address",
    "verifier_name",
    "verifiers_of",
]

Pair = tuple[str, str]
"""(unit, row code)"""


class NotRouted(Refused):
    """A row that the program gives to nobody who may appraise it. The text says what to set."""


def verifiers_of(context: RoundContext, unit: str, criterion: str) -> tuple[str, ...]:
    """Who gives points to a unit on a row: units of the program or members of the council, by id.

    Raises NotRouted; KeyError for a row that nobody scores.
    """
    return assigned(context)[unit, criterion]


def routes(context: RoundContext) -> Mapping[str, tuple[Pair, ...]]:
    """Verifier → the rows that he appraises, by unit and then by row. Raises NotRouted."""
    return context.once(_routes)


def assigned(context: RoundContext) -> Mapping[Pair, tuple[str, ...]]:
    """Every row that has points of its own → its verifiers. Raises NotRouted."""
    return context.once(_assigned)


def _routes(context: RoundContext) -> dict[str, tuple[Pair, ...]]:
    found: dict[str, list[Pair]] = {}
    for pair, verifiers in assigned(context).items():
        for verifier in verifiers:
            found.setdefault(verifier, []).append(pair)
    return {verifier: tuple(pairs) for verifier, pairs in found.items()}


def _assigned(context: RoundContext) -> dict[Pair, tuple[str, ...]]:
    router = _Router(context)
    by_level = {
        level: [
            (row, router.wanted(framework, row))
            for criterion in framework.criteria
            for row in scored_rows(criterion)
            if row.max_points is not None
        ]
        for level, framework in context.frameworks.items()
    }
    found: dict[Pair, tuple[str, ...]] = {}
    for unit in context.units:
        for row, wanted in by_level[unit.level] if unit.level else ():
            found[unit.id, row.code] = router.allowed(unit, row, wanted)
    return found


@dataclass(frozen=True)
class _Router:
    """The program's fields and who is barred from what."""

    context: RoundContext

    @property
    def organiser(self) -> str:
        return self.context.program.organiser

    @property
    def council(self) -> Council | None:
        return self.context.program.appraisal.council

    @property
    def policies(self) -> Policies:
        return self.context.program.policies

    def wanted(self, framework: Framework, row: Criterion) -> tuple[str, ...]:
        """Whom decree and program name for a row, whoever the unit is."""
        named = self._by_decree(framework, row)
        if named:
            return named
        fields = [
            each
            for each in self.context.program.appraisal.fields
            if not each.levels or framework.level in each.levels
        ]
        lineage = {row.code, *_above(framework, row.code)}
        agencies = set(_agencies(row))
        pillar = framework.pillar_of(row.code).code
        for matches in (
            lambda field: lineage & set(field.criteria),
            lambda field: agencies & set(field.providers),
            lambda field: pillar in field.pillars,
            lambda field: not (field.criteria or field.providers or field.pillars),
        ):
            for field in fields:
                if matches(field):
                    return self._known(field)
        return (self.council.chair.id if self.council else self.organiser,)

    def allowed(self, unit: Unit, row: Criterion, wanted: tuple[str, ...]) -> tuple[str, ...]:
        """The same, each who may not judge this unit's row replaced by who may."""
        found = (self._instead(unit, row, verifier) for verifier in wanted)
        return tuple(dict.fromkeys(found))

    def _instead(self, unit: Unit, row: Criterion, verifier: str) -> str:
        of = self._unit_of(verifier)
        if of == self.organiser and (of == unit.id or self._supplied(unit, row)):
            return self._for_organiser(unit, row)
        if of != unit.id:
            return verifier
        if self.council is None:
            return self._unless_supplied(unit, row)
        neutral = neutral_member(self.council, unit.id)
        if neutral is None:
            raise NotRouted(f"Mọi thành viên Hội đồng đều thuộc {unit.name}; không ai thẩm định.")
        return neutral

    def _unless_supplied(self, unit: Unit, row: Criterion) -> str:
        """The organiser in place of a verifier whose own row it is; where the organiser supplied
        its figures and that verifier is who should look at those, there is nobody better."""
        policy = self.policies.organiser_rows
        if policy is not None and self._supplied(unit, row):
            other = policy.value.verifier
            if self._unit_of(other) != unit.id:
                return self._for_organiser(unit, row)
        return self.organiser

    def _for_organiser(self, unit: Unit, row: Criterion) -> str:
        """Who appraises what the organiser may not, by policy."""
        policy = self.policies.organiser_rows
        name = unit_name(self.context, self.organiser)
        if policy is None:
            raise NotRouted(
                f"{name} không được thẩm định mục {row.code} của chính mình, mà chưa đặt chính sách"
                " “organiser_rows” (ai thẩm định các dòng của cơ quan chủ trì). Hãy đặt trong"
                " policies của program.yaml: organiser_rows: {value: {verifier: …}, basis: …,"
                " decided_on: …}."
            )
        other = policy.value.verifier
        self._refuse_unknown(other, "Chính sách “organiser_rows”")
        of = self._unit_of(other)
        if of == self.organiser:
            raise NotRouted(
                f"Chính sách “organiser_rows” giao các dòng của {name} cho chính {name}. Hãy nêu"
                " một nơi thẩm định khác trong program.yaml."
            )
        if of == unit.id:  # figures that the organiser supplied about that very verifier
            neutral = neutral_member(self.council, unit.id) if self.council else None
            return neutral or self.organiser
        return other

    def _supplied(self, unit: Unit, row: Criterion) -> bool:
        """Whether the policy bars the organiser from a row because it supplied figures of it."""
        policy = self.policies.organiser_rows
        if policy is None or not policy.value.supplied or unit.id == self.organiser:
            return False
        organiser = self.context.program.unit.get(self.organiser)
        return organiser is not None and organiser.agency in set(_agencies(row))

    def _by_decree(self, framework: Framework, row: Criterion) -> tuple[str, ...]:
        """The unit that is the agency which the criterion names; none where that is the council."""
        if row.verifier is None:
            return ()
        at = self.context.round.data_to.on
        mine = tuple(
            unit.id
            for unit in self.context.program.units
            if unit.agency == row.verifier
            and (unit.since is None or unit.since <= at)
            and (unit.until is None or unit.until >= at)
        )
        if mine or self.council is not None:
            return mine
        agency = framework.decree.agencies.get(row.verifier)
        raise NotRouted(
            f"{framework.id}, mục {row.code}: bộ chỉ số giao cho"
            f" “{agency.name if agency else row.verifier}” thẩm định, nhưng chương trình không có"
            f" đơn vị nào với agency: {row.verifier}, cũng không có Hội đồng (appraisal: council)."
            " Hãy bổ sung program.yaml."
        )

    def _known(self, field: Verification) -> tuple[str, ...]:
        for verifier in field.verifiers:
            self._refuse_unknown(verifier, f"Lĩnh vực thẩm định “{field.field}”")
        return field.verifiers

    def _refuse_unknown(self, verifier: str, where: str) -> None:
        program = self.context.program
        if verifier not in program.unit and member_of(self.context, verifier) is None:
            raise NotRouted(
                f"{where} nêu {verifier!r}, không phải đơn vị (units) hay thành viên Hội đồng"
                f" (appraisal: council) của chương trình {program.id}. Hãy sửa program.yaml."
            )

    def _unit_of(self, verifier: str) -> str | None:
        """The unit that a verifier is, or comes from."""
        member = member_of(self.context, verifier)
        return member.unit if member else verifier


def _above(framework: Framework, code: str) -> Iterator[str]:
    """The rows that a row belongs to."""
    while code in framework.parents:
        code = framework.parents[code]
        yield code


def _agencies(row: Criterion) -> Iterator[str]:
    """The agencies of the decree that lead in giving the figures of a row."""
    for provider in (row.provider, *(row.provider_of(name) for name in row.variables)):
        if provider is not None:
            yield from provider.leads
