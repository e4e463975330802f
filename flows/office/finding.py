"""What one check of `dti doctor` found."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """One line of the report.

    check  which check, as a word that does not change
    text   what was found, in Vietnamese; where it is not well, also what to do
    """

    check: str
    level: Level
    text: str


def ok(check: str, text: str) -> Finding:
    return Finding(check, "ok", text)


def warn(check: str, text: str) -> Finding:
    return Finding(check, "warn", text)


def fail(check: str, text: str) -> Finding:
    return Finding(check, "fail", text)
