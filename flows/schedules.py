"""The schedules that a program's calendar asks for: pure data, known before any server is.

`dti deploy` registers them, prefect.yaml writes them down; both take them from here.

A round itself is run by `UNITS` or `PROVINCE`, which have no schedules: the scheduled flows only
wake it. Prefect 3.8 empties the parameters of a schedule that a person switches off or on, so a
scheduled flow that was given none finds its own by the schedule's slug (`of_slug`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from dateutil.rrule import rrulestr

from dti_core.clock import CIVIL_TIME
from dti_core.errors import Refused
from dti_core.program.load import load_program, load_round, program_ids
from dti_core.program.model import Program
from dti_core.program.recurring import reminder_days
from dti_core.program.timetable import NAMES, Event, Kind, timetable

WORK_POOL = "dti"
TIME_ZONE = "Asia/Ho_Chi_Minh"
NEXT_ROUND = "nhac-khai-dot"

TITLES: dict[Kind, str] = {
    "requests": "Bắt đầu đợt, gửi yêu cầu",
    "daily": "Nhận tệp, đôn đốc, gửi thư hằng ngày",
    "close": "Hết hạn gửi số liệu",
    "explanation": "Hết hạn giải trình",
    "hand_over": "Hết hạn nộp kết quả đợt thành phần",
    "appraisal": "Hết hạn thẩm định",
    "petitions": "Hết hạn kiến nghị",
    "publication": "Đến hạn công bố",
}
"""What an event does, for the officials who read the list."""


class NoSchedule(Refused):
    """No program's calendar has this schedule."""


class DoubleSlug(Refused):
    """Two schedules would be known by the same slug."""


@dataclass(frozen=True)
class Deployment:
    """A flow that a Prefect server runs for us: on schedules, by command or by an API call.

    flow        its name, which with `name` makes the deployment's: "danh-gia-don-vi/don-vi"
    entrypoint  where a worker finds it, as an importable name
    """

    name: str
    flow: str
    entrypoint: str
    description: str

    @property
    def full_name(self) -> str:
        return f"{self.flow}/{self.name}"


UNITS = Deployment(
    "don-vi",
    "danh-gia-don-vi",
    "flows.unit_cycle.unit_cycle",
    "Đợt xếp hạng đơn vị, từ yêu cầu đến dự thảo quyết định; tự treo ở chỗ chờ người và chạy tiếp"
    " sau dti approve. Lịch bat-dau-dot bắt đầu nó; cũng chạy được khi có yêu cầu.",
)
PROVINCE = Deployment(
    "chi-so-tinh",
    "danh-gia-chi-so-tinh",
    "flows.cycle.provincial_cycle",
    "Đợt phục vụ báo cáo chỉ số của tỉnh (2554/QĐ-UBND, mục VI.2), trên số liệu đã công bố hoặc do"
    " các cơ quan gửi đến; không xếp hạng ai.",
)
BEGIN = Deployment(
    "bat-dau-dot",
    "bat-dau-dot",
    "flows.daily.begin",
    "Đến ngày gửi yêu cầu: bắt đầu đợt bằng deployment của loại đợt ấy (don-vi, chi-so-tinh).",
)
DAILY = Deployment(
    "hang-ngay",
    "hang-ngay",
    "flows.daily.daily",
    "Đánh thức đợt mỗi ngày: nhận tệp, đôn đốc, gửi thư, dù đợt đang chờ ở bước nào.",
)
MILESTONE = Deployment(
    "moc-thoi-gian",
    "moc-thoi-gian",
    "flows.daily.milestone",
    "Một hạn của đợt đã qua: báo cơ quan chủ trì ai còn thiếu, việc gì còn mở, lệnh đi tiếp.",
)
YEARLY = Deployment(
    "nhac-khai-dot",
    "nhac-khai-dot",
    "flows.daily.next_round",
    "Nhắc khai đợt của năm trong program.yaml trước khi cửa sổ hằng năm của quyết định mở ra.",
)
DEPLOYMENTS = (UNITS, PROVINCE, BEGIN, DAILY, MILESTONE, YEARLY)


