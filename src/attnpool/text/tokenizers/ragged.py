"""Hugging Face `tokenizers` over many texts, with one `Tokens` as the result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np
from tokenizers import Encoding, Tokenizer

from attnpool.sanitize import printable
from attnpool.text.special_tokens import check_limit
from attnpool.text.tokens import Tokens

_CHUNK = 2048  # texts at a time: the library's encodings are many times larger than `Tokens`
_UNSURE = 2  # the last tokens before a cut, which depend on the text after it


def encode_ragged(
    library: Tokenizer,
    texts: Sequence[str],
    limit: int | None,
    head: Callable[[str, int], str],
) -> Tokens:
    """The library's own ids and spans of the texts, without special tokens.

    Args:
        library: The tokeniser.
        texts: Raw texts. The library refuses lone surrogates; it gets U+FFFD instead.
        limit: The most tokens of a text.
        head: Returns the first characters of a text, about as many as its second argument says;
            their tokens, except for the last two, must be those of the whole text. So the rest
            of a long text is not tokenised.

    Raises:
        InputError: `limit` is less than 1.
    """
    check_limit(limit)
    starts = range(0, len(texts), _CHUNK)
    return Tokens.concatenate(
        [_encode(library, texts[start : start + _CHUNK], limit, head) for start in starts]
    )


def _encode(
    library: Tokenizer, texts: Sequence[str], limit: int | None, head: Callable[[str, int], str]
) -> Tokens:
    whole = [printable(text) for text in texts]
    heads = whole if limit is None else [head(text, 16 * limit + 256) for text in whole]
    encodings = library.encode_batch(heads, add_special_tokens=False)
    if limit is not None:
        for row, encoding in enumerate(encodings):
            if len(encoding) < limit + 1 + _UNSURE and len(heads[row]) < len(whole[row]):
                encodings[row] = library.encode(whole[row], add_special_tokens=False)
    return _gather(encodings, texts, limit)


def _gather(encodings: Sequence[Encoding], texts: Sequence[str], limit: int | None) -> Tokens:
    lengths = [
        len(encoding) if limit is None else min(len(encoding), limit) for encoding in encodings
    ]
    bounds = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    ids = chain.from_iterable(encoding.ids[:limit] for encoding in encodings)
    spans = chain.from_iterable(encoding.offsets[:limit] for encoding in encodings)
    read_until = [
        len(text) if len(encoding) <= length else encoding.offsets[length - 1][1]
        for text, encoding, length in zip(texts, encodings, lengths, strict=True)
    ]
    return Tokens(
        ids=np.fromiter(ids, dtype=np.int32, count=bounds[-1]),
        bounds=bounds,
        spans=np.array(list(spans), dtype=np.int32).reshape(-1, 2),
        read_until=np.array(read_until, dtype=np.int64),
    )
