"""The attribution methods by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attnpool.errors import InputError
from attnpool.explain.attention import attention
from attnpool.explain.question import Attribution, Question

METHODS: Mapping[str, Callable[[Question], Attribution]] = {"attention": attention}


def find_method(name: str) -> Callable[[Question], Attribution]:
    """The method of this name.

    Raises:
        InputError: There is none.
    """
    if name not in METHODS:
        raise InputError(f"unknown method {name!r}; choose from {', '.join(METHODS)}")
    return METHODS[name]
