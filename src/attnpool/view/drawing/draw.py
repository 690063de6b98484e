"""What every coloured rendering draws: explanations with their texts cut into coloured runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import repeat, zip_longest

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.attribution_methods import record_of
from attnpool.explanation import Explanation, Side
from attnpool.view.drawing import captions
from attnpool.view.drawing.alignment import Aligned, align
from attnpool.view.drawing.colour import LEVELS, Scale, Scope, full_of_shares, is_signed
from attnpool.view.drawing.segments import Clusters, Run, cluster, runs, shorten
from attnpool.view.drawing.visible_part import VisiblePart, visible_part
from attnpool.view.words import Words

ATTENTION = "attention"
"""The key of the name of the row of the mean weights, beside values of another method."""

WeightRow = tuple[str, Callable[[Side], Float[np.ndarray, "tokens"]]]
_LETTERS = ("A", "B")
_TRIPLET = ("anchor", "positive", "negative")


@dataclass(frozen=True, slots=True)
class Row:
    """A text coloured by one value per token.

    Attributes:
        name: What is coloured, such as `"attention"` or `"head 2"`; empty for the explanation's
            own values.
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
        heads: The text coloured by attention, where its values say what moved the model, and by
            each head's weights, where there are several; empty unless the caller wants them.
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
        words: The words of the language it is drawn in.
        aligned: How the tokens of the first two texts meet, where the explanation says so.
    """

    explanation: Explanation
    signed: bool
    sides: tuple[DrawnSide, ...]
    words: Words
    aligned: Aligned | None = None


def draw(
    explanations: Sequence[Explanation],
    words: Words,
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
    scale, since they add up to one number. Each head is scaled by itself. Shares of a whole deepen
    above the uniform share of their own text, whatever the scope, and full colour is at least 4
    times that share.

    Args:
        explanations: What to draw.
        words: The words of the language.
        scope: What full colour means, see `attnpool.view.drawing.colour.Scale`.
        full: The magnitude of full colour where the scope is `"absolute"`.
        heads: Whether to draw attention as well, and each head.
        bands: Into how many of the `LEVELS` steps of colour to divide, for renderings that can
            show only a few.
        part_runs: Whether each token of an explanation with an alignment is a run of its own, if
            the alignment is small enough for a grid.
        limit: About how many characters to show of each text; None for all that was read. What is
            hidden still counts for the scale.
    """
    parts = [[visible_part(side, limit) for side in item.sides] for item in explanations]
    signs = [is_signed(item) for item in explanations]
    weighed = [_weight_rows(item, words) if heads else [] for item in explanations]
    clusters = [
        [
            _clusters(side, part, rows, shares=not signed and record_of(item.method).shares)
            for side, part in zip(item.sides, sides, strict=True)
        ]
        for item, sides, signed, rows in zip(explanations, parts, signs, weighed, strict=True)
    ]
    scales = _Scales(scope, full, signs, clusters)
    alignments: Iterable[Aligned | None] = repeat(None, len(explanations))
    if any(item.alignment is not None for item in explanations):
        alignments = align(explanations, scope=scope, full=full, words=words)
    row = partial(_row, bands=bands, words=words)
    drawings = []
    for item, signed, sides, shown, rows_of, aligned in zip(
        explanations, signs, clusters, parts, weighed, alignments, strict=True
    ):
        own_runs = aligned.parts if aligned and aligned.fits and part_runs else ()
        drawn = []
        for name, side, part, (own, *by_head), cuts in zip_longest(
            side_names(item, words), item.sides, shown, sides, own_runs
        ):
            together = [rows[0] for rows in sides] if signed else [own]
            drawn.append(
                DrawnSide(
                    name=name,
                    row=row("", own, scales.of_values(own, together, signed), cuts),
                    language=captions.language(side.text),
                    heads=tuple(
                        row(title, one, scales.of_head(one), cuts)
                        for (title, _), one in zip(rows_of, by_head, strict=True)
                    ),
                    tail=part.tail,
                    note=_note(part, words),
                )
            )
        drawings.append(Drawing(item, signed, tuple(drawn), words, aligned))
    return drawings


def side_names(explanation: Explanation, words: Words) -> tuple[str, ...]:
    """What the texts are called: `"A"` and `"B"`, for instance; empty for one that stands alone."""
    texts = explanation.texts
    if len(texts) == 2:
        labelled = texts[1] in explanation.labels
        return (words("text"), words("label")) if labelled else _LETTERS
    if len(texts) == len(_TRIPLET):
        return tuple(map(words, _TRIPLET))
    return ("",) if len(texts) == 1 else tuple(str(number + 1) for number in range(len(texts)))


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
        self._page: dict[tuple[bool, bool], float] = {}
        if scope == "page":
            for signed, sides in zip(signs, clusters, strict=True):
                for own, *by_head in sides:
                    self._grow((signed, False), [own])
                    self._grow((False, True), by_head)

    def of_values(self, own: Clusters, together: Sequence[Clusters], signed: bool) -> Scale:
        """The scale of one text's own values, by the texts that share it."""
        return self._scale(own, together, (signed, False))

    def of_head(self, row: Clusters) -> Scale:
        """The scale of a head's weights."""
        return self._scale(row, [row], (False, True))

    def _scale(self, own: Clusters, together: Sequence[Clusters], kind: tuple[bool, bool]) -> Scale:
        asked = max((row.peak for row in together), default=0.0)
        if self._scope != "text":
            asked = self._full if self._scope == "absolute" else self._page[kind]
        full = asked
        if own.uniform > 0:
            full = full_of_shares(asked, own.uniform, own.whole)
        return Scale(kind[0], self._scope, full, own.uniform, asked)

    def _grow(self, kind: tuple[bool, bool], rows: Sequence[Clusters]) -> None:
        self._page[kind] = max([self._page.get(kind, 0.0), *(row.peak for row in rows)])


def _clusters(
    side: Side, part: VisiblePart, by_weight: Sequence[WeightRow], *, shares: bool
) -> list[Clusters]:
    """The side's own values, then the weights that are wanted beside them."""
    own = cluster(part, side.spans, side.values, shares=shares)
    return [own, *(cluster(part, side.spans, row(side), shares=True) for _, row in by_weight)]


def _weight_rows(item: Explanation, words: Words) -> list[WeightRow]:
    """Attention beside values of what moved the model, then each head where there are several."""
    rows: list[WeightRow] = []
    record, weighed = record_of(item.method), any(side.weights.any() for side in item.sides)
    if weighed and not (record.attends or record.own_legend):
        rows.append((words(ATTENTION), lambda side: side.weights.mean(axis=0, dtype=np.float64)))
    if item.heads > 1:
        rows += [
            (words("head", number=head + 1), lambda side, head=head: side.weights[head])  # type: ignore[misc] # mypy infers no type for a lambda with a default
            for head in range(item.heads)
        ]
    return rows


def _row(
    name: str,
    clusters: Clusters,
    fit: Scale,
    cuts: Int[np.ndarray, "tokens"] | None,
    *,
    bands: int,
    words: Words,
) -> Row:
    step = LEVELS // bands
    levels = np.rint(fit.levels(clusters.values) / step).astype(np.int64) * step
    return Row(
        name, fit, [shorten(run, words) for run in runs(clusters, levels, cuts)], clusters.peak
    )


def _note(part: VisiblePart, words: Words) -> str:
    if part.cut:
        return captions.not_shown(part.hidden, part.unread, words)
    return captions.unread(part.unread, part.hidden, words) if part.unread else ""
