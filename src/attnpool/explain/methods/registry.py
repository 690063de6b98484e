"""The attribution methods by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attnpool.errors import InputError
from attnpool.explain.attribution import Attribution, AttributionRequest
from attnpool.explain.contribution.contribution import contribution
from attnpool.explain.methods.attention import attention
from attnpool.explain.methods.closeness import closeness
from attnpool.explain.methods.gradient_x_input import gradient_x_input
from attnpool.explain.methods.integrated_gradients import integrated_gradients
from attnpool.explain.methods.lcs import lcs, lcs_rest
from attnpool.explain.methods.leave_one_out import leave_one_out
from attnpool.explain.methods.max_share import max_share, max_sum
from attnpool.explain.random_order import random_order

METHODS: Mapping[str, Callable[[AttributionRequest], Attribution]] = {
    "attention": attention,
    "contribution": contribution,
    "gradient_x_input": gradient_x_input,
    "integrated_gradients": integrated_gradients,
    "leave_one_out": leave_one_out,
    "max_share": max_share,
    "max_sum": max_sum,
    "closeness": closeness,
    "random": random_order,
    "lcs": lcs,
    "lcs_rest": lcs_rest,
}


def find_method(name: str) -> Callable[[AttributionRequest], Attribution]:
    """The method of this name.

    Raises:
        InputError: There is none.
    """
    if not isinstance(name, str) or name not in METHODS:
        raise InputError(f"unknown method {name!r}; choose from {', '.join(METHODS)}")
    return METHODS[name]
