"""Earlier names of public parameters, which still work for one version and warn; and warnings.

Also what belongs to the whole process and is changed for a while: by many threads as by one.
"""

from __future__ import annotations

import functools
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar

__all__ = [
    "PARAMETERS",
    "VALUES",
    "Shared",
    "current_names",
    "current_value",
    "current_values",
    "message",
    "moved",
    "renamed_parameters",
    "warn_caller",
    "warn_renamed",
    "without_advice",
]

_SOURCE = str(Path(__file__).parent)

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


def warn_renamed(old: str, new: str) -> None:
    """Say that a name still works, and which one to use; the warning names the caller's line."""
    warn_caller(message(old, new), FutureWarning)


def warn_caller(sentence: str, category: type[Warning] = RuntimeWarning) -> None:
    """Warn; the warning names the line that called attnpool.

    Args:
        sentence: What to say.
        category: What kind of warning it is.
    """
    frame, level = sys._getframe(1), 2
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_SOURCE):
        frame, level = frame.f_back, level + 1
    warnings.warn(sentence, category, stacklevel=level)


def message(old: str, new: str) -> str:
    """What is said of an earlier name."""
    return f"{old} is now called {new}; the old name works in this version only"


def current_value(value: Any) -> Any:
    """A parameter's value in its current form, with a warning if it was given in an earlier one."""
    if isinstance(value, str) and value in VALUES:
        warn_renamed(repr(value), repr(VALUES[value]))
        return VALUES[value]
    return value


def current_values(params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters with all values in their current forms, without warnings."""
    return {
        name: VALUES.get(value, value) if isinstance(value, str) else value
        for name, value in params.items()
    }


def current_names(given: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Arguments by their current names, with a warning for each earlier name.

    Raises:
        TypeError: One is given by both names.
    """
    current = dict(given)
    for old in [name for name in given if name in names]:
        new = names[old]
        if new in given:
            raise TypeError(f"{old} is now called {new}; give {new} alone")
        warn_renamed(old, new)
        current[new] = current.pop(old)
    return current


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
            return function(*args, **current_names(kwargs, names))

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


class Shared:
    """A context that the first of several threads enters and the last one leaves.

    Each for itself would put back what it has found, and so for good what another had set.

    Args:
        change: Makes what changes the process and puts it back.
    """

    def __init__(self, change: Callable[[], AbstractContextManager[object]]) -> None:
        self._change = change
        self._lock = Lock()
        self._inside = 0
        self._stack = ExitStack()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Within it the change holds."""
        with self._lock:
            if not self._inside:
                self._stack.enter_context(self._change())
            self._inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1
                if not self._inside:
                    self._stack.close()


@contextmanager
def _without_advice() -> Iterator[None]:
    with warnings.catch_warnings():
        # What has not converged answers alike; many classes are classes; the tau of constant
        # values is undefined, which NaN says.
        for message in (
            ".*failed to converge",
            "The number of unique classes",
            "An input array is constant",
            "The max_iter was reached",
        ):
            warnings.filterwarnings("ignore", message)
        yield


without_advice = Shared(_without_advice)
"""Without what scikit-learn and scipy say to those who call them."""
