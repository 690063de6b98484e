"""torch and numpy as this package needs them, whatever their caller has set."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, ParamSpec, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

P = ParamSpec("P")
R = TypeVar("R")

_MARK = "_in_usual_torch"

_forked = False


def _in_forked_process() -> None:
    """Compute with one thread from now on.

    The threads of a parent do not exist in a process forked from it, and torch would wait for them
    for ever, as in a server that loads a model before it forks its workers.
    """
    global _forked
    _forked = True
    torch.set_num_threads(1)


os.register_at_fork(after_in_child=_in_forked_process)


@contextmanager
def usual_torch() -> Iterator[None]:
    """Within it this thread computes gradients, in float32, on the CPU unless told otherwise.

    A caller may be in `torch.no_grad`, in inference mode or in autocast, may have set a default
    device, or numpy to raise. torch's default dtype belongs to all threads, so it is left alone:
    what allocates here names its type.
    """
    if _forked and torch.get_num_threads() > 1:  # set again by the caller, and just as missing
        torch.set_num_threads(1)
    with ExitStack() as stack:
        stack.enter_context(np.errstate(divide="warn", over="warn", under="ignore", invalid="warn"))
        # Only what is not so already: each costs microseconds, a device those of every call.
        if torch.is_inference_mode_enabled():
            stack.enter_context(torch.inference_mode(False))
        if not torch.is_grad_enabled():
            stack.enter_context(torch.enable_grad())
        for device in ("cpu", "cuda"):
            if torch.is_autocast_enabled(device):
                stack.enter_context(torch.autocast(device, enabled=False))
        if torch.get_default_device().type != "cpu":
            stack.enter_context(torch.device("cpu"))
        yield


def in_usual_torch(function: Callable[P, R]) -> Callable[P, R]:
    """The function, called in `usual_torch`."""

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        with usual_torch():
            return function(*args, **kwargs)

    call.__dict__[_MARK] = True
    return call


def is_in_usual_torch(function: Callable[..., Any]) -> bool:
    """Whether a function is already one of `in_usual_torch`."""
    return hasattr(function, _MARK)


def without_inference_tensors(module: nn.Module) -> None:
    """Put clones in place of weights that were made in inference mode: they have no gradients."""
    clones: dict[Tensor, Tensor] = {}
    with torch.inference_mode(False):
        for part in module.modules():
            kinds: tuple[dict[str, Any], ...] = (part._parameters, part._buffers)
            for tensors in kinds:
                for name, tensor in tensors.items():
                    if tensor is not None and tensor.is_inference():
                        clones.setdefault(tensor, _clone(tensor))
                        tensors[name] = clones[tensor]


def _clone(tensor: Tensor) -> Tensor:
    clone = tensor.detach().clone()
    is_weight = isinstance(tensor, nn.Parameter)
    return nn.Parameter(clone, tensor.requires_grad) if is_weight else clone
