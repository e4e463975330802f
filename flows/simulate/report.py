"""The report of simulated years, in Markdown: what ended how, and what was seen week by week."""

from collections.abc import Iterable, Iterator, Sequence

from flows.simulate.check import Ended
from flows.simulate.outcome import Outcome
from flows.simulate.week import Seen, monday_of

SAMPLE = (
    "> **MẪU.** Đơn vị, số liệu và cách xử sự của mọi người trong báo cáo này do phần mềm đặt ra"
    " (`flows/simulate/habits.yaml`); không phải kết quả, cũng không phải nhận xét về bất kỳ cơ"
    " quan nào."
)
HOW = {"prefect": "qua Prefect", "stages": "qua các hàm của từng bước, không có Prefect"}


def report(outcomes: Sequence[Outcome], command: str) -> str:
    """The whole report; the weekly view is that of the first outcome."""
    first = outcomes[0]
    lines = [
        f"# Năm {first.year} của chương trình {first.program} trên đồng hồ mô phỏng",
        "",
        SAMPLE,
        "",
        f"Sinh bởi: `{command}`",
        "",
        *_seeds(outcomes),
        "",
        *_unexplained(outcomes),
        "",
        f"## Kết thúc năm, hạt giống {first.seed} ({HOW[first.through]})",
        "",
        *_ends(first.rounds),
        "",
        *_never(first.rounds),
        *_notes(first),
        f"## Từng tuần, hạt giống {first.seed}",
        "",
        *_weeks(first),
    ]
    return "\n".join(lines).rstrip() + "\n"


def seeds_row(each: Outcome) -> str:
    """One seed as a row of the table of seeds."""
    rounds = each.rounds
    cells = (
        each.seed,
        HOW[each.through].partition(",")[0],
        sum(each.events.values()),
        sum(r.passes for r in rounds),
        sum(r.requests for r in rounds),
        sum(r.in_time for r in rounds),
        sum(r.late for r in rounds),
        sum(len(r.never) for r in rounds),
        sum(r.set_aside for r in rounds),
        each.mails,
        sum(_reminders(r) for r in rounds),
        sum(r.approvals for r in rounds),
        sum(r.refused_approvals for r in rounds),
        sum(r.papers for r in rounds),
        sum(len(r.unexplained) for r in rounds),
        f"{each.seconds:.0f}",
        f"{each.processor:.0f}",
    )
    return _row(cells)


SEEDS_HEAD = (
    "hạt giống",
    "cách chạy",
    "sự kiện của lịch",
    "lượt chạy chu trình",
    "yêu cầu",
    "đúng hạn",
    "muộn",
    "không gửi",
    "tệp để riêng",
    "thư",
    "trong đó thư nhắc",
    "xác nhận",
    "xác nhận bị từ chối vì nội dung đã đổi",
    "văn bản",
    "điều không giải thích được",
    "giây",
    "giây bộ xử lý",
)


def _seeds(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield f"## {len(outcomes)} lần chạy"
    yield ""
    yield _row(SEEDS_HEAD)
    yield _rule(len(SEEDS_HEAD))
    yield from (seeds_row(each) for each in outcomes)
    versions = sorted({each.software for each in outcomes})
    if len(versions) > 1:
        yield ""
        yield (
            f"Các hạt giống chạy trên {len(versions)} bản khác nhau của phần mềm"
            f" ({', '.join(versions)})."
        )


def _unexplained(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield "## Điều không giải thích được"
    yield ""
    found = [
        f"- hạt giống {each.seed}, {round_.round_id}: {words}"
        for each in outcomes
        for round_ in each.rounds
        for words in round_.unexplained
    ]
    yield from found or ["Không có: mỗi thư, mỗi tệp để riêng, mỗi xác nhận đều có nguyên nhân."]


def _ends(rounds: Iterable[Ended]) -> Iterator[str]:
    head = [
        "đợt",
        "yêu cầu",
        "đúng hạn",
        "muộn",
        "không gửi",
        "thư theo loại",
        "xếp hạng",
        "văn bản",
        "xác nhận",
    ]
    yield _row(head)
    yield _rule(len(head))
    for each in rounds:
        kinds = ", ".join(f"{KINDS.get(kind, kind)} {n}" for kind, n in each.kinds.items())
        yield _row(
            (
                each.round_id,
                each.requests,
                each.in_time,
                each.late,
                len(each.never),
                kinds or "không có",
                each.ranked,
                each.papers,
                each.approvals,
            )
        )


def _never(rounds: Iterable[Ended]) -> Iterator[str]:
    found = [f"- {each.round_id}: {words}" for each in rounds for words in each.never]
    if found:
        yield "Nơi không gửi biểu mẫu trong suốt đợt, và cách xử lý theo chính sách:"
        yield ""
        yield from found
        yield ""


def _notes(outcome: Outcome) -> Iterator[str]:
    if outcome.notes:
        yield "Đáng chú ý:"
        yield ""
        yield from (f"- {at:%d/%m/%Y}, {of}: {words}" for at, of, words in outcome.notes)
        yield ""


def _weeks(outcome: Outcome) -> Iterator[str]:
    head = [
        "tuần từ",
        "đúng hạn",
        "muộn",
        "chưa gửi",
        "thư nhắc",
        "mọi thư",
        "lỗi",
        "cảnh báo",
        "chờ giải trình",
        "chờ cán bộ",
        "đợt đang chờ",
        "xác nhận trong tuần",
        "văn bản",
    ]
    for each in outcome.rounds:
        mine = [week for week in outcome.weeks if week.round_id == each.round_id]
        if not mine:
            continue
        yield f"### {each.title} (`{each.round_id}`)"
        yield ""
        yield _row(head)
        yield _rule(len(head))
        yield from (_week(week) for week in _changing(mine))
        yield ""


def _changing(weeks: Sequence[Seen]) -> Iterator[Seen]:
    """The weeks in which something was other than in the week before."""
    before: dict[str, object] = {}
    for week in weeks:
        now = {k: v for k, v in vars(week).items() if k != "until"}
        if now != before:
            yield week
        before = now


def _week(week: Seen) -> str:
    return _row(
        (
            f"{monday_of(week.until):%d/%m/%Y}",
            week.in_time,
            week.late,
            week.missing,
            week.reminded,
            week.sent,
            week.fatal,
            week.warnings,
            week.asked,
            week.answered,
            week.waits,
            ", ".join(week.approved),
            week.papers,
        )
    )


def _reminders(each: Ended) -> int:
    from flows.simulate.week import REMINDERS

    return sum(number for kind, number in each.kinds.items() if kind in REMINDERS)


KINDS = {
    "request": "yêu cầu",
    "before": "nhắc trước hạn",
    "remind": "nhắc quá hạn",
    "escalate": "báo lãnh đạo đơn vị",
    "digest": "bản tổng hợp",
    "receipt": "phiếu tiếp nhận",
    "explain": "đề nghị giải trình",
    "extension": "gia hạn",
    "appraise": "tệp thẩm định",
    "remind-appraise": "nhắc thẩm định",
    "appraise-refused": "trả tệp thẩm định",
    "provisional": "kết quả dự kiến",
    "result": "kết quả",
    "milestone": "báo mốc",
    "sub_round": "giao đợt thành phần",
    "sub_round_remind": "nhắc đợt thành phần",
}


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |"


def _rule(columns: int) -> str:
    return "|" + " --- |" * columns
