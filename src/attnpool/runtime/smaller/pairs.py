"""Which n-grams of a matcher to keep where its file must be small: those of the longest vectors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from attnpool._shapes import Bool
from attnpool.runtime.ngrams import Ngrams
from attnpool.runtime.pairs.network import PairNetwork
from attnpool.runtime.smaller.pruning import beginnings
from attnpool.runtime.tables import Table


def sized_pair(network: PairNetwork, budget: int) -> PairNetwork | None:
    """The network in so many bytes, with as little change of its answers as that permits.

    Tables are cut to one byte a number first. Then those n-grams go that change the vector of a
    token least. If that is not enough, words that the vocabulary lacks are all alike.

    Args:
        network: The network.
        budget: The most bytes of its arrays.

    Returns:
        The network; None if it is too large even without any n-gram.
    """
    if network.size <= budget:
        return network
    narrow = _one_byte(network)
    order = np.argsort(-_changes(network), kind="stable")
    for candidate in (narrow, replace(narrow, words=None)):
        fewer = -(-max(0, candidate.size - budget) // candidate.row_bytes)
        if fewer <= len(order):
            keep = np.zeros(len(order), dtype=np.bool_)
            keep[order[: len(order) - fewer]] = True
            return _with_ngrams(candidate, keep)
    return None


def smallest_pair(network: PairNetwork) -> PairNetwork:
    """The network in as few bytes as it can take: without n-grams, words read as unknown.

    Args:
        network: The network.
    """
    none = np.zeros(len(network.ngrams.keys), dtype=np.bool_)
    return _with_ngrams(_one_byte(replace(network, words=None)), none)


def _one_byte(network: PairNetwork) -> PairNetwork:
    words = network.words
    if words is not None:
        words = words._replace(vectors=_narrow(words.vectors))
    matrices = {name: _narrow(table) for name, table in network.matrices.items()}
    return replace(network, matrices=matrices, words=words)


def _narrow(table: Table) -> Table:
    return table if table.stored.itemsize == 1 else Table.of(table.all(), "int8")


def _with_ngrams(network: PairNetwork, keep: Bool[np.ndarray, "ngrams"]) -> PairNetwork:
    ngrams = network.ngrams
    vectors = network.matrices["ngrams.vectors"].kept(np.flatnonzero(keep))
    return replace(
        network,
        matrices={**network.matrices, "ngrams.vectors": vectors},
        ngrams=Ngrams(ngrams.keys[keep], ngrams.lengths, ngrams.first),
    )


def _changes(network: PairNetwork) -> np.ndarray:
    """By how much each n-gram changes the vector of a token, against the next shorter one."""
    vectors = network.matrices["ngrams.vectors"].all()
    before = beginnings(network.ngrams) - network.ngrams.first
    known = np.flatnonzero(before >= 0)  # others begin with a token alone
    shorter = np.zeros_like(vectors)
    shorter[known] = vectors[before[known]]
    changes: np.ndarray = np.linalg.norm(vectors - shorter, axis=1)
    return changes
