"""The verdict about a pair: whether its texts match, and with what score."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from attnpool.explain.logits import softmax

Judge = Callable[[np.ndarray], tuple[float | None, Mapping[str, Any] | None]]
"""The logits of an item to its score and its verdict."""


def decider(
    score_of: Callable[[np.ndarray], float], n_classes: int, threshold: float, kind: str
) -> Judge:
    """How the logits of a pair become its score and verdict; neither unless of two classes.

    Args:
        score_of: The score of a pair from its logits.
        n_classes: The number of classes; of two the second is the match.
        threshold: From which score on a pair matches.
        kind: What the score is.
    """
    if n_classes != 2:
        return undecided

    def decide(logits: np.ndarray) -> tuple[float, dict[str, Any]]:
        # By the logits, as the prediction is: rounding must not set the two against each other.
        match = bool(logits[1] > logits[0])
        return score_of(logits), {"match": match, "threshold": threshold, "score": kind}

    return decide


def undecided(logits: np.ndarray) -> tuple[None, None]:
    """No score and no verdict."""
    del logits
    return None, None


def match_probability(logits: np.ndarray) -> float:
    """The probability of the match, from the logits of two classes."""
    return float(softmax(logits)[1])
