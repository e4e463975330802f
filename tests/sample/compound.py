"""Compound files (.xls, locked workbooks, VBA projects) as small as they can be, for tests.

[MS-CFB] with sectors of 512 bytes; every stream is padded to 4096 bytes, so that none lives in the
mini stream. [MS-OVBA] 2.4.1 for the compression of macro source.
"""

import struct
from collections.abc import Mapping

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SECTOR = 512
_SMALLEST = 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file with these streams."""
    entries, sectors, chain = [], [], []
    for name, content in streams.items():
        padded = content.ljust(max(_SMALLEST, -(-len(content) // _SECTOR) * _SECTOR), b"\0")
        first, count = len(sectors), len(padded) // _SECTOR
        sectors += [padded[i * _SECTOR : (i + 1) * _SECTOR] for i in range(count)]
        chain += [*range(first + 1, first + count), _END]
        entries.append((name, 2, first, len(padded)))
    tree = _directory([("Root Entry", 5, _END, 0), *entries])
    first = len(sectors)
    sectors += [tree[i : i + _SECTOR] for i in range(0, len(tree), _SECTOR)]
    chain += [*range(first + 1, len(sectors)), _END]
    fat_sectors = 1
    while (len(sectors) + fat_sectors) * 4 > fat_sectors * _SECTOR:
        fat_sectors += 1
    table = [*chain, *[_FAT] * fat_sectors]
    table += [_FREE] * (fat_sectors * _SECTOR // 4 - len(table))
    places = [len(sectors) + i for i in range(fat_sectors)]
    header = header_of(first, fat_sectors, 0, places)
    return header + b"".join(sectors) + struct.pack(f"<{len(table)}I", *table)


def header_of(directory: int, fat: int, difat: int, places: list[int]) -> bytes:
    """The header; `fat` and `difat` are the counts of sectors that it claims."""
    head = MAGIC + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, fat, directory, 0, _SMALLEST, _END, 0, _END, difat)
    return head + struct.pack("<109I", *places, *[_FREE] * (109 - len(places)))


def macro(source: str) -> bytes:
    """A VBA project with one module, its source compressed as Office compresses it."""
    module = f'Attribute VB_Name = "ThisWorkbook"\r\n{source}'
    return compound({"dir": compressed("dir"), "ThisWorkbook": compressed(module)})


def compressed(source: str) -> bytes:
    """The source in literal tokens: after every eight letters stands a byte of flags."""
    data, out = source.encode("cp1252"), bytearray(b"\x01")
    for start in range(0, len(data), 3600):
        part = data[start : start + 3600]
        chunk = b"".join(b"\0" + part[i : i + 8] for i in range(0, len(part), 8))
        out += struct.pack("<H", 0xB000 | (len(chunk) - 1)) + chunk
    return bytes(out)


def _directory(entries: list[tuple[str, int, int, int]]) -> bytes:
    """Directory entries; the streams hang under the root to the right of one another."""
    out = b""
    for number, (name, kind, first, size) in enumerate(entries):
        raw = f"{name}\0".encode("utf-16-le")
        right = number + 1 if 0 < number < len(entries) - 1 else _FREE
        child = 1 if number == 0 and len(entries) > 1 else _FREE
        out += raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, _FREE, right, child)
        out += bytes(36) + struct.pack("<IQ", first, size)
    return out.ljust(-(-len(out) // _SECTOR) * _SECTOR, b"\0")
