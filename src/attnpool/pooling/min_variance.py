"""Inverse-variance pooling: tokens whose dimensions vary less have more weight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from attnpool._shapes import Bool, Float
from attnpool.pooling.masked_softmax import masked_softmax
from attnpool.pooling.padding import blank_padding
from attnpool.pooling.pooled import Pooled

# Above the rounding error in the variance of a constant token of ordinary size (about 1e-15).
_FLOOR = 1e-12


class MinVariancePooling1D(nn.Module):
    """The mean of the token vectors, weighted by the inverse of their variance over dimensions.

    `weights = (1 / var) / sum of (1 / var)`, `vector = sum of weights * x`: inverse-variance
    weighting, the unbiased mean of least variance (Cochran, "Problems Arising in the Analysis of
    a Series of Similar Experiments", JRSS supplement, 1937). A variance below 1e-12, also 0,
    counts as 1e-12: constant tokens share nearly all the weight equally. With `dim` 1 every
    variance is 0, and this is the average.

    Args:
        None.

    Call arguments:
        x: Token vectors; float16, bfloat16, float32 or float64. Not changed.
        mask: bool, True = a real token (torch's `key_padding_mask` is the opposite); None = all
            are real. Real tokens may be left, right or anywhere.

    Input shape:
        x `(batch, steps, dim)`, mask `(batch, steps)`.

    Output shape:
        vector `(batch, dim)`, weights `(batch, steps)`, both in the dtype of x. Weights are
        exactly 0 on padding and sum to 1; a row without a real token is zero in both.

    Raises:
        InputError: x or mask has another shape.
        TypeError: x is not floating point, or the mask is not bool.

    Example:
        >>> layer = MinVariancePooling1D()
        >>> layer(torch.tensor([[[0.0, 2.0], [1.0, 5.0]]]))  # variances 1 and 4
        Pooled(vector=tensor([[0.2000, 2.6000]]), weights=tensor([[0.8000, 0.2000]]))
    """

    if TYPE_CHECKING:

        def __call__(self, x: Tensor, mask: Tensor | None = None) -> Pooled:
            """See `forward`; `torch.nn.Module` has no types for calls."""

    def forward(
        self,
        x: Float[Tensor, "batch steps dim"],
        mask: Bool[Tensor, "batch steps"] | None = None,
    ) -> Pooled:
        """Pool; see the class for arguments and shapes."""
        x = blank_padding(x, mask)
        wide = x.to(torch.promote_types(x.dtype, torch.float32))
        # By hand: torch's var warns of an empty batch. A factor d / (d - 1) would cancel.
        variance = (wide - wide.mean(2, keepdim=True)).square().mean(2)
        # 1 / var, normalised, is softmax(-log var): no overflow, and masked in masked_softmax.
        scores = -variance.clamp(min=_FLOOR).log()
        weights = masked_softmax(scores, mask).to(x.dtype)
        vector = torch.bmm(weights.unsqueeze(1), x).squeeze(1)
        return Pooled(vector.to(x.dtype), weights)
