"""The sample files of one level, out of true figures and what goes wrong in it."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from dti_core.figures import Value
from dti_core.framework.model import Criterion, Framework
from dti_core.framework.rules import MinMax, RelativeToBest, SumOfChildren, sub_rules
from dti_core.intake.sample import (
    APPRAISAL_COLUMNS,
    ARRIVAL_COLUMNS,
    REPLY_COLUMNS,
    WIDE_ANSWERS,
    WIDE_SELF,
    Appraisal,
    Reply,
)
from dti_core.program.load import RoundContext
from dti_core.program.requests import Item, Request, plan, requests
from dti_core.rational import round_half_up
from dti_core.scoring.score import Score, score
from tests.sample.faults import as_figures
from tests.sample.handwriting import typed
from tests.sample.judged import awards
from tests.sample.slips import Slips, arrivals, given_instead, planted, replies
from tests.sample.years import Figures, draw

Cells = Sequence[object]


def only(context: RoundContext, level: str) -> RoundContext:
    """The round as it is for one level alone, with the dates of that level's sub-rounds."""
    units = tuple(unit for unit in context.units if unit.level == level)
    (through,) = [how for which, how in context.round.through.items() if which == level] or [None]
    dates = {
        name: each
        for name in ("closes", "explain_by")
        if through and (each := getattr(through, name))
    }
    changed = context.round.model_copy(update={"levels": (level,), "through": {}, **dates})
    framework = {level: context.frameworks[level]}
    return replace(context, round=changed, units=units, frameworks=framework)


@dataclass(frozen=True)
class LevelSample:
    """One level's sample.

    context  the round with this level alone
    true     the true figures; rows that a unit is exempt from are not among them
    slips    what goes wrong
    """

    context: RoundContext
    true: Figures
    slips: Slips

    @property
    def framework(self) -> Framework:
        (framework,) = self.context.frameworks.values()
        return framework

    def files(self, suffix: str, notice: str) -> dict[str, str]:
        """Name → text of every file: answers, self points, arrivals, replies, awards, faults."""
        given = given_instead(self.context, self.true, self.slips)
        answered = replies(self.context, self.true, given, self.slips)
        judged = awards(self.context, self.true, given, answered, self.slips)
        rows = self.framework.rows
        places = [f"{row.code}:{name}" for row in rows for name in row.needed]
        codes = [row.code for row in rows if row.needed and not _relative(row)]
        csvs: dict[str, tuple[Sequence[str], Iterable[Cells]]] = {
            "answers": ((*WIDE_ANSWERS, *places), self._answers(given, places)),
            "self": ((*WIDE_SELF, *codes), self._self_points(given, codes)),
            "arrivals": (ARRIVAL_COLUMNS, _arrivals(self.context, self.slips)),
            "replies": (REPLY_COLUMNS, map(_reply, answered)),
            "appraisals": (APPRAISAL_COLUMNS, map(_award, judged)),
        }
        found = {f"{name}-{suffix}.csv": _csv(notice, *content) for name, content in csvs.items()}
        return {**found, f"faults-{suffix}.yaml": planted(self.context, self.slips, notice)}

    def _answers(self, given: Figures, places: Sequence[str]) -> Iterator[Cells]:
        for request in requests(self.context):
            for kind, items in (("own", request.own), ("about_units", request.about_units)):
                if kind == "own" and request.provider in self.slips.missing:
                    continue
                copied = kind == "own" and request.provider in self.slips.copied
                office = self.slips.copied[request.provider] if copied else request.provider
                by_unit: dict[str, dict[str, str]] = {}
                for item in items:
                    texts = by_unit.setdefault(item.unit, {})
                    if item.key in given:
                        place = f"{item.criterion}:{item.variable}"
                        texts[place] = self._text(item, request, given, office)
                for unit, texts in by_unit.items():
                    if texts:
                        yield (request.provider, kind, unit, *(texts.get(p, "") for p in places))

    def _text(self, item: Item, request: Request, given: Figures, office: str) -> str:
        row = self.framework.by_code[item.criterion]
        value = given[item.key]
        if item.part:
            value = self._part(item, request.provider, value)
        return typed(value, row.variables[item.variable], office)

    def _part(self, item: Item, provider: str, value: Value) -> Value:
        """What one of two providers gives of a sum: the same share of every figure of the row."""
        first, _ = plan(self.context).shared[item.key].providers
        whole = Fraction(value)
        share = 0.36 + 0.28 * draw(item.unit, item.criterion, "parts")
        mine = Fraction(round(share * float(whole)))
        return mine if provider == first else whole - mine

    def _self_points(self, given: Figures, codes: Sequence[str]) -> Iterator[Cells]:
        """What the figures of a unit's own rows earn, but for the planted self-assessments. Where
        points hang on the best of the group no unit can know its own."""
        scores, policies = scored(self.context, given), self.context.program.policies
        assert policies.rounding is not None
        for request in requests(self.context):
            unit = request.provider
            if unit in self.slips.missing or not request.own:
                continue
            own = {item.criterion for item in request.own if item.key in given}
            points: dict[str, object] = {}
            for code in own & set(codes):
                points[code] = scores[unit, code].published(policies.rounding.value)
                if (unit, code) in self.slips.unsupported_self:
                    most = round_half_up(self.framework.by_code[code].max_points or 0, 2)
                    assert points[code] != most, f"{unit} {code}: số liệu đã cho điểm tối đa"
                    points[code] = most
            assert None not in points.values(), (unit, points)
            yield (unit, *(points.get(code, "") for code in codes))


def scored(context: RoundContext, figures: Figures) -> Mapping[tuple[str, str], Score]:
    """Every row of every unit of a level, the group's best counted in."""
    policies = context.program.policies
    assert policies.reading is not None
    (framework,) = context.frameworks.values()
    units = [unit.id for unit in context.units]
    return score(framework, units, as_figures(figures), policies, policies.reading.value)


def _relative(row: Criterion) -> bool:
    rules = tuple(sub_rules(row.rule))
    return any(isinstance(rule, MinMax | RelativeToBest | SumOfChildren) for rule in rules)


def _arrivals(context: RoundContext, slips: Slips) -> Iterator[Cells]:
    for each in arrivals(context, slips):
        at = f"T{each.at:%H:%M}" if each.at else ""
        yield each.provider, each.kind, f"{each.date}{at}" if each.date else ""


def _reply(reply: Reply) -> Cells:
    place = reply.unit, reply.criterion or "", reply.variable or ""
    officer = reply.officer_decision, reply.officer_reason
    return *place, reply.decision, reply.corrected or "", reply.reason, *officer


def _award(award: Appraisal) -> Cells:
    return award.unit, award.criterion, round_half_up(award.points, 2), award.reason


def _csv(notice: str, columns: Sequence[str], rows: Iterable[Cells]) -> str:
    text = io.StringIO()
    text.write(f"{notice}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()
