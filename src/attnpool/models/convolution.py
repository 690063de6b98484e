"""A convolution over tokens that keeps padding out."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from attnpool._shapes import Bool, Float


class MaskedConvolution1D(nn.Module):
    """`relu(conv(x))` over real tokens; padding is zero before it and zero again after it.

    Args:
        dim: The width of a token vector, in and out.
        width: The kernel size in tokens; an even one extends one token further to the right.
        residual: Whether to return `x + relu(conv(x))`.

    Call arguments:
        x: Token vectors, zero where `mask` is False.
        mask: True for a real token.

    Input shape:
        `(batch, steps, dim)`

    Output shape:
        `(batch, steps, dim)`
    """

    def __init__(self, dim: int, width: int, *, residual: bool = False) -> None:
        super().__init__()
        self.width = width
        self.residual = residual
        self.kernel = nn.Linear(width * dim, dim)

    def forward(
        self, x: Float[Tensor, "batch steps dim"], mask: Bool[Tensor, "batch steps"]
    ) -> Float[Tensor, "batch steps dim"]:
        """Apply the convolution."""
        steps = x.shape[1]
        padded = F.pad(x, (0, 0, (self.width - 1) // 2, self.width // 2))
        # One matrix product over concatenated neighbours beats a convolution on a CPU.
        windows = [padded[:, k : k + steps] for k in range(self.width)]
        y = F.relu(self.kernel(torch.cat(windows, dim=-1))) * mask.unsqueeze(-1)
        return x + y if self.residual else y
