"""The last guard of a terminal: whatever is printed, only codes of our own act on it.

Names of files, labels, columns and texts are other people's. Most are made visible where they are
put into a message; what is not, or what a library prints, is made so here, since everything passes
here: `sys.stdout` and `sys.stderr` are such streams where they lead to a terminal. Pipes and files
get every byte as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TextIO, cast

from attnpool.sanitize import harmless

_DIGITS = r"\d{1,3}"
_COLOUR = rf"[34]8;5;{_DIGITS}|[34]8;2;{_DIGITS};{_DIGITS};{_DIGITS}"
# No code that hides letters, such as 8, and none that moves, asks, or sets a title.
_STYLE = rf"(?:[0-479]|[39][0-7]|4[0-7]|10[0-7]|[34]9|{_COLOUR})"
_STYLES = rf"\x1b\[(?:{_STYLE}(?:;{_STYLE})*)?m"
# How rich draws a bar anew: the start of the line, lines up, the line erased, the cursor hidden.
_MOVES = r"\r|\x1b\[\d{0,2}A|\x1b\[2K|\x1b\[\?25[hl]"


class _Shown:
    """A stream that leads to a terminal, on which nothing that is written acts.

    Nothing else of the stream is to be had, `buffer` least of all, which passes by the guard.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.encoding = stream.encoding
        self.errors = stream.errors
        self.flush, self.fileno, self.isatty = stream.flush, stream.fileno, stream.isatty

    def write(self, text: str) -> int:
        """Write a text, with what could act on the terminal made visible."""
        self._stream.write(harmless(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write texts one after the other."""
        for line in lines:
            self.write(line)

    def writable(self) -> bool:
        """Whether it can be written to: always."""
        return True

    @property
    def closed(self) -> bool:
        """Whether nothing can be written any more."""
        return self._stream.closed


class _Drawn(_Shown):
    """The same for what was drawn: whatever looks like a code of ours passes."""

    def __init__(self, stream: TextIO, *, moves: bool) -> None:
        super().__init__(stream)
        self._codes = re.compile(f"({_STYLES}{f'|{_MOVES}' if moves else ''})")

    def write(self, text: str) -> int:
        """Write a text with codes of ours in it."""
        parts = self._codes.split(text)
        self._stream.write(
            "".join(part if odd % 2 else harmless(part) for odd, part in enumerate(parts))
        )
        return len(text)


class Guarded(_Shown):
    """The stream for all but drawings.

    Args:
        stream: The stream.
        moves: Whether bars are drawn there.

    Attributes:
        rich_proxied_file: The stream for what rich draws: codes of colours pass, and those of bars
            where there are any. rich looks for one of this name.
    """

    def __init__(self, stream: TextIO, *, moves: bool = False) -> None:
        super().__init__(stream)
        self.rich_proxied_file = _Drawn(stream, moves=moves)


def guarded(stream: TextIO, *, moves: bool = False) -> TextIO:
    """The stream, behind a guard if it leads to a terminal.

    Args:
        stream: The stream.
        moves: Whether bars are drawn there.
    """
    if isinstance(stream, Guarded) or not stream.isatty():
        return stream
    return cast("TextIO", Guarded(stream, moves=moves))
