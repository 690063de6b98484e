"""Compressed files, unpacked while they are read: gzip, bzip2, xz and Zstandard, by content."""

from __future__ import annotations

import io
import os
import sys
import zlib
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnpool.errors import InputError, require
from attnpool.sanitize import escaped, quoted

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

COMPRESSED = {".gz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".zst": "Zstandard"}
_MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
)
_ARCHIVES = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
)

_STANDARD = sys.version_info >= (3, 14)  # since when Python itself reads Zstandard

# A file of text shrinks to a fifth, a table that repeats itself to a fiftieth. What unpacks to far
# more is damaged or hostile, and could have lines that no memory holds.
MOST_TIMES = 200
MOST_BYTES = 100 * 2**20

# Rows take memory however short they are. A row of its own takes a byte even where it is packed:
# what has more rows than bytes repeats itself.
MOST_ROWS = 1_000_000
_ROW_MARKS = b"\n", b"\r", b"{", b"["


def suffix_of(path: Path) -> str:
    """The suffix that determines the format, in lower case: `.csv` of `rows.CSV.gz`."""
    suffix = path.suffix.lower()
    return Path(path.stem).suffix.lower() if suffix in COMPRESSED else suffix


def open_bytes(path: Path, file: str) -> io.BufferedReader:
    """Open a file, and unpack it if it is compressed.

    Args:
        path: The file.
        file: The file as the user named it.

    Raises:
        InputError: If it is an archive, is not compressed though its name says so, or needs a
            library that is not installed.
        OSError: If it cannot be opened.
    """
    raw = path.open("rb")
    try:
        head = raw.read(6)
        raw.seek(0)
        for magic, what in _ARCHIVES:
            if head.startswith(magic):
                raise InputError(f"{file} is {what}, not text; unpack it and give the file in it")
        kind = next((name for magic, name in _MAGIC if head.startswith(magic)), None)
        if kind == "Zstandard" and not _STANDARD:
            require(f"{file}: reading Zstandard files", "backports.zstd")
        if kind is not None:
            return io.BufferedReader(_Unpacked(raw, kind, file), 1 << 16)
        named = COMPRESSED.get(path.suffix.lower())
        if named is not None and head:
            raise InputError(
                f"{file}: not {named} data, or damaged; compress it again, or if it is not "
                f"compressed, rename it to {quoted(path.stem)}"
            )
    except BaseException:
        raw.close()
        raise
    return raw


class _Unpacked(io.RawIOBase):
    """The content of a compressed file, as a stream; damage and bombs are an `InputError`."""

    def __init__(self, raw: io.BufferedReader, kind: str, file: str) -> None:
        self._raw = raw
        self._kind = kind
        self._file = file
        size = os.fstat(raw.fileno()).st_size
        self._most, self._most_rows = max(MOST_BYTES, MOST_TIMES * size), max(MOST_ROWS, size)
        self._counted = 0  # so many bytes, and the marks of rows in them
        self._marks = [0] * len(_ROW_MARKS)
        self._inner: Any = _opener(kind)(raw)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        position: int = self._inner.seek(offset, whence)
        return position

    def tell(self) -> int:
        position: int = self._inner.tell()
        return position

    def readinto(self, buffer: WriteableBuffer) -> int:
        try:
            count: int = self._inner.readinto(buffer)
        except _errors(self._kind) as error:
            raise InputError(
                f"{self._file}: damaged {self._kind} data ({escaped(str(error))}); "
                "compress or download it again"
            ) from None
        end = self._inner.tell()
        if end > self._most:
            raise InputError(
                f"{self._file} unpacks to more than the larger of {MOST_TIMES} times its size and "
                "100 MiB; if that is right, unpack it first"
            )
        if end > self._counted:
            new = bytes(memoryview(buffer)[max(0, count - (end - self._counted)) : count])
            self._marks = [
                n + new.count(mark) for n, mark in zip(self._marks, _ROW_MARKS, strict=True)
            ]
            self._counted = end
            if max(self._marks) > self._most_rows:
                raise InputError(
                    f"{self._file} unpacks to more than {self._most_rows:,} rows, which is more "
                    "than it has bytes; if that is right, unpack it first"
                )
        return count

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
            self._raw.close()
        super().close()


def _opener(kind: str) -> Any:
    if kind == "gzip":
        import gzip

        return gzip.open
    if kind == "bzip2":
        import bz2

        return bz2.open
    if kind == "xz":
        import lzma

        return lzma.open
    return _zstd().open


def _errors(kind: str) -> tuple[type[Exception], ...]:
    """What is raised for damaged data."""
    known = (OSError, EOFError, zlib.error, ValueError)
    if kind == "Zstandard":
        return (*known, _zstd().ZstdError)
    if kind == "xz":
        import lzma

        return (*known, lzma.LZMAError)
    return known


def _zstd() -> Any:
    return import_module("compression.zstd" if _STANDARD else "backports.zstd")
