"""Earlier names of public parameters, which still work for one version and warn."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar

__all__ = ["PARAMETERS", "VALUES", "current_value", "moved", "renamed_parameters", "warn_renamed"]

P = ParamSpec("P")
R = TypeVar("R")

PARAMETERS: Mapping[str, str] = MappingProxyType(
    {
        "widths": "kernel_sizes",
        "hidden": "attention_dim",
        "units": "head_dim",
        "wrong_labels": "n_negatives",
        "subwords": "char_ngrams",
    }
)
"""From the earlier name of a parameter to its name."""

VALUES: Mapping[str, str] = MappingProxyType(
    {
        "mean-query": "mean_query",
        "min-variance": "min_variance",
        "semi-hard": "semi_hard",
        "in-batch": "in_batch",
        "lcs-rest": "lcs_rest",
    }
)
"""From the earlier form of a parameter's value to its form: one separator everywhere."""


def warn_renamed(old: str, new: str, stacklevel: int = 3) -> None:
    """Say that a name still works, and which one to use."""
    warnings.warn(
        f"{old} is now called {new}; the old name works in this version only",
        FutureWarning,
        stacklevel=stacklevel,
    )


def current_value(value: Any, stacklevel: int = 4) -> Any:
    """A parameter's value in its current form, with a warning if it was given in an earlier one."""
    if isinstance(value, str) and value in VALUES:
        warn_renamed(repr(value), repr(VALUES[value]), stacklevel)
        return VALUES[value]
    return value


def renamed_parameters(**names: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a function take parameters by earlier names too.

    `inspect.signature` shows the current names alone, so scikit-learn's `get_params` and `clone`
    know no others.

    Args:
        **names: For each earlier name the current one.

    Raises:
        TypeError: From the function, if a parameter is given by both names.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            for old in [name for name in kwargs if name in names]:
                new = names[old]
                if new in kwargs:
                    raise TypeError(f"{old} is now called {new}; give {new} alone")
                warn_renamed(old, new)
                kwargs[new] = kwargs.pop(old)
            return function(*args, **kwargs)

        return call

    return decorate


def moved(old: str, new: str) -> Callable[[str], Any]:
    """The `__getattr__` of a module that stands where another one was, for one version.

    Args:
        old: The earlier name of the module.
        new: Where its content is now.
    """

    def find(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module {old!r} has no attribute {name!r}")
        found = getattr(import_module(new), name)
        warn_renamed(f"{old}.{name}", f"{new}.{name}")
        return found

    return find
