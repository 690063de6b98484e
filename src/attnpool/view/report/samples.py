"""Rows ready to be shown: texts in coloured runs, each run's value in one byte."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attnpool._shapes import Int
from attnpool.explanation import Explanation, Side
from attnpool.sanitize import one_line, visible
from attnpool.view.drawing import captions as words
from attnpool.view.drawing.colour import LEVELS, Scale, is_signed
from attnpool.view.drawing.draw import side_names
from attnpool.view.drawing.segments import Clusters, cluster, runs, shorten
from attnpool.view.drawing.visible_part import Reach, reach
from attnpool.view.report.corpus import NONE, Corpus

UNIT = 9
"""Steps of a level. Odd, so that no step lies between two levels: the colour of a value is that
of its byte."""

STEPS = LEVELS * UNIT
"""The byte of full colour."""

UNREAD = -1
"""The number of tokens of a run behind the length limit."""

_TAIL = 200
_STRONGEST = 5
_NAME = 40


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of one colour.

    Attributes:
        text: What is shown.
        tokens: How many tokens it has; 0 for gaps, `UNREAD` behind the length limit.
        step: Its value in units of the full colour's `STEPS`-th part.
    """

    text: str
    tokens: int
    step: int

    @property
    def level(self) -> int:
        """The level of its colour."""
        return round(self.step / UNIT)


@dataclass(frozen=True, slots=True)
class SampleSide:
    """A text of a row.

    Attributes:
        name: `"A"` of a pair, for instance; empty for a text that stands alone.
        language: Its BCP 47 tag.
        pieces: What is shown of it.
        full: The magnitude of full colour.
        note: What is not shown or was not read; empty where all is.
    """

    name: str
    language: str
    pieces: list[Piece]
    full: float
    note: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A row with the model's answer.

    Attributes:
        row: Its number in the data, from 1.
        answer: What the model says.
        confidence: The probability of it; NaN where it has none.
        truth: The true class; None where it is unknown.
        correct: Whether the answer is right; None where that is unknown.
        share: The probability of the true class; NaN where it is unknown.
        length: Tokens read.
        facts: What a matcher's answer rests on.
        sides: The texts.
    """

    row: int
    answer: str
    confidence: float
    truth: str | None
    correct: bool | None
    share: float
    length: int
    facts: str
    sides: tuple[SampleSide, ...]


def samples(
    explanations: Sequence[Explanation],
    corpus: Corpus,
    order: Int[np.ndarray, "shown"],
    *,
    most: int,
) -> list[Sample]:
    """The rows of `order` ready to be shown, at most `most` characters of each text."""
    return [_sample(explanations[row], corpus, row, most) for row in order.tolist()]


def value(piece: Piece, side: SampleSide, method: str, *, signed: bool) -> str:
    """What pointing at a coloured piece says: two digits, as many as a byte knows."""
    if method in words.COMMON:
        return "in both texts" if method == "lcs" else "not in both texts"
    shown = f"{piece.step / STEPS * side.full:{'+' if signed else ''}.2g}"
    return shown if piece.tokens == 1 else f"up to {shown}, {piece.tokens} tokens"


def strongest(side: SampleSide) -> list[Piece]:
    """The pieces of the largest magnitude, for those who cannot point at them."""
    coloured = [piece for piece in side.pieces if piece.level and not piece.text.isspace()]
    return sorted(coloured, key=lambda piece: -abs(piece.step))[:_STRONGEST]


def short(text: str) -> str:
    """The beginning of a text in one line."""
    text = one_line(text)
    return text if len(text) <= _NAME else f"{text[:_NAME]}…"


def _sample(explanation: Explanation, corpus: Corpus, row: int, most: int) -> Sample:
    signed = is_signed(explanation)
    cut = [_cut(side, most) for side in explanation.sides]
    found = [
        cluster(
            far, side.spans[: _behind(side.spans, far)], side.values[: _behind(side.spans, far)]
        )
        for far, side in zip(cut, explanation.sides, strict=True)
    ]
    fulls = [
        _full(one, side, far) for one, side, far in zip(found, explanation.sides, cut, strict=True)
    ]
    if signed:
        # The values of all texts add up to one number and share one scale.
        fulls = [max(fulls)] * len(fulls)
    return Sample(
        row=row + 1,
        answer=words.answer(explanation),
        confidence=float(corpus.confidence[row]),
        truth=None if explanation.label is None else one_line(explanation.label),
        correct=None if corpus.correct[row] == NONE else bool(corpus.correct[row]),
        share=float(np.exp(-corpus.loss[row])),
        length=int(corpus.lengths[row]),
        facts=" · ".join(words.pair_facts(explanation)),
        sides=tuple(
            SampleSide(
                name,
                words.language(side.text),
                _pieces(one, Scale(signed, "text", full), far.tail),
                full,
                _note(side, far),
            )
            for name, side, far, one, full in zip(
                side_names(explanation), explanation.sides, cut, found, fulls, strict=True
            )
        ),
    )


def _cut(side: Side, most: int) -> Reach:
    """How far a text is shown, at most `most` characters of what was read."""
    if side.read_until > most + 64:
        # Looking a little further finds the cluster that ends there, and never the whole text.
        near = Side(side.text[: most + 64], side.spans, side.weights, side.values, most)
        far = reach(near)
        return Reach(far.read, far.starts, "", max(0, len(side.text) - side.read_until),
                     len(side.text) - len(far.read))  # fmt: skip
    far = reach(side)
    end = 0
    if far.tail:
        short_tail = reach(
            Side(far.tail, side.spans[:0], side.weights[:, :0], side.values[:0],
                 min(_TAIL, len(far.tail)))
        )  # fmt: skip
        end = len(short_tail.read)
    dropped = len(far.tail) - end
    return Reach(far.read, far.starts, far.tail[:end], far.unread, far.hidden + dropped)


def _behind(spans: Int[np.ndarray, "tokens 2"], far: Reach) -> int:
    """The tokens that begin in what is shown; spans are in the order of their starts."""
    return int(np.searchsorted(spans[:, 0], len(far.read)))


def _full(found: Clusters, side: Side, far: Reach) -> float:
    """The magnitude of full colour: the largest of the text, whether it is shown or not."""
    shown = found.values
    if _behind(side.spans, far) < len(side.values):
        shown = np.concatenate([shown, side.values.astype(np.float64)])
    sizes = np.abs(shown[np.isfinite(shown)])
    return float(sizes.max()) if len(sizes) else 0.0


def _pieces(found: Clusters, scale: Scale, tail: str) -> list[Piece]:
    made = []
    for run in map(shorten, runs(found, scale.levels(found.values))):
        tokens = 0 if run.tokens is None else run.tokens[1] - run.tokens[0]
        made.append(Piece(visible(run.text), tokens, _step(run.value, scale.full)))
    if tail:
        made.append(Piece(visible(tail), UNREAD, 0))
    return made


def _step(value: float | None, full: float) -> int:
    if value is None or not full > 0 or value != value:
        return 0
    return round(min(1.0, max(-1.0, value / full)) * STEPS)


def _note(side: Side, far: Reach) -> str:
    if not far.unread:
        return f"… {far.hidden:,} more characters not shown" if far.hidden else ""
    if len(far.read) < side.read_until and far.hidden:
        return f"… {far.hidden:,} more characters not shown, {far.unread:,} of them unread"
    return words.unread(far.unread, far.hidden)
