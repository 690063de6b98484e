"""A model made affine at the point computed, so that one backward pass splits its output."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from inspect import unwrap
from types import FunctionType
from typing import Any

import torch
from torch import Tensor

from attnpool.explain.contribution.base import carry_base
from attnpool.explain.contribution.constants import Constants
from attnpool.explain.contribution.precision import CASTS, is_narrow, widened
from attnpool.explain.contribution.rules import RULES
from attnpool.explain.contribution.rules.mode import Mode
from attnpool.explain.contribution.rules.roles import (
    Number,
    Role,
    base_part,
    depends,
    mark,
    mark_base,
    role,
    tensors,
)

_CHECKS = ("has_torch_function", "has_torch_function_unary", "has_torch_function_variadic")


class Affine(Mode):
    """A context in which gradients are those of an affine function with the same value.

    The function treats these as constants: weights (softmax, sigmoid, averages, the norm that a
    vector is divided by, the standard deviation in a normalisation, queries and keys of
    attention) and the slope φ(z)/z of an activation. A product of two values is split equally
    between them. What is linear needs no rule, nor do ReLU, the absolute value and the maximum:
    their gradients are their slopes, or select the maximum. So `output = Σ leaf · gradient` over
    all leaves, plus the constants, exactly.

    The outputs are those of the model: on one machine to the last bit, except for the rounding of
    a cosine. Parameters get no gradients.

    Args:
        items: The number of items of the batch.
        device: The device of the model.
        dtype: What values are computed in at least; lower precision is raised to it.
        by_side: How rows belong to items where there are several per item: side after side (row
            r to item r mod items), or else item after item (flattened tokens).
        base: Parameters that hold positions or token types.

    Attributes:
        constants: After a backward pass, the parts of biases, positions and token types.
        opaque: Names of code that the context cannot see into.
        unseen: Functions that values went through without gradients: the name of each, and the
            module whose code called it.
        used: The ids of what was given as `base` and took part.

    Source:
        The rules for activations, normalisations and products are those of layer-wise relevance
        propagation without a stabiliser: Bach et al. 2015, PLOS ONE 10(7); Ali et al. 2022, "XAI
        for Transformers", arXiv 2202.07304; for products half and half also Chefer et al. 2021.
    """

    def __init__(
        self,
        items: int,
        device: torch.device,
        dtype: torch.dtype = torch.float32,
        *,
        by_side: bool = True,
        base: tuple[Tensor, ...] = (),
    ) -> None:
        super().__init__()
        self.constants = Constants(items, device, by_side=by_side)
        self.opaque: list[str] = []
        self.unseen: list[tuple[str, str]] = []
        self.used: set[int] = set()
        self._dtype = dtype
        self._inside: list[Callable[..., Any]] = []
        self._base = {id(one) for one in base}

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Call a function by its rule, if values are among its arguments and it has one."""
        found: list[Tensor] = []
        args = self._admit(args, found)
        given = kwargs or {}
        if given:
            given = dict(zip(given, self._admit(tuple(given.values()), found), strict=True))
            if "input" in given:  # the name of a first argument
                args = (given.pop("input"), *args)
        live = [one for one in found if one.requires_grad]
        if not live:
            result = self._foreign(func(*args, **given))
            self._carry_base(func, args, given, found, result)
            return result
        name = getattr(func, "__name__", "")
        if self._narrow(name, found, args, given):
            func, args, given = widened(func, name, args, given, self._dtype)
        result = self.apply(name, func, args, given)
        if name == "__setitem__" or (name.endswith("_") and not name.startswith("__")):
            self._mark(args[0], live)
        self._mark(result, live)
        self._carry_base(func, args, given, found, result)
        if not torch.is_grad_enabled():
            self._note_unseen(name, result)
        return result

    def apply(
        self, name: str, func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Call a function by the rule of its name.

        Args:
            name: The name.
            func: The function.
            args: Its arguments; at least one depends on the leaves.
            kwargs: Those by name.
        """
        rule = RULES.get(name)
        if rule is not None:
            return rule(self, func, *args, **kwargs)
        body = opened(func)
        if body is None or func in self._inside:  # some hand over themselves from deeper down
            return func(*args, **kwargs)
        self._inside.append(func)
        try:
            with self:
                return body(*args, **kwargs)
        finally:
            self._inside.pop()

    def constant(self, y: Any, constant: Tensor | Number, sign: Number = 1) -> None:
        """Note that `sign * constant` is a term of the value y."""
        if depends(y):
            self.constants.add(y, constant, sign)

    def _admit(self, terms: Any, found: list[Tensor]) -> Any:
        """The same arguments, with tensors as `_own` has them, which are added to `found`."""
        changed: list[Any] | None = None
        for place, term in enumerate(terms):
            if isinstance(term, Tensor):
                own: Any = self._own(term)
                found.append(own)
            elif type(term) in (tuple, list):
                own = self._admit(term, found)
            else:
                continue
            if own is not term:
                changed = list(terms) if changed is None else changed
                changed[place] = own
        return terms if changed is None else type(terms)(changed)

    def _narrow(
        self, name: str, found: list[Tensor], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> bool:
        """Whether a call has, or asks for, less precision than what is computed in."""
        return (
            any(is_narrow(one.dtype, self._dtype) for one in found)
            or name in CASTS
            or any(isinstance(one, torch.dtype) for one in (*args, *kwargs.values()))
        )

    def _own(self, tensor: Tensor) -> Tensor:
        """The tensor; without gradients where it does not depend on the leaves."""
        if self._base and id(tensor) in self._base:
            self.used.add(id(tensor))
            return mark_base(tensor.detach())
        if not tensor.requires_grad:
            return tensor
        if role(tensor) is not None:
            return tensor
        if not tensor.is_leaf and _reaches_leaves(tensor):
            self.opaque.append(code_of(tensor))
            return mark(tensor, Role.VALUE)
        return tensor.detach()

    def _carry_base(
        self,
        func: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        found: list[Tensor],
        result: Any,
    ) -> None:
        if not depends(result) and any(base_part(one) is not None for one in found):
            carry_base(func, args, kwargs, result)

    def _foreign(self, result: Any) -> Any:
        """The result of a function of constants; of an attribute too, such as a weight's `T`."""
        return result.detach() if depends(result) and not result.is_leaf else result

    def _mark(self, result: Any, live: list[Tensor]) -> None:
        gates = all(role(one) is Role.GATE for one in live)
        for one in tensors((result,)):
            if one.requires_grad and (role(one) is None or gates):
                mark(one, Role.GATE if gates else Role.VALUE)

    def _note_unseen(self, name: str, result: Any) -> None:
        if any(one.is_floating_point() and one.numel() for one in tensors((result,))):
            self.unseen.append((name, _caller()))


@cache
def opened(function: Callable[..., Any]) -> Callable[..., Any] | None:
    """The body of a function of torch, run as if nothing overrode it; None if it has none.

    Torch hands such a function (`F.multi_head_attention_forward`) over whole; what it calls
    would stay unseen.
    """
    body = unwrap(function)
    if not isinstance(body, FunctionType) or not body.__module__.startswith("torch."):
        return None
    names = {**body.__globals__, **dict.fromkeys(_CHECKS, _not_overridden)}
    copy = FunctionType(body.__code__, names, body.__name__, body.__defaults__, body.__closure__)
    copy.__kwdefaults__ = body.__kwdefaults__
    return copy


def _not_overridden(*_: Any) -> bool:
    return False


def code_of(tensor: Tensor) -> str:
    """The name of what computed a tensor, as torch records it."""
    return tensor.grad_fn.name() if tensor.grad_fn is not None else "a function"


def _caller() -> str:
    """The name of the module whose code called a function of torch."""
    frame = sys._getframe(1)
    own = ("attnpool.", "torch.", "beartype.", "jaxtyping.")
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).startswith(own):
        frame = frame.f_back
    return str(frame.f_globals.get("__name__"))


def _reaches_leaves(tensor: Tensor) -> bool:
    """Whether a tensor that no rule knows was computed from the leaves."""
    seen: set[Any] = set()
    nodes = [tensor.grad_fn]
    while nodes:
        node = nodes.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        variable = getattr(node, "variable", None)
        if isinstance(variable, Tensor) and role(variable) is not None:
            return True
        nodes.extend(following for following, _ in node.next_functions)
    return False
