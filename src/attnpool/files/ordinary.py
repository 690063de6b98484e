"""Reading ordinary files: no pipe that never ends, no device, no more than there may be."""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path

_PIPES_WAIT_NOT = getattr(os, "O_NONBLOCK", 0)
_BINARY = getattr(os, "O_BINARY", 0)


def open_ordinary(path: Path) -> io.BufferedReader:
    """Open an ordinary file for reading; a link to one is one.

    Args:
        path: The file.

    Raises:
        OSError: It cannot be opened, or is a folder, a pipe, a device or a socket.
    """
    _check_ordinary(path, path.stat().st_mode)  # to open a device may do something
    handle = os.open(path, os.O_RDONLY | _PIPES_WAIT_NOT | _BINARY)
    try:
        _check_ordinary(path, os.fstat(handle).st_mode)  # it may be another by now
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def size_of(path: Path) -> int:
    """The bytes of an ordinary file.

    Args:
        path: The file.

    Raises:
        OSError: There is none, or it is not an ordinary file.
    """
    found = path.stat()
    _check_ordinary(path, found.st_mode)
    return found.st_size


def read_ordinary(path: Path, most: int) -> bytes:
    """The content of an ordinary file.

    Args:
        path: The file.
        most: The most bytes that it may have.

    Raises:
        OSError: It cannot be read, is not an ordinary file, or is larger.
    """
    with open_ordinary(path) as file:
        if os.fstat(file.fileno()).st_size > most:
            raise too_large(path, most)
        return file.read(most)


def too_large(path: Path, most: int) -> OSError:
    """What to raise for a file that is larger than one of its kind is.

    Args:
        path: The file.
        most: The most bytes that it may have.
    """
    return OSError(errno.EFBIG, f"larger than {most >> 20:,} MiB", str(path))


def read_head(path: Path, size: int) -> bytes:
    """The first bytes of an ordinary file, fewer if it has no more.

    Args:
        path: The file.
        size: How many.

    Raises:
        OSError: It cannot be read, or is not an ordinary file.
    """
    with open_ordinary(path) as file:
        return file.read(size)


def _check_ordinary(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "not an ordinary file", str(path))
