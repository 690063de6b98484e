"""The rows of a file, or of standard input, which is put into a file first."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attnpool.errors import InputError

INPUT_FORMATS = ("csv", "tsv", "jsonl", "txt")
STDIN = "-"
NAME = "stdin"  # what messages call it


@contextmanager
def local_data(data: str, input_format: str | None) -> Iterator[tuple[str, str | None]]:
    """A path to read, and what messages call it where that is something else.

    Standard input is put into a temporary file: it is read more than once.

    Args:
        data: A path, or `-` for standard input.
        input_format: The format of standard input; default: one text a line.

    Raises:
        InputError: The format is unknown or not needed, or standard input cannot be read.
    """
    if input_format is not None and input_format not in INPUT_FORMATS:
        raise InputError(
            f"--input-format {input_format}: the formats of stdin are {', '.join(INPUT_FORMATS)}"
        )
    if data != STDIN:
        if input_format is not None:
            raise InputError("--input-format is for stdin, DATA -; a file's name tells its format")
        yield data, None
        return
    if sys.stdin is None:
        raise InputError("stdin is closed; give it rows, or name a file")
    with tempfile.TemporaryDirectory(prefix="attnpool-") as folder:
        path = Path(folder) / f"stdin.{input_format or 'txt'}"
        try:
            with path.open("wb") as file:
                shutil.copyfileobj(sys.stdin.buffer, file, 1 << 20)
        except OSError as error:
            raise InputError(
                f"stdin cannot be put into a temporary file: {error.strerror or error}; free some "
                "space, or set TMPDIR"
            ) from None
        yield str(path), NAME
