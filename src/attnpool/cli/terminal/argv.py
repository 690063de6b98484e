"""The words of a command line, as text: in UTF-8, or whatever the locale has."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from attnpool.errors import InputError
from attnpool.sanitize import quoted

_BYTES = range(0xDC80, 0xDD00)  # what stands for a byte of 0x80 and more that is no text


def start_in_utf8() -> None:
    """Start Python anew where it reads and names nothing beyond ASCII.

    It does so in the C locale and in one that is not installed, if `PYTHONUTF8=0` tells it to.
    """
    frozen = getattr(sys, "frozen", False)  # a program whose interpreter takes no options
    if sys.getfilesystemencoding() != "ascii" or frozen or not sys.executable:
        return
    words = [sys.orig_argv[0], "-X", "utf8", *sys.orig_argv[1:]]
    os.execv(sys.executable, words)  # noqa: S606 - the same program


def check_words(words: Iterable[str]) -> None:
    """Refuse words that are no text, unless they name a file that is there.

    Raises:
        InputError: One holds bytes that are not in the encoding of the locale.
    """
    for number, word in enumerate(words, 1):
        if not _is_text(word) and not _is_place(word):
            raise InputError(f"argument {number} {_is_no_text(word)}; write it in that encoding")


def check_texts(texts: Iterable[str]) -> None:
    """Refuse texts of the command line that are none.

    Raises:
        InputError: One holds bytes that are not in the encoding of the locale.
    """
    for text in texts:
        if not _is_text(text):
            raise InputError(
                f"a text {_is_no_text(text)}; to have encodings recognised, pipe it in"
            )


def _is_text(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_no_text(word: str) -> str:
    shown = "".join(f"\\x{ord(c) - 0xDC00:02x}" if ord(c) in _BYTES else c for c in word)
    return f"is not {sys.getfilesystemencoding().upper()}: {quoted(shown)}"


def _is_place(word: str) -> bool:
    """Whether it names a file that is there, or a new one, by a name that is text, beside one."""
    place = Path(word.partition("=")[2] if word.startswith("--") else word)
    try:
        return place.exists() or (_is_text(place.name) and place.parent.exists())
    except (OSError, ValueError):  # what no file can be called
        return False
