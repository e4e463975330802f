"""A home, a database and a mail server for one round."""

import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

from tests.flows.kill_reminders import POSTGRES, serve
from tests.flows.kills.process import forget_connections, stop_all
from tests.flows.kills.program import write_program

SETTINGS = ("DTI_HOME", "DTI_DATABASE_URL", "DTI_CHANNEL")


@contextlib.contextmanager
def place(database: str) -> Iterator[Path]:
    """All empty but for the program's files; gives the folder that letters land in."""
    home = Path(tempfile.mkdtemp(prefix="dti-kill-"))
    before = {name: os.environ.get(name) for name in SETTINGS}
    os.environ["DTI_HOME"] = str(home)
    schema = f"dti_kill_{os.getpid()}"
    if database == "postgres":
        with psycopg.connect(POSTGRES, autocommit=True, connect_timeout=5) as connection:
            connection.execute(f'CREATE SCHEMA "{schema}"')
        os.environ["DTI_DATABASE_URL"] = f"{POSTGRES}?options=-csearch_path%3D{schema}"
    else:
        os.environ["DTI_DATABASE_URL"] = f"sqlite:///{home / 'dti.sqlite'}"
    server, os.environ["DTI_CHANNEL"] = serve(home / "mail")
    try:
        write_program(home)
        yield home / "mail"
    finally:
        stop_all()
        os.kill(server, signal.SIGTERM)
        os.waitpid(server, 0)
        forget_connections()
        if database == "postgres":
            with psycopg.connect(POSTGRES, autocommit=True, connect_timeout=5) as connection:
                connection.execute(f'DROP SCHEMA "{schema}" CASCADE')
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        shutil.rmtree(home, ignore_errors=True)
