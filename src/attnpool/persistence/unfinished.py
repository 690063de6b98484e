"""Folders in which outputs are made, beside their places; those of killed runs are cleared.

Each is locked by the process that fills it. The system lets go of a lock when a process ends,
however it ends: what nobody holds any more was left by a run that was killed, and the next run to
the same place clears it. Where the system or a file system has no locks, nothing is cleared.
"""

from __future__ import annotations

import logging
import os
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex

from attnpool.sanitize import escaped

PREFIX = ".attnpool-"  # whatever the output's name, this one is not too long
FORMER = ".former"  # what stood at the place, where it had to be moved aside
_TRIES = 100  # to lock what others replace at the same time
_MOMENT = 0.01  # seconds
_log = logging.getLogger(__name__)


@contextmanager
def unfinished(place: Path) -> Iterator[Path]:
    """A new folder beside a place, locked; it is removed in the end, whatever it holds by then.

    It has the permissions of what stands at the place, and those of any new folder if nothing does.

    Args:
        place: Where the output shall stand, without links.

    Raises:
        OSError: It cannot be made.
    """
    folder, lock = _made(place)
    try:
        with suppress(OSError):  # mostly there is nothing
            folder.chmod(stat.S_IMODE(place.stat().st_mode) | stat.S_IRWXU)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _let_go(lock)


@contextmanager
def held(output: Path) -> Iterator[None]:
    """Lock a file or a folder for as long as it is moved, wherever it goes.

    Args:
        output: The file or the folder.
    """
    lock = _locked(output, wait=True, comes_back=True)
    try:
        yield
    finally:
        _let_go(lock)


def clear_leftovers(place: Path) -> None:
    """Remove what killed runs left beside a place; what stood there before, put it back.

    Each is told, as a warning of the logger `attnpool`.

    Args:
        place: Where an output stands, or shall stand, without links.
    """
    # What stood at the place comes first: it is put back.
    for left in sorted(_beside(place), key=lambda one: one.suffix != FORMER):
        with suppress(OSError):  # what cannot be cleared does no harm
            _clear(left, place)


def remove(output: Path) -> None:
    """Remove a file or a folder, also a folder that may not be changed.

    Args:
        output: The file or the folder.

    Raises:
        OSError: It cannot be removed.
    """
    if not output.is_dir():
        output.unlink()
        return
    with suppress(OSError):  # of another user
        output.chmod(stat.S_IRWXU)
    shutil.rmtree(output)


def former(place: Path) -> Path | None:
    """What stood at a place before a run was killed just as it was replaced; None: nothing.

    Args:
        place: The place.
    """
    with suppress(OSError):
        found = sorted(one for one in _beside(place.resolve()) if one.suffix == FORMER)
        return found[0] if found and not place.exists() else None
    return None


def _clear(left: Path, place: Path) -> None:
    lock = _locked(left, wait=False)
    if lock is None:
        return
    try:
        if left.suffix == FORMER and not os.path.lexists(place):
            left.rename(place)
            done = "put back: a run that was killed had moved it aside"
        elif left.is_dir() and not any(left.iterdir()):
            left.rmdir()  # it may be of a run that has not locked it yet, which makes another
            return
        else:
            remove(left)
            done = "removed: a run that was killed had left it"
        _log.warning("%s beside %s was %s", left.name, escaped(str(place)), done)
    finally:
        _let_go(lock)


def _beside(place: Path) -> list[Path]:
    """The files and folders of runs to this place; no links, pipes or devices by their names."""
    with suppress(OSError):
        found = place.parent.glob(f"{_marked(place)}-*")
        return [one for one in found if not one.is_symlink() and (one.is_dir() or one.is_file())]
    return []


def _marked(place: Path) -> str:
    """What the names of folders for this place begin with."""
    return PREFIX + blake2b(os.fsencode(place.name), digest_size=4).hexdigest()


def _made(place: Path) -> tuple[Path, int | None]:
    while True:
        folder = place.parent / f"{_marked(place)}-{token_hex(4)}"
        folder.mkdir()
        lock = _locked(folder, wait=True)
        if lock is not None or folder.exists():
            return folder, lock
        # Another run took it for a leftover before it was locked.


def _locked(output: Path, *, wait: bool, comes_back: bool = False) -> int | None:
    """A lock on a file or a folder; None if another holds it, there are no locks, or it is gone.

    Args:
        output: The file or the folder.
        wait: Whether to wait while another holds it.
        comes_back: Whether to wait where it is gone too: another run replaces it in two steps, and
            is between them.
    """
    if sys.platform == "win32":
        return None
    import fcntl

    for _ in range(_TRIES if wait else 1):
        lock = None
        try:
            # By now it may be a link, or a pipe, whose other end nobody opens.
            lock = os.open(output, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            if os.path.samestat(os.fstat(lock), output.stat()):
                return lock
        except OSError as error:
            _let_go(lock)
            if not (comes_back and isinstance(error, FileNotFoundError)):
                return None
            time.sleep(_MOMENT)
            continue
        _let_go(lock)  # of what another run has replaced while this one waited
    return None


def _let_go(lock: int | None) -> None:
    if lock is None or sys.platform == "win32":
        return
    import fcntl

    with suppress(OSError):  # a process that was forked meanwhile has the descriptor too
        fcntl.flock(lock, fcntl.LOCK_UN)
    os.close(lock)
