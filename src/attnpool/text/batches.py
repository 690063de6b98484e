"""Batches of texts of similar length, so that almost no padding is computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from attnpool._shapes import Bool, Int
from attnpool.text.tokens import Tokens

_OVERLAP = 4  # a window shares a quarter of its tokens with the next one
_SMALL = 4096  # cells of a batch that is too small to split because of its padding


def length_batches(
    lengths: Int[np.ndarray, "texts"],
    max_tokens: int | None = None,
    max_rows: int = 1024,
    max_padding: float = 0.05,
) -> list[Int[np.ndarray, "_rows"]]:
    """Batches for prediction: sorted by length, the longest first, every text once.

    With the longest first, a lack of memory shows at once.

    Args:
        lengths: The number of tokens of each text.
        max_tokens: The most cells, padding included, of a batch. A single text that is longer
            is a batch of its own.
        max_rows: The most texts of a batch.
        max_padding: The most padding of a batch, as a share of its cells; a very small batch may
            have more.

    Returns:
        The numbers of the texts of each batch.
    """
    order = np.argsort(-lengths, kind="stable")
    ordered = lengths[order]
    batches = []
    start = 0
    while start < len(order):
        width = max(1, int(ordered[start]))
        fitting = max_rows if max_tokens is None else min(max_rows, max_tokens // width)
        candidates = ordered[start : start + max(1, fitting)]
        cells = width * np.arange(1, len(candidates) + 1)
        padding = cells - np.cumsum(candidates)
        allowed = np.flatnonzero((padding <= max_padding * cells) | (cells <= _SMALL))
        stop = start + 1 + int(allowed.max(initial=0))
        batches.append(order[start:stop])
        start = stop
    return batches


def shuffled_length_batches(
    lengths: Int[np.ndarray, "texts"],
    batch_size: int,
    rng: np.random.Generator,
    max_tokens: int | None = None,
    window: int = 64,
) -> list[Int[np.ndarray, "_rows"]]:
    """Random batches for an epoch of training, of texts of similar length, every text once.

    The texts are shuffled, sorted within windows of many batches, and the batches shuffled.

    Args:
        lengths: The number of tokens of each text.
        batch_size: The most texts of a batch.
        rng: The source of randomness; the same state gives the same batches.
        max_tokens: The most cells, padding included, of a batch; see `length_batches`.
        window: How many batches are sorted together: more give less padding, less randomness.

    Returns:
        The numbers of the texts of each batch.
    """
    order = rng.permutation(len(lengths))
    size = batch_size * window
    batches = []
    for start in range(0, len(order), size):
        rows = order[start : start + size]
        # Batches split because of padding would give updates from few texts: hence the 1.0.
        sorted_batches = length_batches(lengths[rows], max_tokens, batch_size, max_padding=1.0)
        batches += [rows[batch] for batch in sorted_batches]
    return [batches[index] for index in rng.permutation(len(batches))]


def padding_share(
    lengths: Int[np.ndarray, "texts"], batches: Sequence[Int[np.ndarray, "_rows"]]
) -> float:
    """The share of padding in all cells of the batches, from 0 to 1.

    Args:
        lengths: The number of tokens of each text.
        batches: The numbers of the texts of each batch.
    """
    cells = sum(max(1, int(lengths[batch].max())) * len(batch) for batch in batches)
    tokens = sum(int(lengths[batch].sum()) for batch in batches)
    return (cells - tokens) / cells if cells else 0.0


class Places(NamedTuple):
    """The positions of the tokens of some texts, text after text.

    Attributes:
        cells: In the matrix that `pad` makes of these texts, counted row by row.
        tokens: Among the tokens of all texts.
    """

    cells: Int[np.ndarray, "real"]
    tokens: Int[np.ndarray, "real"]


def places(tokens: Tokens, rows: Int[np.ndarray, "rows"]) -> Places:
    """The positions of the tokens of some texts in their batch and among all tokens.

    Args:
        tokens: The ragged batch.
        rows: The numbers of the texts, in this order.
    """
    starts = tokens.bounds[:-1][rows]
    lengths = tokens.bounds[1:][rows] - starts
    ends = np.cumsum(lengths)
    place = np.arange(lengths.sum())
    # The shift of the first token of each text, and of all its others.
    in_matrix = np.arange(len(rows)) * _width(lengths) - (ends - lengths)
    among_all = starts - (ends - lengths)
    return Places(
        place + np.repeat(in_matrix, lengths),
        place + np.repeat(among_all, lengths),
    )


def pad(
    tokens: Tokens, rows: Int[np.ndarray, "rows"]
) -> tuple[Int[np.ndarray, "rows steps"], Bool[np.ndarray, "rows steps"]]:
    """The ids of some texts as a matrix, as wide as the longest of them, at least one column.

    Args:
        tokens: The ragged batch.
        rows: The numbers of the texts, in this order.

    Returns:
        The ids (int64, padding 0, on the right) and the mask (True = a real token).
    """
    width = _width(tokens.bounds[1:][rows] - tokens.bounds[:-1][rows])
    cells, chosen = places(tokens, rows)
    ids = np.zeros(len(rows) * width, dtype=np.int64)
    ids[cells] = tokens.ids[chosen]
    mask = np.zeros(len(ids), dtype=np.bool_)
    mask[cells] = True
    return ids.reshape(-1, width), mask.reshape(-1, width)


def _width(lengths: Int[np.ndarray, "rows"]) -> int:
    return max(1, int(lengths.max(initial=0)))


class Layout(NamedTuple):
    """How texts are laid out in the windows of an encoder, and where each token's state is found.

    Attributes:
        text: The number of the text of each window.
        places: For each step of each window the place in its text's row: a token of the text, a
            special token behind these, or the padding behind all.
        window: The window in which each token of each text is read.
        step: The step at which it stands there.
    """

    text: Int[np.ndarray, "windows"]
    places: Int[np.ndarray, "windows width"]
    window: Int[np.ndarray, "texts steps"]
    step: Int[np.ndarray, "texts steps"]


def lay_out(
    lengths: Int[np.ndarray, "texts"],
    content: int,
    before: int,
    special: int,
    *,
    steps: int | None = None,
) -> Layout:
    """Lay out texts in the windows that a pretrained encoder reads at a time.

    Args:
        lengths: How many tokens of each text are read.
        content: The most tokens of a text in a window.
        before: How many special tokens stand before a text's own.
        special: How many there are in all.
        steps: How many steps the rows of texts have; default: as many as the longest text.
    """
    steps = int(lengths.max()) if steps is None else steps
    parts = [
        (text, start, min(start + content, length))
        for text, length in enumerate(lengths.tolist())
        for start in starts(length, content)
    ]
    width = max(end - start for _, start, end in parts) + special
    places = np.full((len(parts), width), steps + special, dtype=np.int64)
    window = np.zeros((len(lengths), steps), dtype=np.int64)
    step = np.zeros((len(lengths), steps), dtype=np.int64)
    middle = np.full((len(lengths), steps), -1, dtype=np.int64)
    for number, (text, start, end) in enumerate(parts):
        size, tokens = end - start, np.arange(start, end)
        row = places[number]
        row[:before] = steps + np.arange(before)
        row[before : before + size] = tokens
        row[before + size : special + size] = steps + np.arange(before, special)
        # How far a token is from the nearer edge; the ends of a text are none.
        left = tokens - start if start else np.full(size, content)
        right = end - 1 - tokens if end < lengths[text] else np.full(size, content)
        inside = np.minimum(left, right)
        better = inside > middle[text, start:end]
        middle[text, start:end][better] = inside[better]
        window[text, start:end][better] = number
        step[text, start:end][better] = before + tokens[better] - start
    of_text = np.array([part[0] for part in parts], dtype=np.int64)
    return Layout(of_text, places, window, step)


def starts(length: int, content: int) -> list[int]:
    """Where the windows of a text begin: as few as there can be, evenly apart.

    Args:
        length: The tokens of the text.
        content: The most tokens of a window.
    """
    if length <= content:
        return [0]
    most = max(1, content - content // _OVERLAP)
    count = 1 + -(-(length - content) // most)
    return [round(i * (length - content) / (count - 1)) for i in range(count)]
