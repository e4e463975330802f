"""`dti doctor`: what the office works on. Records, audit chain, calendar, key."""

import os
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from dti_core.clock import CIVIL_TIME, now
from dti_core.errors import Refused
from dti_core.framework.load import home
from dti_core.records import sqlite_copy
from dti_core.records.backup import sqlite_file
from dti_core.records.location import database_url, latest_revision
from flows.office.finding import Finding, fail, ok, warn

NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "glusterfs", "ceph"}
"""File systems on which SQLite's locks and its write-ahead log do not hold (sqlite.org/wal.html:
"WAL does not work over a network filesystem")."""
AHEAD = timedelta(minutes=5)
"""How far the newest event may lie ahead of the clock: two machines on one database differ."""


def database() -> Iterator[Finding]:
    """Reachable, on the newest schema; SQLite on a disk of this machine, in WAL."""
    url = database_url()
    file = sqlite_file(url)
    if file is None:
        yield from _postgres(url)
        return
    name = "cơ sở dữ liệu"
    system = file_system(file)
    if system in NETWORK:
        yield fail(
            name,
            f"{file} nằm trên ổ mạng ({system}): SQLite không khóa được ở đó và có thể hỏng. Hãy"
            " chuyển DTI_HOME về đĩa của máy, hoặc dùng PostgreSQL (DTI_DATABASE_URL).",
        )
    if not file.is_file():
        yield warn(name, f"Chưa có cơ sở dữ liệu ở {file}; lệnh đầu tiên ghi vào sẽ tạo.")
        return
    yield _schema(sqlite_copy.revision(file), str(file))
    mode = sqlite_copy.journal_mode(file)
    if mode == "wal":
        yield ok(name, "SQLite ở chế độ WAL: đọc được trong lúc có người ghi.")
    else:
        yield warn(name, f"SQLite ở chế độ {mode}; lệnh dti kế tiếp sẽ chuyển sang WAL.")


def _postgres(url: str) -> Iterator[Finding]:
    import psycopg

    from dti_core.records import postgres_copy

    name = "cơ sở dữ liệu"
    try:
        found = postgres_copy.standing(url)
    except psycopg.OperationalError as error:
        yield fail(
            name,
            f"Không kết nối được PostgreSQL ({str(error).strip()}). Hãy xem máy chủ có chạy không"
            " và DTI_DATABASE_URL có đúng không.",
        )
        return
    if found.empty:
        yield warn(name, f"Lược đồ {found.schema} còn trống; lệnh đầu tiên ghi vào sẽ tạo bảng.")
    else:
        yield _schema(found.revision, f"PostgreSQL, lược đồ {found.schema}")


def _schema(revision: str | None, where: str) -> Finding:
    name, newest = "cơ sở dữ liệu", latest_revision()
    if revision == newest:
        return ok(name, f"{where}: cấu trúc {revision}, mới nhất.")
    if revision is None:
        return fail(name, f"{where}: không phải cơ sở dữ liệu của dti. Hãy xem DTI_DATABASE_URL.")
    if int(revision) > int(newest):
        return fail(
            name,
            f"{where}: cấu trúc {revision} mới hơn phần mềm này ({newest}). Hãy cài phiên bản dti"
            " mới hơn; đừng ghi gì bằng phiên bản này.",
        )
    return warn(
        name,
        f"{where}: cấu trúc {revision}, phần mềm cần {newest}. Hãy sao lưu (dti backup); lệnh kế"
        " tiếp ghi vào cơ sở dữ liệu sẽ tự nâng cấp.",
    )


def people() -> Iterator[Finding]:
    """Who may change records; with people registered, whether this machine acts as an operator."""
    name = "người dùng"
    if not _is_newest():
        yield ok(name, "Chưa xem được: cơ sở dữ liệu chưa có hoặc chưa ở cấu trúc mới nhất.")
        return
    from dti_core.records.database import session
    from dti_core.records.people import office_told
    from dti_core.records.rights import acting_person, is_closed

    with session() as records:
        told, closed = office_told(records), is_closed(records)
        person = acting_person(records) if closed else None
    if not closed:
        yield warn(name, told)
    elif person is None or "operator" not in person.roles:
        yield warn(
            name,
            f"{told} Ở đây chưa có mã của người vận hành, nên dti up và các lịch không ghi được gì."
            " Hãy cấp một mã riêng cho máy chủ (dti people add … --role operator) và đặt"
            " DTI_TOKEN_FILE.",
        )
    else:
        yield ok(name, f"{told} Lệnh chạy ở đây ghi tên: {person.name}.")


