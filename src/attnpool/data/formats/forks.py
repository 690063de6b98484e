"""polars in a forked process: its threads stayed in the parent, and it would wait for ever."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from attnpool.errors import InputError

_has_threads = False
_left_behind = False


def check_polars(file: str | None = None) -> None:
    """Refuse to use polars where that would never end.

    Args:
        file: The file to read, if one is read.

    Raises:
        InputError: This process was forked from one in which polars had run.
    """
    if _left_behind:
        raise InputError(
            f"{file or 'a table'}: polars had run before this process was forked and would hang "
            "here; read the file before the fork, or start the process with 'spawn'"
        )


def _note() -> None:
    """Before a fork: whether polars has threads, which the child will lack."""
    global _has_threads
    _has_threads = "polars" in sys.modules and _threads_seen()


def _threads_seen() -> bool:
    try:
        names = [(task / "comm").read_text() for task in Path("/proc/self/task").iterdir()]
    except OSError:  # no Linux: it may have some
        return True
    return any(re.match(r"polars-\d", name) for name in names)


def _settle() -> None:
    global _left_behind
    _left_behind = _left_behind or _has_threads


os.register_at_fork(before=_note, after_in_child=_settle)
