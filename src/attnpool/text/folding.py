"""Characters that are read as one: upper and lower case, full-width and half-width ASCII."""

from __future__ import annotations

from functools import cache

import numpy as np

from attnpool._shapes import Int

WHITE_SPACE = (
    *range(0x09, 0x0E),
    0x20,
    0x85,
    0xA0,
    0x1680,
    *range(0x2000, 0x200B),
    0x2028,
    0x2029,
    0x202F,
    0x205F,
    0x3000,
)
"""The code points of Unicode's White_Space property (PropList.txt), which is closed: no version
since 6.3 changed it. Python's `str.isspace` counts four control characters more."""

_LAST_CASED = 0x1FFFF  # no cased letter stands beyond the Supplementary Multilingual Plane


@cache
def variants() -> tuple[Int[np.ndarray, "variants"], Int[np.ndarray, "variants"]]:
    """The code points that are read as another one, and those they are read as.

    Only foldings of one character to one are taken, so offsets never move; the Turkish dotted
    capital I, whose lower case is two characters, stands for itself.
    """
    codes, folded = [], []
    for code in range(_LAST_CASED + 1):
        # Full-width ASCII, U+FF01 to U+FF5E, is ASCII moved by a fixed step.
        half_width = chr(code - 0xFEE0) if 0xFF01 <= code <= 0xFF5E else chr(code)
        lower = half_width.lower()
        if len(lower) == 1 and ord(lower) != code:
            codes.append(code)
            folded.append(ord(lower))
    return np.array(codes, dtype=np.int64), np.array(folded, dtype=np.int64)
