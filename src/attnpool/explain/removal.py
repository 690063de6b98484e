"""Texts with some of their tokens taken away, and what a model says of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from torch import nn

from attnpool._shapes import Bool, Float, Int
from attnpool.models.predict import predict_batches
from attnpool.text.special_tokens import UNKNOWN
from attnpool.text.tokens import Tokens

_TOGETHER = 1_000_000  # tokens of reduced texts that are worked on at a time


class Variants(NamedTuple):
    """Several readings of one item.

    Attributes:
        item: The number of the item.
        kept: Which of its tokens each reading keeps; those of all its sides, one side behind
            the other.
    """

    item: int
    kept: Bool[np.ndarray, "variants tokens"]


def item_tokens(tokens: Tokens, sides: int, item: int) -> Int[np.ndarray, "tokens"]:
    """Where the tokens of an item stand among all, those of its sides behind each other."""
    items = len(tokens) // sides
    texts = range(item, len(tokens), items) if items else ()
    return np.concatenate([np.arange(*tokens.bounds[[text, text + 1]]) for text in texts])


def read_variants(
    model: nn.Module, tokens: Tokens, variants: Iterable[Variants], *, masking: bool = False
) -> Float[np.ndarray, "readings classes"]:
    """The logits of every reading, in the order given.

    Args:
        model: The model, in evaluation mode.
        tokens: The texts as they are, all first sides before all second ones.
        variants: What is read.
        masking: Whether tokens that are not kept become unknown ones, which have no embedding,
            rather than leave the text, whose other tokens then close up.
    """
    sides: int = model.sides  # type: ignore[assignment]
    return np.concatenate(
        [
            predict_batches(model, reduced(tokens, sides, group, masking=masking)).logits
            for group in _groups(variants)
        ]
        or [np.zeros((0, 1), dtype=np.float32)]
    )


def reduced(tokens: Tokens, sides: int, variants: list[Variants], *, masking: bool) -> Tokens:
    """The tokens of all readings, first sides first; they are never tokenised again."""
    items = len(tokens) // sides
    places, gone, lengths, texts = [], [], [], []
    for side in range(sides):
        for item, kept in variants:
            before = [side_before * items + item for side_before in range(side)]
            start, end = tokens.bounds[side * items + item :][:2]
            first = int(tokens.lengths[before].sum())
            stays = kept[:, first : first + end - start]
            here = np.broadcast_to(np.arange(start, end), stays.shape)
            places.append(here.ravel() if masking else here[stays])
            gone.append(~stays.ravel() if masking else np.zeros(len(places[-1]), np.bool_))
            lengths.append(np.full(len(kept), end - start) if masking else stays.sum(axis=1))
            texts.append(np.full(len(kept), side * items + item))
    taken, blank = np.concatenate(places), np.concatenate(gone)
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
        rows = max(1, _TOGETHER // max(1, kept.shape[1]))
        for start in range(0, len(kept), rows):
            part = kept[start : start + rows]
            if group and size + part.size > _TOGETHER:
                yield group
                group, size = [], 0
            group.append(Variants(item, part))
            size += part.size
    if group:
        yield group
