"""Texts from standard input, one a line."""

from __future__ import annotations

import io
import sys

from attnpool.cli.rows import say_source
from attnpool.errors import InputError


def stdin_texts(encoding: str | None) -> list[str]:
    """The lines of standard input; a blank one is a text without anything in it.

    Args:
        encoding: Its encoding; default: found from the content, as that of a file.

    Raises:
        InputError: It is closed or empty, or not in this encoding.
    """
    if sys.stdin is None:
        raise InputError("stdin is closed; give one text per line")
    from attnpool.data.formats.encodings import find_encoding
    from attnpool.data.table import Source

    data = sys.stdin.buffer.read()
    found = find_encoding(io.BytesIO(data), "stdin", encoding)
    say_source("stdin", Source(*found))
    text = data.decode(found.name)
    # Line ends of every kind, and nothing else: U+2028 and form feeds stand inside texts.
    lines = io.StringIO(text.removeprefix("\ufeff"), newline=None).read().split("\n")
    if not lines[-1]:
        lines.pop()
    if not lines:
        raise InputError("stdin is empty; give one text per line")
    return lines
