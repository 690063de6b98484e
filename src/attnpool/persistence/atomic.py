"""Outputs: a place is tried before any work is done, and a file is swapped in when it is whole."""

from __future__ import annotations

import errno
import logging
import os
import re
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from attnpool.errors import InputError, cut
from attnpool.persistence.unfinished import PREFIX, clear_leftovers, unfinished
from attnpool.sanitize import escaped, one_line

_TRIAL = bytes(1 << 16)
_log = logging.getLogger(__name__)


def check_writable(path: Path, named: Path | None = None) -> None:
    """Refuse a place where nothing can be written, by writing a little beside it.

    What killed runs left beside it is cleared.

    Args:
        path: The output, a file or a folder; it need not exist.
        named: What to call it in messages; default: as it is.

    Raises:
        InputError: The folder it should stand in is missing, cannot be written, or is full.
    """
    named = named or path
    try:
        place = path.resolve()
        if place.parent.exists() and not place.parent.is_dir():
            raise InputError(f"{named}: {path.parent} is not a folder; choose another place")
        if not place.parent.is_dir():
            raise InputError(f"{named}: the folder {path.parent} does not exist; make it first")
        with suppress(FileNotFoundError):
            place.stat()  # an impossible name and a link to itself fail here
        clear_leftovers(place)
        with tempfile.TemporaryFile(prefix=PREFIX, dir=place.parent, buffering=0) as file:
            if file.write(_TRIAL) < len(_TRIAL):
                raise InputError(f"{named}: cannot write there: no space left; free some")
    except (OSError, RuntimeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise not_written(named, error) from None


def replace_file(path: Path, fill: Callable[[Path], object]) -> None:
    """Let `fill` write a new file beside `path`, then swap it in: all of it or nothing.

    A link stays a link; what it names is replaced. The file is on the disk before it is swapped in,
    and has the permissions of the one that it replaces.

    Raises:
        InputError: The file cannot be written; the message names `path` alone.
    """
    try:
        place = path.resolve()
        clear_leftovers(place)
        with unfinished(place) as folder:
            part = folder / f"output{place.suffix}"
            part.touch()
            fill(part)
            share(part)
            sync(folder)
            part.replace(place)
            sync(place.parent, within=False)
        _log.info("wrote %s", escaped(str(path)))
    except OSError as error:
        raise not_written(path, error) from None


def share(file: Path) -> None:
    """Give a file the permissions of any new file; libraries keep theirs to their owner.

    Args:
        file: A file in a folder that this process made: its permissions tell what the user wants,
            and asking the system for them (`umask`) would change them for a moment.
    """
    file.chmod(0o666 & stat.S_IMODE(file.parent.stat().st_mode))


def sync(folder: Path, *, within: bool = True) -> None:
    """Wait until a folder is on the disk, so that no crash of the system leaves half of it.

    Args:
        folder: The folder.
        within: Whether its files are waited for too.

    Raises:
        OSError: A file cannot be written after all.
    """
    for file in sorted(folder.iterdir()) if within else ():
        with file.open("r+b") as opened:  # Windows waits for what may be written alone
            os.fsync(opened.fileno())
    with suppress(OSError):  # not every system lets a folder be opened
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def not_written(path: Path, error: Exception) -> InputError:
    """What to say of an output that cannot be written: never a temporary file's name."""
    reason = getattr(error, "strerror", None) or str(error)
    number = re.search(r"\bos error (\d+)|\bcode: (\d+)", reason)  # of libraries in Rust
    if number:
        reason = os.strerror(int(number[1] or number[2]))
    if PREFIX in reason:
        reason = "the system refused"
    full = reason in map(os.strerror, (errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
    advice = "free some space, or choose another place" if full else "choose another place"
    return InputError(f"{cut(str(path))}: cannot write there: {one_line(reason)}; {advice}")
