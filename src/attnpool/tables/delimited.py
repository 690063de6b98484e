"""A table to a CSV or tab-separated file, in any encoding."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from io import BufferedIOBase
from typing import TYPE_CHECKING

from attnpool.data.formats.encodings import MARKS
from attnpool.errors import InputError
from attnpool.sanitize import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from attnpool.data.table import Source

_OF_ALL = ("utf", "gb18030")  # encodings of every character


@dataclass(frozen=True, slots=True)
class TextForm:
    """How a CSV or tab-separated file is written.

    Attributes:
        encoding: Its encoding.
        mark: Whether it begins with a byte-order mark.
        separator: What is between two fields.
        safe: Whether no text in it is a formula to a spreadsheet.
    """

    encoding: str = "utf-8"
    mark: bool = False
    separator: str = ","
    safe: bool = False

    @classmethod
    def like(
        cls, source: Source, suffix: str, encoding: str | None = None, *, safe: bool = False
    ) -> TextForm:
        """The form of the file that was read; that of CSV and tabs is by the suffix.

        Args:
            source: How the file that was read is written.
            suffix: The format to write.
            encoding: Another encoding.
            safe: Whether no text in it is a formula to a spreadsheet.
        """
        tabs = suffix == ".tsv"
        # Where Excel writes semicolons it reads nothing else.
        separator = "\t" if tabs else ";" if source.separator == ";" else ","
        if encoding is not None:
            return cls(encoding, separator=separator, safe=safe)
        return cls(source.encoding or "utf-8", source.mark, separator, safe)

    @property
    def lacks_characters(self) -> bool:
        """Whether the encoding is not one of every character."""
        return not self.encoding.lower().startswith(_OF_ALL)

    def check(self, output: Path, texts: Iterable[str]) -> None:
        """Refuse texts that the encoding does not have, before anything is computed.

        Raises:
            InputError: It lacks a character of one of them.
        """
        if not self.lacks_characters:
            return
        for text in texts:
            try:
                text.encode(self.encoding)
            except UnicodeError as error:
                raise self.lacks(output, error) from None

    def lacks(self, output: Path, error: UnicodeError) -> InputError:
        """The error for a character that the encoding does not have."""
        character = ""
        if isinstance(error, UnicodeEncodeError):
            character = error.object[error.start]
        return InputError(
            f"{output}: the character {quoted(character)} does not exist in {self.encoding}; "
            "name another encoding with --output-encoding, such as utf-8-sig"
        )


def write_delimited(
    pieces: Iterable[str], out: BufferedIOBase, form: TextForm, *, first: bool = True
) -> None:
    """Write lines in the encoding of a form.

    Args:
        pieces: Some lines each.
        out: Where to.
        form: The form.
        first: Whether they are at the start of the file, where a byte-order mark is.

    Raises:
        UnicodeError: The encoding lacks a character.
    """
    # The codecs called utf-16 and utf-32 write a mark by themselves, and only once.
    encode = codecs.getincrementalencoder(form.encoding)().encode
    if not first and _writes_mark(form.encoding):
        encode("\n")
    if first and form.mark and not _writes_mark(form.encoding):
        out.write(encode("\ufeff"))
    for piece in pieces:
        out.write(encode(piece))
    out.write(encode("", final=True))


def _writes_mark(encoding: str) -> bool:
    return "a".encode(encoding).startswith(tuple(mark for mark, _ in MARKS))
