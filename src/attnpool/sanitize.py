"""Other people's text made safe: to write to a file, to show on a page or terminal, in a message.

Four needs, one place. `printable` keeps every offset and replaces only what no encoding can
carry. `visible` and `one_line` show text in which nothing can act on a terminal or a page:
control characters become their pictures (U+241B `␛` for ESC), marks that reorder the text
around them become their names, lone surrogates and non-characters become U+FFFD. `harmless` and
`harmless_json` are the last guard of a terminal, which is stricter. `escaped`, `quoted` and
`quoted_list` put user text into one-line messages.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "escaped",
    "harmless",
    "harmless_json",
    "one_line",
    "printable",
    "quoted",
    "quoted_list",
    "visible",
]

_REPLACEMENT = "\ufffd"
_COMPARED = 60  # characters of a name by which it is found to be like another
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

# On a terminal nothing isolates a name from the message around it, as a page does: there the
# plain marks are named too, and so is what no terminal shows at all, the tags.
_MARKS = (0x061C, 0x200E, 0x200F, *range(0x206A, 0x2070))
_TAGS = range(0xE0000, 0xE0080)
_ON_TERMINAL = _PICTURES | {code: f"‹U+{code:04X}›" for code in (*_MARKS, *_TAGS)}
_ACTING = re.compile(f"[{''.join(map(re.escape, map(chr, _ON_TERMINAL)))}]")
# Between emoji, and in the writing of Persia, India and Burma.
_JOINED = "\u0600-\u109f\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_JOINER = re.compile(f"(?<=[{_JOINED}])([\u200c\u200d])(?=[{_JOINED}])")
# The flag of England is a black flag, tags that spell gbeng, and a tag that ends them.
_FLAG = re.compile("(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f)")


def printable(text: str) -> str:
    """The text with lone surrogates, which no encoding can carry, as U+FFFD; offsets hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-32-le", "surrogatepass").decode("utf-32-le", "replace")
    return text


def visible(text: str) -> str:
    """The text as it is shown: tabs and line ends stay, what could do harm becomes visible."""
    return text.replace("\r\n", "\n").translate(_PICTURES)


def harmless(text: str) -> str:
    """The text as a terminal may get it: like `visible`, and no mark reorders or hides anything.

    Letters that are written from right to left stay, and so do joiners and flags.
    """
    if not _ACTING.search(text):
        return text
    parts = _FLAG.split(text.replace("\r\n", "\n"))
    return "".join(
        part if odd % 2 else part.translate(_ON_TERMINAL) for odd, part in enumerate(parts)
    )


def harmless_json(text: str) -> str:
    """JSON as a terminal may get it: the same value, with what could act on it escaped."""
    return _ACTING.sub(lambda found: json.dumps(found[0])[1:-1], text)


def one_line(text: str) -> str:
    """The text as it is shown in one line: names of classes, titles, methods."""
    return re.sub(r"\s+", " ", visible(text)).strip()


def shortened(text: str, limit: int = 200) -> str:
    """What another library said, in one line, cut between words after `limit` characters."""
    line = one_line(text)
    return line if len(line) <= limit else f"{line[:limit].rsplit(' ', 1)[0]} …"


def escaped(text: str) -> str:
    """The text with everything unprintable (line ends, NUL, bidi marks, surrogates) escaped.

    Joiners inside of a sequence of emoji or a word stay: without them it is another one.
    """
    if text.isprintable():
        return text
    joined = _JOINER.split(text)  # what stands between joiners, and these
    return "".join(part if odd % 2 else _escaped(part) for odd, part in enumerate(joined))


def _escaped(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def counted(number: int, noun: str) -> str:
    """`1 text`, `2,000 texts`: a number with its noun, whose plural ends in s."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def quoted(text: str, limit: int = 40) -> str:
    """The text in quotes for a message, cut after `limit` characters."""
    return f"'{escaped(text[:limit])}{'…' if len(text) > limit else ''}'"


def quoted_list(names: Iterable[object], limit: int = 10, *, near: object = None) -> str:
    """`'a', 'b', 'c' and 7,041 more` for a message.

    Args:
        names: The names, in the order in which they are shown.
        limit: How many are named.
        near: What was given instead of one of them: names like it come first.
    """
    shown = [str(name) for name in names]
    if near is not None and len(shown) > 1:
        first = _nearest(str(near), shown)
        shown = [*first, *(name for name in shown if name not in first)]
    more = f" and {len(shown) - limit:,} more" if len(shown) > limit else ""
    return ", ".join(map(quoted, shown[:limit])) + more


def _nearest(name: str, names: Iterable[str]) -> list[str]:
    """Up to three names that are nearly this one, the nearest first."""
    import difflib  # only where a message is needed

    compared: dict[str, str] = {}
    for one in names:
        compared.setdefault(one[:_COMPARED].casefold(), one)
    near = difflib.get_close_matches(name[:_COMPARED].casefold(), compared, n=3)
    return [compared[one] for one in near]
