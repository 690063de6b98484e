"""Characters that share an id: upper and lower case, and characters that look the same."""

from __future__ import annotations

from functools import cache

import numpy as np

from attnpool._shapes import Int
from attnpool.text.look_alikes import singles

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
"""The code points of Unicode's White_Space property (PropList.txt), unchanged since version 6.3.
Python's `str.isspace` includes four more control characters."""

_LAST_CASED = 0x1FFFF  # no cased letter is beyond the Supplementary Multilingual Plane


@cache
def variants() -> tuple[Int[np.ndarray, "variants"], Int[np.ndarray, "variants"]]:
    """The code points that are folded, and the code points that they are folded to.

    Only foldings of one character to one are used, so offsets never change; the Turkish dotted
    capital I, whose lower case is two characters, is not folded.
    """
    codes, folded = [], []
    alike = singles()
    for code in range(_LAST_CASED + 1):
        same = chr(alike.get(code, code))
        lower = same.lower() if len(same.lower()) == 1 else same
        if ord(lower) != code and code not in WHITE_SPACE:
            codes.append(code)
            folded.append(ord(lower))
    return np.array(codes, dtype=np.int64), np.array(folded, dtype=np.int64)
