"""How the tokens of two texts meet, ready to be drawn as a grid or as a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.explanation import Explanation, Side
from attnpool.sanitize import one_line
from attnpool.text.graphemes import merge_spans
from attnpool.view.drawing.colour import Scale, Scope, scale

GRID_CELLS = 2_500
"""The most cells of a grid; beyond it only the strongest meetings are listed."""

_LONG = 24


@dataclass(frozen=True, slots=True, eq=False)
class Aligned:
    """The alignment of the first two texts of an explanation.

    Tokens that share a grapheme cluster are one part: over them rows are averaged and columns
    added up, so that every row still sums to 1.

    Attributes:
        left: The parts of the first text in one line each, shortened where long.
        right: Those of the second.
        values: How much of each left part's attention each right part gets.
        scale: How values become colours; unsigned.
        parts: The part of each token, by text.
    """

    left: tuple[str, ...]
    right: tuple[str, ...]
    values: Float[np.ndarray, "left right"]
    scale: Scale
    parts: tuple[Int[np.ndarray, "_"], Int[np.ndarray, "_"]]

    @property
    def levels(self) -> Int[np.ndarray, "left right"]:
        """The colour of each cell, from 0 to `attnpool.view.drawing.colour.LEVELS`."""
        return self.scale.levels(self.values.ravel()).reshape(self.values.shape)

    @property
    def fits(self) -> bool:
        """Whether it is small enough for a grid."""
        return self.values.size <= GRID_CELLS

    def best(self) -> list[tuple[str, str, float]]:
        """Each left part with the right part it meets most."""
        found = self.values.argmax(axis=1).tolist()
        return [
            (name, self.right[at], float(row[at]))
            for name, at, row in zip(self.left, found, self.values, strict=True)
        ]


def align(
    explanations: Sequence[Explanation], *, scope: Scope, full: float
) -> list[Aligned | None]:
    """The alignments of explanations; None for those without.

    Args:
        explanations: What is drawn together.
        scope: What full colour means, see `Scale`. By `"text"`, each matrix is scaled by itself.
        full: The magnitude of full colour where the scope is `"absolute"`.
    """
    found = [_merge(item) for item in explanations]
    if scope == "page":
        page = scale((one.values.ravel() for one in found if one), signed=False, scope=scope)
        return [one and replace(one, scale=page) for one in found]
    return [
        one
        and replace(one, scale=scale([one.values.ravel()], signed=False, scope=scope, full=full))
        for one in found
    ]


def _merge(explanation: Explanation) -> Aligned | None:
    matrix = explanation.alignment
    if matrix is None or not matrix.size:
        return None
    left, rows = _parts(explanation.sides[0])
    right, columns = _parts(explanation.sides[1])
    starts, widths = np.unique(rows, return_index=True)[1], np.bincount(rows)
    values = np.add.reduceat(matrix.astype(np.float64), starts, axis=0) / widths[:, None]
    values = np.add.reduceat(values, np.unique(columns, return_index=True)[1], axis=1)
    return Aligned(left, right, values, Scale(False, "absolute", 1.0), (rows, columns))


def _parts(side: Side) -> tuple[tuple[str, ...], Int[np.ndarray, "tokens"]]:
    """The texts of the parts, and the part of each token."""
    end = int(np.clip(side.spans.max(), 0, len(side.text)))
    # One character more shows whether a cluster ends where the last token does.
    blocks, part = merge_spans(side.text[: end + 1], np.clip(side.spans, 0, end))
    return tuple(_name(side.text[start:stop]) for start, stop in blocks.tolist()), part


def _name(text: str) -> str:
    line = one_line(text[: 4 * _LONG]) or "␣"
    return line if len(line) <= _LONG else f"{line[:_LONG]}…"
