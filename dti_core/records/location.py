"""Where the records live, and which schema they should have."""

import os
from pathlib import Path

from dti_core.framework.load import home

MIGRATIONS = Path(__file__).parent / "migrations"


def database_url() -> str:
    """Where the records live."""
    url = os.environ.get("DTI_DATABASE_URL")
    if url:
        # the only PostgreSQL driver that ships with the product
        return url.replace("postgresql://", "postgresql+psycopg://", 1)
    return f"sqlite:///{home() / 'dti.sqlite'}"


def latest_revision() -> str:
    """The newest migration, by file name, without importing Alembic."""
    return sorted(MIGRATIONS.glob("versions/[0-9]*.py"))[-1].name.split("_")[0]
