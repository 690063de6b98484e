"""The parts of additive constants in each item's output, gathered while gradients flow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from attnpool.explain.contribution.rules.roles import Number, base_part


class Constants:
    """Gathers `constant · gradient` per item: of biases, and of positions and token types.

    A constant that is added to a value has the same gradient as the sum, so a hook on the sum
    sees it: the function computed stays as it is, to the last bit.

    Args:
        items: The number of items of the batch.
        device: Where the sums are kept.
        by_side: How rows belong to items where there are several per item: side after side (row
            r to item r mod items), or else item after item (flattened tokens).

    Attributes:
        bias: The part of biases and other constants per item.
        base: The part of positions and token types per item.
        unplaced: Whether a constant stood in a tensor that shows no axis of items, so that its
            part is missing.
        only: The item whose output alone is differentiated, to which all parts then belong; None
            for all items at once.
    """

    def __init__(self, items: int, device: torch.device, *, by_side: bool) -> None:
        self._items, self._by_side = items, by_side
        self._dtype = torch.float32 if device.type == "mps" else torch.float64
        self._device = device
        self.only: int | None = None
        self.clear()

    def clear(self) -> None:
        """Set all parts to 0."""
        self.bias = torch.zeros(self._items, dtype=self._dtype, device=self._device)
        self.base = torch.zeros_like(self.bias)
        self.unplaced = False

    def add(self, y: Tensor, constant: Tensor | Number, sign: Number = 1) -> None:
        """Note that `sign * constant` is a term of y.

        Args:
            y: A value.
            constant: A number or a tensor that broadcasts to the shape of y.
            sign: Its factor.
        """
        part = base_part(constant)
        if part is not constant:
            rest = constant if part is None else constant - part
            on_gradient(y, lambda g: self._gather(self.bias, g, rest, sign))
        if part is not None:
            on_gradient(y, lambda g: self._gather(self.base, g, part, sign))

    @torch.no_grad()
    def _gather(self, sums: Tensor, g: Tensor, constant: Tensor | Number, sign: Number) -> None:
        of_items = self._by_item(_products(g, constant))
        if of_items is not None and not of_items.isfinite().all():
            # A constant of -inf hides what is not chosen; without a gradient it has no part.
            of_items = self._by_item(torch.where(g == 0, 0, g * constant))
        if of_items is None:
            self.unplaced = True
        elif self.only is None:
            sums += sign * of_items
        else:
            sums[self.only] += sign * of_items.sum()

    def _by_item(self, parts: Tensor) -> Tensor | None:
        items, shape = self._items, parts.shape
        wide = (parts.flatten(2).sum(2) if parts.ndim > 2 else parts).to(self._dtype)
        if self.only is not None or items == 1:
            return wide.sum().expand(1)
        if not shape or not items:
            return None
        if shape[0] == items:
            return wide.reshape(items, -1).sum(1)
        if self._by_side:
            rows = wide.reshape(shape[0], -1).sum(1)
            return None if shape[0] % items else rows.reshape(-1, items).sum(0)
        if len(shape) > 1 and shape[1] == items:  # time-major
            return wide.transpose(0, 1).reshape(items, -1).sum(1)
        return None if shape[0] % items else wide.reshape(items, -1).sum(1)


# A typed name for torch's untyped one.
on_gradient: Callable[[Tensor, Callable[[Tensor], None]], Any] = Tensor.register_hook


def _products(g: Tensor, constant: Tensor | Number) -> Tensor:
    """`g * constant`, summed over the last axis where that is cheap."""
    if isinstance(constant, Tensor) and g.ndim > 1 and constant.shape == g.shape[-1:]:
        return g @ constant.to(g.dtype)
    return g * constant
