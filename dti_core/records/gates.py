"""The gates before anything official: all that is missing is said at once, each with its command.

`require_publishable` stands before the drafts, `require_issuable` before the number and day of the
signed decision are recorded.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction

from sqlmodel import Session

from dti_core.clock import today
from dti_core.errors import Refused
from dti_core.framework.check import require_openable
from dti_core.program.appraisal import PETITION
from dti_core.program.load import RoundContext
from dti_core.program.needed import QUESTIONS
from dti_core.program.needed import undecided as unset
from dti_core.program.routing import Pair
from dti_core.records import exemptions
from dti_core.records.appraising import official_rows
from dti_core.records.approvals import approval_state, steps_of
from dti_core.records.awards import awards
from dti_core.records.bases import APPRAISED, bases
from dti_core.records.flags import ANSWERED, OPEN, STATUS_TEXT, all_flags
from dti_core.records.issued import unannounced_changes
from dti_core.records.official import EXEMPTED, exempted_awards, official_awards
from dti_core.records.opinions import differing, opinions
from dti_core.records.participation import places
from dti_core.records.petition_period import takes_petitions
from dti_core.records.ranking import (
    ExemptionsOpen,
    OpenPoints,
    PolicyMissing,
    current,
    ranks,
)
from dti_core.records.rounds import DRAFT
from dti_core.records.scoring import scored_round
from dti_core.records.sign_off import draft_in_the_way, petitions_in_the_way, told_as_missing
from dti_core.records.sittings import sittings
from dti_core.records.sub_rounds import sub_rounds
from dti_core.scoring.total import scored_rows

_NAMED = 5
"""How many places of one kind are named; more than that are counted."""


Check = Callable[[Session, RoundContext], Iterator[str]]
"""What is missing of one kind, in words."""


class NotPublishable(Refused):
    """The result cannot be published yet. The text lists everything that is missing."""


class NotIssuable(Refused):
    """The decision cannot be recorded as issued yet. The text lists everything that is missing."""


def require_publishable(session: Session, context: RoundContext, day: date | None = None) -> None:
    """Refuse to draft a decision that could not stand. Raises NotPublishable with all reasons.

    day  the day that it is, for the period of petitions: today
    """
    if found := unpublishable(session, context, day):
        raise NotPublishable(_told(f"Chưa công bố được kết quả đợt {context.id}", found))


def require_issuable(session: Session, context: RoundContext, day: date | None = None) -> None:
    """Refuse to record a decision as issued. Raises NotIssuable with all reasons."""
    found = unpublishable(session, context, day)
    found += draft_in_the_way(session, context)
    if DRAFT in steps_of(context):
        state = approval_state(session, context, DRAFT)
        found += [told_as_missing(context, state)] if state.state != "valid" else []
    if found:
        raise NotIssuable(_told(f"Chưa ghi nhận ban hành được, đợt {context.id}", found))


def unpublishable(session: Session, context: RoundContext, day: date | None = None) -> list[str]:
    """Everything that stands before publication, in words, each with the command that mends it."""
    found: list[str] = []
    for check in (
        _frameworks,
        _policies,
        _flags,
        _exemptions,
        _differing,
        _handed_over,
        _sittings,
        _scores,
        _outdated_awards,
        _outdated_exempted,
        _petitions_on_exempted,
        _rows_without_points,
        _reasons,
        _ranking,
        _approvals,
        _after_issue,
        _petitions_on(day),
    ):
        try:
            found += check(session, context)
        except Refused as refusal:
            found.append(str(refusal))  # what keeps a check from being made is missing itself
    return list(dict.fromkeys(found))


def _petitions_on(day: date | None) -> Check:
    """It asks which day it is only where units may object: elsewhere publication hangs on none."""

    def check(session: Session, context: RoundContext) -> Iterator[str]:
        on = day or (today() if takes_petitions(context) else context.round.opens.on)
        return iter(petitions_in_the_way(session, context, on))

    return check


def _frameworks(_session: Session, context: RoundContext) -> Iterator[str]:
    for framework in context.frameworks.values():
        try:
            require_openable(framework)
        except Refused as refusal:
            yield f"{refusal}\n  Xem: dti frameworks check {framework.id}"


def _policies(_session: Session, context: RoundContext) -> Iterator[str]:
    for name in unset(context):
        yield (
            f"Chưa đặt chính sách “{name}” ({QUESTIONS[name]}): ghi khóa policies: {name} (value,"
            f" basis, decided_on) vào program.yaml của chương trình {context.program.id}, rồi chạy"
            f" lại: dti cycle {context.id}"
        )


def _flags(session: Session, context: RoundContext) -> Iterator[str]:
    flags = all_flags(session, context.id)
    for status, command in (
        (OPEN, f"nhận tệp giải trình, rồi: dti explain {context.id}"),
        (ANSWERED, f"dti explain {context.id} --accept|--refuse MÃ --reason LÝ_DO"),
    ):
        mine = [f for f in flags if f.status == status]
        if mine:
            places_ = _named(context, [(f.unit, f.criterion) for f in mine])
            yield f"Còn {len(mine)} nghi vấn {STATUS_TEXT[status]} ({places_}): {command}"


def _exemptions(session: Session, context: RoundContext) -> Iterator[str]:
    if open_ := exemptions.undecided(session, context.id):
        named = _named(context, [(e.unit, e.criterion) for e in open_])
        yield (
            f"Còn {len(open_)} đề xuất miễn đánh giá chưa quyết định ({named}): dti exemptions"
            f" {context.id}"
        )


def _differing(session: Session, context: RoundContext) -> Iterator[str]:
    open_ = [each for each in differing(session, context) if each.decision is None]
    if open_:
        named = _named(context, [(d.unit, d.criterion) for d in open_])
        yield (
            f"Còn {len(open_)} mục các nơi thẩm định cho điểm khác nhau, chưa có quyết định của"
            f" người chủ trì ({named}): dti appraise {context.id} --differing"
        )


def _outdated_awards(session: Session, context: RoundContext) -> Iterator[str]:
    """Opinions, a petition's among them, that the official points do not follow yet."""
    exempted = exemptions.granted(session, context.id)
    wanted = {
        pair: each.points
        for pair, each in official_rows(session, context).items()
        if pair not in exempted
    }
    recorded = {
        (a.unit, a.criterion): Fraction(a.points)
        for a in awards(session, context.id, APPRAISED)
        if a.points is not None
    }
    if stale := _unlike(wanted, recorded):
        yield (
            f"{len(stale)} mục có điểm chính thức chưa theo ý kiến thẩm định, kiến nghị mới nhất"
            f" ({_named(context, stale)}): dti appraise {context.id}, rồi dti rank {context.id}"
        )


