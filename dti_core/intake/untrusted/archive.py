"""A ZIP read without trust in what it says of itself.

The directory is checked before anything is unpacked; each entry is unpacked up to the size that the
directory names and no further, and must have exactly that size and checksum.
"""

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping

from dti_core.intake import limits
from dti_core.intake.untrusted.fault import DAMAGED, TOO_LARGE, Fault

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_ENCRYPTED = 0x1
_DRIVE = re.compile(r"[A-Za-z]:")


class Archive:
    """The entries of a ZIP, by name. Raises Fault for a directory that promises too much."""

    def __init__(self, content: bytes, most: int) -> None:
        """`most`: bytes that all entries may unpack to."""
        self._content = content
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as directory:
                found = directory.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, struct.error) as error:
            raise Fault(DAMAGED) from error
        if len(found) > limits.ENTRIES:
            raise Fault(f"có {len(found)} mục bên trong, nhiều hơn {limits.ENTRIES}. {_AGAIN}")
        self.entries: dict[str, zipfile.ZipInfo] = {}
        seen: set[str] = set()
        for entry in found:
            _check_name(entry)
            _check_kind(entry)
            folded = unicodedata.normalize("NFC", entry.filename).casefold()
            if folded in seen:
                raise Fault(f"có hai mục cùng tên “{shown(entry.filename)}” bên trong. {_AGAIN}")
            seen.add(folded)
            if not entry.is_dir():
                self.entries[entry.filename] = entry
        if sum(entry.file_size for entry in self.entries.values()) > most:
            raise Fault(TOO_LARGE)
        for entry in self.entries.values():
            large = entry.file_size > limits.RATIO_FROM
            if large and entry.file_size > limits.RATIO * max(entry.compress_size, 1):
                raise Fault(
                    f"có mục “{shown(entry.filename)}” nén {entry.compress_size} byte mà bung ra"
                    f" {entry.file_size} byte: đó là cách làm tê liệt máy đọc. {_AGAIN}"
                )

    def read(self, name: str) -> bytes:
        """The content of an entry. Raises Fault where it is not what the directory says."""
        entry = self.entries[name]
        start = entry.header_offset
        header = self._content[start : start + _LOCAL.size]
        if len(header) < _LOCAL.size or header[:4] != b"PK\x03\x04":
            raise Fault(DAMAGED)
        length, extra = _LOCAL.unpack(header)[-2:]
        start += _LOCAL.size
        if self._content[start : start + length] != _raw_name(entry):
            raise Fault(f"có mục lục bên trong không khớp với nội dung. {_AGAIN}")
        start += length + extra
        packed = self._content[start : start + entry.compress_size]
        if entry.compress_type == zipfile.ZIP_STORED:
            content = packed
        else:
            try:
                unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
                content = unpacker.decompress(packed, entry.file_size + 1)
            except zlib.error as error:
                raise Fault(DAMAGED) from error
        if len(content) > entry.file_size:
            raise Fault(f"có mục “{shown(name)}” lớn hơn cỡ nó tự khai. {_AGAIN}")
        if len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
            raise Fault(DAMAGED)
        return content


def stored(parts: Mapping[str, bytes]) -> bytes:
    """A plain ZIP of these parts, uncompressed: what reads it meets nothing else."""
    out, directory = io.BytesIO(), io.BytesIO()
    for name, content in parts.items():
        raw, place = name.encode(), out.tell()
        sums = zlib.crc32(content), len(content), len(content)
        head = (20, 0x800, 0, 0, 0x21, *sums, len(raw), 0)
        out.write(_LOCAL.pack(b"PK\x03\x04", *head) + raw + content)
        rest = (0, 0, 0, 0, place)
        directory.write(_CENTRAL.pack(b"PK\x01\x02", 20, *head, *rest) + raw)
    place, size, count = out.tell(), directory.tell(), len(parts)
    out.write(directory.getvalue())
    out.write(_END.pack(b"PK\x05\x06", 0, 0, count, count, size, place, 0))
    return out.getvalue()


def shown(name: str) -> str:
    """A name as a message may carry it: no control characters, not too long."""
    clean = "".join(sign if sign.isprintable() else "·" for sign in name)
    return clean if len(clean) <= 60 else f"{clean[:57]}…"


_AGAIN = "Hãy lưu hoặc nén lại trên máy rồi gửi lại."


def _check_name(entry: zipfile.ZipInfo) -> None:
    # zipfile cuts a name at a zero byte, and other readers do not
    name = entry.orig_filename.replace("\\", "/")
    usual = name.isascii() and name.isprintable() and ".." not in name and ":" not in name
    if usual and len(name) <= limits.NAME and not name.startswith("/"):
        return
    if len(name) > limits.NAME:
        raise Fault(f"có mục tên dài {len(name)} ký tự bên trong. Hãy đặt tên ngắn rồi gửi lại.")
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs") for sign in name):
        raise Fault(f"có mục tên chứa ký tự ẩn bên trong (“{shown(name)}”). {_AGAIN}")
    if name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/"):
        raise Fault(f"có mục tên trỏ ra ngoài thư mục (“{shown(name)}”). {_AGAIN}")


def _check_kind(entry: zipfile.ZipInfo) -> None:
    mode = entry.external_attr >> 16
    if mode and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode) and stat.S_IFMT(mode):
        raise Fault(
            f"có liên kết hoặc tệp đặc biệt bên trong (“{shown(entry.filename)}”). Hãy thay bằng"
            " tệp thật rồi gửi lại."
        )
    if entry.flag_bits & _ENCRYPTED:
        raise Fault("có mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Fault(f"nén bằng cách lạ. {_AGAIN}")


def _raw_name(entry: zipfile.ZipInfo) -> bytes:
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")
