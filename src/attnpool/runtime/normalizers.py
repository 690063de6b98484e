"""Scores to attention weights, text by text, by the normalisers of `attnpool.pooling`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from attnpool._shapes import Float, Int

Normalizer = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def softmax(
    scores: Float[np.ndarray, "heads tokens"],
    starts: Int[np.ndarray, "texts"],
    lengths: Int[np.ndarray, "texts"],
) -> Float[np.ndarray, "heads tokens"]:
    """Softmax over the tokens of each text.

    Args:
        scores: One score per head and token.
        starts: The place of each text's first token; no text is without tokens.
        lengths: The number of tokens of each text.
    """
    highest = np.maximum.reduceat(scores, starts, axis=1)
    weights: np.ndarray = np.exp(scores - np.repeat(highest, lengths, axis=1))
    totals = np.add.reduceat(weights, starts, axis=1)
    weights /= np.repeat(totals, lengths, axis=1)
    return weights


def sparsemax(
    scores: Float[np.ndarray, "heads tokens"],
    starts: Int[np.ndarray, "texts"],
    lengths: Int[np.ndarray, "texts"],
) -> Float[np.ndarray, "heads tokens"]:
    """The Euclidean projection of each text's scores onto the simplex; see `softmax`.

    Source:
        Martins & Astudillo 2016 (ICML), algorithm 1.
    """
    return _by_text(_sparsemax, scores, starts, lengths)


def entmax15(
    scores: Float[np.ndarray, "heads tokens"],
    starts: Int[np.ndarray, "texts"],
    lengths: Int[np.ndarray, "texts"],
) -> Float[np.ndarray, "heads tokens"]:
    """1.5-entmax of each text's scores, by sorting; see `softmax`.

    Source:
        Peters, Niculae & Martins 2019 (ACL), algorithm 2.
    """
    return _by_text(_entmax15, scores, starts, lengths)


NORMALIZERS: Mapping[str, Normalizer] = {
    "softmax": softmax,
    "sparsemax": sparsemax,
    "entmax15": entmax15,
}


def _by_text(
    normalize: Callable[[np.ndarray], np.ndarray],
    scores: np.ndarray,
    starts: np.ndarray,
    lengths: np.ndarray,
) -> np.ndarray:
    weights = np.empty_like(scores)
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        part = slice(start, start + length)
        weights[:, part] = normalize(scores[:, part])
    return weights


def _sparsemax(scores: np.ndarray) -> np.ndarray:
    z = _below_zero(scores)
    ordered, rank = _ordered(z)
    support = _support(z, ordered, 1 + rank * ordered > ordered.cumsum(1))
    tau = (np.where(support, z, 0).sum(1, keepdims=True) - 1) / support.sum(1, keepdims=True)
    weights: np.ndarray = np.where(support, z - tau, 0).clip(min=0)
    return weights


def _entmax15(scores: np.ndarray) -> np.ndarray:
    z = _below_zero(scores) / 2
    ordered, rank = _ordered(z)
    mean = ordered.cumsum(1) / rank
    spread = np.square(ordered).cumsum(1) - rank * np.square(mean)
    bound = mean - np.sqrt(((1 - spread) / rank).clip(min=0))
    support = _support(z, ordered, bound <= ordered)
    # Again on the support alone: in two passes, which rounds less than the running sums.
    size = support.sum(1, keepdims=True)
    mean = np.where(support, z, 0).sum(1, keepdims=True) / size
    spread = np.where(support, np.square(z - mean), 0).sum(1, keepdims=True)
    root = np.sqrt(((1 - spread) / size).clip(min=0))
    weights: np.ndarray = np.square(np.where(support, z - mean + root, 0).clip(min=0))
    return weights


def _below_zero(scores: np.ndarray) -> np.ndarray:
    # A token far below the best one has no weight; cut off, the sums stay small.
    below: np.ndarray = (scores - scores.max(axis=1, keepdims=True)).clip(min=-4)
    return below


def _ordered(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return -np.sort(-z, axis=1), np.arange(1, z.shape[1] + 1, dtype=z.dtype)


def _support(z: np.ndarray, ordered: np.ndarray, inside: np.ndarray) -> np.ndarray:
    last = np.maximum(inside.sum(axis=1, keepdims=True), 1) - 1
    support: np.ndarray = z >= np.take_along_axis(ordered, last, axis=1)
    return support
