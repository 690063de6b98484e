"""The mean of the weights over the last part of training."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class TailAverage:
    """A running mean of a model's weights, from a share of all updates on.

    It generalises better than the last weights alone, most where rows are few and labels noisy.

    Args:
        model: The model that is trained.
        start: The number of updates after which averaging begins.
        every: Only every so many updates count; large tables make each one cost.

    Source:
        Izmailov et al. 2018, "Averaging Weights Leads to Wider Optima and Better Generalization",
        arXiv 1803.05407.
    """

    def __init__(self, model: nn.Module, start: int, every: int = 8) -> None:
        self._model = model
        self._start = start
        self._every = every
        self._updates = 0
        self._taken = 0
        self._mean: list[Tensor] = []

    @torch.no_grad()
    def update(self) -> None:
        """Take in the weights after an update."""
        self._updates += 1
        if self._updates < self._start or self._updates % self._every:
            return
        weights = self._weights()
        self._taken += 1
        if self._taken == 1:
            self._mean = [weight.clone() for weight in weights]
        for mean, weight in zip(self._mean, weights, strict=True):
            mean.lerp_(weight, 1 / self._taken)

    @torch.no_grad()
    def swap(self) -> None:
        """Exchange the model's weights and the mean; twice leaves both as they were."""
        for mean, weight in zip(self._mean, self._weights(), strict=bool(self._mean)):
            weight.data, mean.data = mean.data, weight.data

    def _weights(self) -> list[Tensor]:
        return [weight for weight in self._model.parameters() if weight.requires_grad]
