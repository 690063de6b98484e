"""The implementation of each attribution method, by the names of `attribution_methods.METHODS`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module

from attnpool.attribution_methods import find_method
from attnpool.explain.attribution import AttributionRequest, MethodResult

Method = Callable[[AttributionRequest], MethodResult]

_MODULES = {
    "attention": "methods.attention",
    "contribution": "methods.contribution",
    "gradient_x_input": "methods.gradient_x_input",
    "integrated_gradients": "methods.integrated_gradients",
    "leave_one_out": "methods.leave_one_out",
    "max_share": "methods.max_share",
    "max_sum": "methods.max_share",
    "closeness": "methods.closeness",
    "random": "random_values",
    "lcs": "methods.lcs",
    "lcs_rest": "methods.lcs",
}
_FUNCTIONS = {"random": "random_order"}  # those that are not called as the method is


class _Implementations(Mapping[str, Method]):
    """Imported when first asked for: most need torch, attention and contribution do not."""

    def __getitem__(self, name: str) -> Method:
        module = import_module(f"attnpool.explain.{_MODULES[name]}")
        method: Method = getattr(module, _FUNCTIONS.get(name, name))
        return method

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


IMPLEMENTATIONS: Mapping[str, Method] = _Implementations()


def implementation(name: str) -> Method:
    """The function that computes the method of this name.

    Raises:
        InputError: There is no such method.
    """
    return IMPLEMENTATIONS[find_method(name).name]
