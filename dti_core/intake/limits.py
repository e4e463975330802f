"""How large and how slow a received file may be.

A workbook of ours with every cell filled in has 20 entries, unpacks to 0.2 million bytes at a ratio
of 5 and is read in 4 milliseconds; 85,000 bytes is the largest that LibreOffice makes of it (.xls).
The limits leave room for pages, pictures and formats that an office adds, and stop what no office
adds. A column formatted to the end of the page unpacks at a ratio of about 60.
"""

MIB = 2**20

FILE = 30 * MIB
"""A workbook as it lies in the inbox."""

PACKAGE = 300 * MIB
"""A ZIP with evidence as it lies in the inbox, and what it unpacks to."""

PART = 40 * MIB
"""One part of a workbook, unpacked."""

PARTS = 64 * MIB
"""All parts of a workbook that are read, unpacked."""

ENTRIES = 2000
"""Entries of a ZIP."""

RATIO = 200
"""Unpacked size by packed size, from `RATIO_FROM` on. Deflate reaches 1032."""

RATIO_FROM = 2 * MIB

NAME = 240
"""Characters of the name of an entry; most file systems take 255 bytes for one name."""

SHEETS = 200

CELLS = 2_000_000
"""Cells in the rectangle that one page spans."""

MEMORY = 1024 * MIB
"""What the reading process may take, where the system can hold it to that."""

SECONDS = 20
"""For one file, by the clock."""

CPU_SECONDS = 15
"""For one file, of computing, where the system can hold it to that."""
