"""What every coloured rendering draws: explanations with their texts cut into coloured runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.explanation import Explanation, Side
from attnpool.view.drawing import captions as words
from attnpool.view.drawing.alignment import Aligned, align
from attnpool.view.drawing.colour import LEVELS, Scale, Scope, is_signed, scale
from attnpool.view.drawing.segments import Clusters, Run, cluster, runs, shorten
from attnpool.view.drawing.visible_part import Reach, reach

_SIDES = {1: ("",), 2: ("A", "B"), 3: ("anchor", "positive", "negative")}


@dataclass(frozen=True, slots=True)
class Row:
    """A text coloured by one value a token.

    Attributes:
        name: What is coloured, such as `"head 2"`; empty for the explanation's own values.
        scale: How values became levels.
        runs: What was read of the text, in runs.
        peak: The largest magnitude in the text.
    """

    name: str
    scale: Scale
    runs: list[Run]
    peak: float


@dataclass(frozen=True, slots=True)
class DrawnSide:
    """A text of an explanation.

    Attributes:
        name: `"A"` or `"B"` of a pair, for instance; empty for a text that stands alone.
        row: The text coloured by the explanation's values.
        heads: The text coloured by each head's weights, where there are several heads and they
            were asked for.
        tail: The beginning of what was not read, drawn once and never by head.
        unread: The number of characters behind the length limit.
        hidden: The number of characters behind the tail, which are not drawn.
    """

    name: str
    row: Row
    heads: tuple[Row, ...]
    tail: str
    unread: int
    hidden: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """An explanation ready to be drawn.

    Attributes:
        explanation: What is drawn.
        signed: Whether the colours of its values differ by sign.
        sides: Its texts.
        aligned: How the tokens of the first two texts meet, where the explanation says so.
    """

    explanation: Explanation
    signed: bool
    sides: tuple[DrawnSide, ...]
    aligned: Aligned | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A kind of colour drawn, to be told in a legend.

    Attributes:
        scale: A scale that was used for it.
        method: The method where it has a legend of its own, see `words.OWN`; else empty.
    """

    scale: Scale
    method: str


def draw(
    explanations: Sequence[Explanation],
    *,
    scope: Scope = "text",
    full: float = 1.0,
    heads: bool = False,
    bands: int = LEVELS,
    part_runs: bool = False,
) -> list[Drawing]:
    """Cut the texts of explanations into coloured runs.

    Weights of a text are scaled by that text. Signed values of a pair or a triplet share one
    scale, since they add up to one number. Heads are scaled each by itself.

    Args:
        explanations: What to draw.
        scope: What full colour means, see `attnpool.view.drawing.colour.Scale`.
        full: The magnitude of full colour where the scope is `"absolute"`.
        heads: Whether to draw each head as well.
        bands: Into how many of the `LEVELS` steps of colour to divide, for renderings that can
            show only a few.
        part_runs: Whether each token of an explanation with an alignment is a run of its own, if
            the alignment is small enough for a grid.
    """
    reached = [[reach(side) for side in item.sides] for item in explanations]
    values = [
        [_clusters(side, far, heads) for side, far in zip(item.sides, fars, strict=True)]
        for item, fars in zip(explanations, reached, strict=True)
    ]
    signs = [is_signed(item) for item in explanations]
    page: dict[tuple[bool, bool], Scale] = {}
    if scope == "page":
        for signed in {*signs}:
            own = [rows[0].values for sides, s in zip(values, signs, strict=True) if s == signed
                   for rows in sides]  # fmt: skip
            page[signed, False] = scale(own, signed=signed, scope=scope)
        head_values = [row.values for sides in values for rows in sides for row in rows[1:]]
        page[False, True] = scale(head_values, signed=False, scope=scope)

    drawings = []
    for explanation, signed, sides, fars, aligned in zip(
        explanations, signs, values, reached, align(explanations, scope=scope, full=full),
        strict=True,
    ):  # fmt: skip
        together = [rows[0].values for rows in sides]
        cut = aligned.parts if aligned and aligned.fits and part_runs else ()
        drawn = []
        for name, far, rows, parts in zip_longest(side_names(explanation), fars, sides, cut):
            near = together if signed else [rows[0].values]
            fit = page.get((signed, False)) or scale(near, signed=signed, scope=scope, full=full)
            drawn.append(
                DrawnSide(
                    name=name,
                    row=_row("", rows[0], fit, bands, parts),
                    heads=tuple(
                        _row(
                            f"head {number}",
                            row,
                            page.get((False, True))
                            or scale([row.values], signed=False, scope=scope, full=full),
                            bands,
                            parts,
                        )
                        for number, row in enumerate(rows[1:], start=1)
                    ),
                    tail=far.tail,
                    unread=far.unread,
                    hidden=far.hidden,
                )
            )
        drawings.append(Drawing(explanation, signed, tuple(drawn), aligned))
    return drawings


def scales(drawings: Sequence[Drawing]) -> list[Scale]:
    """One scale for each kind of colour drawn, where it looked before what pushed it."""
    found: dict[bool, Scale] = {}
    for drawing in drawings:
        for side in drawing.sides:
            for row in (side.row, *side.heads):
                found.setdefault(row.scale.signed, row.scale)
    return [found[signed] for signed in sorted(found)]


def keys(drawings: Sequence[Drawing]) -> list[Key]:
    """The kinds of colour drawn: where it looked, what pushed it, methods of their own kind."""
    found: dict[tuple[bool, str], Key] = {}
    for drawing in drawings:
        name = drawing.explanation.method
        own = name if name in words.OWN else ""
        for side in drawing.sides:
            for row, method in ((side.row, own), *((head, "") for head in side.heads)):
                found.setdefault((row.scale.signed, method), Key(row.scale, method))
    return [found[kind] for kind in sorted(found)]


def side_names(explanation: Explanation) -> tuple[str, ...]:
    """What the texts are called: `"A"` and `"B"`, for instance; empty for one that stands alone."""
    texts = explanation.texts
    if len(texts) == 2 and texts[1] in explanation.labels:
        return ("text", "label")
    return _SIDES.get(len(texts)) or tuple(str(number + 1) for number in range(len(texts)))


def _clusters(side: Side, far: Reach, heads: bool) -> list[Clusters]:
    """The side's own values, then each head's weights if there are several and they are wanted."""
    wanted: list[Float[np.ndarray, "tokens"]] = [side.values]
    if heads and len(side.weights) > 1:
        wanted.extend(side.weights)
    return [cluster(far, side.spans, values) for values in wanted]


def _row(
    name: str,
    clusters: Clusters,
    fit: Scale,
    bands: int,
    parts: Int[np.ndarray, "tokens"] | None,
) -> Row:
    step = LEVELS // bands
    levels = np.rint(fit.levels(clusters.values) / step).astype(np.int64) * step
    own = scale([clusters.values], signed=fit.signed)
    return Row(name, fit, [*map(shorten, runs(clusters, levels, parts))], own.full)
