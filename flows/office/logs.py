"""The log files of an office's server, under DTI_HOME/logs: each of its own size, old ones kept."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from dti_core.framework.load import home

SIZE = 5_000_000
"""Bytes after which a log file is put aside and a new one begun."""
KEPT = 5
"""How many that were put aside are kept."""


def log_path(name: str) -> Path:
    return home() / "logs" / f"{name}.log"


def logger(name: str, form: str = "%(message)s") -> logging.Logger:
    """A logger that writes to the log file of this name, and nowhere else."""
    found = logging.getLogger(f"dti.office.{name}")
    if not found.handlers:
        log_path(name).parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            log_path(name), maxBytes=SIZE, backupCount=KEPT, encoding="utf-8"
        )
        handler.setFormatter(logging.Formatter(form))
        found.addHandler(handler)
        found.setLevel(logging.INFO)
        found.propagate = False
    return found
