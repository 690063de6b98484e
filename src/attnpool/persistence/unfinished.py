"""Folders in which outputs are made, beside their places; those of killed runs are cleared.

Each is locked by the process that fills it. The system lets go of a lock when a process ends,
however it ends: what nobody holds any more was left by a run that was killed, and the next run to
the same place clears it. Where a file system has no locks, nothing is cleared.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex

from attnpool.sanitize import escaped

PREFIX = ".attnpool-"  # whatever the output's name, this one is not too long
FORMER = ".former"  # what stood at the place, where it had to be moved aside
_log = logging.getLogger(__name__)


@contextmanager
def unfinished(place: Path) -> Iterator[Path]:
    """A new folder beside a place, locked; it is removed in the end, whatever it holds by then.

    Args:
        place: Where the output shall stand, without links.

    Raises:
        OSError: It cannot be made.
    """
    folder, lock = _made(place)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _let_go(lock)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Lock a folder for as long as it is moved, wherever it goes.

    Args:
        folder: The folder.
    """
    lock = _locked(folder, wait=True)
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
    with suppress(OSError):  # what cannot be cleared does no harm
        # What stood at the place comes first: it is put back.
        for folder in sorted(_beside(place), key=lambda one: one.suffix != FORMER):
            _clear(folder, place)


def former(place: Path) -> Path | None:
    """What stood at a place before a run was killed just as it was replaced; None: nothing.

    Args:
        place: The place.
    """
    with suppress(OSError):
        found = sorted(one for one in _beside(place.resolve()) if one.suffix == FORMER)
        return found[0] if found and not place.exists() else None
    return None


def _clear(folder: Path, place: Path) -> None:
    lock = _locked(folder, wait=False)
    if lock is None:
        return
    try:
        if folder.suffix == FORMER and not os.path.lexists(place):
            folder.rename(place)
            done = "put back: a run that was killed had moved it aside"
        else:
            shutil.rmtree(folder)
            done = "removed: a run that was killed had left it"
        _log.warning("%s beside %s was %s", folder.name, escaped(str(place)), done)
    finally:
        _let_go(lock)


def _beside(place: Path) -> list[Path]:
    return [*place.parent.glob(f"{_marked(place)}-*")]


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


def _locked(folder: Path, *, wait: bool) -> int | None:
    """A lock on a folder; None if another holds it, there are no locks, or it is gone."""
    if sys.platform == "win32":
        return None
    import fcntl

    lock = None
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        # While it waited, the folder may have been removed or replaced.
        if os.path.samestat(os.fstat(lock), folder.stat()):
            return lock
    except OSError:
        pass
    _let_go(lock)
    return None


def _let_go(lock: int | None) -> None:
    if lock is not None:
        os.close(lock)
