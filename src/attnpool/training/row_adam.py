"""Adam for tables of which a batch uses few rows."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor


class RowAdam(torch.optim.Optimizer):
    """Adam that touches only the rows that have a gradient, which must be sparse.

    As `torch.optim.SparseAdam` ("lazy" Adam: moments of rows without a gradient stay as they
    are), at a fraction of its time: rows are gathered once and written back once.

    Args:
        tables: Weights `(rows, dim)`.
        lr: The learning rate.
        betas: How much of the first and the second moment stays at each step.
        eps: What keeps the denominator from 0.

    Source:
        Kingma & Ba 2015, "Adam", arXiv 1412.6980.
    """

    def __init__(
        self,
        tables: Iterable[Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        super().__init__(tables, {"lr": lr, "betas": betas, "eps": eps})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """One update."""
        del closure
        for group in self.param_groups:
            slow, slower = group["betas"]
            for table in group["params"]:
                if table.grad is None:
                    continue
                rows, gradient = _summed(table.grad)
                state = self.state[table]
                if not state:
                    state["step"] = 0
                    state["first"], state["second"] = (
                        torch.zeros_like(table),
                        torch.zeros_like(table),
                    )
                state["step"] += 1
                first = state["first"].index_select(0, rows).lerp_(gradient, 1 - slow)
                second = state["second"].index_select(0, rows).mul_(slower)
                second.addcmul_(gradient, gradient, value=1 - slower)
                state["first"].index_copy_(0, rows, first)
                state["second"].index_copy_(0, rows, second)
                unbiased = (1 - slower ** state["step"]) ** 0.5 / (1 - slow ** state["step"])
                update = first.div_(second.sqrt_().add_(group["eps"]))
                weights = table.index_select(0, rows)
                table.index_copy_(0, rows, weights.sub_(update, alpha=group["lr"] * unbiased))


def _summed(gradient: Tensor) -> tuple[Tensor, Tensor]:
    """The rows of a sparse gradient, each once, and their values."""
    rows = gradient._indices()[0]
    if not bool((rows[1:] > rows[:-1]).all()):
        gradient = gradient.coalesce()
        return gradient.indices()[0], gradient.values()
    # It is so already, but autograd forgets that it was told.
    return rows, gradient._values()
