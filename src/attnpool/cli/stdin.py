"""Texts from standard input, one a line."""

from __future__ import annotations

import io
import sys

from attnpool.errors import InputError


def stdin_texts(encoding: str | None) -> list[str]:
    """The lines of standard input; a blank one is a text without anything in it.

    Args:
        encoding: Its encoding; default: UTF-8.

    Raises:
        InputError: It is closed or empty, or not in this encoding.
    """
    if sys.stdin is None:
        raise InputError("stdin is closed; give one text per line")
    codec = encoding or "utf-8"
    try:
        text = sys.stdin.buffer.read().decode(codec)
    except UnicodeError as error:
        at = getattr(error, "start", 0)
        raise InputError(
            f"stdin is not {encoding or 'UTF-8'} at byte {at}; name its encoding with --encoding"
        ) from None
    # Line ends of every kind, and nothing else: U+2028 and form feeds stand inside texts.
    lines = io.StringIO(text.removeprefix("\ufeff"), newline=None).read().split("\n")
    if not lines[-1]:
        lines.pop()
    if not lines:
        raise InputError("stdin is empty; give one text per line")
    return lines
