"""The random numbers of training, from generators of its own: torch's global one is not touched.

torch's global generator belongs to the whole process. Two threads that train at once would draw
from one stream, and the caller's own numbers would change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

_CURRENT: ContextVar[_Draws | None] = ContextVar("_CURRENT", default=None)


class _Draws:
    """Generators that follow from some numbers, one for each device."""

    def __init__(self, numbers: tuple[int, ...]) -> None:
        self._numbers = numbers
        self._generators: dict[torch.device, torch.Generator] = {}

    def on(self, device: torch.device) -> torch.Generator:
        if device not in self._generators:
            seed = int(np.random.SeedSequence(self._numbers).generate_state(1)[0])
            self._generators[device] = torch.Generator(device).manual_seed(seed)
        return self._generators[device]


@contextmanager
def draws_from(*numbers: int) -> Iterator[None]:
    """Within it what this thread draws follows from these numbers alone.

    Args:
        *numbers: The seed, the epoch and the step, both from 1: numpy takes [1] and [1, 0] for
            the same seed.
    """
    before = _CURRENT.set(_Draws(numbers))
    try:
        yield
    finally:
        _CURRENT.reset(before)


def generator(device: torch.device) -> torch.Generator | None:
    """What to draw from on a device; None, which is torch's global generator, outside training."""
    draws = _CURRENT.get()
    return None if draws is None else draws.on(device)


def uniform(shape: Sequence[int], device: torch.device) -> Tensor:
    """Numbers between 0 and 1, float32 whatever torch's default is."""
    return torch.rand(shape, device=device, dtype=torch.float32, generator=generator(device))


class Initialised(TorchFunctionMode):
    """A context in which new layers are float32 and their weights follow from a seed.

    torch's layers take neither a generator nor, without further arguments, another type than the
    default that a caller may have changed for the whole process.

    Args:
        seed: Decides the weights.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._generator = torch.Generator("cpu").manual_seed(seed)

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Add the generator or the type to what draws or allocates without one."""
        given = dict(kwargs or {})
        if getattr(func, "__name__", "") in ("normal_", "uniform_", "kaiming_uniform_"):
            given["generator"] = given.get("generator") or self._generator
        elif func is torch.empty:
            given["dtype"] = given.get("dtype") or torch.float32
        return func(*args, **given)
