"""What the bytes of a text file give away of its encoding before anything is decoded."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

PIECE = 1 << 20

_HEAD = 1 << 12
_PLACES = 3  # a sample is of the beginning, the middle and the end of a large file
_STRETCH = 1 << 16  # so many bytes are read of each
_SIZE = 3 << 10  # lines of about so many bytes are taken
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\r\n"))
_NO_TEXT = {"Cc", "Cn", "Co", "Cs"}
_HZ = re.compile(rb"~\{(?:[!-w][!-~])+~\}")


def unmarked(raw: io.BufferedIOBase) -> str:
    """UTF-8, unless the file has the zero bytes of UTF-16 or 32, or what switches character sets.

    Args:
        raw: A file that begins with no byte-order mark.
    """
    raw.seek(0)
    head = raw.read(_HEAD)
    if b"\0" in head and (wide := _wide(head)):
        return wide
    maybe = []
    for piece in _pieces(raw):
        if not piece.isascii():
            return "utf-8"
        if b"\x1b$" in piece:
            maybe += ["iso2022_kr" if b"\x1b$)C" in piece else "iso2022_jp"]
        if b"~{" in piece and _HZ.search(piece):
            maybe += ["hz"]
    return next((name for name in maybe if _decodes(raw, name)), "utf-8")


def _wide(head: bytes) -> str | None:
    """UTF-16 or UTF-32 in one of its orders, if it makes a text of the head of a file."""
    if _partly(head, "utf-8") and len(head.translate(None, _CONTROLS)) > 0.75 * len(head):
        return None  # UTF-16 that decodes as UTF-8 has a control character every second byte
    narrow = {}
    for name in _WIDE:
        text = _partly(head, name)
        # In the wrong order line ends and digits are characters that nobody assigned.
        if not any(unicodedata.category(c) in _NO_TEXT and c not in "\t\r\n" for c in text):
            narrow[name] = sum(char < "\x80" for char in text)
    best = max(narrow, key=narrow.__getitem__, default=None)
    return best if best and narrow[best] else None


def _partly(head: bytes, name: str) -> str:
    """The text of the head of a file; "" if it is not in this encoding."""
    try:
        return codecs.getincrementaldecoder(name)("strict").decode(head)
    except UnicodeError:
        return ""


def _decodes(raw: io.BufferedIOBase, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)("strict")
    try:
        for piece in _pieces(raw):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _pieces(raw: io.BufferedIOBase) -> Iterator[bytes]:
    start = 0
    while True:
        raw.seek(start)
        piece = raw.read(PIECE)
        if not piece:
            return
        yield piece
        start += len(piece)


def sample_of(raw: io.BufferedIOBase) -> tuple[bytes, bool]:
    """Some lines with bytes beyond ASCII, and whether they may end within a character.

    Args:
        raw: A file that has such bytes.
    """
    size = raw.seek(0, 2)
    sample = b""
    if size > _PLACES * _STRETCH:
        for place in range(_PLACES):
            raw.seek(place * (size - _STRETCH) // (_PLACES - 1))
            if place:
                raw.readline()
            sample += _lines(raw.read(_STRETCH).rpartition(b"\n")[0])
    if sample:
        return sample, False
    for piece in _pieces(raw):
        sample += _lines(piece)
        if len(sample) >= _SIZE:
            return sample[:_STRETCH], True
    return sample, False


def _lines(piece: bytes) -> bytes:
    """The first lines with bytes beyond ASCII."""
    # The bytes are looked for, and their lines after: a pattern of whole lines would begin anew at
    # each byte of a long line without any.
    lines, size, start = [], 0, 0
    while size < _SIZE and (found := _BEYOND_ASCII.search(piece, start)):
        begin = max(start, piece.rfind(b"\n", start, found.start()) + 1)
        start = piece.find(b"\n", found.end()) + 1 or len(piece)
        lines.append(piece[begin:start].rstrip(b"\n") + b"\n")
        size += len(lines[-1])
    return b"".join(lines)


def is_mostly_utf8(sample: bytes) -> bool:
    """Whether most characters beyond ASCII are whole in UTF-8, so that others are damage."""
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return sum(char > "\x7f" for char in text) - broken > 2 * broken
