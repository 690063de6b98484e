"""Positions and token types: constants that are told apart from biases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import get_ident
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook

from attnpool.explain.contribution.rules.roles import base_part, mark_base, replaced, tensors

# As the models of transformers name them.
_NAMES = re.compile(
    r"(\w*_)?(position|pos|token_type|segment|type)_embed(ding)?s?|embed_positions|positions_embed|wpe|wtt"
)

_STRUCTURAL = frozenset(
    {
        *("view", "reshape", "expand", "expand_as", "unsqueeze", "squeeze", "transpose"),
        *("permute", "flatten", "contiguous", "clone", "repeat", "narrow", "__getitem__"),
        *("index_select", "gather", "to", "type_as", "float", "double", "dropout"),
        *("mul", "__mul__", "__rmul__", "div", "__truediv__", "detach", "roll", "__get__"),
        *("repeat_interleave", "broadcast_to", "swapaxes", "movedim"),
    }
)
_SUMS = frozenset({"add", "__add__", "__radd__", "sub", "__sub__", "cat", "stack"})


def carry_base(
    func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], result: Any
) -> None:
    """Say which part of a function of constants comes from positions or token types.

    Args:
        func: The function.
        args: Its arguments; positions or token types are among them.
        kwargs: Those by name.
        result: What it returned. After other functions than sums, products with numbers and
            changes of shape it is a constant like any other.
    """
    name = getattr(func, "__name__", "")
    if not isinstance(result, Tensor):
        return
    if name in _STRUCTURAL:
        first = base_part(args[0]) if args and isinstance(args[0], Tensor) else None
        if first is None:
            return
        whole = first is args[0]
        mark_base(result, None if whole else func(first, *args[1:], **kwargs))
    elif name in _SUMS:
        terms = [one for one in tensors(args) if one.is_floating_point()]
        numbers = name not in ("cat", "stack") and any(isinstance(o, int | float) for o in args)
        if not numbers and all(base_part(one) is one for one in terms):
            mark_base(result)
        else:
            parts = tuple(_part_of(one) for one in args)
            mark_base(result, func(*parts, **kwargs))


def _part_of(term: Any) -> Any:
    def part(one: Tensor) -> Tensor:
        found = base_part(one)
        return torch.zeros_like(one) if found is None else found

    return 0 if isinstance(term, int | float) else replaced(term, part)


@contextmanager
def marked_base(modules: Sequence[nn.Module], used: set[int]) -> Iterator[None]:
    """A context in which the outputs of some modules count as positions or token types.

    Args:
        modules: The modules; those that have one of the names that positions and token types
            have in the models of transformers are found by themselves.
        used: Where the ids of modules that were called are added.
    """
    known = {id(one) for one in modules}
    thread = get_ident()  # hooks are of all threads

    def find(module: nn.Module, _: Any) -> None:
        for name, child in module.named_children() if get_ident() == thread else ():
            if _NAMES.fullmatch(name):
                known.add(id(child))

    def keep(module: nn.Module, _: Any, output: Any) -> None:
        own = get_ident() == thread and id(module) in known
        if own:
            used.add(id(module))
        for one in tensors((output,)) if own else ():
            if one.is_floating_point() and not one.requires_grad:
                mark_base(one)

    handles = (register_module_forward_pre_hook(find), register_module_forward_hook(keep))
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
