"""`attention`: where the model looked. Unsigned; not why it decided."""

from __future__ import annotations

import numpy as np

from attnpool._shapes import Float


def attention(weights: Float[np.ndarray, "tokens heads"]) -> Float[np.ndarray, "tokens"]:
    """The mean over heads of the pooling weights.

    Source:
        Jain & Wallace 2019 (arXiv 1902.10186) and Wiegreffe & Pinter 2019 (arXiv 1908.04626)
        on what such weights do and do not explain.
    """
    mean: Float[np.ndarray, "tokens"] = weights.mean(axis=1)
    return mean
