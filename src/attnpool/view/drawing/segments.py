"""A text cut into runs of one colour.

Tokens may overlap (several byte-level tokens can stand for one character), leave gaps (white
space, parts cleaned away) and end early (the length limit). So values are carried from tokens to
characters first, by sum (shares by their largest: a character of four tokens with a uniform share
each is not looked at more than others); then to grapheme clusters, so that no emoji and no accent
is torn; and neighbours of one colour become one run, which keeps pages small. The runs give back
the whole of what was read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.text.graphemes import cluster_starts
from attnpool.view.drawing.colour import largest
from attnpool.view.drawing.visible_part import VisiblePart
from attnpool.view.words import Words

SHOWN_GAP = 2_500
"""The most characters shown of a run without tokens."""

SHOWN_RUN = 300
"""The most characters shown of a run with tokens, beside `SHOWN_TOKEN` for each of them."""

SHOWN_TOKEN = 100
_SHOWN_END = 100


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring characters of one colour.

    Attributes:
        text: The characters as in the raw text.
        start: Code-point offset of the first in the raw text.
        level: Their colour, see `attnpool.view.drawing.colour`; 0 is none.
        value: The value of the largest magnitude among them; None where no token was read.
        tokens: The first token and the one behind the last; None where no token was read.
    """

    text: str
    start: int
    level: int
    value: float | None
    tokens: tuple[int, int] | None


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """The grapheme clusters of the part of a text that was read and is drawn, with their values.

    Attributes:
        text: The raw text, as far as it was read and is drawn.
        starts: Code-point offset of each cluster.
        values: The value of the largest magnitude among a cluster's characters; 0 without token.
        first: The first token of each cluster; the number of tokens where there is none.
        last: The last token of each cluster; -1 where there is none.
        peak: The largest magnitude in the text, in parts that are not shown too.
        uniform: The mean of all values, where they are shares of a whole; 0 elsewhere.
        whole: Their sum.
    """

    text: str
    starts: Int[np.ndarray, "clusters"]
    values: Float[np.ndarray, "clusters"]
    first: Int[np.ndarray, "clusters"]
    last: Int[np.ndarray, "clusters"]
    peak: float
    uniform: float = 0.0
    whole: float = 0.0


def cluster(
    part: VisiblePart,
    spans: Int[np.ndarray, "tokens 2"],
    values: Float[np.ndarray, "tokens"],
    *,
    shares: bool = False,
) -> Clusters:
    """Carry one value per token to the grapheme clusters of what was read.

    Args:
        part: The part of the text that is drawn.
        spans: Code-point offsets `[start, end)` of each token, in the order of their starts.
        values: One value per token: a side's values, or a row of its weights.
        shares: Whether the values are shares of a whole.
    """
    text, starts, hidden_peak = part.read, part.starts, 0.0
    whole = float(values[np.isfinite(values)].sum(dtype=np.float64)) if shares else 0.0
    uniform = whole / max(1, len(values))
    if part.cut:
        shown = int(np.searchsorted(spans[:, 0], len(text)))
        hidden_peak = largest(values[shown:])
        spans, values = spans[:shown], values[:shown]
    if not text:
        none = np.zeros(0, dtype=np.int64)
        return Clusters(text, starts, np.zeros(0), none, none, hidden_peak, uniform, whole)
    count = len(spans)
    spans = np.clip(spans, 0, len(text))
    lengths = np.maximum(spans[:, 1] - spans[:, 0], 0)
    token = np.repeat(np.arange(count), lengths)
    within = np.arange(len(token)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    character = spans[token, 0] + within

    first = np.full(len(text), count)
    last = np.full(len(text), -1)
    np.minimum.at(first, character, token)
    np.maximum.at(last, character, token)
    known = np.where(np.isnan(values), 0.0, values)
    if shares:
        sums = np.zeros(len(text))
        np.maximum.at(sums, character, known[token].astype(np.float64))
    else:
        sums = np.bincount(character, weights=known[token], minlength=len(text)).astype(np.float64)
        sums[np.isnan(sums)] = 0.0  # an infinity met its opposite
    high = np.maximum.reduceat(sums, starts)
    low = np.minimum.reduceat(sums, starts)
    carried = np.where(-low > high, low, high)
    return Clusters(
        text=text,
        starts=starts,
        values=carried,
        first=np.minimum.reduceat(first, starts),
        last=np.maximum.reduceat(last, starts),
        peak=max(largest(carried), hidden_peak),
        uniform=uniform,
        whole=whole,
    )


def runs(
    clusters: Clusters,
    levels: Int[np.ndarray, "clusters"],
    parts: Int[np.ndarray, "tokens"] | None = None,
) -> list[Run]:
    """The runs of what was read, in order and without a gap.

    Args:
        clusters: The clusters of the text.
        levels: The colour of each; those without a token stay uncoloured whatever it says.
        parts: The part of each token, where no run may hold more than one of them.
    """
    text, starts = clusters.text, clusters.starts
    if not text:
        return []
    known = clusters.last >= 0
    levels = np.where(known, levels, 0)
    part = known.astype(np.int64)
    if parts is not None and len(parts):
        part[known] = 1 + parts[clusters.first[known]]
    look = np.stack([levels, known, part])
    cuts = np.concatenate([[0], 1 + np.flatnonzero((look[:, 1:] != look[:, :-1]).any(axis=0))])
    high = np.maximum.reduceat(clusters.values, cuts)
    low = np.minimum.reduceat(clusters.values, cuts)
    rows = zip(
        starts[cuts].tolist(),
        [*starts[cuts[1:]].tolist(), len(text)],
        levels[cuts].tolist(),
        np.where(-low > high, low, high).tolist(),
        np.minimum.reduceat(clusters.first, cuts).tolist(),
        np.maximum.reduceat(clusters.last, cuts).tolist(),
        known[cuts].tolist(),
        strict=True,
    )
    return [
        Run(
            text=text[start:end],
            start=start,
            level=level,
            value=value if has_token else None,
            tokens=(first, last + 1) if has_token else None,
        )
        for start, end, level, value, first, last, has_token in rows
    ]


def shorten(run: Run, words: Words) -> Run:
    """The run with its middle left out where it is far too long for its tokens.

    A token may be a word of megabytes. The text then says how many characters are missing.
    """
    first, behind = run.tokens or (0, 0)
    shown = SHOWN_RUN + SHOWN_TOKEN * (behind - first) if run.tokens else SHOWN_GAP
    if len(run.text) <= shown:
        return run
    head, end = run.text[: shown - _SHOWN_END + 1], run.text[-_SHOWN_END:]
    # The outermost cluster of either may be torn by its cut.
    last, second = int(cluster_starts(head)[-1]), cluster_starts(end)[1:2].tolist()
    head = head[: last or None]
    end = end[second[0] if second else 0 :]
    missing = words("middle", hidden=len(run.text) - len(head) - len(end))
    return replace(run, text=head + missing + end)
