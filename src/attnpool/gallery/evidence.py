"""How much of the colour is on the words that carry the label, where those are known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from attnpool.explanation import Explanation


class EvidenceShare(NamedTuple):
    """The share of the evidence in the values of texts, and in their tokens.

    Attributes:
        weight: The share of the values that is on evidence, from 0 to 1.
        tokens: The share of the tokens that are evidence: what uniform values would give.
    """

    weight: float
    tokens: float


def evidence_share(
    explanations: Iterable[Explanation], evidence: Iterable[Sequence[str]]
) -> EvidenceShare:
    """The mean over texts of the share of the values that is on the evidence words.

    Texts without a value above 0 have no such share; if no text has one, it is 0.

    Args:
        explanations: Explanations of one text each; of signed values those above 0 count, which
            speak for the class explained.
        evidence: For each text, the words that carry its label.
    """
    shares = []
    for explanation, words in zip(explanations, evidence, strict=True):
        side = explanation.sides[0]
        marked = np.zeros(len(side.text) + 1, dtype=bool)
        for word in words:
            start = side.text.find(word)
            while start >= 0:
                marked[start : start + len(word)] = True
                start = side.text.find(word, start + 1)
        hit = marked[side.spans[:, 0]]
        values = side.values.clip(min=0)
        if values.sum() > 0:
            shares.append((values[hit].sum() / values.sum(), hit.mean()))
    weight, tokens = np.mean(shares, axis=0) if shares else (0.0, 0.0)
    return EvidenceShare(float(weight), float(tokens))
