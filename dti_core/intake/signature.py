"""The signature over the hidden identity of a workbook: whether this office sent it out.

An HMAC-SHA256 under a key that only the office has. Whoever unhides the page and writes another
unit, round or framework into it cannot sign that. It says nothing about the answers.
"""

import hashlib
import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from dti_core.errors import Refused
from dti_core.framework.load import home
from dti_core.intake.layout import META_KEYS

VARIABLE = "DTI_WORKBOOK_KEY"
"""The environment variable that may hold the key."""
FILE = "workbook.key"
"""Else it is kept in this file under DTI_HOME, made when it is first needed."""

_BYTES = 32
"""RFC 2104, 3: a key shorter than the hash (32 bytes for SHA-256) weakens the signature."""
_PURPOSE = "dti workbook 1"
"""Signed with the identity: the same key can never vouch for anything else."""


class NoKey(Refused):
    """The key of the workbooks cannot be used. The text names it and says what to do."""


def signature(identity: Mapping[str, str]) -> str:
    """The signature, in hexadecimal, of the values that `identity` has under META_KEYS.

    Raises NoKey.
    """
    # a JSON list is unambiguous: no two identities are written alike
    signed = json.dumps([_PURPOSE, *(identity[key] for key in META_KEYS)])
    return hmac.new(_key(), signed.encode(), hashlib.sha256).hexdigest()


def is_signed(identity: Mapping[str, str], found: str) -> bool:
    """Whether `found` is the signature of the identity. Raises NoKey."""
    return hmac.compare_digest(signature(identity).encode(), found.encode())


def require_key() -> None:
    """Raises NoKey. Ask before files are judged: a lost key is no fault of theirs."""
    _key()


def _key() -> bytes:
    text = os.environ.get(VARIABLE)
    if text:
        return _usable(text, f"Biến môi trường {VARIABLE}")
    file = home() / FILE
    try:
        try:
            text = file.read_text(encoding="ascii")
        except FileNotFoundError:
            _make(file)
            text = file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise NoKey(
            f"Không đọc hay tạo được khóa biểu mẫu ở tệp {file} ({error}). Hãy kiểm tra quyền của"
            f" thư mục DTI_HOME, hoặc đặt khóa vào biến môi trường {VARIABLE}."
        ) from error
    return _usable(text, f"Tệp {file}")


def _usable(text: str, where: str) -> bytes:
    key = text.strip().encode()
    if len(key) < _BYTES:
        raise NoKey(
            f"{where} không giữ một khóa biểu mẫu dùng được (cần ít nhất {_BYTES} ký tự). Hãy phục"
            " hồi khóa cũ từ bản sao lưu; nếu chưa gửi biểu mẫu nào, hãy bỏ khóa hỏng để phần mềm"
            " tự tạo khóa mới."
        )
    return key


def _make(file: Path) -> None:
    """Make the key file, whole at once: where two processes do so, the first one's key stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(prefix=f"{FILE}.", dir=file.parent)  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as written:
            written.write(secrets.token_hex(_BYTES) + "\n")
            written.flush()
            os.fsync(written.fileno())
        with suppress(FileExistsError):
            os.link(partial, file)
    finally:
        os.unlink(partial)
