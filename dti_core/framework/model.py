"""A framework (bộ chỉ số): decree, pillars, criteria, figures, providers, errata."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, StringConstraints, model_validator

from dti_core.framework.rules import (
    Deductions,
    MinMax,
    Options,
    RelativeToBest,
    Rule,
    Strict,
    SumOfChildren,
    Untabled,
    sub_rules,
    variables_used,
)
from dti_core.rational import Exact

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9IVX]+(\.[0-9]+)*$")]
VariableName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]

RATIO = "ratio"
"""The variable under which a bare percentage is kept ("Đã đạt 75,5%", no a and b)."""

Kind = Literal[
    "flag", "choice", "count", "mean", "money", "percent", "frequency", "text", "contact"
]
"""flag yes/no · choice one of `choices` · count a whole number ≥ 0 · mean a number ≥ 0 ·
money in `unit` · percent of one whole · frequency in times a year · text · contact a person."""


class Citation(Strict):
    """Where it is written: decree number, appendix or table, row or clause."""

    decree: str
    appendix: str | None = None
    table: str | None = None
    row: str | None = None
    clause: str | None = None
    column: str | None = None

    def __str__(self) -> str:
        parts = [
            self.decree,
            f"Phụ lục {self.appendix}" if self.appendix else None,
            f"Bảng {self.table}" if self.table else None,
            f"mục {self.row or self.clause}" if self.row or self.clause else None,
            f"cột “{self.column}”" if self.column else None,
        ]
        return ", ".join(part for part in parts if part)


class Provider(Strict):
    """Who gives the figure.

    leads, partners  agencies of the decree (cơ quan chủ trì, cơ quan phối hợp)
    relative         `self`: the assessed unit gives it; `parent`: the unit above it does
    aggregate        `sum` where several agencies each give a part of one figure
    duties           what the decree hands to one of several leads, in its words
    """

    leads: tuple[Slug, ...] = ()
    partners: tuple[Slug, ...] = ()
    relative: Literal["self", "parent"] | None = None
    aggregate: Literal["none", "sum"] = "none"
    duties: dict[Slug, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _somebody(self) -> "Provider":
        if not self.leads and self.relative is None:
            raise ValueError("phải có leads hoặc relative: không được hỏi ai mà không rõ là ai")
        if stray := set(self.duties) - {*self.leads, *self.partners}:
            raise ValueError(f"duties nêu cơ quan không có trong leads/partners: {sorted(stray)}")
        return self


class Variable(Strict):
    """A figure (số liệu) that a criterion asks for.

    label     what is counted, in the decree's words
    unit      of measure ("tỷ đồng", "tin, bài/tháng")
    quantity  a thing asked once and compared everywhere it occurs (population, staff)
    choices   key → the decree's words for the state
    provider  where the decree names another agency for this figure than for its row
    """

    label: str
    kind: Kind
    unit: str | None = None
    quantity: Slug | None = None
    choices: dict[str, str] = Field(default_factory=dict)
    provider: Provider | None = None

    @model_validator(mode="after")
    def _choices(self) -> "Variable":
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("choices đi với kind: choice, và chỉ với nó")
        return self


class Erratum(Strict):
    """What is wrong in the text, kept beside what is written.

    substantive    the decree errs: `corrected` gives another result than the rule as written
    transcription  our copy is damaged: one reading, already in the rule
    editorial      the decree errs in form only: one reading
    """

    kind: Literal["substantive", "transcription", "editorial"]
    note: str
    corrected: Rule | None = None
    found_by: Literal["checker", "reader"] = "checker"

    @model_validator(mode="after")
    def _reading(self) -> "Erratum":
        if (self.kind == "substantive") != (self.corrected is not None):
            raise ValueError("erratum kind: substantive phải có corrected, các kind khác thì không")
        return self


Reading = Literal["as_written", "corrected"]
READINGS: tuple[Reading, ...] = ("as_written", "corrected")


class FollowUp(Strict):
    """What a plan says about a row beside its rule, in its own words; nothing is scored by it.

    result    what was reached by the end of `year`
    target    what is to be reached
    deadline  until when
    """

    year: StrictInt
    result: str | None = None
    target: str | None = None
    deadline: str | None = None


class Criterion(Strict):
    """A criterion (tiêu chí, chỉ số thành phần), possibly with child rows."""

    code: Code
    name: str
    max_points: Exact | None
    rule: Rule
    variables: dict[VariableName, Variable] = Field(default_factory=dict)
    erratum: Erratum | None = None
    provider: Provider | None = None
    evidence: str | None = None
    verifier: Slug | None = None
    follow_up: FollowUp | None = None
    citation: Citation
    children: tuple["Criterion", ...] = ()

    @model_validator(mode="after")
    def _shape(self) -> "Criterion":
        if not isinstance(self.rule, SumOfChildren) and any(
            not isinstance(child.rule, Untabled) for child in self.children
        ):
            raise ValueError(
                "mục có children phải có rule: {type: sum_of_children}, trừ khi các mục con chỉ"
                " tách số liệu và không có điểm riêng (rule: {type: untabled})"
            )
        corrected = self.erratum.corrected if self.erratum else None
        if corrected and isinstance(corrected, SumOfChildren) != isinstance(
            self.rule, SumOfChildren
        ):
            raise ValueError(
                "cách đọc đã chỉnh không được đổi giữa cộng điểm mục con (sum_of_children) và quy"
                " tắc riêng của mục"
            )
        for rule in (self.rule, corrected):
            if rule and len(_group_metrics(rule)) > 1:
                raise ValueError("một mục chỉ so sánh trong nhóm theo một giá trị")
        if (self.max_points or 0) < 0 and any(
            isinstance(rule, Deductions) for rule in sub_rules(self.rule)
        ):
            raise ValueError(
                "mục điểm trừ (điểm tối đa âm) không dùng deductions: dùng per_item, mỗi lỗi một số"
                " điểm"
            )
        if RATIO in self.variables:
            raise ValueError(f"tên biến {RATIO!r} dành cho tỷ lệ được nêu thẳng")
        return self

    def rule_under(self, reading: Reading) -> Rule:
        """The rule as the decree writes it, or as its erratum corrects it."""
        if reading == "corrected" and self.erratum and self.erratum.corrected:
            return self.erratum.corrected
        return self.rule

    @property
    def needed(self) -> tuple[str, ...]:
        """The figures that either reading needs: a correction that is to be proposed must be
        reckoned too."""
        names = dict.fromkeys(variables_used(self.rule))
        if self.erratum and self.erratum.corrected:
            names |= dict.fromkeys(variables_used(self.erratum.corrected))
        return tuple(names)

    def provider_of(self, variable: str) -> Provider | None:
        """Who gives one figure: the variable's own provider, else the row's."""
        own = self.variables[variable].provider if variable in self.variables else None
        return own or self.provider

    def unassigned(self, variable: str) -> tuple[str, ...]:
        """Choices of a variable that the clause gives no share: the decree is silent on them."""
        assigned = {
            choice
            for rule in sub_rules(self.rule)
            if isinstance(rule, Options) and rule.of == variable
            for choice in rule.shares
        }
        return tuple(c for c in self.variables[variable].choices if c not in assigned)


def _group_metrics(rule: Rule) -> set[str]:
    """What a rule compares among the units of the round."""
    return {
        str(sub.of)
        for sub in sub_rules(rule)
        if isinstance(sub, RelativeToBest | MinMax) and sub.peers == "group"
    }


class PillarErratum(Strict):
    """What is wrong in a pillar's own line, kept beside what is written.

    substantive    points contradict each other: the policy `pillar_overflow` decides what holds
    transcription  our copy is damaged
    editorial      the decree errs in form only
    """

    kind: Literal["substantive", "transcription", "editorial"]
    note: str
    found_by: Literal["checker", "reader"] = "checker"


class Pillar(Strict):
    """A pillar (chỉ số chính). `outside_maximum` marks bonus or penalty points."""

    code: Code
    name: str
    max_points: Exact | None
    erratum: PillarErratum | None = None
    citation: Citation
    outside_maximum: StrictBool = False
    criteria_stated: StrictInt | None = None
    criteria: tuple[Criterion, ...] = ()

    @model_validator(mode="after")
    def _penalties(self) -> "Pillar":
        if not self.outside_maximum and any((row.max_points or 0) < 0 for row in self.rows):
            raise ValueError(
                "điểm tối đa âm (điểm trừ) chỉ có ở chỉ số chính outside_maximum: true"
            )
        return self

    @property
    def rows(self) -> tuple[Criterion, ...]:
        """Every row of the pillar that has a code of its own, child rows after their parent."""
        return tuple(_walk(self.criteria))


class Information(Strict):
    """A field of general information, or a contact with its fields."""

    code: str
    name: str
    kind: Kind
    unit: str | None = None
    quantity: Slug | None = None
    fields: tuple[str, ...] = ()
    stated: str | None = None
    note: str | None = None
    provider: Provider | None = None
    evidence: str | None = None
    citation: Citation

    def given_by(self, agency: str | None) -> bool:
        """Whether a unit gives this about itself: nobody else is named, or it is who is named."""
        provider = self.provider
        return provider is None or provider.relative == "self" or agency in provider.leads


class Agency(Strict):
    """An agency that the decree names. `group` marks a class of units, `includes` its members
    where the text lists them."""

    name: str
    group: Literal["tinh", "so", "huyen", "xa", "other"] | None = None
    includes: tuple[str, ...] = ()


OWN_INDEX = "tinh"
"""The level whose framework measures the province itself, which is no office and has no rank."""


class Decree(Strict):
    """The document that sets one or several frameworks."""

    id: Slug
    number: str
    issued: date
    issuer: str
    title: str
    source: str
    agencies: dict[Slug, Agency]


class Framework(Strict):
    """A framework of one level, complete or a frame whose criteria the text does not give."""

    id: str
    decree: Decree
    level: Literal["tinh", "so", "huyen", "xa"]
    title: str
    citation: Citation
    total_stated: Exact | None
    criteria_stated: StrictInt | None = None
    information: tuple[Information, ...] = ()
    pillars: tuple[Pillar, ...]
    sha256: str

    @cached_property
    def rows(self) -> tuple[Criterion, ...]:
        """Every row that has a code of its own, child rows after their parent."""
        return tuple(row for pillar in self.pillars for row in pillar.rows)

    @cached_property
    def by_code(self) -> Mapping[str, Criterion]:
        return {row.code: row for row in self.rows}

    @cached_property
    def _pillars_by_row(self) -> Mapping[str, Pillar]:
        return {row.code: pillar for pillar in self.pillars for row in pillar.rows}

    @cached_property
    def parents(self) -> Mapping[str, str]:
        """Child row → the row it belongs to."""
        return {child.code: row.code for row in self.rows for child in row.children}

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria that count towards a pillar: rows without a parent."""
        return tuple(criterion for pillar in self.pillars for criterion in pillar.criteria)

    def pillar_of(self, code: str) -> Pillar:
        """The pillar that a row stands in. Raises KeyError for an unknown code."""
        return self._pillars_by_row[code]

    def agency(self, slug: str) -> str:
        """The agency's name as the decree writes it."""
        return self.decree.agencies[slug].name


def _walk(criteria: tuple[Criterion, ...]) -> Iterator[Criterion]:
    for criterion in criteria:
        yield criterion
        yield from _walk(criterion.children)
