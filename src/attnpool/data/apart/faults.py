"""What is wrong with a file that its reader could not read, as far as its ends tell."""

from __future__ import annotations

import os
from pathlib import Path

_TAIL = 1 << 20  # where a zip archive lists its parts, and an old workbook often its streams
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # of Office until 2003, and of what has a password
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_BOOKS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
_PARTS = (b"xl/workbook", b"content.xml")


def fault_of_workbook(path: Path, why: str) -> str:
    """What follows the file's name in a message.

    Args:
        path: The file.
        why: What its reader said.
    """
    head, tail = _ends(path)
    ends = head + tail
    if head.startswith(_OLD):
        if _LOCKED in ends:
            return " is protected by a password; save it again without one"
        if any(name in ends for name in _BOOKS):
            return f": {why}, or it has a password; save it again without one, or as CSV"
    elif head.startswith(b"PK") and any(part in ends for part in _PARTS):
        return f": {why}; save it again, or as CSV"
    return " is not an Excel workbook, or is cut short; save it as one, or as CSV"


def fault_of_parquet(path: Path, why: str) -> str:
    """What follows the file's name in a message.

    Args:
        path: The file.
        why: What its reader said.
    """
    head, tail = _ends(path)
    if not head.startswith(b"PAR1"):
        return " is not a Parquet file; write it as one"
    if len(head) < 12 or not tail.endswith(b"PAR1"):
        return " is cut short; copy it or write it again"
    return f": {why}; write it again"


def _ends(path: Path) -> tuple[bytes, bytes]:
    """The first and the last bytes of a file; none of one that is gone."""
    try:
        with path.open("rb") as file:
            head = file.read(_TAIL)
            file.seek(max(0, os.fstat(file.fileno()).st_size - _TAIL))
            return head, file.read(_TAIL)
    except OSError:
        return b"", b""