def _scores(session: Session, context: RoundContext) -> Iterator[str]:
    """Points that no longer follow from figures and policies."""
    try:
        scored_round(session, context)
    except Refused as refusal:
        yield str(refusal)


def _outdated_exempted(session: Session, context: RoundContext) -> Iterator[str]:
    """Exempted rows that no longer have what the decisions and the others' points give them."""
    wanted = {
        (a["unit"], a["criterion"]): (a["points"], a["status"])
        for a in exempted_awards(session, context)
    }
    recorded = {
        (a.unit, a.criterion): (a.points, a.status) for a in awards(session, context.id, EXEMPTED)
    }
    if stale := _unlike(wanted, recorded):
        yield (
            f"{len(stale)} mục được miễn có điểm chưa theo quyết định và điểm thẩm định mới nhất"
            f" ({_named(context, stale)}): dti rank {context.id}"
        )


def _petitions_on_exempted(session: Session, context: RoundContext) -> Iterator[str]:
    exempted = exemptions.granted(session, context.id)
    lost = [
        (each.unit, each.criterion)
        for each in opinions(session, context.id)
        if each.verifier == PETITION and (each.unit, each.criterion) in exempted
    ]
    if lost:
        yield (
            f"{len(lost)} mục vừa được miễn vừa được chấp nhận kiến nghị về điểm"
            f" ({_named(context, lost)}): bỏ miễn (dti exemptions {context.id} ĐƠN_VỊ --refuse …)"
            f" hoặc quyết định lại kiến nghị (dti petition {context.id} --decide …)"
        )


