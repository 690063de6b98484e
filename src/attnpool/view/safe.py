"""Other people's text made safe to show: nothing in it can act on a terminal or on a page.

Control characters become their pictures (U+241B `␛` for ESC), marks that reorder the text
around them their names, lone surrogates and non-characters U+FFFD. Everything else stays.
"""

from __future__ import annotations

import re

_REPLACEMENT = "\ufffd"
# Embeddings, overrides and isolates reach beyond their own text; the plain marks
# U+200E, U+200F and U+061C do not, and right-to-left writing needs them.
_BIDI = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_NON_CHARACTERS = (
    *range(0xFDD0, 0xFDF0),
    *(plane << 16 | last for plane in range(17) for last in (0xFFFE, 0xFFFF)),
)

_PICTURES: dict[int, str] = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"},
    0x7F: "\u2421",
    **dict.fromkeys(range(0x80, 0xA0), _REPLACEMENT),
    **dict.fromkeys(range(0xD800, 0xE000), _REPLACEMENT),
    **dict.fromkeys(_NON_CHARACTERS, _REPLACEMENT),
    **dict.fromkeys((0x2028, 0x2029), "\u2424"),
    **{code: f"‹U+{code:04X}›" for code in _BIDI},
}


def visible(text: str) -> str:
    """The text as it is shown: tabs and line ends stay, what could do harm becomes visible."""
    return text.replace("\r\n", "\n").translate(_PICTURES)


def one_line(text: str) -> str:
    """The text as it is shown in a line: names of classes, titles, methods."""
    return re.sub(r"\s+", " ", visible(text)).strip()
