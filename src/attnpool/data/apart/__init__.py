"""Files that only compiled libraries read, in a process of its own: what kills it kills no more."""

from __future__ import annotations

from attnpool.data.apart.faults import fault_of_parquet, fault_of_workbook
from attnpool.data.apart.reader import MOST_BYTES, MOST_TIMES, ReaderApart, UnreadableError

__all__ = [
    "MOST_BYTES",
    "MOST_TIMES",
    "ReaderApart",
    "UnreadableError",
    "fault_of_parquet",
    "fault_of_workbook",
]
