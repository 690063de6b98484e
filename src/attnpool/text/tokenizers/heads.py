"""Many texts, a chunk at a time, and of long texts only the beginning."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from attnpool.text.code_points import chunks_of, lengths_of
from attnpool.text.special_tokens import check_limit
from attnpool.text.tokens import Tokens

_MORE = 32  # tokens beyond the limit that a beginning has room for


def _first(text: str, size: int) -> str:
    return text[:size]


def encode_heads(
    read: Callable[[Sequence[str]], Tokens],
    texts: Sequence[str],
    limit: int | None,
    *,
    per_token: int,
    unsure: int = 0,
    head: Callable[[str, int], str] = _first,
) -> Tokens:
    """The tokens of the texts, at most `limit` of each.

    Args:
        read: All tokens of texts.
        texts: The texts.
        limit: The most tokens of a text; None for no limit.
        per_token: How many characters of a text to read for each token. Where they hold too few,
            because of white space or long words, the whole text is read.
        unsure: How many tokens at the end of a beginning depend on the text after it.
        head: The beginning of a text, of about as many characters as its second argument says.

    Raises:
        InputError: `limit` is less than 1.
    """
    check_limit(limit)
    lengths = lengths_of(texts)
    if limit is None:
        return Tokens.concatenate([read(chunk) for chunk in chunks_of(texts, lengths)])
    size = per_token * (limit + _MORE)
    parts = []
    for chunk in chunks_of(texts, np.minimum(lengths, size)):
        heads = [head(text, size) for text in chunk]
        tokens = read(heads)
        # One token more than the limit distinguishes a text that is cut from one that ends there.
        few = np.flatnonzero(tokens.lengths <= limit + unsure).tolist()
        again = [row for row in few if len(heads[row]) < len(chunk[row])]
        if again:
            for row in again:
                heads[row] = chunk[row]
            tokens = read(heads)
        parts.append(tokens.truncated(limit))
    return Tokens.concatenate(parts)
