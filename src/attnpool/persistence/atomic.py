"""Outputs: a place is tried before any work is done, and a file is swapped in when it is whole."""

from __future__ import annotations

import logging
import os
import re
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock

from attnpool.errors import InputError
from attnpool.sanitize import escaped

_TRIAL = bytes(1 << 16)
_log = logging.getLogger(__name__)
_ASKING = Lock()
_PREFIX = ".attnpool-"  # whatever the output's name, this one is not too long


def check_writable(path: Path, named: Path | None = None) -> None:
    """Refuse a place where nothing can be written, by writing a little beside it.

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
        with tempfile.TemporaryFile(prefix=_PREFIX, dir=place.parent, buffering=0) as file:
            if file.write(_TRIAL) < len(_TRIAL):
                raise InputError(f"{named}: cannot write there: no space left; free some")
    except (OSError, RuntimeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise not_written(named, error) from None


def replace_file(path: Path, fill: Callable[[Path], object]) -> None:
    """Let `fill` write a new file beside `path`, then swap it in: all of it or nothing.

    A link stays a link; what it names is replaced.

    Raises:
        InputError: The file cannot be written; the message names `path` alone.
    """
    try:
        place = path.resolve()
        handle, name = tempfile.mkstemp(prefix=_PREFIX, suffix=place.suffix, dir=place.parent)
        part = Path(name)
        try:
            os.close(handle)
            fill(part)
            part.chmod(0o666 & ~umask())
            part.replace(place)
            _log.info("wrote %s", escaped(str(path)))
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise not_written(path, error) from None


def new_folder(path: Path) -> Path:
    """An empty folder beside `path`, to be filled and swapped in.

    Raises:
        OSError: It cannot be made.
    """
    return Path(tempfile.mkdtemp(prefix=_PREFIX, dir=path.parent))


def not_written(path: Path, error: Exception) -> InputError:
    """What to say of an output that cannot be written: never a temporary file's name."""
    reason = getattr(error, "strerror", None) or str(error)
    if _PREFIX in reason:
        reason = "the system refused"
    return InputError(f"{path}: cannot write there: {reason}; choose another place")


def umask() -> int:
    """The permissions that new files of this process do not get."""
    try:
        status = Path("/proc/self/status").read_text("utf-8")
    except OSError:
        status = ""
    if found := re.search(r"^Umask:\s*([0-7]+)$", status, re.MULTILINE):
        return int(found[1], 8)
    with _ASKING:  # elsewhere one has to set it to ask, for all threads
        mask = os.umask(0)
        os.umask(mask)
    return mask
