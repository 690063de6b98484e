"""Equal items, recognised by their hashes; Unicode form and space around a text do not count."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from attnpool.sanitize import printable
from attnpool.text.look_alikes import look_alikes, nfc

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from attnpool._shapes import Integer

HASH_BYTES = 8


def item_keys(
    items: Sequence[str | Sequence[str]], *, as_typed: bool = False
) -> Integer[np.ndarray, "items"]:
    """A hash of each item, the same for equal ones: texts, or tuples of texts.

    A tuple of one text is equal to the text. White space at the ends of a text does not count, nor
    do invisible marks, and canonical equivalents (NFC, NFD) are equal.

    Args:
        items: The items.
        as_typed: Whether invisible marks and the Unicode form count, as they did in hashes that
            earlier versions saved.

    Returns:
        Unsigned integers of 64 bits. Of a million different items, two share a hash with a
        probability of about 3 in 100 million.
    """
    read = _as_typed if as_typed else _normal
    digests = b"".join(
        blake2b(_encoded(item, read), digest_size=HASH_BYTES).digest() for item in items
    )
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def _encoded(item: str | Sequence[str], read: Callable[[str], str]) -> bytes:
    """The item as bytes; each text begins with its length, so no two items are alike."""
    if not isinstance(item, str):
        return b"".join(_encoded(text, read) for text in item)
    text = printable(read(item).strip()).encode()
    return len(text).to_bytes(8, "little") + text


def _as_typed(text: str) -> str:
    return text


def _normal(text: str) -> str:
    if text.isascii():
        return text
    return nfc(look_alikes().invisible.sub("", text).replace("\u200b", ""))
