"""Alignment: each token attends to the other text and is compared with what it attends to."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from attnpool._shapes import Bool, Float
from attnpool.models.config import MatcherConfig
from attnpool.models.dropout import Dropout
from attnpool.models.net import pool
from attnpool.models.outputs import PairEncoding
from attnpool.models.pair_head import pair_features
from attnpool.pooling import GlobalMaxPooling1D, Pooled, masked_softmax

SHARPNESS = 10.0
"""The initial scale of the cosines: enough to single out an equal token among some twenty."""


class Alignment(nn.Module):
    """Soft alignment by cosine, comparison per token, attention and max pooling.

    Initial token vectors are nearly orthogonal, so equal tokens are aligned from the first
    update on, and a token without a counterpart differs most from what it attends to.

    Args:
        config: The shape of the matcher.

    Call arguments:
        x: Token vectors, all left texts before all right ones.
        mask: True for a real token.

    Input shape:
        `(2 * batch, steps, dim)`

    Output shape:
        vectors `(2 * batch, (heads + 1) * head_dim)`, weights `(2 * batch, heads, steps)`,
        alignment `(batch, steps, steps)`

    Source:
        Parikh et al. 2016, "A Decomposable Attention Model", arXiv 1606.01933; the comparison's
        features are those of Chen et al. 2017 (ESIM), arXiv 1609.06038, without its LSTM.
    """

    def __init__(self, config: MatcherConfig) -> None:
        super().__init__()
        self.sharpness = nn.Parameter(torch.tensor(SHARPNESS, dtype=torch.float32))
        self.dropout = Dropout(config.dropout)
        self.comparison = nn.Linear(4 * config.encoder.dim, config.head_dim)
        self.pooling = pool(config, config.head_dim)
        self.maximum = GlobalMaxPooling1D()
        self.width = (config.heads + 1) * config.head_dim

    def forward(
        self, x: Float[Tensor, "texts steps dim"], mask: Bool[Tensor, "texts steps"]
    ) -> PairEncoding:
        """Align, compare, pool."""
        left, right = x.chunk(2)
        left_mask, right_mask = mask.chunk(2)
        unit = F.normalize(x, dim=-1)
        cosines = self.sharpness * (unit[: len(left)] @ unit[len(left) :].transpose(1, 2))
        to_right = masked_softmax(cosines, right_mask.unsqueeze(1))
        to_left = masked_softmax(cosines.transpose(1, 2), left_mask.unsqueeze(1))
        counterparts = torch.cat([to_right @ right, to_left @ left])
        features = pair_features(x, counterparts)
        compared = self.dropout(F.relu(self.comparison(self.dropout(features))))
        compared = compared * mask.unsqueeze(-1)
        pooled: Pooled = self.pooling(compared, mask)
        vectors = torch.cat([pooled.vector, self.maximum(compared, mask).vector], dim=-1)
        return PairEncoding(vectors, pooled.by_head, to_right * left_mask.unsqueeze(-1))
