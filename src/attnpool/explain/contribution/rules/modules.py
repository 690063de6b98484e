"""Activations that are modules of their own around code that torch does not show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any

from torch import Tensor, nn
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook

from attnpool.explain.contribution.rules.gradients import chord
from attnpool.explain.contribution.rules.mode import Mode
from attnpool.explain.contribution.rules.roles import Role, depends, mark, role

_NAMES = ("gelu", "silu", "swish", "mish")


@contextmanager
def whole_activations(mode: Mode) -> Iterator[None]:
    """A context in which modules named after an activation get its slope.

    So does the GELU of BLOOM, which is a custom autograd function. One that is written out in
    functions of torch needs no help.

    Args:
        mode: The context that the model runs in.
    """
    before: list[int] = []
    thread = get_ident()  # hooks are of all threads

    def enter(module: nn.Module, _: Any) -> None:
        if get_ident() == thread and _is_activation(module):
            before.append(len(mode.unseen))

    def leave(module: nn.Module, args: Any, output: Any) -> Any:
        if get_ident() != thread or not _is_activation(module):
            return None
        unseen = before.pop()
        if not isinstance(output, Tensor) or role(output) is not None:
            return None
        # Marked first: whatever is asked of it passes the context, which must know it.
        if len(args) != 1 or not depends(args[0]) or not depends(mark(output, Role.VALUE)):
            return None
        (z,) = args
        del mode.unseen[unseen:]
        y = output.detach()
        return mark(chord(z, lambda _: y, None), Role.VALUE)

    handles = (register_module_forward_pre_hook(enter), register_module_forward_hook(leave))
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _is_activation(module: nn.Module) -> bool:
    name = type(module).__name__.lower()
    return any(one in name for one in _NAMES) and not any(True for _ in module.parameters())
