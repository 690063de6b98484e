"""Which n-grams of a compact model to keep where it must be small: those that move answers most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from attnpool._shapes import Bool, Float, Int
from attnpool.runtime.network import CompactNetwork
from attnpool.runtime.ngrams import BITS, Ngrams, find
from attnpool.runtime.tables import Table
from attnpool.runtime.words import rows_of_unknown

RANK = 8
"""The rank that tables of whole keys are cut to: those of a mean query, and of unknown words."""

_ATTENTION = 2  # of two parts that move a margin alike, attention's moves more answers
_COUNT = 0.75  # the power of an n-gram's count that its importance grows with

_TEXT = 64  # tokens of a typical text, which weigh attention against the linear part
_WORDS = 0.25  # the most of the bytes that character n-grams may take


def kept_ngrams(network: CompactNetwork, keep: Bool[np.ndarray, "ngrams"]) -> CompactNetwork:
    """The network with these n-grams alone; for others the next shorter one stands.

    Args:
        network: The network.
        keep: Which n-grams to keep.
    """
    first = network.ngrams.first
    rows = np.concatenate([np.arange(first), first + np.flatnonzero(keep)])
    ngrams = Ngrams(network.ngrams.keys[keep], network.ngrams.lengths, first)
    words = network.words
    if words is not None:
        open_rows = rows_of_unknown(ngrams.keys, first)
        places = words.rows.searchsorted(rows[open_rows])
        words = replace(words, rows=open_rows, keys=words.keys.kept(places))
    return replace(
        network,
        keys=network.keys.kept(rows),
        values=network.values.kept(rows),
        linear=None if network.linear is None else network.linear.kept(rows),
        ngrams=ngrams,
        words=words,
    )


def sized(
    network: CompactNetwork, budget: int, counts: Int[np.ndarray, "rows"] | None = None
) -> CompactNetwork | None:
    """The network in so many bytes, with as little change of its answers as that permits.

    If it is too large, tables are cut to fewer columns, which changes hardly any answer: whole keys
    to rank 8, values to their differences between classes and a rank of two more than there are
    classes, the linear part to one byte. If that is not enough, those n-grams go that move answers
    least.

    Args:
        network: The network.
        budget: The most bytes of its arrays.
        counts: How often each row occurred in training; None if that is not known.

    Returns:
        The network; None if it is too large even without any n-gram.
    """
    if network.size <= budget:
        return network
    narrow = network
    for narrow in _narrower(network):
        if narrow.size <= budget:
            return narrow
    words = narrow.words
    if words is not None and len(words.char_ngrams) * words.row_bytes > _WORDS * budget:
        # All or none: the mean of a few would be far from that of all.
        narrow = replace(narrow, words=None)
    worth = importance(network, counts)
    # What fewer columns add besides is more than they save where there are hardly any rows.
    return next(
        (
            smaller
            for candidate in (narrow, replace(narrow, words=None), replace(network, words=None))
            if (smaller := _most_important(candidate, budget, worth)) is not None
        ),
        None,
    )


def smallest(network: CompactNetwork) -> CompactNetwork:
    """The network in as few bytes as it can take: without n-grams, words read as unknown.

    Args:
        network: The network.
    """
    none = np.zeros(len(network.ngrams.keys), dtype=np.bool_)
    bare = kept_ngrams(replace(network, words=None), none)
    return min([bare, *_narrower(bare)], key=lambda one: one.size)


def _narrower(network: CompactNetwork) -> Iterator[CompactNetwork]:
    """The network with fewer and fewer columns and bytes; what changes least is first."""
    heads, classes = network.shape.heads, network.shape.classes
    words = network.words
    if words is not None:
        words = replace(words, char_keys=words.char_keys.of_rank(RANK))
        network = replace(network, words=words)
    if network.shape.pooling == "mean_query":
        keys = network.keys.of_rank(RANK)
    else:
        keys = _one_byte(network.keys, network.keys.all())
    yield (network := replace(network, keys=keys))
    by_head = network.values.all().reshape(-1, heads, classes)
    centred = by_head - by_head.mean(axis=2, keepdims=True)
    values = _one_byte(network.values, centred.reshape(len(by_head), -1))
    rank = min(heads * (classes - 1), classes + 2)
    yield (network := replace(network, values=values.of_rank(rank)))
    if network.linear is not None:
        rows = network.linear.all()
        rows[:, :-1] -= rows[:, :-1].mean(axis=1, keepdims=True)
        yield replace(network, linear=_one_byte(network.linear, rows))


def _one_byte(table: Table, rows: Float[np.ndarray, "rows columns"]) -> Table:
    """These rows as the table stores its own; integers of one byte, where it has two."""
    dtype = table.stored.dtype.name
    return Table.of(rows, "int8" if dtype == "int16" else dtype)


def _most_important(
    network: CompactNetwork, budget: int, worth: Float[np.ndarray, "ngrams"]
) -> CompactNetwork | None:
    order = np.argsort(-worth, kind="stable")
    most = len(order)
    while True:
        keep = np.zeros(len(order), dtype=np.bool_)
        keep[order[:most]] = True
        smaller = kept_ngrams(network, keep)
        if smaller.size <= budget:
            return smaller
        if not most:
            return None
        # N-grams that begin with an unknown word take more than others: hence in steps.
        most = max(0, most - max(1, (smaller.size - budget) // (2 * network.row_bytes)))


def importance(
    network: CompactNetwork, counts: Int[np.ndarray, "rows"] | None = None
) -> Float[np.ndarray, "ngrams"]:
    """How much each n-gram moves answers, against the next shorter one in its place.

    By how much it moves the margin of a text of 64 tokens that all weigh the same, times how often
    it occurs, to the power of 3/4. Attention counts twice. Chosen on held-out training rows of
    hotel reviews, Weibo posts, news titles and SST-2.

    Args:
        network: The network.
        counts: How often each row occurred in training; None if that is not known.
    """
    first = network.ngrams.first
    own = first + np.arange(len(network.ngrams.keys))
    classes = network.shape.classes
    of_rows = network.values.all().reshape(len(network.values), -1, classes).sum(axis=1)
    of_rows *= _ATTENTION / _TEXT
    if network.linear is not None:
        linear = network.linear.all()
        of_rows += linear[:, :-1] / np.sqrt(_TEXT * max(float(linear[:, -1].mean()), 1e-12))
    moved = _reach(of_rows[own] - of_rows[beginnings(network.ngrams)])
    if counts is not None:
        moved = moved * counts[first:].astype(np.float32) ** _COUNT
    return moved


def beginnings(ngrams: Ngrams) -> Int[np.ndarray, "ngrams"]:
    """The row of the longest known n-gram that each begins with, or of its first token.

    Args:
        ngrams: The n-grams.
    """
    keys = ngrams.keys
    before = np.zeros(len(keys), dtype=np.int64)
    for n in ngrams.lengths:
        of_length = np.flatnonzero((keys >> BITS * (n - 1) > 0) & (keys >> BITS * n == 0))
        token = keys[of_length] >> BITS * (n - 1)
        longest = np.where(token < ngrams.first, token, 0)  # of keys that somebody made up
        for shorter in (m for m in ngrams.lengths if m < n):
            found = find(keys, keys[of_length] >> BITS * (n - shorter))
            longest = np.where(found >= 0, found + ngrams.first, longest)
        before[of_length] = longest
    return before


def _reach(moves: Float[np.ndarray, "rows classes"]) -> Float[np.ndarray, "rows"]:
    """The largest move of any class against the mean of all."""
    reach: np.ndarray = np.abs(moves - moves.mean(axis=1, keepdims=True)).max(axis=1, initial=0)
    return reach
