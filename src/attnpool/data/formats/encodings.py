"""The encoding of a text file: a byte-order mark, else UTF-8, else the most probable one.

A file is in an encoding only if all of it decodes strictly: nothing is replaced, no byte is
skipped. Large files are checked in pieces and never held in memory as a whole.
"""

from __future__ import annotations

import codecs
import contextlib
import io
import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from attnpool.data.formats.compressed import open_bytes
from attnpool.data.formats.samples import PIECE, is_mostly_utf8, sample_of, unmarked
from attnpool.data.table import Source
from attnpool.errors import InputError
from attnpool.sanitize import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# UTF-32 first: its little-endian mark begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Chinese in GB18030 stops being valid UTF-8 within a few characters. A file with more valid
# UTF-8 characters beyond ASCII before its first fault is damaged UTF-8: read as GB18030 it
# would silently turn into mojibake.
COINCIDENCE = 16
_BEYOND_ASCII = re.compile("[^\0-\x7f]")


# Codecs that Python takes for encodings of text: of domain names, of literals of programs, of the
# machine one happens to work on, and of nothing.
_OF_NO_FILE = (
    *("idna", "punycode", "unicode-escape", "raw-unicode-escape"),
    *("charmap", "mbcs", "oem", "undefined"),
)

_DISPLAYED = {
    "cp850": "DOS code page 850",
    "cp852": "DOS code page 852",
    "cp866": "DOS code page 866",
    "cp932": "Shift_JIS",
    "cp949": "EUC-KR",
    "cp950": "Big5",
    "big5hkscs": "Big5-HKSCS",
    "euc_jp": "EUC-JP",
    "iso2022_jp": "ISO-2022-JP",
    "iso2022_kr": "ISO-2022-KR",
    "mac_cyrillic": "Mac Cyrillic",
    "mac_roman": "Mac Roman",
}


def display_name(encoding: str) -> str:
    """The name of an encoding for a reader: `Windows-1252` for `cp1252`."""
    if encoding in _DISPLAYED:
        return _DISPLAYED[encoding]
    return re.sub("^CP", "Windows-", re.sub("^ISO8859", "ISO-8859", encoding.upper()))


class Encoding(NamedTuple):
    """The encoding of a file.

    Attributes:
        name: Its name, as Python knows it.
        mark: Whether the file begins with a byte-order mark.
        assumed: Whether it is only the most probable encoding.
    """

    name: str
    mark: bool = False
    assumed: bool = False


class TextFile:
    """A text file and its encoding.

    The first time it is opened, the whole file is checked before the first line is read.

    Args:
        path: The file.
        file: The file as the user named it.
        encoding: The encoding the user named; None: found from the content.

    Attributes:
        encoding: The encoding; None before the file is opened.
    """

    def __init__(self, path: Path, file: str, encoding: str | None = None) -> None:
        self._path = path
        self._file = file
        self._named = encoding
        self.encoding: Encoding | None = None

    @contextlib.contextmanager
    def open(self) -> Iterator[io.TextIOWrapper]:
        r"""Open the text behind its byte-order mark; line ends (`\n`, `\r\n`, `\r`) are kept.

        Raises:
            InputError: If the encoding is unknown, or the file does not decode.
        """
        with open_bytes(self._path, self._file) as raw:
            if self.encoding is None:
                self.encoding = find_encoding(raw, self._file, self._named)
                raw.seek(0)
            with io.TextIOWrapper(raw, encoding=self.encoding.name, newline="") as text:
                rewind(text)
                yield text

    def source(self, separator: str | None = None) -> Source:
        """How the file is written, once it was opened."""
        name, mark, assumed = self.encoding or Encoding("utf-8")
        return Source(name, mark, assumed, separator)


class StreamDecoder:
    """The text of a stream that comes in pieces, in the encoding that the first piece is in.

    UTF-8 that nobody named is given up for the most probable encoding as long as hardly a
    character beyond ASCII has come: until then both read alike.

    Args:
        file: What messages call the stream.
        encoding: The encoding the user named; None: found from the content.

    Attributes:
        encoding: The encoding; None before the first piece.
    """

    def __init__(self, file: str, encoding: str | None = None) -> None:
        self._file = file
        self._named = encoding
        self._taken = 0  # bytes
        self._beyond_ascii = 0  # characters
        self.encoding: Encoding | None = None

    def decode(self, piece: bytes, *, final: bool) -> str:
        """The text of the next piece but for a character that it ends within.

        Args:
            piece: The bytes. The first ones should be some lines: the encoding is found from them.
            final: Whether no others follow.

        Raises:
            InputError: If the encoding is unknown, or the piece is not in it.
        """
        if self.encoding is None:
            self._find(piece, final)
        held = _pending(self._decoder)
        try:
            text = self._decoder.decode(piece, final)
        except UnicodeError as error:
            fault = self._taken - held + getattr(error, "start", 0)
            rest: bytes = getattr(error, "object", piece)
            self._find_again(rest, fault, final)
            text = self._decoder.decode(rest, final)
        self._taken += len(piece)
        if self._beyond_ascii <= COINCIDENCE:
            self._beyond_ascii += _beyond_ascii(text)
        return text

    def _find(self, piece: bytes, final: bool) -> None:
        self.encoding = find_encoding(io.BytesIO(piece), self._file, self._named, whole=final)
        self._decoder = codecs.getincrementaldecoder(self.encoding.name)("strict")

    def _find_again(self, rest: bytes, fault: int, final: bool) -> None:
        name, mark, _ = self.encoding or Encoding("utf-8")
        error = _not_in(name, self._file, fault, named=self._named is not None)
        if self._named or mark or name != "utf-8" or self._beyond_ascii > COINCIDENCE:
            raise error
        try:
            self._find(rest, final)
        except InputError:
            raise error from None  # the other one counts bytes from here


