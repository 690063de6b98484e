"""Standard output and error as they may be: closed, full, or read by nobody any more.

Whatever a command prints, it prints through here or through rich.
"""

from __future__ import annotations

import contextlib
import errno
import io
import logging
import os
import sys
from collections.abc import Iterator
from typing import TextIO

from attnpool.cli.terminal import guarded
from attnpool.errors import cut, with_short_words
from attnpool.sanitize import harmless_json, one_line, visible

BAD_INPUT = 2
INTERRUPTED = 130


def prepare(*, is_result: bool = False) -> None:
    """Make both streams fit to print any text on; one that was closed swallows it.

    On a terminal nothing acts that is in a text, a name or a message, see `guard`.

    Args:
        is_result: Whether what is printed is all that comes of the command: if stdout was closed,
            printing fails.
    """
    sys.stdout = _open(sys.stdout, os.O_RDONLY if is_result else os.O_WRONLY)
    sys.stderr = _open(sys.stderr)
    for stream in (sys.stdout, sys.stderr):
        # A lone surrogate in a user's text, or a C locale, must not end in a traceback. What is no
        # such stream is of a notebook, say, or was made ready by an earlier call.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.stdout = guarded(sys.stdout)
    sys.stderr = guarded(sys.stderr, moves=True)


def say(message: str) -> None:
    """Print one line on stderr, whatever is in the names that it tells."""
    with contextlib.suppress(OSError):
        print(f"attnpool: {one_line(with_short_words(message))}", file=sys.stderr, flush=True)  # noqa: T201


class _Saying(logging.Handler):
    """Says a record."""

    def emit(self, record: logging.LogRecord) -> None:
        say(record.getMessage())


@contextlib.contextmanager
def warnings_said() -> Iterator[None]:
    """Say what the library warns of in its log: such as what a killed run had left."""
    log = logging.getLogger("attnpool")
    handler = _Saying(logging.WARNING)
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)


def tell(message: str) -> None:
    """Print one line of results on stdout, whatever is in the names that it tells."""
    # Blanks stay, by which figures stand below each other.
    sys.stdout.write(visible(message).replace("\n", "␤") + "\n")


def show(text: str) -> None:
    """Print a text on stdout as it is; of a terminal see `guard`."""
    sys.stdout.write(text)


def show_json(text: str) -> None:
    """Print JSON on stdout; on a terminal what could act on it is escaped, as JSON may."""
    show(harmless_json(text) if sys.stdout.isatty() else text)


def show_drawn(text: str) -> None:
    """Print what rich drew on stdout, with its colours."""
    getattr(sys.stdout, "rich_proxied_file", sys.stdout).write(text)


def unwritten(error: OSError) -> str:
    """What to say of an error of the system that no command foresaw."""
    where = cut(str(error.filename or "standard output"))
    if error.filename is None and error.errno == errno.EBADF:
        return f"{where} is closed; send it to a terminal, a file or a program"
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    advice = "free some space, or choose another place" if full else "choose another place"
    return f"{where}: {error.strerror or error}; {advice}"


def finish(status: int) -> int:
    """Print what is still held back, so that nothing is left for Python to complain about.

    Args:
        status: The exit status so far.

    Returns:
        The exit status: what it was, or 2 if there is no room for the output.
    """
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        shut(sys.stdout)
    except OSError as error:
        shut(sys.stdout)
        if status == 0:
            say(unwritten(error))
            status = BAD_INPUT
    try:
        sys.stderr.flush()
    except OSError:
        shut(sys.stderr)
    return status


def shut(stream: TextIO) -> None:
    """Let the stream lead nowhere; Python would complain of a broken pipe while it shuts down."""
    # A stream without a number, such as a test's, breaks no pipe.
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _open(stream: TextIO | None, how: int = os.O_WRONLY) -> TextIO:
    return os.fdopen(os.open(os.devnull, how), "w") if stream is None else stream
