"""One optimiser over dense weights and sparse tables, with its schedule."""

from __future__ import annotations

import math

import torch
from torch import nn

from attnpool.models.context import ContextEncoder
from attnpool.training.adam import Adam


class Optimizer:
    """AdamW for dense weights, row-wise Adam for the tables whose gradients are sparse.

    A table of n-grams has hundreds of thousands of rows of which a batch touches a few
    thousand; Adam over all of them would take most of the training time.

    Args:
        model: The model whose weights to train.
        learning_rate: The peak learning rate of dense weights.
        table_rate: The peak learning rate of sparse tables; most rows get few updates, so they
            want larger ones.
        encoder_rate: The peak learning rate of a pretrained encoder's weights.
        weight_decay: Decoupled decay of the dense weights.
        updates: The number of updates planned, for the schedule.

    Attributes:
        trains_encoder: Whether there are weights of a pretrained encoder among those it trains.
    """

    def __init__(
        self,
        model: nn.Module,
        *,
        learning_rate: float,
        table_rate: float,
        encoder_rate: float = 0.0,
        weight_decay: float,
        updates: int,
    ) -> None:
        tables = [m.weight for m in model.modules() if isinstance(m, nn.Embedding) and m.sparse]
        ids = {id(table) for table in tables}
        trained = [p for p in model.parameters() if p.requires_grad and id(p) not in ids]
        contexts = [m.model for m in model.modules() if isinstance(m, ContextEncoder)]
        pretrained = {id(p) for context in contexts for p in context.parameters()}
        dense = [p for p in trained if id(p) not in pretrained]
        of_encoder = [p for p in trained if id(p) in pretrained]
        self._parts = [
            (Adam(dense, weight_decay=weight_decay), learning_rate),
            (Adam(tables), table_rate),
            *([(Adam(of_encoder, weight_decay=weight_decay), encoder_rate)] * bool(of_encoder)),
        ]
        self._first = tables or trained[:1]
        self.trains_encoder = bool(of_encoder)
        model.zero_grad()  # whatever was left there by others
        self._updates = max(updates, 1)
        self._done = 0

    def step(self, loss: torch.Tensor) -> str:
        """One update down the gradient of `loss`, if both are finite.

        Returns:
            What is not finite, the loss or its gradient, and then nothing was updated; else "".
        """
        torch.autograd.backward(loss)
        if not self._is_finite(loss):
            return "the gradient of the loss" if bool(loss.isfinite()) else "the loss"
        share = schedule(self._done / self._updates)
        for part, peak in self._parts:
            part.step(peak * share)
        self._done += 1
        return ""

    def _is_finite(self, loss: torch.Tensor) -> bool:
        """Whether the loss is finite, and its gradient where that comes to its end.

        What is no number in a layer goes on to those before it, and fills whole rows of a gradient
        there: so one column is read of the first. All of them would take a fiftieth of the time.
        """
        total = loss.item()
        for weight in self._first:
            if weight.grad is not None:
                gradient = weight.grad._values() if weight.grad.is_sparse else weight.grad
                column = gradient[:, 0] if gradient.ndim == 2 else gradient.reshape(-1)
                total += torch.dot(column, column).item()
        return math.isfinite(total)


def schedule(progress: float, warm_up: float = 0.05) -> float:
    """The learning rate's share of its peak after a share `progress` of all updates."""
    return min(1.0, 0.02 + progress / warm_up) * max(0.0, 1.0 - progress)
