"""How the tokens of two texts meet, ready to be drawn as a grid or as a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.explanation import Explanation, Side
from attnpool.text.graphemes import merge_spans
from attnpool.view.drawing.captions import number, short
from attnpool.view.drawing.colour import Scale, Scope, full_of_shares, largest, scale_places
from attnpool.view.words import Words

GRID_CELLS = 2_500
"""The most cells of a grid; beyond it only the strongest meetings are listed."""

LISTED = 60
"""The most tokens that are listed where there is no grid."""

_LONG = 24  # characters of a token's name


@dataclass(frozen=True, slots=True, eq=False)
class Aligned:
    """The alignment of the first two texts of an explanation.

    Tokens that share a grapheme cluster are one part: over them rows are averaged and columns
    added up, so that every row still sums to 1.

    Attributes:
        left: The parts of the first text in one line each, shortened where long.
        right: Those of the second.
        values: How much of each left part's attention each right part gets.
        uniform: What each right part would get if every token of its text got the same.
        scale: How values become colours; unsigned.
        parts: The part of each token, by text.
        words: The words of the language.
    """

    left: tuple[str, ...]
    right: tuple[str, ...]
    values: Float[np.ndarray, "left right"]
    uniform: Float[np.ndarray, "right"]
    scale: Scale
    parts: tuple[Int[np.ndarray, "_"], Int[np.ndarray, "_"]]
    words: Words

    @property
    def levels(self) -> Int[np.ndarray, "left right"]:
        """The colour of each cell, from 0 to `attnpool.view.drawing.colour.LEVELS`.

        Up to the uniform share it is the palest.
        """
        uniform = np.tile(self.uniform, len(self.left))
        along = scale_places(self.values.ravel(), self.scale.full, uniform)
        levels: Int[np.ndarray, "left right"] = np.rint(along).astype(np.int64)
        return levels.reshape(self.values.shape)

    @property
    def fits(self) -> bool:
        """Whether it is small enough for a grid."""
        return self.values.size <= GRID_CELLS

    def meaning(self, names: Sequence[str]) -> str:
        """What the cells mean, by the names of the texts."""
        return self.words(
            "alignment.meaning",
            left=names[0],
            right=names[1],
            uniform=number(float(self.uniform.min())),
            full=number(self.scale.full),
        )

    def strongest(self) -> tuple[list[tuple[str, str, float]], int]:
        """Each left part with the right part it meets most, and how many of these are left out."""
        places = self.values.argmax(axis=1).tolist()
        meetings = [
            (name, self.right[place], float(row[place]))
            for name, place, row in zip(self.left, places, self.values, strict=True)
        ]
        return meetings[:LISTED], max(0, len(meetings) - LISTED)

    def listed(self) -> str:
        """The strongest meetings in one line."""
        meetings, more = self.strongest()
        entries = [f"{left} → {right} {number(value)}" for left, right, value in meetings]
        return " · ".join([*entries, self.words("alignment.more", count=more)] if more else entries)


def align(
    explanations: Sequence[Explanation], *, scope: Scope, full: float, words: Words
) -> list[Aligned | None]:
    """The alignments of explanations; None for those without.

    Args:
        explanations: What is drawn together.
        scope: What full colour means, see `Scale`. By `"text"`, each matrix is scaled by itself.
        full: The magnitude of full colour where the scope is `"absolute"`.
        words: The words of the language.
    """
    merged = [_merge(item, words) for item in explanations]
    page = max((largest(item.values.ravel()) for item in merged if item), default=0.0)
    return [item and replace(item, scale=_scale(item, scope, full, page)) for item in merged]


def _scale(item: Aligned, scope: Scope, full: float, page: float) -> Scale:
    """The scale of an alignment, whose rows are shares of a whole."""
    asked = {"absolute": full, "page": page}.get(scope) or largest(item.values.ravel())
    uniform = float(item.uniform.max())
    return Scale(False, scope, full_of_shares(asked, uniform, 1.0), uniform, asked)


def _merge(explanation: Explanation, words: Words) -> Aligned | None:
    matrix = explanation.alignment
    if matrix is None or not matrix.size:
        return None
    left, rows = _parts(explanation.sides[0])
    right, columns = _parts(explanation.sides[1])
    starts, widths = np.unique(rows, return_index=True)[1], np.bincount(rows)
    values = np.add.reduceat(matrix.astype(np.float64), starts, axis=0) / widths[:, None]
    values = np.add.reduceat(values, np.unique(columns, return_index=True)[1], axis=1)
    uniform = np.bincount(columns) / len(columns)
    scale = Scale(False, "absolute", 1.0)
    return Aligned(left, right, values, uniform, scale, (rows, columns), words)


def _parts(side: Side) -> tuple[tuple[str, ...], Int[np.ndarray, "tokens"]]:
    """The texts of the parts, and the part of each token."""
    end = int(np.clip(side.spans.max(), 0, len(side.text)))
    # One character more shows whether a cluster ends where the last token does.
    blocks, part = merge_spans(side.text[: end + 1], np.clip(side.spans, 0, end))
    texts = (side.text[start : min(stop, start + 4 * _LONG)] for start, stop in blocks.tolist())
    return tuple(short(text, _LONG) or "␣" for text in texts), part
