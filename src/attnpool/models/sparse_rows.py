"""Sums of table rows whose gradient has the rows that were used, once each, and no others."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from attnpool._shapes import Float, Int


def sum_rows(
    table: Float[Tensor, "rows dim"], places: Int[Tensor, "*batch uses"]
) -> Float[Tensor, "*batch dim"]:
    """`Σ table[places]` over the last axis, with a sparse gradient for the table.

    The gradient has each row once, in order: an optimiser need not sort and add it up again. Row
    0 stands for nothing and has no gradient.

    Args:
        table: The table; row 0 is zero.
        places: Which rows.
    """
    found: Tensor = _SumRows.apply(table, places)  # type: ignore[no-untyped-call]
    return found


class _SumRows(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, table: Tensor, places: Tensor) -> Tensor:
        bags = places.reshape(-1, places.shape[-1])
        ctx.save_for_backward(bags)
        ctx.shape = table.shape
        return F.embedding_bag(bags, table, mode="sum").view(*places.shape[:-1], -1)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        (bags,) = ctx.saved_tensors
        gradient = gradients[0].reshape(len(bags), -1)
        used, order = bags.flatten().sort()
        known = int((used == 0).sum())
        used, order = used[known:], order[known:]
        rows, counts = torch.unique_consecutive(used, return_counts=True)
        starts = counts.cumsum(0) - counts
        # The transpose of a sum of rows is one too: each row's uses, of the table of gradients.
        summed = F.embedding_bag(order // bags.shape[1], gradient, starts, mode="sum")
        return torch.sparse_coo_tensor(
            rows.unsqueeze(0), summed, ctx.shape, is_coalesced=True, check_invariants=False
        ), None
