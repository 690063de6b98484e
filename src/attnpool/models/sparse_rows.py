"""Sums of table rows, with a gradient of the used rows alone, each of them once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from attnpool._shapes import Float, Int


def sum_rows(
    table: Float[Tensor, "rows dim"], places: Int[Tensor, "*batch uses"]
) -> Float[Tensor, "*batch dim"]:
    """`Σ table[places]` over the last axis, with a sparse gradient for the table.

    The gradient has each row once, in order, so an optimiser need not sort and sum it again. Row
    0 means none and has no gradient.

    Args:
        table: The table; row 0 is zero.
        places: The numbers of the rows.
    """
    return _sum_rows(table, places)


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
        absent = int((used == 0).sum())
        used, order = used[absent:], order[absent:]
        rows, counts = torch.unique_consecutive(used, return_counts=True)
        starts = counts.cumsum(0) - counts
        # The transpose of a sum of rows is a sum of rows: each row's uses, of the gradients.
        summed = F.embedding_bag(order // bags.shape[1], gradient, starts, mode="sum")
        return torch.sparse_coo_tensor(
            rows.unsqueeze(0), summed, ctx.shape, is_coalesced=True, check_invariants=False
        ), None


# A typed name for torch's untyped one.
_sum_rows: Callable[..., Tensor] = _SumRows.apply
