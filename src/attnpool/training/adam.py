"""Adam for dense weights, and for tables of which a batch uses few rows."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor


class Adam:
    """AdamW, which touches only those rows of a weight that have a gradient where it is sparse.

    The moments of rows without a gradient stay as they are, as in `torch.optim.SparseAdam`
    ("lazy" Adam), at a fraction of its time: rows are gathered once and written back once. It is
    no `torch.optim.Optimizer`, whose first step imports torch's compiler: two seconds that every
    short training would pay.

    Args:
        weights: What to train.
        weight_decay: Decoupled decay of weights whose gradient is dense.
        betas: How much of the first and the second moment stays at each step.
        eps: What keeps the denominator from 0.

    Source:
        Kingma & Ba 2015, "Adam", arXiv 1412.6980; Loshchilov & Hutter 2019, "Decoupled Weight
        Decay Regularization", arXiv 1711.05101.
    """

    def __init__(
        self,
        weights: Iterable[Tensor],
        *,
        weight_decay: float = 0.0,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        self._weights = list(weights)
        self._first = [torch.zeros_like(weight) for weight in self._weights]
        self._second = [torch.zeros_like(weight) for weight in self._weights]
        self._steps = [0] * len(self._weights)
        self._decay = weight_decay
        self._betas = betas
        self._eps = eps

    @torch.no_grad()
    def step(self, learning_rate: float) -> None:
        """One update of all weights that have a gradient, and no gradients afterwards."""
        slow, slower = self._betas
        moments = zip(self._weights, self._first, self._second, strict=True)
        for number, (weight, first, second) in enumerate(moments):
            if weight.grad is None:
                continue
            self._steps[number] += 1
            done = self._steps[number]
            rate = learning_rate * (1 - slower**done) ** 0.5 / (1 - slow**done)
            # The constant is that of the corrected second moment, as torch has it.
            eps = self._eps * (1 - slower**done) ** 0.5
            if weight.grad.is_sparse:
                self._step_rows(weight, first, second, rate, self._eps)
            else:
                weight.mul_(1 - learning_rate * self._decay)
                first.lerp_(weight.grad, 1 - slow)
                second.mul_(slower).addcmul_(weight.grad, weight.grad, value=1 - slower)
                weight.addcdiv_(first, second.sqrt().add_(eps), value=-rate)
            weight.grad = None

    def _step_rows(
        self, weight: Tensor, first: Tensor, second: Tensor, rate: float, eps: float
    ) -> None:
        assert weight.grad is not None  # noqa: S101 - looked at above
        slow, slower = self._betas
        rows, gradient = _summed(weight.grad)
        of_rows = first.index_select(0, rows).lerp_(gradient, 1 - slow)
        squares = second.index_select(0, rows).mul_(slower)
        squares.addcmul_(gradient, gradient, value=1 - slower)
        first.index_copy_(0, rows, of_rows)
        second.index_copy_(0, rows, squares)
        weights = weight.index_select(0, rows)
        weights.addcdiv_(of_rows, squares.sqrt_().add_(eps), value=-rate)
        weight.index_copy_(0, rows, weights)


def _summed(gradient: Tensor) -> tuple[Tensor, Tensor]:
    """The rows of a sparse gradient, each once, and their values."""
    rows = gradient._indices()[0]
    if not bool((rows[1:] > rows[:-1]).all()):
        gradient = gradient.coalesce()
        return gradient.indices()[0], gradient.values()
    # It is so already, but autograd forgets that it was told.
    return rows, gradient._values()
