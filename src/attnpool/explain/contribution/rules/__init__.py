"""The rules by which functions become affine, by the names of the functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attnpool.explain.contribution.rules import (
    activations,
    attention,
    in_place,
    linear,
    normalisations,
    products,
    sums,
    weights,
)

__all__ = ["RULES"]

_OUT_OF_PLACE: dict[str, Callable[..., Any]] = {
    **activations.RULES,
    **attention.RULES,
    **linear.RULES,
    **normalisations.RULES,
    **products.RULES,
    **sums.RULES,
    **weights.RULES,
}

RULES: dict[str, Callable[..., Any]] = {**_OUT_OF_PLACE, **in_place.rules(_OUT_OF_PLACE)}
"""What replaces the functions of these names, where an argument depends on leaves: called with
the mode, the function and its arguments."""
