"""The header of a `.safetensors` file, before anything else of it is read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from attnpool.files.ordinary import open_ordinary
from attnpool.files.strict_json import strict_json

_LENGTH = 8  # bytes that say how long the header is
_LONGEST = 100_000_000  # bytes; the library reads no longer header either


def check_size(path: Path) -> None:
    """Refuse a file that is not as large as its header says: nothing of it needs to be read.

    Args:
        path: The file.

    Raises:
        OSError: It cannot be read, or is not an ordinary file.
        ValueError: It is larger or smaller, or has no such header.
    """
    with open_ordinary(path) as file:
        size = os.fstat(file.fileno()).st_size
        length = int.from_bytes(file.read(_LENGTH), "little")
        if not 2 <= length <= min(_LONGEST, size - _LENGTH):
            raise ValueError("no header of tensors")
        header = strict_json(file.read(length))
    if not isinstance(header, dict):
        raise ValueError("no header of tensors")
    tensors = [one for name, one in header.items() if name != "__metadata__"]
    if size != _LENGTH + length + max(map(_end, tensors), default=0):
        raise ValueError("another size than its header says")


def _end(tensor: Any) -> int:
    """Where the numbers of a tensor end, in bytes after the header."""
    places = tensor.get("data_offsets") if isinstance(tensor, dict) else None
    if not isinstance(places, list) or len(places) != 2 or type(places[1]) is not int:
        raise ValueError("no header of tensors")
    end: int = places[1]
    return end
