"""The implementation of each attribution method, by the names of `attribution_methods.METHODS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from attnpool.attribution_methods import find_method
from attnpool.explain.attribution import Attribution, AttributionRequest
from attnpool.explain.contribution.contribution import contribution
from attnpool.explain.methods.attention import attention
from attnpool.explain.methods.closeness import closeness
from attnpool.explain.methods.gradient_x_input import gradient_x_input
from attnpool.explain.methods.integrated_gradients import integrated_gradients
from attnpool.explain.methods.lcs import lcs, lcs_rest
from attnpool.explain.methods.leave_one_out import leave_one_out
from attnpool.explain.methods.max_share import max_share, max_sum
from attnpool.explain.random_values import random_order

Method = Callable[[AttributionRequest], Attribution]

IMPLEMENTATIONS: Mapping[str, Method] = MappingProxyType(
    {
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
)


def implementation(name: str) -> Method:
    """The function that computes the method of this name.

    Raises:
        InputError: There is no such method.
    """
    return IMPLEMENTATIONS[find_method(name).name]
