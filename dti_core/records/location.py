"""Where the records live, and which schema they should have."""

import os
from pathlib import Path

from dti_core.errors import Refused
from dti_core.framework.load import home
from dti_core.records.belongings import JOURNAL

MIGRATIONS = Path(__file__).parent / "migrations"


class HalfRestored(Refused):
    """A restore was broken off, and what there is is neither the old nor the new."""


def database_url() -> str:
    """Where the records live. Raises HalfRestored."""
    if (home() / JOURNAL).exists():
        raise HalfRestored(
            f"Một lần khôi phục vào {home()} bị ngắt giữa chừng. Hãy chạy lại đúng lệnh dti restore"
            " ấy cho xong rồi mới dùng tiếp; dữ liệu cũ vẫn còn nguyên."
        )
    return configured_url()


def configured_url() -> str:
    """The same for the restore itself."""
    url = os.environ.get("DTI_DATABASE_URL")
    if url:
        # the only PostgreSQL driver that ships with the product
        return url.replace("postgresql://", "postgresql+psycopg://", 1)
    return f"sqlite:///{home() / 'dti.sqlite'}"


def latest_revision() -> str:
    """The newest migration, by file name, without importing Alembic."""
    return sorted(MIGRATIONS.glob("versions/[0-9]*.py"))[-1].name.split("_")[0]
