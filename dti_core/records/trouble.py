"""What a database or a disk says when it is away or full, in words that a person can act on.

Such an error is raised as the driver made it, so that whoever can wait tries again (`may_pass`); a
command that gives up shows `told` instead. Neither ever names a password.
"""

import errno
import shutil
from collections.abc import Iterator

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, NoSuchModuleError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from dti_core.framework.load import home
from dti_core.records.location import database_url

_FASTER = (
    "Người khác vừa ghi vào cùng đợt này trong lúc lệnh chạy. Lệnh chưa ghi gì; hãy xem lại rồi"
    " chạy lại."
)

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""No space left, a quota used up, a file larger than it may be."""

NEVER_PASSES = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError)

_WRONG = ("authentication failed", "no password supplied", "does not exist", "no pg_hba.conf entry")
"""What PostgreSQL says to an address that no waiting makes right."""

_MIB = 1 << 20


def may_pass(error: BaseException) -> bool:
    """Whether waiting can help: the database or the disk was away, busy or full for a moment."""
    if isinstance(error, OperationalError):
        return not any(words in str(error.orig) for words in _WRONG)
    return isinstance(error, OSError) and not isinstance(error, NEVER_PASSES)


def written_between(error: BaseException) -> bool:
    """Whether somebody else wrote the same between a transaction's look and its write: two that
    append to one audit chain cannot both be the next link, nor change a row that the other took
    away. The second has done nothing."""
    if isinstance(error, StaleDataError):
        return True
    said = str(error.orig) if isinstance(error, IntegrityError) else ""
    return "UNIQUE constraint failed" in said or "duplicate key value" in said


def told(error: BaseException) -> str | None:
    """What is wrong and what to do, in Vietnamese; None where the error is another kind of fault.

    Errors that it was raised from, or while handling of which, count as well.
    """
    for each in _chain(error):
        if isinstance(each, OSError) and each.errno in FULL:
            return _full(f"Ổ đĩa chứa {home()}", f" (còn trống {_free()})")
        if written_between(each):
            return _FASTER
        if isinstance(each, DBAPIError) and (words := _of_database(each)):
            return words
    return None


def broken_address(error: Exception) -> str:
    """What to say of a DTI_DATABASE_URL that is no address at all, without repeating it."""
    strange = isinstance(error, NoSuchModuleError | ModuleNotFoundError)
    what = "nêu loại cơ sở dữ liệu lạ" if strange else "không đọc được"
    return (
        f"Biến môi trường DTI_DATABASE_URL {what}. Hãy viết như"
        " postgresql://người_dùng:mật_khẩu@máy_chủ:5432/tên_cơ_sở_dữ_liệu (ký tự đặc biệt trong mật"
        " khẩu viết dạng %XX), hoặc bỏ biến để dùng tệp SQLite."
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or following.__context__


def _of_database(error: DBAPIError) -> str | None:
    said = str(error.orig)
    where = _where()
    if "disk is full" in said or "No space left" in said or _sqlstate(error) == "53100":
        free = f" (còn trống {_free()})" if where.startswith("tệp") else ""
        return _full(f"Ổ đĩa chứa cơ sở dữ liệu ({where})", free)
    if not isinstance(error, OperationalError):
        return None
    if "database is locked" in said:
        return (
            f"Cơ sở dữ liệu ({where}) đang bận: tiến trình khác ghi quá lâu. Chưa có gì được ghi"
            " dở; hãy đợi lệnh kia xong rồi chạy lại."
        )
    if "readonly database" in said or "unable to open database file" in said:
        return (
            f"Không ghi được cơ sở dữ liệu ({where}). Hãy kiểm tra quyền của tài khoản chạy phần"
            " mềm trên thư mục ấy và ổ đĩa còn gắn không, rồi chạy lại."
        )
    if "disk I/O error" in said:
        return (
            f"Ổ đĩa chứa cơ sở dữ liệu ({where}) không đọc, ghi được. Hãy kiểm tra ổ đĩa (đầy, lỏng"
            " cáp, mất kết nối mạng), rồi chạy lại; nếu vẫn lỗi, khôi phục bản sao lưu sang ổ khác."
        )
    if "authentication failed" in said or "no password supplied" in said:
        return (
            f"Cơ sở dữ liệu ({where}) không nhận tên hoặc mật khẩu trong DTI_DATABASE_URL. Hãy sửa"
            " lại rồi chạy lại; ký tự đặc biệt trong mật khẩu phải viết dạng %XX."
        )
    if "does not exist" in said and "database" in said:
        return (
            f"Máy chủ không có cơ sở dữ liệu mà DTI_DATABASE_URL nêu ({where}). Hãy tạo"
            " (createdb) hoặc sửa lại tên, rồi chạy lại."
        )
    if error.connection_invalidated or _is_connection(said):
        return (
            f"Mất kết nối tới cơ sở dữ liệu ({where}). Hãy kiểm tra máy chủ cơ sở dữ liệu và mạng,"
            " rồi chạy lại lệnh: việc dở dang đã được hủy trọn vẹn, việc đã ghi thì giữ nguyên."
        )
    return None


_LOST = (
    "connection failed",
    "connection refused",
    "could not connect",
    "could not translate host name",
    "failed to resolve host",
    "server closed the connection",
    "terminating connection",
    "the connection is lost",
    "the connection is closed",
    "consuming input failed",
    "connection timeout",
    "timeout expired",
    "the database system is",
)


def _is_connection(said: str) -> bool:
    return any(words in said.lower() for words in _LOST)


def _sqlstate(error: DBAPIError) -> str | None:
    state = getattr(error.orig, "sqlstate", None)
    return str(state) if state else None


def _where() -> str:
    """The database's place, without user and password."""
    url = make_url(database_url())
    if url.get_backend_name() == "sqlite":
        return f"tệp {url.database}"
    return f"máy chủ {url.host or 'trên máy này'}, cổng {url.port or 5432}, tên {url.database}"


def _full(what: str, free: str) -> str:
    return (
        f"{what} đã đầy{free}. Chưa có tệp hay bản ghi nào bị ghi dở. Hãy giải phóng chỗ (bản sao"
        " lưu cũ, nhật ký trong logs) hoặc thêm ổ đĩa, rồi chạy lại lệnh: việc đã ghi thì giữ"
        " nguyên, phần còn lại được làm tiếp."
    )


def _free() -> str:
    folder = home()
    while not folder.exists():
        folder = folder.parent
    return f"{shutil.disk_usage(folder).free // _MIB} MB"
