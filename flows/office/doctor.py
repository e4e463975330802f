"""`dti doctor`: is this machine fit to run an evaluation? A check each, none stops the others."""

from collections.abc import Callable, Iterator, Sequence

from flows.office import checks_machine, checks_ways, checks_work
from flows.office.finding import Finding, fail

Check = Callable[[], Iterator[Finding]]

CHECKS: dict[str, Check] = {
    "phiên bản": checks_machine.versions,
    "cơ sở dữ liệu": checks_work.database,
    "người dùng": checks_work.people,
    "múi giờ": checks_machine.time_zone,
    "đồng hồ": checks_machine.clock_set,
    "nhật ký": checks_work.clock_and_events,
    "đĩa": checks_machine.disk,
    "phông chữ": checks_machine.fonts,
    "LibreOffice": checks_machine.libreoffice,
    "lịch nghỉ": checks_work.holidays,
    "khóa biểu mẫu": checks_work.workbook_key,
    "kênh gửi thư": checks_ways.channels,
    "Prefect": checks_ways.prefect,
}
"""What is looked at, in the order of the report."""


def examine(checks: dict[str, Check] | None = None) -> Sequence[Finding]:
    """What every check found. One that breaks is a failure of its own."""
    found: list[Finding] = []
    for name, check in (CHECKS if checks is None else checks).items():
        try:
            found += check()
        except Exception as error:  # a check that breaks must not hide the others
            found.append(
                fail(
                    name,
                    f"Không kiểm tra được ({type(error).__name__}: {error}). Nếu lặp lại, hãy gửi"
                    " dòng này cho người hỗ trợ.",
                )
            )
    return found


def is_fit(found: Sequence[Finding]) -> bool:
    """Whether nothing failed; a warning is to be read, not to stop for."""
    return all(each.level != "fail" for each in found)
