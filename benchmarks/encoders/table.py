"""Families of transformers: whether their parts add up, and which rules they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import NamedTuple

import numpy as np

from attnpool import InputError, attribute
from attnpool.encoders.trying import state_width
from attnpool.explain.contribution.affine import Affine
from attnpool.explain.contribution.rules import RULES
from benchmarks.encoders.families import FAMILIES
from benchmarks.encoders.tiny import STEPS, Tiny, build

# What every transformer has; the others tell families apart.
_COMMON = {"linear", "add", "__add__", "__radd__", "mul", "__mul__", "matmul", "softmax", "dropout"}


class Row(NamedTuple):
    """A family in one implementation of attention.

    Attributes:
        family: Its name.
        implementation: The implementation.
        miss: The largest distance of a sum of parts from its margin, over the largest margin, in
            float32; None where it is refused.
        rules: The functions that have a rule, apart from those that every transformer has.
        refusal: Why it is refused; "" where it is not.
        encoder: Whether `TextClassifier(encoder=…)` takes it; if not, why.
    """

    family: str
    implementation: str
    miss: float | None
    rules: tuple[str, ...]
    refusal: str = ""
    encoder: str = ""


class Noted(Affine):
    """An `Affine` that keeps the names of the rules it used."""

    names: set[str]

    def apply(self, name, func, args, kwargs):
        """Call a function by its rule, and keep its name."""
        if name in RULES:
            self.names.add(name)
        return super().apply(name, func, args, kwargs)


def rules_of(tiny: Tiny) -> tuple[str, ...]:
    """The names of the rules that a model needs."""
    from attnpool.explain.contribution.run import Run

    Noted.names = set()
    Run(tiny.forward, tiny.embeddings, None, (), mode=Noted)
    return tuple(sorted(Noted.names - _COMMON))


def row(name: str, implementation: str) -> Row:
    """A family split, or refused."""
    tiny = build(FAMILIES[name], implementation)
    encoder = _as_encoder(tiny)
    try:
        found = attribute(tiny.forward, tiny.embeddings)
    except InputError as error:
        return Row(name, implementation, None, (), str(error), encoder)
    away = found.outputs - found.outputs.mean(1, keepdims=True)
    margins = away[np.arange(len(away)), found.targets]
    misses = np.abs(found.values.sum(1) + found.base + found.bias - margins)
    miss = float(misses.max() / np.abs(away).max())
    return Row(name, implementation, miss, rules_of(tiny), encoder=encoder)


def _as_encoder(tiny: Tiny) -> str:
    base = deepcopy(getattr(tiny.model, "base_model", tiny.model)).requires_grad_(False)
    try:
        state_width(base, "it", STEPS)
    except InputError as error:
        return f"no: {str(error).partition(';')[0]}"
    return "yes"


def rows(names: Iterable[str]) -> Iterator[Row]:
    """All families in all their implementations."""
    for name in names:
        for implementation in FAMILIES[name].implementations:
            yield row(name, implementation)


def lines() -> list[dict[str, str]]:
    """What the page says of each family and implementation of attention."""
    found = []
    for one in rows(FAMILIES):
        miss = "refused" if one.miss is None else f"{one.miss:.0e}"
        note = one.refusal or ", ".join(one.rules)
        found.append(
            {
                "family": one.family,
                "attention": one.implementation,
                "miss": miss,
                "note": note,
                "encoder": one.encoder,
            }
        )
    return found