def _handed_over(session: Session, context: RoundContext) -> Iterator[str]:
    for each in sub_rounds(session, context):
        if each.state != "handed_over":
            yield (
                f"Đợt thành phần {each.id} ({context.program.unit[each.parent].name}) chưa nộp kết"
                f" quả, hoặc có thay đổi sau khi nộp: dti approve {each.id} du-thao --as VAI_TRÒ,"
                f" rồi dti cycle {context.id}"
            )


def _sittings(session: Session, context: RoundContext) -> Iterator[str]:
    if context.program.appraisal.council is not None and not sittings(session, context.id):
        yield (
            f"Chưa ghi phiên họp nào của Hội đồng: dti council {context.id} --held NGÀY --present"
            " MÃ,MÃ --as VAI_TRÒ"
        )


def _unlike(wanted: Mapping[Pair, object], recorded: Mapping[Pair, object]) -> list[Pair]:
    """The rows that are recorded otherwise than they should be, or on one side only."""
    return [p for p in {**wanted, **recorded} if wanted.get(p) != recorded.get(p)]


def _rows_without_points(session: Session, context: RoundContext) -> Iterator[str]:
    official, left_out = official_awards(session, context), places(session, context)
    open_ = []
    for unit in context.units:
        if unit.id in left_out and left_out[unit.id].place == "not_evaluated":
            continue
        for criterion in context.framework_of(unit.id).criteria:
            for row in scored_rows(criterion):
                award = official.get((unit.id, row.code))
                settled = award is not None and (
                    award.points is not None or award.status == "not_assessed"
                )
                if row.max_points is not None and not settled:
                    open_.append((unit.id, row.code))
    if open_:
        yield (
            f"Còn {len(open_)} mục chưa có điểm chính thức ({_named(context, open_)}): nhập điểm"
            f" kèm lý do trong tệp thẩm định, rồi dti appraise {context.id}"
        )


def _reasons(session: Session, context: RoundContext) -> Iterator[str]:
    known = bases(session, context)
    bare = [
        (a.unit, a.criterion)
        for a in awards(session, context.id, APPRAISED)
        if a.points is not None
        and known.needs_reason((a.unit, a.criterion), Fraction(a.points))
        and not (a.reason or "").strip()
    ]
    if bare:
        yield (
            f"{len(bare)} mục có điểm thẩm định khác điểm tính mà không ghi lý do"
            f" ({_named(context, bare)}): ghi lý do trong tệp thẩm định, rồi dti appraise"
            f" {context.id}"
        )


def _ranking(session: Session, context: RoundContext) -> Iterator[str]:
    if not ranks(session, context.id):
        yield f"Chưa xếp hạng: dti rank {context.id}"
        return
    try:
        holds = current(session, context)
    except (PolicyMissing, ExemptionsOpen, OpenPoints):
        return  # each is a reason of its own above
    if not holds:
        yield (
            "Xếp hạng đã ghi không còn khớp với điểm chính thức và chính sách hiện nay: dti rank"
            f" {context.id}"
        )


def _approvals(session: Session, context: RoundContext) -> Iterator[str]:
    for step in steps_of(context):
        if step == DRAFT:  # what is drafted here is approved afterwards
            continue
        state = approval_state(session, context, step)
        if state.state != "valid":
            yield told_as_missing(context, state)


def _after_issue(session: Session, context: RoundContext) -> Iterator[str]:
    issue, changes = unannounced_changes(session, context)
    if issue is not None and changes:
        yield (
            f"Kết quả đã ban hành (văn bản số {issue.number}) nhưng nay khác ở {len(changes)} chỗ."
            f" Sau khi ban hành chỉ được sửa bằng đính chính: dti publish {context.id} --correct"
            " --reason LÝ_DO"
        )


def _named(context: RoundContext, pairs: list[tuple[str, str]]) -> str:
    shown = [f"{context.program.unit[unit].name} mục {code}" for unit, code in pairs[:_NAMED]]
    more = len(pairs) - _NAMED
    return ", ".join(shown) + (f" và {more} mục khác" if more > 0 else "")


def _told(head: str, reasons: list[str]) -> str:
    return f"{head}. Còn thiếu {len(reasons)} việc:" + "".join(f"\n- {each}" for each in reasons)
