"""What rules need of the context that they are called in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor
from torch.overrides import TorchFunctionMode

from attnpool.explain.contribution.rules.roles import Number


class Mode(TorchFunctionMode):
    """What `Affine` gives them.

    Attributes:
        unseen: Functions that values went through without gradients: the name of each, and the
            module whose code called it.
    """

    unseen: list[tuple[str, str]]

    def constant(self, y: Any, constant: Tensor | Number, sign: Number = 1) -> None:
        """Note that `sign * constant` is a term of the value y.

        Args:
            y: The value.
            constant: A number or a tensor that broadcasts to the shape of y.
            sign: Its factor.
        """
        raise NotImplementedError

    def apply(
        self, name: str, func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Call a function by the rule of its name.

        Args:
            name: The name.
            func: The function.
            args: Its arguments.
            kwargs: Those by name.
        """
        raise NotImplementedError
