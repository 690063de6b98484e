"""Global max pooling: the maximum of each dimension over the tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from attnpool._shapes import Bool, Float
from attnpool.pooling.padding import blank_padding
from attnpool.pooling.pooled import Pooled


class GlobalMaxPooling1D(nn.Module):
    """The maximum of each dimension, with the share of dimensions whose maximum is at a token.

    `vector_d = max over t of x_td`, `weights_t = mean over d of [x_td is the maximum of d]`, a
    tie split equally among its tokens. The pooling is that of Collobert et al., "Natural Language
    Processing (Almost) from Scratch", JMLR 2011; the weights are counts and have no gradient.

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
        >>> layer = GlobalMaxPooling1D()
        >>> layer(torch.tensor([[[1.0, 5.0], [1.0, 2.0], [0.0, 3.0]]]))
        Pooled(vector=tensor([[1., 5.]]), weights=tensor([[0.7500, 0.2500, 0.0000]]))
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
        if x.shape[1] == 0:  # the maximum of nothing is an error in torch
            return Pooled(x.sum(1), x.sum(2))
        real = None if mask is None else mask.unsqueeze(2)
        # -inf, not the lowest finite number, which would be larger than a real -inf.
        peaks = (x if real is None else x.masked_fill(~real, -torch.inf)).amax(1, keepdim=True)
        at_maximum = x == peaks if real is None else (x == peaks) & real
        vector = peaks.squeeze(1)
        if mask is not None:
            vector = vector.masked_fill(~mask.any(1, keepdim=True), 0)
        return Pooled(vector, _shares(at_maximum, x.dtype))


def _shares(at_maximum: Bool[Tensor, "batch steps dim"], dtype: torch.dtype) -> Tensor:
    counts = at_maximum.to(torch.promote_types(dtype, torch.float32))
    share = 1 / (counts.sum(1).clamp(min=1) * counts.shape[2])
    return torch.bmm(counts, share.unsqueeze(2)).squeeze(2).to(dtype)
