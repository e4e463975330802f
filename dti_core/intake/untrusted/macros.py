"""Macros in a workbook: never run here, and looked at only to see whether they would run elsewhere.

VBA keeps its source compressed (MS-OVBA 2.4.1): a signature byte, then chunks of tokens. The
streams of one file are searched for such containers, so that no file system has to be understood.
"""

import re

from dti_core.intake.untrusted.fault import Fault

_AUTOMATIC = re.compile(
    rb"\b(auto_?(open|close|exec|exit|activate|deactivate|new)"
    rb"|(workbook|document)_(open|close|activate|deactivate|beforeclose|beforesave|new)"
    rb"|(worksheet|workbook_sheet)_(activate|calculate|change))\b",
    re.IGNORECASE,
)
_SIGNATURE = 1
_CHUNK = 4096  # bytes that a chunk unpacks to at most
_MOST_SOURCE = 4 * 2**20
_SOURCE = b"Attribute VB_"
"""How the source of every module begins."""


def judge(project: bytes) -> None:
    """Look into a VBA project. Raises Fault where a macro runs by itself or cannot be read."""
    sources = [source for source in _containers(project) if _SOURCE in source]
    if not sources:
        raise Fault(
            "có macro mà không đọc được macro ấy làm gì. Hãy lưu lại thành .xlsx (không macro) rồi"
            " gửi lại."
        )
    for source in (*sources, project):
        if automatic := _AUTOMATIC.search(source):
            raise Fault(
                f"có macro tự chạy khi mở ({automatic[0].decode('ascii')}). Biểu mẫu không dùng"
                " macro: hãy lưu lại thành .xlsx rồi gửi lại."
            )


def _containers(data: bytes) -> list[bytes]:
    """Everything in the data that unpacks as a compressed container."""
    found: list[bytes] = []
    total, place = 0, data.find(_SIGNATURE)
    while place >= 0 and total < _MOST_SOURCE:
        unpacked = _unpack(data, place + 1)
        if unpacked:
            found.append(unpacked)
            total += len(unpacked)
        place = data.find(_SIGNATURE, place + 1)
    return found


def _unpack(data: bytes, place: int) -> bytes:
    """The chunks from `place` on, as far as they are such."""
    out = bytearray()
    while place + 2 <= len(data) and len(out) < _MOST_SOURCE:
        header = int.from_bytes(data[place : place + 2], "little")
        if header & 0x7000 != 0x3000:
            break
        end = min(place + (header & 0x0FFF) + 3, len(data))
        place += 2
        if not header & 0x8000:
            out += data[place:end]
        elif (chunk := _unpack_chunk(data[place:end])) is None:
            break
        else:
            out += chunk
        place = end
    return bytes(out)


def _unpack_chunk(data: bytes) -> bytes | None:
    """One chunk of literal and copy tokens; None where it is none."""
    out = bytearray()
    place = 0
    while place < len(data):
        flags = data[place]
        place += 1
        for bit in range(8):
            if place >= len(data):
                break
            if not flags >> bit & 1:
                out.append(data[place])
                place += 1
                continue
            if place + 2 > len(data):
                return None
            token = int.from_bytes(data[place : place + 2], "little")
            place += 2
            bits = max(4, (len(out) - 1).bit_length()) if out else 4
            length = (token & (0xFFFF >> bits)) + 3
            offset = (token >> (16 - bits)) + 1
            if offset > len(out):
                return None
            for _ in range(length):
                out.append(out[-offset])
            if len(out) > _CHUNK:
                return None
    return bytes(out)
