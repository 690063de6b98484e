"""Sizes in bytes, as people write them."""

from __future__ import annotations

import re

from attnpool.errors import InputError

_FORM = re.compile(r"(\d{1,9}(?:\.\d{1,6})?) ?([kmg]?i?b?)", re.IGNORECASE)
_UNITS = {"": 1, "k": 1000, "m": 1000**2, "g": 1000**3}
_BINARY = {"k": 1024, "m": 1024**2, "g": 1024**3}


def parse_size(given: str) -> int:
    """The bytes of a size such as `2MB`, `500kB`, `1.5 MiB` or `80000`.

    Args:
        given: What the user wrote.

    Raises:
        InputError: It is no size.
    """
    found = _FORM.fullmatch(given.strip())
    unit = found[2].lower() if found else ""
    prefix = unit.rstrip("b").rstrip("i")
    if not found or (unit.startswith("i") or ("i" in unit and not prefix)):
        raise InputError(f"--size {given!r} is no size; give one such as 2MB or 500kB")
    factor = _BINARY[prefix] if "i" in unit else _UNITS[prefix]
    size = int(float(found[1]) * factor)
    if size < 1:
        raise InputError(f"--size {given!r} is no size; give one such as 2MB or 500kB")
    return size


def shown_size(size: int) -> str:
    """A size in the largest unit that it fills: `2.9 MB`.

    Args:
        size: Bytes.
    """
    for unit, factor in (("GB", 1000**3), ("MB", 1000**2), ("kB", 1000)):
        if round(size / factor, 1) >= 1:
            return f"{size / factor:.1f} {unit}"
    return f"{size} bytes"
