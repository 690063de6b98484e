"""The options all tokenisers share, checked in one place."""

from __future__ import annotations

from attnpool.errors import InputError

PADDING, UNKNOWN = 0, 1
"""Ids that every tokeniser keeps free for padding and for what it does not know."""

PADDING_NAME, UNKNOWN_NAME = "[PAD]", "[UNK]"
"""How the two ids are called in `tokenizer.json`. No text can produce a token of either name."""


def check_limit(limit: int | None) -> None:
    """Refuse a length limit below one token.

    Raises:
        InputError: `limit` is less than 1.
    """
    if limit is not None and limit < 1:
        raise InputError(f"length limit is {limit}; give at least 1, or None to read whole texts")


def check_vocabulary(min_frequency: int, max_size: int | None) -> None:
    """Refuse vocabulary options that leave no vocabulary.

    Raises:
        InputError: `min_frequency` is less than 1, or `max_size` less than 3.
    """
    if min_frequency < 1:
        raise InputError(f"min_frequency is {min_frequency}; give at least 1")
    if max_size is not None and max_size < 3:
        raise InputError(
            f"max_size is {max_size}; give at least 3, for padding, unknown and one token"
        )
