"""The first tokens of long texts, without reading the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attnpool.text.tokens import Tokens


def read_heads(
    read: Callable[[Sequence[str]], Tokens],
    texts: Sequence[str],
    limit: int | None,
    *,
    head: Callable[[str, int], str],
    unsure: int = 0,
) -> Tokens:
    """The tokens of the texts, at most `limit` of each; of a long text only the beginning is read.

    Args:
        read: All tokens of texts.
        texts: The texts.
        limit: The most tokens of a text; None for no limit.
        head: The beginning of a text, which is likely to hold more than so many tokens. Where it
            does not, the whole text is read.
        unsure: How many tokens at the end of a beginning depend on the text after it.
    """
    if limit is None:
        return read(texts)
    heads = [head(text, limit) for text in texts]
    tokens = read(heads)
    # One token more than the limit distinguishes a text that is cut from one that ends there.
    scant = (tokens.lengths <= limit + unsure).tolist()
    again = [row for row, few in enumerate(scant) if few and len(heads[row]) < len(texts[row])]
    if again:
        for row in again:
            heads[row] = texts[row]
        tokens = read(heads)
    return tokens.truncated(limit)