def rewind(text: io.TextIOWrapper) -> None:
    """Move to the first character behind the byte-order mark."""
    text.seek(0)
    if text.read(1) != "\ufeff":
        text.seek(0)


def find_encoding(
    raw: io.BufferedIOBase, file: str, encoding: str | None = None, *, whole: bool = True
) -> Encoding:
    """The encoding in which the whole file decodes.

    Args:
        raw: The file, open at its start; it is read to the end.
        file: The file as the user named it.
        encoding: The encoding the user named, if any.
        whole: Whether that is all of it, rather than a beginning that may end within a character.

    Raises:
        InputError: If the encoding is unknown, or the file is in none of them.
    """
    if encoding is not None:
        check_encoding(encoding)
    mark = _marked(raw)
    # The mark of UTF-8 is surer than what a model remembers of its training file.
    if encoding is not None and mark != "utf-8":
        fault = _first_fault(raw, encoding, whole=whole)
        if fault:
            raise _not_in(encoding, file, fault[0], named=True)
        return Encoding(encoding, mark=mark is not None)
    name = mark or unmarked(raw)
    fault = _first_fault(raw, name, whole=whole)
    if fault is None:
        return Encoding(name, mark=mark is not None, assumed=name == "hz")
    while raw.read(PIECE):
        pass  # what is damaged rather than in another encoding may be told at its end only
    if name == "utf-8" and mark is None and fault[1] <= COINCIDENCE:
        return _most_probable(raw, file, fault[0], whole=whole)
    raise _not_in(name, file, fault[0], named=False)


def _not_in(encoding: str, file: str, byte: int, *, named: bool) -> InputError:
    """The error for a byte that does not decode, in an encoding that the user named or not."""
    if named:
        return InputError(
            f"{file}: byte {byte} is not {encoding}; name the right encoding with --encoding"
        )
    return InputError(
        f"{file}: byte {byte} is not {encoding.upper()}; "
        "name the encoding with --encoding, or fix the file"
    )


def _most_probable(raw: io.BufferedIOBase, file: str, fault: int, *, whole: bool) -> Encoding:
    """The legacy encoding in which the file is most probably written.

    Args:
        raw: The file.
        file: Its name.
        fault: The first byte that is not UTF-8.
        whole: Whether that is all of it.

    Raises:
        InputError: It decodes in none that is probable, or is damaged UTF-8.
    """
    from attnpool.data.formats.guess import guess_encoding

    sample, cut = sample_of(raw)
    guess = guess_encoding(sample, cut=cut or not whole)
    advice = "name the encoding with --encoding, or fix the file"
    if is_mostly_utf8(sample) or not guess.encodings:
        raise InputError(f"{file}: byte {fault} is not UTF-8; {advice}")
    faults = {}
    for encoding in guess.encodings:
        found = _first_fault(raw, encoding, whole=whole)
        if found is None:
            return Encoding(encoding, assumed=not guess.certain)
        faults[encoding] = found[0]
    likely = guess.encodings[0]
    raise InputError(
        f"{file} looks like {display_name(likely)}, but byte {faults[likely]} is not; {advice}"
    )


def _marked(raw: io.BufferedIOBase) -> str | None:
    """The encoding of the byte-order mark at the start of the file; None without one."""
    raw.seek(0)
    head = raw.read(4)
    return next((name for mark, name in MARKS if head.startswith(mark)), None)


def check_encoding(encoding: str) -> None:
    """Check that an encoding of this name exists.

    Raises:
        InputError: If the name is unknown, or names a codec that is not for files of text.
    """
    try:
        # Unlike codecs.lookup this refuses codecs that are not for text, such as "hex".
        io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        if codecs.lookup(encoding).name.replace("_", "-") in _OF_NO_FILE:
            raise LookupError
    except (LookupError, ValueError):
        raise InputError(
            f"no encoding is called {quoted(encoding)}; name one such as utf-8, gb18030 or big5"
        ) from None


def _first_fault(raw: io.BufferedIOBase, encoding: str, *, whole: bool) -> tuple[int, int] | None:
    """Offset of the first byte that does not decode, and the characters beyond ASCII before it.

    These are counted as far as `COINCIDENCE` asks.
    """
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    start = 0  # offset behind the bytes passed to the decoder so far
    beyond_ascii = 0
    raw.seek(0)
    while True:
        piece = raw.read(PIECE)
        pending = _pending(decoder)
        try:
            text = decoder.decode(piece, final=whole and not piece)
        except UnicodeError as error:
            at = getattr(error, "start", 0)
            good = bytes(getattr(error, "object", b""))[:at]
            beyond_ascii += _beyond_ascii(good.decode(encoding, "ignore"))
            return start - pending + at, beyond_ascii
        if not piece:
            return None
        start += len(piece)
        if beyond_ascii <= COINCIDENCE and not text.isascii():
            beyond_ascii += _beyond_ascii(text)


def _beyond_ascii(text: str) -> int:
    """The number of characters beyond ASCII, or more than `COINCIDENCE` if there are more."""
    return sum(1 for _ in islice(_BEYOND_ASCII.finditer(text), COINCIDENCE + 1))


def _pending(decoder: codecs.IncrementalDecoder) -> int:
    """The number of bytes that the decoder holds back until their character is complete."""
    state = decoder.getstate()[0]
    return len(state) if isinstance(state, bytes) else 0
