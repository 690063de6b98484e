"""The text–label matcher: the names of the classes are texts, encoded as the texts are."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from attnpool._shapes import Bool, Int
from attnpool.models.char_ngrams import Bags
from attnpool.models.config import MatcherConfig
from attnpool.models.embedder import TextEmbedder
from attnpool.models.outputs import ModelOutput


class Labels(NamedTuple):
    """The names of the classes as the arguments of an encoder.

    Attributes:
        ids: Token ids.
        mask: True for a real token.
        unknown: The character n-grams of words that the vocabulary lacks.
    """

    ids: Int[Tensor, "labels steps"]
    mask: Bool[Tensor, "labels steps"]
    unknown: Bags | None = None


class LabelMatcher(TextEmbedder):
    """Texts as token ids to a logit for each of any list of labels: a scaled cosine.

    Args:
        config: The shape.
        *tables: The n-grams and character n-grams of the encoder, or it itself; see
            `TextEmbedder`.

    Call arguments:
        ids: Token ids, 0 for padding.
        mask: True for a real token.
        unknown: The character n-grams of words that the vocabulary lacks (see `TensorBatches`).

    Input shape:
        `(batch, steps)`

    Output shape:
        logits `(batch, labels)`, weights `(batch, heads, steps)`

    Attributes:
        labels: The labels to rank; set them before a call.
    """

    sides = 1
    labels: Labels

    def __init__(self, config: MatcherConfig, *tables: Any, **encoder: Any) -> None:
        super().__init__(config, *tables, **encoder)
        # Learned as a logarithm, as by Radford et al. 2021 (CLIP), arXiv 2103.00020.
        self.log_scale = nn.Parameter(torch.tensor(2.5, dtype=torch.float32))

    def forward(
        self,
        ids: Int[Tensor, "batch steps"],
        mask: Bool[Tensor, "batch steps"],
        unknown: Bags | None = None,
    ) -> ModelOutput:
        """Rank the labels."""
        vectors, weights = self.embed(ids, mask, unknown)
        names, _ = self.embed(*self.labels)
        cosines = F.linear(F.normalize(vectors, dim=-1), F.normalize(names, dim=-1))
        return ModelOutput(self.log_scale.exp() * cosines, weights)
