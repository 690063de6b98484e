"""User text inside one-line messages: nothing that breaks the line or hides in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def plain(text: str) -> str:
    """The text with everything unprintable (line ends, NUL, bidi marks, surrogates) escaped."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shown(text: str, limit: int = 40) -> str:
    """The text in quotes, cut after `limit` characters."""
    return f"'{plain(text[:limit])}{'…' if len(text) > limit else ''}'"


def listed(texts: Iterable[str], limit: int = 12) -> str:
    """`'a', 'b', 'c'`, cut after `limit` entries."""
    texts = list(texts)
    more = f" and {len(texts) - limit} more" if len(texts) > limit else ""
    return ", ".join(map(shown, texts[:limit])) + more
