"""The triplet matcher: a similarity of two texts, learned from triplets."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from attnpool._shapes import Bool, Float, Int
from attnpool.models.char_ngrams import Bags
from attnpool.models.config import MatcherConfig
from attnpool.models.embedder import TextEmbedder
from attnpool.models.outputs import ModelOutput
from attnpool.models.pair_head import pair_features

# The initial scale and threshold.
_START = {"cosine": (15.0, 0.6), "euclidean": (10.0, -1.0), "learned": (15.0, 0.0)}

DISTANCES = tuple(_START)


class TripletMatcher(TextEmbedder):
    """Pairs as token ids to a similarity, and by a calibrated threshold to a match or none.

    The `"cosine"` similarity is the cosine, `"euclidean"` minus the distance, `"learned"` a
    linear map of `[u, v, u*v, |u-v|]`, which is no metric. The logits are `∓ scale * (similarity
    - threshold) / 2`: their softmax is a logistic regression on the similarity. Scale and
    threshold are learned with the other weights, and fitted again after training.

    Args:
        config: The shape.
        *tables: The n-grams and character n-grams of the encoder, or it itself; see
            `TextEmbedder`.

    Call arguments:
        ids: Token ids, 0 for padding; all left texts before all right ones.
        mask: True for a real token.
        unknown: The character n-grams of words that the vocabulary lacks (see `TensorBatches`).

    Input shape:
        `(2 * batch, steps)`

    Output shape:
        logits `(batch, 2)`, weights `(2 * batch, heads, steps)`
    """

    sides = 2
    config: MatcherConfig

    def __init__(self, config: MatcherConfig, *tables: Any, **encoder: Any) -> None:
        super().__init__(config, *tables, **encoder)
        scale, threshold = _START[config.distance]
        self.scale = nn.Parameter(torch.tensor(scale, dtype=torch.float32))
        self.threshold = nn.Parameter(torch.tensor(threshold, dtype=torch.float32))
        self.judge = nn.Linear(4 * self.width, 1) if config.distance == "learned" else None

    def similarity(
        self, left: Float[Tensor, "*#batch width"], right: Float[Tensor, "*#batch width"]
    ) -> Tensor:
        """The similarity of the vectors, higher is nearer; leading axes broadcast."""
        if self.judge is not None:
            learned: Tensor = self.judge(pair_features(left, right)).squeeze(-1)
            return learned
        if self.config.distance == "euclidean":
            # The small constant keeps the gradient of equal vectors finite.
            return -((left - right).square().sum(-1) + 1e-12).sqrt()
        return F.cosine_similarity(left, right, dim=-1)

    def forward(
        self,
        ids: Int[Tensor, "texts steps"],
        mask: Bool[Tensor, "texts steps"],
        unknown: Bags | None = None,
    ) -> ModelOutput:
        """Compare the pairs."""
        vectors, weights = self.embed(ids, mask, unknown)
        odds = self.odds(self.similarity(*vectors.chunk(2)))
        return ModelOutput(torch.stack([-odds, odds], dim=-1) / 2, weights)

    def odds(self, similarity: Tensor) -> Tensor:
        """The log-odds that texts of this similarity match."""
        return self.scale * (similarity - self.threshold)
