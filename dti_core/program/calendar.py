"""Working days in Viet Nam, and the day on which a round's collection really closes.

What the law fixes is in `holidays/law.yaml`; what the yearly notice fixes (Bộ luật Lao động 2019,
Điều 112, khoản 3) is in a file a year, each date with its notice. A year without a file is refused,
never reckoned: the Prime Minister chooses the days of Tết and the day beside National Day.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, StrictBool, StrictInt, model_validator

from dti_core.clock import CIVIL_TIME
from dti_core.errors import Refused
from dti_core.framework.load import home
from dti_core.framework.rules import Strict
from dti_core.program.model import Program, Round
from dti_core.strict_yaml import Document

SHIPPED = Path(__file__).parent / "holidays"
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
TET_DAYS = 5  # Bộ luật Lao động 2019, Điều 112, khoản 1, điểm b


class UnknownYear(Refused):
    """A year's holidays are not in the data. The text says which file to write."""


class UnsettledDay(Refused):
    """Whether a day is worked was not known when its year's file was written."""


class Based(Strict):
    """Something with the document that it rests on."""

    basis: str = Field(min_length=1)


class Weekend(Based):
    """The weekly days off, 1 Monday … 7 Sunday."""

    days: tuple[Annotated[StrictInt, Field(ge=1, le=7)], ...]


class Fixed(Based):
    """A holiday on the same day every year. `made_up`: falling on a weekend, it moves on."""

    month: StrictInt
    day: StrictInt
    name: str
    since: date | None = None
    made_up: StrictBool = True


class Law(Strict):
    """What holds every year."""

    weekend: Weekend
    make_up: Based
    fixed: tuple[Fixed, ...]


class Days(Based):
    """Consecutive days off."""

    days: tuple[date, ...]

    @model_validator(mode="after")
    def _consecutive(self) -> "Days":
        first = self.days[0] if self.days else None
        if first is None or self.days != tuple(
            first + timedelta(days=n) for n in range(len(self.days))
        ):
            raise ValueError("phải là những ngày liền nhau, theo thứ tự")
        return self


class Day(Based):
    """One day off."""

    on: date


class Swap(Based):
    """A working day off for a day of the weekend worked (hoán đổi ngày làm việc).

    Over the turn of a year it stands in the files of both.
    """

    off: date
    works: date


class Unsettled(Strict):
    """A day of which it was not known whether it is worked."""

    on: date
    why: str


class NoticedYear(Strict):
    """What the notices of one year fix."""

    year: StrictInt
    tet: Days
    hung_kings: Day
    beside_national_day: Day
    swaps: tuple[Swap, ...] = ()
    unsettled: tuple[Unsettled, ...] = ()

    @model_validator(mode="after")
    def _as_the_law_says(self) -> "NoticedYear":
        if len(self.tet.days) != TET_DAYS:
            raise ValueError(f"Tết Âm lịch phải có {TET_DAYS} ngày (Điều 112, khoản 1, điểm b)")
        for day in (*self.tet.days, self.hung_kings.on):
            if day.year != self.year:
                raise ValueError(f"ngày {day:%d/%m/%Y} không thuộc năm {self.year}")
        for swap in self.swaps:
            if self.year not in (swap.off.year, swap.works.year):
                raise ValueError(f"hoán đổi ngày {swap.off:%d/%m/%Y} không thuộc năm {self.year}")
        beside = self.beside_national_day.on
        if beside not in (date(self.year, 9, 1), date(self.year, 9, 3)):
            raise ValueError("ngày nghỉ liền kề Quốc khánh phải là 01/9 hoặc 03/9")
        return self


@dataclass(frozen=True)
class Closing:
    """The day on which a round's collection closes.

    stated  the day that the program's round names
    note    what an official should know about it, in Vietnamese; empty where there is nothing
    """

    on: date
    stated: date
    note: str = ""


def closing_of(program: Program, round_: Round) -> Closing:
    """Where the round closes once its day is moved as the program decided.

    Raises UnknownYear, UnsettledDay where the policy moves days and the calendar does not say.
    """
    stated = round_.closes.on
    policy = program.policies.deadline_on_day_off
    if policy is None:
        return Closing(
            stated,
            stated,
            "Chưa đặt chính sách “deadline_on_day_off” (hạn rơi vào ngày nghỉ thì tính thế nào):"
            f" hạn giữ nguyên {_day(stated)}{_off_hint(stated)}.",
        )
    if policy.value == "keep":
        return Closing(stated, stated)
    on = next_working_day(stated)
    if on == stated:
        return Closing(stated, stated)
    return Closing(
        on,
        stated,
        f"Hạn {_day(stated)} là ngày nghỉ ({day_off(stated)}) nên chuyển sang {_day(on)}"
        f" ({policy.basis}).",
    )