def _is_newest() -> bool:
    url = database_url()
    file = sqlite_file(url)
    if file is not None:
        return file.is_file() and sqlite_copy.revision(file) == latest_revision()
    from dti_core.records import postgres_copy

    return bool(postgres_copy.standing(url).revision == latest_revision())


def clock_and_events() -> Iterator[Finding]:
    """A clock that jumped back: the records know a later moment."""
    name = "nhật ký"
    url = database_url()
    file = sqlite_file(url)
    if file is not None:
        at = sqlite_copy.newest_event(file) if file.is_file() else None
    else:
        from dti_core.records import postgres_copy

        at = postgres_copy.newest_event(url)
    if at is None:
        yield ok(name, "Nhật ký chưa có sự kiện nào.")
        return
    moment = datetime.fromisoformat(at)
    told = f"{moment.astimezone(CIVIL_TIME):%H:%M ngày %d/%m/%Y}"
    if moment - now() > AHEAD:
        yield fail(
            name,
            f"Sự kiện mới nhất ghi lúc {told}, sau giờ của máy"
            f" ({now().astimezone(CIVIL_TIME):%H:%M ngày %d/%m/%Y}): đồng hồ đã lùi, hoặc lúc ghi"
            " nó chạy nhanh. Hãy chỉnh đồng hồ trước khi nhận tệp: hạn nộp tính theo đồng hồ này.",
        )
    else:
        yield ok(name, f"Sự kiện mới nhất lúc {told}, không sau giờ của máy.")


def holidays() -> Iterator[Finding]:
    """The days off of the years in which open rounds have their deadlines, and of the next."""
    from dti_core.program.calendar import day_off
    from dti_core.program.load import load_round, round_ids
    from dti_core.program.timetable import events_of_round

    name = "lịch nghỉ"
    known: list[int] = []
    years = {now().astimezone(CIVIL_TIME).year}
    for round_id in round_ids():
        try:
            events = events_of_round(load_round(round_id))
        except Refused as refusal:
            yield warn(name, f"Đợt {round_id}: {refusal}")
            continue
        years |= {each.starts.year for each in events}
        years |= {each.last.year for each in events if each.last}
    for year in sorted(years):
        try:
            day_off(datetime(year, 1, 1, tzinfo=CIVIL_TIME).date())
            known.append(year)
        except Refused as refusal:
            yield warn(name, str(refusal))
    if known:
        yield ok(name, f"Có lịch nghỉ lễ, Tết các năm {', '.join(map(str, known))}.")


def workbook_key() -> Iterator[Finding]:
    """The key that signs workbooks: there, long enough, and nobody else's to read."""
    from dti_core.intake.signature import FILE, VARIABLE, NoKey, require_key

    name = "khóa biểu mẫu"
    file = home() / FILE
    if os.environ.get(VARIABLE):
        yield _usable(name, f"Khóa ở biến môi trường {VARIABLE}; nhớ cất riêng một bản.")
        return
    if not file.exists():
        yield ok(name, f"Chưa có khóa; được tạo ở {file} khi gửi biểu mẫu đầu tiên.")
        return
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & 0o077:
        yield fail(
            name,
            f"Người khác trên máy đọc được khóa {file} (quyền {mode:o}): ai có khóa làm giả được"
            f" biểu mẫu. Hãy chạy: chmod 600 {file}",
        )
        return
    try:
        require_key()
    except NoKey as refusal:
        yield fail(name, str(refusal))
        return
    yield ok(name, f"Khóa ở {file}, chỉ người chạy dti đọc được.")


def _usable(name: str, text: str) -> Finding:
    from dti_core.intake.signature import NoKey, require_key

    try:
        require_key()
    except NoKey as refusal:
        return fail(name, str(refusal))
    return ok(name, text)


def file_system(path: Path) -> str | None:
    """The kind of file system that a path lies on, as the kernel names it; None where unknown."""
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    best, kind = "", None
    real = str(path.resolve())
    for line in mounts.splitlines():
        _, where, system, *_ = line.split(" ")
        point = where.replace("\\040", " ")
        inside = real == point or real.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, system
    return kind
