"""Which n-grams of a matcher to keep where its file must be small: those of the longest vectors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from attnpool._shapes import Bool
from attnpool.runtime.ngrams import Ngrams
from attnpool.runtime.pairs.network import PairNetwork
from attnpool.runtime.smaller.pruning import beginnings


def sized_pair(network: PairNetwork, budget: int) -> PairNetwork | None:
    """The network in so many bytes: n-grams go that change the vector of a token least.

    If that is not enough, words that the vocabulary lacks are all alike.

    Args:
        network: The network.
        budget: The most bytes of its arrays.

    Returns:
        The network; None if it is too large even without any n-gram.
    """
    order = np.argsort(-_changes(network), kind="stable")
    for candidate in _candidates(network):
        over = max(0, candidate.size - budget)
        fewer = -(-over // candidate.row_bytes)
        if fewer <= len(order):
            keep = np.zeros(len(order), dtype=np.bool_)
            keep[order[: len(order) - fewer]] = True
            return _with_ngrams(candidate, keep) if fewer else candidate
    return None


def smallest_pair(network: PairNetwork) -> PairNetwork:
    """The network without n-grams, words read as unknown.

    Args:
        network: The network.
    """
    none = np.zeros(len(network.ngrams.keys), dtype=np.bool_)
    return _with_ngrams(replace(network, words=None), none)


def _candidates(network: PairNetwork) -> Iterator[PairNetwork]:
    yield network
    if network.words is not None:
        yield replace(network, words=None)


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
    shorter = np.where((before >= 0)[:, None], vectors[before], 0)
    changes: np.ndarray = np.linalg.norm(vectors - shorter, axis=1)
    return changes
