"""Paths as users give them: checked before anything is looked for."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

from attnpool.errors import InputError, cut
from attnpool.sanitize import escaped


def checked_path(given: Any, what: str = "path") -> Path:
    """The path that a user gave; whether anything is there does not matter.

    Args:
        given: A string or a `Path`.
        what: The argument that it is of.

    Raises:
        InputError: It is neither, is empty, or a path that no file can have.
    """
    try:
        name = os.fspath(given)
    except TypeError:
        name = None
    if not isinstance(name, str):
        how = "decode it to a string" if isinstance(name, bytes) else "give a string or a Path"
        raise InputError(f"{what} is {type(given).__name__}; {how}")
    if not name:
        raise InputError(f"{what} is empty; give a path")
    shown = escaped(cut(name))
    try:
        os.lstat(name)
    except ValueError:
        wrong = "NUL" if "\0" in name else "half a character"
        raise InputError(
            f"{what} {shown!r}: no path can have {wrong} in it; give another"
        ) from None
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise InputError(f"{shown}: {error.strerror}; give a shorter path") from None
    return Path(name)