def next_working_day(day: date) -> date:
    """The day itself where it is worked, else the first working day after it."""
    while day_off(day):
        day += timedelta(days=1)
    return day


def day_off(day: date) -> str | None:
    """Why a day is off, with its basis; None for a working day.

    Raises UnknownYear, UnsettledDay.
    """
    return _year(day.year, _shelf()).why_off(day)


def local_day(moment: str) -> date:
    """The day in Viet Nam of a recorded moment (ISO 8601, UTC)."""
    return datetime.fromisoformat(moment).astimezone(CIVIL_TIME).date()


class _Calendar:
    """One year: every day off with its reason, and the weekend days that are worked."""

    def __init__(self, law: Law, noticed: NoticedYear, file: Path) -> None:
        self._weekend = {day - 1 for day in law.weekend.days}
        self._works = {swap.works for swap in noticed.swaps}
        self._unsettled = {one.on: one.why for one in noticed.unsettled}
        self._file = file
        year = noticed.year
        off: dict[date, str] = {}
        moving: list[date] = []
        for one in law.fixed:
            day = date(year, one.month, one.day)
            if one.since is None or day >= one.since:
                off[day] = f"{one.name}, {one.basis}"
                moving += [day] if one.made_up else []
        for name, days, basis in (
            ("Tết Âm lịch", noticed.tet.days, noticed.tet.basis),
            ("Giỗ Tổ Hùng Vương", (noticed.hung_kings.on,), noticed.hung_kings.basis),
            ("Quốc khánh", (noticed.beside_national_day.on,), noticed.beside_national_day.basis),
        ):
            off |= dict.fromkeys(days, f"{name}, {basis}")
            moving += days
        off |= {swap.off: f"hoán đổi ngày làm việc, {swap.basis}" for swap in noticed.swaps}
        for day in sorted(moving):
            if day.weekday() in self._weekend:
                instead = day
                while instead in off or instead.weekday() in self._weekend:
                    instead += timedelta(days=1)
                off[instead] = f"nghỉ bù ngày {day:%d/%m}, {law.make_up.basis}"
        self._off = off
        self._weekend_basis = law.weekend.basis

    def why_off(self, day: date) -> str | None:
        if day in self._unsettled:
            raise UnsettledDay(
                f"Chưa biết {_day(day)} là ngày nghỉ hay ngày làm việc: {self._unsettled[day]}. Khi"
                f" có văn bản, hãy ghi vào tệp {home() / 'holidays' / f'{day.year}.yaml'} (chép từ"
                f" {self._file}) rồi bỏ dòng unsettled."
            )
        if day in self._off:
            return self._off[day]
        if day.weekday() in self._weekend and day not in self._works:
            return f"ngày nghỉ hằng tuần, {self._weekend_basis}"
        return None


def _shelf() -> tuple[Path, ...]:
    """Where years are looked up: the office's own folder wins over what ships."""
    return (home() / "holidays", SHIPPED)


def _year(year: int, shelf: tuple[Path, ...]) -> _Calendar:
    law = _find("law.yaml", shelf)
    file = _find(f"{year}.yaml", shelf)
    if file is None or law is None:
        known = sorted({each.stem for folder in shelf for each in folder.glob("[0-9]*.yaml")})
        raise UnknownYear(
            f"Chưa có lịch nghỉ lễ, Tết năm {year} (có: {', '.join(known)}). Ngày nghỉ do thông báo"
            f" hằng năm định, không tự tính được: hãy viết tệp {shelf[0] / f'{year}.yaml'} theo mẫu"
            f" {SHIPPED / f'{known[-1]}.yaml'}, mỗi ngày kèm số văn bản."
        )
    stamps = (law.stat().st_mtime_ns, file.stat().st_mtime_ns)
    return _read(year, law, file, stamps)


@lru_cache(maxsize=32)
def _read(year: int, law: Path, file: Path, _stamps: tuple[int, int]) -> _Calendar:
    """A year as its files stand; `_stamps` makes an edited file another one."""
    document = Document(file)
    noticed = document.parse(NoticedYear)
    if noticed.year != year:
        raise document.error(("year",), f"year phải là {year}, như tên tệp")
    return _Calendar(Document(law).parse(Law), noticed, file)


def _find(name: str, shelf: tuple[Path, ...]) -> Path | None:
    return next((folder / name for folder in shelf if (folder / name).is_file()), None)


def _off_hint(day: date) -> str:
    """Says that a kept deadline is a day off, where the calendar knows it."""
    try:
        why = day_off(day)
    except Refused:
        return ""
    return f", dù là ngày nghỉ ({why})" if why else ""


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day:%d/%m/%Y}"
