"""Tokens: what a person shows to be known by. Made at random, handed over once, kept as a digest.

A token holds 256 random bits: nobody finds it by trying, so that a slow hash (scrypt, Argon2: made
for passwords that people choose) would make every command slower and no token safer. SHA-256 over
a salt of the person's own and the token is enough (NIST SP 800-63B, 5.1.2: look-up secrets of at
least 112 bits need no slow hash).
"""

import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from dti_core.errors import Refused

TOKEN, TOKEN_FILE = "DTI_TOKEN", "DTI_TOKEN_FILE"
"""The environment variables that hold the token of whoever runs the command, or name its file."""

PREFIX = "dti_"
"""What a token begins with, so that one that got into a mail or a log is known for one."""

_acting: ContextVar[str | None] = ContextVar("dti_token", default=None)


class UnreadableToken(Refused):
    """The file with the token is not there, or others may read it. The text says which."""


def new_token() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def new_salt() -> str:
    return secrets.token_hex(16)


def digest(salt: str, token: str) -> str:
    """What the records keep of a token."""
    return hashlib.sha256(f"{salt}:{token}".encode()).hexdigest()


def fits(token: str, salt: str, kept: str) -> bool:
    """Whether it is the token of this digest; takes the same time wherever the two differ."""
    return hmac.compare_digest(digest(salt, token), kept)


@contextmanager
def acting(token: str) -> Iterator[None]:
    """Act inside as the person of a token, whatever the environment says."""
    before = _acting.set(token)
    try:
        yield
    finally:
        _acting.reset(before)


def source() -> tuple[str | None, str | None, str | None]:
    """Where the token comes from now: told in the program, in the environment, in a file."""
    return _acting.get(), os.environ.get(TOKEN), os.environ.get(TOKEN_FILE)


def presented() -> str | None:
    """The token of whoever acts now; None where nobody shows one. Raises UnreadableToken."""
    told, environment, file = source()
    if told or environment:
        return (told or environment or "").strip()
    return _from_file(Path(file)) if file else None


def _from_file(path: Path) -> str:
    try:
        mode = path.stat().st_mode
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableToken(
            f"Không đọc được tệp mã cá nhân {path} ({TOKEN_FILE}). Hãy xem lại đường dẫn và quyền."
        ) from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UnreadableToken(
            f"Tệp mã cá nhân {path} đang mở cho người khác đọc. Hãy chạy: chmod 600 {path}"
        )
    return token
