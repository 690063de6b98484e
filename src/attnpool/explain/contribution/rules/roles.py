"""What a tensor is to the affine function: a leaf, a value, or a weight that counts as constant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

from torch import Tensor

Number = int | float


class Role(Enum):
    """The part that a tensor which depends on the leaves plays.

    Attributes:
        LEAF: A variable that shares are taken of.
        VALUE: It splits into parts of the leaves.
        GATE: A weight, such as a softmax: a constant in products, and no value. It requires
            gradients, so that it counts as depending, but none reach the leaves through it.
        BOUNDED: The value of a tanh or erf: 1 plus it is twice a sigmoid.
        HALF: 1 plus such a value, and its multiples: in a product with a value, a gate.
    """

    LEAF = "leaf"
    VALUE = "value"
    GATE = "gate"
    BOUNDED = "bounded"
    HALF = "half"


_ROLE, _BASE = "_attnpool_role", "_attnpool_base"


def role(tensor: Tensor) -> Role | None:
    """The role of a tensor; None if no rule and no operation gave it one."""
    found: Role | None = getattr(tensor, _ROLE, None)
    return found


def mark(tensor: Tensor, as_role: Role) -> Tensor:
    """Give a tensor a role and return it."""
    setattr(tensor, _ROLE, as_role)
    return tensor


def gate(tensor: Tensor) -> Tensor:
    """The tensor as a weight."""
    return mark(tensor.detach().requires_grad_(), Role.GATE)


def depends(term: Any) -> bool:
    """Whether it is a tensor that depends on the leaves, or a weight that does."""
    return isinstance(term, Tensor) and term.requires_grad


def base_part(tensor: Any) -> Tensor | None:
    """The part of a constant that comes from positions or token types; None if no part does."""
    part = getattr(tensor, _BASE, None)
    return tensor if part is True else part


def mark_base(tensor: Tensor, part: Tensor | None = None) -> Tensor:
    """Say that a constant, or a part of it, comes from positions or token types."""
    setattr(tensor, _BASE, True if part is None or part is tensor else part)
    return tensor


def tensors(terms: Any) -> Iterator[Tensor]:
    """All tensors among arguments, in lists too."""
    for term in terms:
        if isinstance(term, Tensor):
            yield term
        elif isinstance(term, tuple | list):
            yield from tensors(term)


def replaced(terms: Any, by: Callable[[Tensor], Tensor]) -> Any:
    """The same arguments with each tensor replaced."""
    if isinstance(terms, Tensor):
        return by(terms)
    if type(terms) in (tuple, list):
        return type(terms)([replaced(term, by) for term in terms])
    if isinstance(terms, dict):
        return {name: replaced(term, by) for name, term in terms.items()}
    return terms
