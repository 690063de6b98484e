"""Texts from standard input, one a line: all of them, or those that have come so far."""

from __future__ import annotations

import io
import os
import queue
import stat
import sys
import threading
import time
from typing import TYPE_CHECKING

from attnpool.cli.rows import say_source
from attnpool.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from attnpool.data.formats.encodings import Encoding

_BATCH = 1000
"""About so many lines are taken together at most: more at a time are answered no faster."""

_PIECE = 1 << 16  # bytes
_AHEAD = 128
"""So many pieces are read before they are asked for, while a model loads or answers."""

_MOMENT = 0.02  # seconds


class Stdin:
    """Standard input, which is read in the background from now on.

    Args:
        encoding: Its encoding; default: found from the content, as that of a file.

    Attributes:
        ended: Whether all lines have been given.

    Raises:
        InputError: It is closed.
    """

    def __init__(self, encoding: str | None) -> None:
        if sys.stdin is None:
            raise InputError("stdin is closed; give one text per line")
        self._named = encoding
        self._pieces: queue.Queue[bytes | OSError | ValueError] = queue.Queue(_AHEAD)
        self.ended = False
        threading.Thread(target=self._read_ahead, daemon=True).start()

    def lines(self) -> list[str]:
        """All lines; a blank one is a text without anything in it.

        Raises:
            InputError: There is none, or not all are in the encoding.
        """
        [lines] = self._batches(None)
        return lines

    def batches(self) -> Iterator[list[str]]:
        """The lines that have come, each time that some have, and at most about a thousand.

        Raises:
            InputError: There is none, or one is not in the encoding.
        """
        yield from self._batches(_BATCH)

    def _batches(self, most: int | None) -> Iterator[list[str]]:
        from attnpool.data.formats.encodings import StreamDecoder

        decoder, said = StreamDecoder("stdin", self._named), None
        # Line ends of every kind, and nothing else: U+2028 and form feeds stand inside texts.
        newlines = io.IncrementalNewlineDecoder(None, translate=True)
        rest, begun, given = "", False, False
        while not self.ended:
            taken, self.ended = self._take(most, 0.0 if begun else _MOMENT)
            text = decoder.decode(taken, final=self.ended)
            if decoder.encoding is not said:
                said = decoder.encoding
                say_encoding(said)
            text = newlines.decode(text if begun else text.removeprefix("\ufeff"), self.ended)
            begun = True
            *lines, rest = (rest + text).split("\n")
            if self.ended and rest:
                lines.append(rest)
            if lines:
                given = True
                yield lines
        if not given:
            raise InputError("stdin is empty; give one text per line")

    def _take(self, most: int | None, patience: float) -> tuple[bytes, bool]:
        """The bytes that have come, and whether they are the last; else they have a line end.

        Args:
            most: About how many lines are taken at most; None: all are waited for.
            patience: How many seconds to wait for more than a line.
        """
        taken: list[bytes] = []
        ends = 0
        while most is None or ends < most:
            try:
                piece = self._pieces.get(timeout=None if most is None or not ends else patience)
            except queue.Empty:
                break
            if not isinstance(piece, bytes):
                raise InputError(f"stdin: {getattr(piece, 'strerror', None) or piece}")
            if not piece:
                return b"".join(taken), True
            taken.append(piece)
            ends += max(piece.count(b"\n"), piece.count(b"\r"))
        return b"".join(taken), False

    def _read_ahead(self) -> None:
        """Put the bytes into the queue, then b"" or an error."""
        # Below the buffer, whose lock a thread that waits for bytes would hold until the end.
        source = getattr(sys.stdin.buffer, "raw", sys.stdin.buffer)
        piece: bytes | None = None
        while piece != b"":
            try:
                piece = source.read(_PIECE)
            except (OSError, ValueError) as error:
                self._pieces.put(error)
                return
            if piece is None:  # who shares this input has made reads of it return at once
                time.sleep(_MOMENT)
            else:
                self._pieces.put(piece)


def piped_in() -> bool:
    """Whether standard input is a pipe or a file, rather than a terminal or nothing."""
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (AttributeError, OSError, ValueError):  # it is closed, or a test's
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)


def say_encoding(found: Encoding | None) -> None:
    """Say which encoding was only assumed."""
    from attnpool.data.table import Source

    if found is not None:
        say_source("stdin", Source(*found))
