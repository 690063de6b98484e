"""What every coloured rendering draws: explanations with their texts cut into coloured runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat, zip_longest

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.explanation import Explanation, Side
from attnpool.view.drawing import captions
from attnpool.view.drawing.alignment import Aligned, align
from attnpool.view.drawing.colour import LEVELS, Scale, Scope, is_signed
from attnpool.view.drawing.segments import Clusters, Run, cluster, runs, shorten
from attnpool.view.drawing.visible_part import VisiblePart, visible_part

_SIDES = {1: ("",), 2: ("A", "B"), 3: ("anchor", "positive", "negative")}


@dataclass(frozen=True, slots=True)
class Row:
    """A text coloured by one value per token.

    Attributes:
        name: What is coloured, such as `"head 2"`; empty for the explanation's own values.
        scale: How values became levels.
        runs: What is shown of the text that was read, in runs.
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
        language: A BCP 47 tag of the text.
        heads: The text coloured by each head's weights, where there are several heads and the
            caller wants them.
        tail: The beginning of what was not read, drawn once and never by head.
        note: What was not read or is not shown, in words; empty where there is nothing to say.
    """

    name: str
    row: Row
    language: str
    heads: tuple[Row, ...]
    tail: str
    note: str


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


def draw(
    explanations: Sequence[Explanation],
    *,
    scope: Scope = "text",
    full: float = 1.0,
    heads: bool = False,
    bands: int = LEVELS,
    part_runs: bool = False,
    limit: int | None = None,
) -> list[Drawing]:
    """Cut the texts of explanations into coloured runs.

    Weights of a text are scaled by that text. Signed values of a pair or a triplet share one
    scale, since they add up to one number. Each head is scaled by itself.

    Args:
        explanations: What to draw.
        scope: What full colour means, see `attnpool.view.drawing.colour.Scale`.
        full: The magnitude of full colour where the scope is `"absolute"`.
        heads: Whether to draw each head as well.
        bands: Into how many of the `LEVELS` steps of colour to divide, for renderings that can
            show only a few.
        part_runs: Whether each token of an explanation with an alignment is a run of its own, if
            the alignment is small enough for a grid.
        limit: About how many characters to show of each text; None for all that was read. What is
            hidden still counts for the scale.
    """
    parts = [[visible_part(side, limit) for side in item.sides] for item in explanations]
    clusters = [
        [_clusters(side, part, heads) for side, part in zip(item.sides, sides, strict=True)]
        for item, sides in zip(explanations, parts, strict=True)
    ]
    signs = [is_signed(item) for item in explanations]
    scales = _Scales(scope, full, signs, clusters)
    alignments: Iterable[Aligned | None] = repeat(None, len(explanations))
    if any(item.alignment is not None for item in explanations):
        alignments = align(explanations, scope=scope, full=full)
    drawings = []
    for item, signed, sides, shown, aligned in zip(
        explanations, signs, clusters, parts, alignments, strict=True
    ):
        own_runs = aligned.parts if aligned and aligned.fits and part_runs else ()
        drawn = []
        for name, side, part, (own, *by_head), cuts in zip_longest(
            side_names(item), item.sides, shown, sides, own_runs
        ):
            together = [rows[0] for rows in sides] if signed else [own]
            drawn.append(
                DrawnSide(
                    name=name,
                    row=_row("", own, scales.of_values(together, signed), bands, cuts),
                    language=captions.language(side.text),
                    heads=tuple(
                        _row(f"head {number}", row, scales.of_head(row), bands, cuts)
                        for number, row in enumerate(by_head, start=1)
                    ),
                    tail=part.tail,
                    note=_note(part),
                )
            )
        drawings.append(Drawing(item, signed, tuple(drawn), aligned))
    return drawings


def side_names(explanation: Explanation) -> tuple[str, ...]:
    """What the texts are called: `"A"` and `"B"`, for instance; empty for one that stands alone."""
    texts = explanation.texts
    if len(texts) == 2 and texts[1] in explanation.labels:
        return ("text", "label")
    return _SIDES.get(len(texts)) or tuple(str(number + 1) for number in range(len(texts)))


class _Scales:
    """The scales of what is drawn together."""

    def __init__(
        self,
        scope: Scope,
        full: float,
        signs: Sequence[bool],
        clusters: Sequence[Sequence[Sequence[Clusters]]],
    ) -> None:
        self._scope = scope
        self._full = full
        self._page: dict[tuple[bool, bool], Scale] = {}
        if scope == "page":
            for signed, sides in zip(signs, clusters, strict=True):
                for own, *by_head in sides:
                    self._grow((signed, False), [own])
                    self._grow((False, True), by_head)

    def of_values(self, together: Sequence[Clusters], signed: bool) -> Scale:
        """The scale of an explanation's own values, by the texts that share it."""
        return self._page.get((signed, False)) or self._fit(together, signed)

    def of_head(self, row: Clusters) -> Scale:
        """The scale of a head's weights."""
        return self._page.get((False, True)) or self._fit([row], signed=False)

    def _fit(self, rows: Sequence[Clusters], signed: bool) -> Scale:
        absolute = self._scope == "absolute"
        full = self._full if absolute else max((row.peak for row in rows), default=0.0)
        return Scale(signed, self._scope, full)

    def _grow(self, kind: tuple[bool, bool], rows: Sequence[Clusters]) -> None:
        before = self._page[kind].full if kind in self._page else 0.0
        full = max([before, *(row.peak for row in rows)])
        self._page[kind] = Scale(kind[0], "page", full)


def _clusters(side: Side, part: VisiblePart, heads: bool) -> list[Clusters]:
    """The side's own values, then each head's weights if there are several and they are wanted."""
    wanted: list[Float[np.ndarray, "tokens"]] = [side.values]
    if heads and len(side.weights) > 1:
        wanted.extend(side.weights)
    return [cluster(part, side.spans, values) for values in wanted]


def _row(
    name: str,
    clusters: Clusters,
    fit: Scale,
    bands: int,
    cuts: Int[np.ndarray, "tokens"] | None,
) -> Row:
    step = LEVELS // bands
    levels = np.rint(fit.levels(clusters.values) / step).astype(np.int64) * step
    return Row(name, fit, [*map(shorten, runs(clusters, levels, cuts))], clusters.peak)


def _note(part: VisiblePart) -> str:
    if part.cut:
        return captions.not_shown(part.hidden, part.unread)
    return captions.unread(part.unread, part.hidden) if part.unread else ""
