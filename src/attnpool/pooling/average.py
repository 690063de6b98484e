"""Global average pooling: every token has the same weight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from attnpool._shapes import Bool, Float
from attnpool.pooling.padding import blank_padding
from attnpool.pooling.pooled import Pooled


class GlobalAveragePooling1D(nn.Module):
    """The mean of the real tokens, each with the weight 1/n.

    `vector = sum of x / n`, `weights = 1 / n`, n the number of real tokens: the arithmetic mean,
    summed in at least float32.

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
        >>> layer = GlobalAveragePooling1D()
        >>> layer(torch.tensor([[[1.0, 5.0], [3.0, 2.0], [9.0, 9.0]]]),
        ...       torch.tensor([[True, True, False]]))
        Pooled(vector=tensor([[2.0000, 3.5000]]), weights=tensor([[0.5000, 0.5000, 0.0000]]))
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
        real = torch.ones_like(x[:, :, 0], dtype=torch.bool) if mask is None else mask
        wide = torch.promote_types(x.dtype, torch.float32)  # counts above 2048 are lost in float16
        count = real.sum(1, keepdim=True).clamp(min=1).to(wide)
        vector = x.sum(1, dtype=wide) / count
        return Pooled(vector.to(x.dtype), (real / count).to(x.dtype))
