"""Which encoding a file is in: a byte-order mark, else UTF-8, else GB18030, else say so.

Nothing is replaced or guessed byte by byte: a file is in an encoding when all of it decodes
strictly. Large files are checked in pieces and never held whole.
"""

from __future__ import annotations

import codecs
import contextlib
import io
from itertools import chain
from typing import TYPE_CHECKING

from attnpool.errors import InputError
from attnpool.sanitize import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PIECE = 1 << 20

# UTF-32 first: its little-endian mark begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Chinese GB18030 stops being UTF-8 within a few characters. A file that goes wrong after more
# than this many beyond ASCII is damaged UTF-8, and must not become mojibake in silence.
COINCIDENCE = 16


def find_encoding(path: Path, file: str, encoding: str | None = None) -> str:
    """The encoding in which the whole file decodes.

    Args:
        path: The file.
        file: The file as the user named it.
        encoding: The encoding the user named, if any.

    Raises:
        InputError: If the encoding is unknown, or the file is in none of them.
    """
    if encoding is not None:
        check_encoding(encoding)
        fault = _first_fault(path, encoding)
        if fault:
            raise InputError(
                f"{file}: byte {fault[0]} is not {encoding}; "
                "name the right encoding with --encoding"
            )
        return encoding
    with path.open("rb") as raw:
        head = raw.read(4)
    marked = next((name for mark, name in MARKS if head.startswith(mark)), "utf-8")
    fault = _first_fault(path, marked)
    if fault is None:
        return marked
    offset, decoded = fault
    if marked == "utf-8" and decoded <= COINCIDENCE and _first_fault(path, "gb18030") is None:
        return "gb18030"
    also = ", nor is the file GB18030" if marked == "utf-8" and decoded <= COINCIDENCE else ""
    raise InputError(
        f"{file}: byte {offset} is not {marked.upper()}{also}; "
        "name the encoding with --encoding, or mend the file"
    )


@contextlib.contextmanager
def open_lines(path: Path, encoding: str) -> Iterator[Iterator[str]]:
    r"""The lines of the file with their ends (`\n`, `\r\n` or `\r`), without byte-order mark."""
    with path.open(encoding=encoding, newline="") as lines:
        first = lines.readline()
        yield chain([first.removeprefix("\ufeff")] if first else [], lines)


def check_encoding(encoding: str) -> None:
    """Refuse an encoding that there is not.

    Raises:
        InputError: Its name is unknown, or that of no encoding of text.
    """
    try:
        # Unlike codecs.lookup this refuses codecs that are not of text, such as "hex".
        io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    except (LookupError, ValueError):
        raise InputError(
            f"no encoding is called {quoted(encoding)}; name one such as utf-8, gb18030 or big5"
        ) from None


def _first_fault(path: Path, encoding: str) -> tuple[int, int] | None:
    """Offset of the first byte that does not decode, and the characters beyond ASCII before it."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    start = 0  # of the bytes the decoder has not turned into characters yet
    beyond_ascii = 0
    with path.open("rb") as raw:
        while True:
            piece = raw.read(PIECE)
            pending = _pending(decoder)
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeError as error:
                at = getattr(error, "start", 0)
                good = bytes(getattr(error, "object", b""))[:at]
                beyond_ascii += sum(c > "\x7f" for c in good.decode(encoding, "ignore"))
                return start - pending + at, beyond_ascii
            if not piece:
                return None
            start += len(piece)
            if beyond_ascii <= COINCIDENCE and not text.isascii():
                beyond_ascii += sum(c > "\x7f" for c in text)


def _pending(decoder: codecs.IncrementalDecoder) -> int:
    state = decoder.getstate()[0]
    return len(state) if isinstance(state, bytes) else 0
