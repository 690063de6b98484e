"""What is new put where something stands, in one step where the system can."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

from attnpool.persistence.atomic import sync
from attnpool.persistence.unfinished import FORMER, held, remove

_HERE = -100  # AT_FDCWD: paths are as they stand
_NO_REPLACE, _EXCHANGE = 1, 2
_TAKEN = (errno.EEXIST, errno.ENOTEMPTY)
_TRIES = 100  # to replace what others replace at the same time
_CANNOT = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM)


def swap_in(new: Path, place: Path, beside: Path) -> None:
    """Put a file or a folder where another stands, and remove that.

    Args:
        new: The new one.
        place: Where it shall stand, without links.
        beside: The folder of `unfinished` that it is, or is in.

    Raises:
        OSError: It is refused; what stood there stands there still.
    """
    for last in (*[False] * _TRIES, True):
        with held(place):  # so that no other run takes it for a leftover
            old = new
            if not exchange(new, place):
                old = beside.with_name(beside.name + FORMER)
                place.rename(old)
                try:
                    move_new(new, place)
                except OSError as error:
                    if error.errno in _TAKEN and not last:
                        remove(old)  # another run has put its own between the two steps
                        continue
                    old.rename(place)
                    raise
                except BaseException:
                    old.rename(place)
                    raise
            sync(place.parent, within=False)
            with suppress(OSError):
                remove(old)
            return


def exchange(one: Path, other: Path) -> bool:
    """Swap what two paths name, so that each names something at every moment.

    Args:
        one: A path.
        other: Another on the same file system.

    Returns:
        Whether it was done; False where the system or the file system cannot.

    Raises:
        OSError: It is refused for another reason.
    """
    return _renamed(one, other, _EXCHANGE)


def move_new(source: Path, target: Path) -> None:
    """Rename, unless the target exists.

    Args:
        source: What is renamed.
        target: Its new path.

    Raises:
        OSError: The target exists (`FileExistsError`), or it is refused for another reason.
    """
    if not _renamed(source, target, _NO_REPLACE):
        source.rename(target)  # a folder that is not empty is never replaced


def _renamed(source: Path, target: Path, how: int) -> bool:
    number = _call()(os.fsencode(source), os.fsencode(target), how)
    if number in _CANNOT:
        return False
    if number:
        raise OSError(number, os.strerror(number), str(source), None, str(target))
    return True


@cache
def _call() -> Callable[[bytes, bytes, int], int]:
    """Linux's `renameat2`: what gives 0, or the number of an error."""
    import ctypes  # only where something is written

    library = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    found = getattr(library, "renameat2", None)
    if found is None:
        return lambda *_: errno.ENOSYS
    found.argtypes = (*(ctypes.c_int, ctypes.c_char_p) * 2, ctypes.c_uint)

    def call(source: bytes, target: bytes, how: int) -> int:
        done = found(_HERE, source, _HERE, target, how)
        return 0 if done == 0 else ctypes.get_errno()

    return call
