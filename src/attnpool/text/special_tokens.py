"""The ids that all tokenisers share, and checks of their common options."""

from __future__ import annotations

from attnpool.errors import InputError

PADDING, UNKNOWN = 0, 1
"""The ids of padding and of unknown tokens, the same for every tokeniser."""

PADDING_NAME, UNKNOWN_NAME = "[PAD]", "[UNK]"
"""Their names in `tokenizer.json`. No text can produce a token of either name."""


def check_limit(limit: int | None) -> None:
    """Refuse a length limit below one token.

    Args:
        limit: The most tokens of a text; None for no limit.

    Raises:
        InputError: `limit` is less than 1.
    """
    if limit is not None and limit < 1:
        raise InputError(f"length limit is {limit}; give at least 1, or None to read whole texts")


def check_vocabulary(min_frequency: int, max_size: int | None) -> None:
    """Refuse options that leave no vocabulary.

    Args:
        min_frequency: How often a token must occur.
        max_size: The most ids, padding and unknown included; None for no limit.

    Raises:
        InputError: `min_frequency` is less than 1, or `max_size` less than 3.
    """
    if min_frequency < 1:
        raise InputError(f"min_frequency is {min_frequency}; give at least 1")
    if max_size is not None and max_size < 3:
        raise InputError(
            f"max_size is {max_size}; give at least 3, for padding, unknown and one token"
        )
