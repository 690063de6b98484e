"""Pair encoders as graphs: halves of a batch without a size that the exporter would fix."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from attnpool._shapes import Bool, Float
from attnpool.models.alignment import Alignment
from attnpool.models.interaction import Interaction
from attnpool.models.outputs import PairEncoding
from attnpool.models.pair_head import pair_features
from attnpool.models.siamese import Siamese
from attnpool.pooling import Pooled, masked_softmax


class InteractionGraph(nn.Module):
    """What `Interaction` computes.

    Args:
        encoder: The pair encoder.

    Call arguments:
        x: Token vectors, all left texts before all right ones.
        mask: True for a real token.

    Input shape:
        `(2 * batch, steps, dim)`
    """

    def __init__(self, encoder: Interaction) -> None:
        super().__init__()
        self.query, self.pooling = encoder.query, encoder.pooling

    def forward(
        self, x: Float[Tensor, "texts steps dim"], mask: Bool[Tensor, "texts steps"]
    ) -> PairEncoding:
        """Pool each text with the query of the other."""
        queries = torch.cat(halves(self.query(x, mask).vector)[::-1])
        pooled: Pooled = self.pooling(x, queries, mask)
        return PairEncoding(pooled.vector, pooled.by_head)


class AlignmentGraph(nn.Module):
    """What `Alignment` computes.

    Args:
        encoder: The pair encoder.

    Call arguments:
        x: Token vectors, all left texts before all right ones.
        mask: True for a real token.

    Input shape:
        `(2 * batch, steps, dim)`
    """

    def __init__(self, encoder: Alignment) -> None:
        super().__init__()
        self.sharpness, self.comparison = encoder.sharpness, encoder.comparison
        self.pooling, self.maximum = encoder.pooling, encoder.maximum

    def forward(
        self, x: Float[Tensor, "texts steps dim"], mask: Bool[Tensor, "texts steps"]
    ) -> PairEncoding:
        """Align, compare, pool."""
        left, right = halves(x)
        left_mask, right_mask = halves(mask)
        unit, other = halves(F.normalize(x, dim=-1))
        cosines = self.sharpness * (unit @ other.transpose(1, 2))
        to_right = masked_softmax(cosines, right_mask.unsqueeze(1))
        to_left = masked_softmax(cosines.transpose(1, 2), left_mask.unsqueeze(1))
        counterparts = torch.cat([to_right @ right, to_left @ left])
        features = pair_features(x, counterparts)
        compared = F.relu(self.comparison(features)) * mask.unsqueeze(-1)
        pooled: Pooled = self.pooling(compared, mask)
        vectors = torch.cat([pooled.vector, self.maximum(compared, mask).vector], dim=-1)
        return PairEncoding(vectors, pooled.by_head, to_right * left_mask.unsqueeze(-1))


def pair_graph(encoder: Siamese | Interaction | Alignment) -> nn.Module:
    """The graph of a pair encoder.

    Args:
        encoder: The pair encoder.
    """
    if isinstance(encoder, Interaction):
        return InteractionGraph(encoder)
    return AlignmentGraph(encoder) if isinstance(encoder, Alignment) else encoder


def halves(texts: Tensor) -> tuple[Tensor, Tensor]:
    """The left texts and the right ones."""
    left, right = texts.reshape(2, -1, *texts.shape[1:]).unbind(0)
    return left, right
