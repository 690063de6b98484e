"""What a model answers to some items, as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from attnpool.architectures import answer_names, tells_matches, texts_per_item

if TYPE_CHECKING:
    from attnpool.explanation import Explanation

Answers: TypeAlias = dict[str, Any]
"""Columns by name: lists of strings, arrays of numbers, or of tokens a list of arrays."""

TOKENS = ("start", "end", "weights", "value")
"""The columns of each text's tokens."""


def sides(model: Any) -> tuple[str, ...]:
    """What the token columns of each text end in."""
    return ("",) if texts_per_item(model) == 1 else ("_1", "_2")


def names(model: Any, candidates: Sequence[str] | None, *, explain: bool) -> list[str]:
    """The names of the columns.

    Args:
        model: The model.
        candidates: The labels that are ranked in place of its classes.
        explain: Whether there are those of tokens.
    """
    found = ["prediction", "probability"]
    found += [f"probability_{name}" for name in answer_names(model, candidates)]
    if tells_matches(model):
        found.append("score")
    if explain:
        found += [f"{part}{side}" for side in sides(model) for part in TOKENS]
    return found


def answers(
    model: Any,
    items: Sequence[Any],
    candidates: Sequence[str] | None = None,
    *,
    explain: bool = False,
    method: str | None = None,
    **options: Any,
) -> Answers:
    """The columns for some items.

    Args:
        model: The model.
        items: The texts, or pairs of them.
        candidates: The labels to rank in place of its classes.
        explain: Whether there are columns of tokens.
        method: What the values of tokens are.
        options: Further arguments of the model's methods: `progress`.
    """
    if candidates is not None:
        options["candidates"] = candidates
    explained: list[Explanation] = []
    if explain:
        explained = model.explain(items, method=method, **options)
        shares = [e.distribution for e in explained]
    else:
        shares = list(model.predict_proba(items, **options))
    known = answer_names(model, candidates)
    best = [int(p.argmax()) for p in shares]
    columns: list[Any] = [
        [known[i] for i in best],
        np.array([float(p[i]) for p, i in zip(shares, best, strict=True)]),
        *(np.array([float(p[i]) for p in shares]) for i in range(len(known))),
    ]
    if tells_matches(model):
        scores = [e.score for e in explained] if explain else _scores(model, items, shares)
        columns.append(np.array(scores, dtype=float))
    for side in range(len(sides(model)) if explain else 0):
        of_side = [e.sides[side] for e in explained]
        columns.append([s.spans[:, 0] for s in of_side])
        columns.append([s.spans[:, 1] for s in of_side])
        columns.append([s.weights for s in of_side])
        columns.append([s.values for s in of_side])
    return dict(zip(names(model, candidates, explain=explain), columns, strict=True))


def as_lists(columns: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The columns as lists in full precision; of tokens, each cell stays an array."""
    return {
        name: column.tolist() if isinstance(column, np.ndarray) else column
        for name, column in columns.items()
    }


def compact(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns as arrays: those of tokens take two or four bytes a token.

    Offsets become uint32, weights and values float16, of which the first three digits hold.
    """
    return {name: _compact(name, column) for name, column in columns.items()}


def _compact(name: str, column: Any) -> Any:
    if isinstance(column, np.ndarray):
        return column
    kind = token_type(name)
    if kind is None:
        return np.array(column, dtype=object)
    packed = np.empty(len(column), dtype=object)  # also where all have as many tokens
    packed[:] = [value.astype(kind) for value in column]
    return packed


def token_type(name: str) -> type[np.generic] | None:
    """The compact type of a column of tokens; None for any other column."""
    part = name.removesuffix("_1").removesuffix("_2")
    if part not in TOKENS:
        return None
    return np.uint32 if part in ("start", "end") else np.float16


def _scores(model: Any, items: Sequence[Any], shares: Sequence[Any]) -> list[float]:
    """The scores that `explain` gives: a triplet's similarity, else the match's probability."""
    if model.architecture == "triplet":
        found: list[float] = model.decision_function(items).tolist()
        return found
    return [float(p[1]) for p in shares]