@dataclass(frozen=True)
class Schedule:
    """One schedule of a deployment.

    slug        what it is known by; it stays when its date moves, so that a pause stays too
    rule        iCalendar DTSTART and RRULE, in Viet Nam's time. It ends (UNTIL) with its event, so
                that what lies in the past gives no run. COUNT is not supported by Prefect.
    parameters  of the run that it starts
    title, basis  what happens, and the clause, decision or policy that sets the date
    """

    deployment: Deployment
    slug: str
    rule: str
    parameters: dict[str, str] = field(hash=False)
    title: str
    basis: str

    @property
    def program_id(self) -> str:
        return program_of(self.parameters)

    @property
    def about(self) -> str:
        """The round, or the program of a yearly reminder."""
        return self.parameters.get("round_id") or self.parameters["program_id"]

    def next_after(self, moment: datetime) -> datetime | None:
        """Its first time at or after a moment; None where it lies in the past."""
        local = moment.astimezone(CIVIL_TIME).replace(tzinfo=None)
        found = self._times.after(local, inc=True)
        return found.replace(tzinfo=CIVIL_TIME) if found else None

    @cached_property
    def _times(self):  # type: ignore[no-untyped-def]
        return rrulestr(self.rule)


def program_of(parameters: dict[str, str]) -> str:
    """The program that a schedule belongs to, by the parameters of its runs; "" where to none."""
    return parameters.get("program_id") or parameters.get("round_id", "").partition("/")[0]


def schedules(programs: Sequence[str] | None = None) -> tuple[Schedule, ...]:
    """The schedules of the programs named, else of all that there are, in a stable order.

    Raises UnknownRound for a program that is not there, UnknownYear or UnsettledDay where a
    deadline moves with days off that are not known, DoubleSlug.
    """
    found: list[Schedule] = []
    for each in program_ids() if programs is None else programs:
        program = load_program(each)
        found += (of_event(event) for event in timetable(program))
        found += _yearly(program)
    _refuse_doubles(found)
    return tuple(found)


def of_slug(slug: str) -> Schedule:
    """The schedule known by a slug. Raises NoSchedule where no calendar has it any more."""
    for each in schedules():
        if each.slug == slug:
            return each
    raise NoSchedule(
        f"Lịch {slug!r} không còn trong chương trình nào. Hãy chạy dti deploy để bỏ nó khỏi máy"
        " chủ."
    )


def of_event(event: Event) -> Schedule:
    """The schedule that makes an event of the timetable happen."""
    parameters = {"round_id": event.round_id}
    if event.kind == "requests":
        deployment = BEGIN
    elif event.kind == "daily":
        deployment = DAILY
    else:
        deployment = MILESTONE
        parameters["kind"] = event.kind
    last = event.last or event.starts.astimezone(CIVIL_TIME).date()
    return Schedule(
        deployment,
        event.slug,
        _rule("DAILY", event.starts, last),
        parameters,
        TITLES[event.kind],
        event.basis,
    )


def cycle_of(round_id: str) -> Deployment:
    """The deployment that runs a round: of the province's own index, or one that ranks units."""
    round_ = load_round(round_id).round
    return PROVINCE if round_.own_index or round_.data else UNITS


def _yearly(program: Program) -> Iterator[Schedule]:
    for each in program.recurring:
        for ahead, day in reminder_days(each):
            first = datetime.combine(day, program.timetable.at, CIVIL_TIME)
            yield Schedule(
                YEARLY,
                f"{program.id}-{NEXT_ROUND}-{each.id}-{ahead}",
                _rule("YEARLY", first, None),
                {"program_id": program.id, "window": each.id},
                f"Nhắc khai đợt (còn {ahead} ngày): {each.title}",
                each.basis,
            )


def _rule(frequency: str, first: datetime, last: date | None) -> str:
    local = first.astimezone(CIVIL_TIME)
    until = "" if last is None else f";UNTIL={_stamp(datetime.combine(last, local.time()))}"
    return f"DTSTART:{_stamp(local)}\nRRULE:FREQ={frequency}{until}"


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%S}"


def _refuse_doubles(found: Iterable[Schedule]) -> None:
    seen: dict[str, str] = {}
    for each in found:
        other = seen.setdefault(each.slug, each.about)
        if other != each.about:
            raise DoubleSlug(
                f"Lịch của {each.about} và của {other} trùng tên {each.slug!r}. Hãy đổi mã một đợt"
                " hoặc một chương trình trong program.yaml."
            )


def kind_named(kind: str) -> Kind:
    """Raises Refused for an event that the timetable does not know."""
    for known in NAMES:
        if known == kind:
            return known
    raise Refused(f"Không có mốc {kind!r}. Có: {', '.join(NAMES)}.")
