"""Texts without some of their tokens, and the logits of a model for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from attnpool._shapes import Bool, Float, Int
from attnpool.text.special_tokens import UNKNOWN
from attnpool.text.tokens import Tokens

_TOKENS = 1_000_000  # of variants that are worked on at a time


class Variants(NamedTuple):
    """Several variants of one item, each with some of its tokens.

    Attributes:
        item: The number of the item.
        kept: Which of its tokens each variant keeps; those of all its sides, one side after the
            other.
    """

    item: int
    kept: Bool[np.ndarray, "variants tokens"]


def item_tokens(tokens: Tokens, sides: int, item: int) -> Int[np.ndarray, "tokens"]:
    """The positions of an item's tokens among those of all texts, one side after the other.

    Args:
        tokens: The texts, all first sides before all second sides.
        sides: The number of texts per item.
        item: The number of the item.
    """
    items = len(tokens) // sides
    texts = range(item, len(tokens), items) if items else ()
    return np.concatenate([np.arange(*tokens.bounds[[text, text + 1]]) for text in texts])


def variant_logits(
    model: Any, tokens: Tokens, variants: Iterable[Variants], *, masking: bool = False
) -> Float[np.ndarray, "variants classes"]:
    """The logits of every variant, in the order given.

    Args:
        model: The model, a `Network` in evaluation mode.
        tokens: The whole texts, all first sides before all second sides.
        variants: The variants.
        masking: Whether tokens that are not kept are replaced by unknown ones, which have no
            embedding. Otherwise they are removed, and the tokens around them become neighbours.
    """
    return np.concatenate(
        [
            model.run(reduced(tokens, model.sides, group, masking=masking)).logits
            for group in _groups(variants)
        ]
        or [np.zeros((0, 1), dtype=np.float32)]
    )


def reduced(tokens: Tokens, sides: int, variants: list[Variants], *, masking: bool) -> Tokens:
    """The tokens of all variants, first sides first, without tokenising again.

    Args:
        tokens: The whole texts, all first sides before all second sides.
        sides: The number of texts per item.
        variants: The variants.
        masking: Whether tokens that are not kept are replaced by unknown ones.
    """
    items = len(tokens) // sides
    places, masked, lengths, texts = [], [], [], []
    for side in range(sides):
        for item, kept in variants:
            before = [side_before * items + item for side_before in range(side)]
            start, end = tokens.bounds[side * items + item :][:2]
            first = int(tokens.lengths[before].sum())
            of_side = kept[:, first : first + end - start]
            every = np.broadcast_to(np.arange(start, end), of_side.shape)
            places.append(every.ravel() if masking else every[of_side])
            masked.append(~of_side.ravel() if masking else np.zeros(len(places[-1]), np.bool_))
            lengths.append(np.full(len(kept), end - start) if masking else of_side.sum(axis=1))
            texts.append(np.full(len(kept), side * items + item))
    taken, blank = np.concatenate(places), np.concatenate(masked)
    ids = np.where(blank, UNKNOWN, tokens.ids[taken]).astype(tokens.ids.dtype)
    unknown: tuple[str, ...] = ()
    if tokens.unknown:
        words = np.zeros(len(tokens.ids), dtype=np.int64)
        words[tokens.ids == UNKNOWN] = np.arange(len(tokens.unknown))
        which = np.where(blank, -1, words[taken])[ids == UNKNOWN]
        unknown = tuple("" if i < 0 else tokens.unknown[i] for i in which.tolist())
    return Tokens(
        ids=ids,
        bounds=np.concatenate([[0], np.cumsum(np.concatenate(lengths), dtype=np.int64)]),
        spans=tokens.spans[taken],
        read_until=tokens.read_until[np.concatenate(texts)],
        unknown=unknown,
    )


def _groups(variants: Iterable[Variants]) -> Iterator[list[Variants]]:
    group: list[Variants] = []
    size = 0
    for item, kept in variants:
        rows = max(1, _TOKENS // max(1, kept.shape[1]))
        for start in range(0, len(kept), rows):
            part = kept[start : start + rows]
            if group and size + part.size > _TOKENS:
                yield group
                group, size = [], 0
            group.append(Variants(item, part))
            size += part.size
    if group:
        yield group
