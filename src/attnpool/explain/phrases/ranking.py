"""The phrases of each class: found among the n-grams, ranked, and without overlaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from attnpool._shapes import Int
from attnpool.explain.phrases.choosing import drives, effective_lengths, is_whole
from attnpool.explain.phrases.counting import Grams
from attnpool.explain.phrases.stream import Stream

_ALONE = 0.5  # of a phrase's occurrences: those outside of longer phrases
_WRITTEN = 1_000  # occurrences that tell how a phrase is written


@dataclass(frozen=True, slots=True)
class Phrase:
    """A run of neighbouring tokens that drives a class.

    Attributes:
        text: The phrase as it is most often written, with single spaces.
        value: The mean over its occurrences of the sum of its tokens' values: how far it moves
            the model towards the class on average (a negative one: away from it).
        count: How often it occurs in the rows explained for the class.
        rows: In how many of these rows.
    """

    text: str
    value: float
    count: int
    rows: int

    @property
    def total(self) -> float:
        """The value of all occurrences together."""
        return self.value * self.count


class Found(NamedTuple):
    """A phrase of a class: an entry of n-grams, and what it is ranked by."""

    grams: Grams
    entry: int
    strength: float


def find_phrases(
    stream: Stream, of_class: Int[np.ndarray, "tokens"], counted: Sequence[Grams], minimum: int
) -> tuple[list[Found], list[Found]]:
    """The phrases for their classes, and those against, strongest first.

    Longer ones are found first: of shorter ones only what occurs outside of these counts.
    """
    tokens, size = np.bincount(of_class), np.abs(stream.value)
    within = stream.left > 0
    total = np.bincount(of_class[within], size[within], len(tokens)).astype(np.float64)
    typical = total / np.maximum(np.bincount(of_class[within], minlength=len(tokens)), 1)
    found: tuple[list[Found], list[Found]] = ([], [])
    reach = np.zeros(len(stream.token), dtype=np.int64)
    for every, length in zip(reversed(counted), reversed(effective_lengths(counted)), strict=True):
        outside = every.outside(stream, reach) if found[0] or found[1] else every
        for sign, phrases in zip((1, -1), found, strict=True):
            strong = drives(outside, length, stream, tokens, typical, sign)
            grams = outside.some(strong)
            good = is_whole(grams, counted, stream, sign)
            floor = length[strong] ** 0.5 * typical[grams.of_class]
            enough = grams.alone >= np.maximum(minimum, _ALONE * grams.occurrences)
            good &= enough & (sign * grams.mean_alone > floor)
            for entry in np.flatnonzero(good).tolist():
                strength = abs(float(grams.mean[entry])) * float(grams.occurrences[entry]) ** 0.5
                phrases.append(Found(grams, entry, strength))
                places = grams.places(entry)
                reach[places] = np.maximum(reach[places], places + grams.length)
    for phrases in found:
        phrases.sort(key=lambda one: -one.strength)
    return found


def list_phrases(
    stream: Stream, found: Sequence[Found], classes: int, shown: int
) -> list[list[Phrase]]:
    """The strongest phrases of each class; of those that overlap, only the strongest."""
    lists: list[list[Phrase]] = [[] for _ in range(classes)]
    size = len(stream.token)
    ends = np.zeros(size + 1, dtype=np.int64)  # of the phrase that begins here
    begins = np.full(size + 1, size)  # of the phrase that ends here
    for grams, entry, _ in found:
        chosen = lists[int(grams.of_class[entry])]
        places, length = grams.places(entry), grams.length
        if len(chosen) == shown:
            continue
        cut = np.zeros(len(places), dtype=np.bool_)
        for inner in range(1, length):
            cut |= (ends[places + inner] > places + length) | (begins[places + inner] < places)
        if 2 * cut.sum() >= len(cut):
            continue
        ends[places] = np.maximum(ends[places], places + length)
        begins[places + length] = np.minimum(begins[places + length], places)
        chosen.append(
            Phrase(
                text=_text(stream, places[:_WRITTEN], length),
                value=float(grams.mean[entry]),
                count=int(grams.occurrences[entry]),
                rows=len(np.unique(stream.row[places])),
            )
        )
    return lists


def _text(stream: Stream, places: Int[np.ndarray, "occurrences"], length: int) -> str:
    """The phrase as it is most often written; the first of equals."""
    written: Iterator[str] = (
        " ".join(stream.text[start:end].split())
        for start, end in zip(
            stream.start[places].tolist(), stream.end[places + length - 1].tolist(), strict=True
        )
    )
    return Counter(written).most_common(1)[0][0]
