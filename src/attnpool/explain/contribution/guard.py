"""Which operation of a model lost a part of its output."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from attnpool.explain.contribution.affine import Affine, opened
from attnpool.explain.contribution.constants import on_gradient
from attnpool.explain.contribution.returned import backward_alone
from attnpool.explain.contribution.rules import RULES
from attnpool.explain.contribution.rules.roles import Number, depends, mark, replaced, role, tensors
from attnpool.sanitize import quoted


@dataclass(slots=True, eq=False)
class _Call:
    """A call of a function: what went in, what came out, and the parts of constants."""

    name: str
    inputs: list[Tensor] = field(default_factory=list)
    outputs: list[Tensor] = field(default_factory=list)
    constants: Tensor | Number = 0

    def note(self, part: Tensor) -> None:
        """Add the part of a constant."""
        self.constants = self.constants + part


class Watched(Affine):
    """An `Affine` that keeps what goes into every function and what comes out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._calls: list[_Call] = []
        self._open: list[_Call] = []

    def apply(
        self, name: str, func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Call a function by the rule of its name, and keep its arguments and results.

        Args:
            name: The name.
            func: The function.
            args: Its arguments.
            kwargs: Those by name.
        """
        in_place = name.endswith("_") and (not name.endswith("__") or name.startswith("__i"))
        seen_inside = name not in RULES and opened(func) is not None
        if in_place or name == "__setitem__" or seen_inside:
            return super().apply(name, func, args, kwargs)
        call = _Call(name)
        args, kwargs = replaced(args, _alias), replaced(kwargs, _alias)
        call.inputs = [o for o in (*tensors(args), *tensors(kwargs.values())) if depends(o)]
        self._open.append(call)
        result = super().apply(name, func, args, kwargs)
        self._open.pop()
        call.outputs = [one for one in tensors((result,)) if depends(one)]
        self._calls.append(call)
        return result

    def constant(self, y: Any, constant: Tensor | Number, sign: Number = 1) -> None:
        """Note that `sign * constant` is a term of the value y.

        Args:
            y: The value.
            constant: A number or a tensor that broadcasts to the shape of y.
            sign: Its factor.
        """
        if depends(y) and self._open:
            call = self._open[-1]
            on_gradient(y, lambda g: call.note(sign * _total(g, constant)))

    def culprit(self, output: Tensor) -> tuple[str, float]:
        """The function whose arguments miss the largest part of the output, and this part.

        Args:
            output: One number.
        """
        kept = [one for call in self._calls for one in (*call.inputs, *call.outputs)]
        with backward_alone():
            gradients = iter(torch.autograd.grad(output, kept, allow_unused=True))
        worst, size = "", 0.0
        for call in self._calls:
            put_in = sum(_part(one, next(gradients)) for one in call.inputs)
            came_out = sum(_part(one, next(gradients)) for one in call.outputs)
            missing = abs(float(came_out - put_in - call.constants))
            if missing > size:
                worst, size = call.name, missing
        return quoted(worst), size


def _alias(tensor: Tensor) -> Tensor:
    """The tensor, with a gradient of its own for one call."""
    own = role(tensor)
    return mark(tensor.view_as(tensor), own) if depends(tensor) and own is not None else tensor


def _part(tensor: Tensor, gradient: Tensor | None) -> float:
    return 0.0 if gradient is None else float(_total(gradient, tensor.detach()))


def _total(gradient: Tensor, factor: Tensor | Number) -> Tensor:
    with torch.no_grad():
        return torch.where(gradient == 0, 0, gradient * factor).sum().real
