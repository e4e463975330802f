"""What became of last year's plans, as a page that opens offline and prints."""

from collections.abc import Sequence
from dataclasses import dataclass

from dti_core.program.load import RoundContext
from dti_core.records.follow_up import Followed, FollowUp, in_order
from dti_core.scoring.targets import VERDICT, Verdict
from reports.html import fill
from reports.shown import NOTHING, Tone

_TONE: dict[Verdict, Tone] = {"reached": "good", "not_reached": "bad", "unknown": "plain"}


@dataclass(frozen=True)
class LineText:
    """A line of a plan beside this year's, as the text that is shown."""

    number: str
    title: str
    target: str
    deadline: str
    lead: str
    before: str
    now: str
    points: str
    verdict: str
    tone: Tone
    why: str


@dataclass(frozen=True)
class UnitText:
    """The plan of one unit; `counts` says in words how many lines reached their targets."""

    id: str
    name: str
    counts: str
    lines: Sequence[LineText]


@dataclass(frozen=True)
class FollowUpPage:
    """The whole page. `counts`: verdict in words → how many lines."""

    title: str
    round_title: str
    issuer: str
    year: int
    now: int
    illustration: str | None
    note: str
    counts: Sequence[tuple[str, int]]
    units: Sequence[UnitText]


def render(context: RoundContext, found: FollowUp) -> str:
    """The page's text. The same follow-up gives the same text."""
    names = {unit.id: unit.name for unit in context.program.units}
    page = FollowUpPage(
        title=f"Theo dõi kế hoạch khắc phục lập trên kết quả năm {found.year}",
        round_title=context.round.title,
        issuer=context.program.letterhead.issuer,
        year=found.year,
        now=found.now,
        illustration=context.round.illustration,
        note=found.note,
        counts=[(VERDICT[each], found.counted(each)) for each in VERDICT],
        units=[
            UnitText(
                id=unit or "toan-tinh",
                name=names[unit] if unit else "Nhiệm vụ chung của tỉnh",
                counts=counts_told(lines),
                lines=[_text(each, names) for each in lines],
            )
            for unit, lines in in_order(found)
        ],
    )
    return fill("improvement_follow_up.html", page=page)


def counts_told(lines: Sequence[Followed]) -> str:
    """ "12 chỉ tiêu: 4 đạt, 3 chưa đạt, 5 chưa kết luận được"."""
    reached = sum(each.verdict == "reached" for each in lines)
    short = sum(each.verdict == "not_reached" for each in lines)
    return (
        f"{len(lines)} chỉ tiêu: {reached} đạt, {short} chưa đạt,"
        f" {len(lines) - reached - short} chưa kết luận được"
    )


def _text(each: Followed, names: dict[str, str]) -> LineText:
    line = each.line
    code = f"{line.criterion}. " if line.criterion else ""
    planned = f" ({names.get(each.planned, each.planned)} lập)" if each.planned else ""
    return LineText(
        number=str(line.number),
        title=f"{code}{line.title}{planned}",
        target=line.target or NOTHING,
        deadline=line.deadline or NOTHING,
        lead=line.lead or NOTHING,
        before=line.result or NOTHING,
        now=each.figures or NOTHING,
        points=each.points or NOTHING,
        verdict=VERDICT[each.verdict],
        tone=_TONE[each.verdict],
        why=each.why,
    )
