"""N-grams of tokens, counted by class with integer keys."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from attnpool._shapes import Bool, Float, Int
from attnpool.explain.phrases.stream import Stream


class Grams(NamedTuple):
    """The n-grams of one length that are frequent in the rows of a class.

    There is an entry for each n-gram and class, about the occurrences in the rows of that class.

    Attributes:
        length: The number of tokens, n.
        place: The first token of each occurrence, sorted by entry.
        bounds: Where the occurrences of each entry begin in `place`, and where the last end.
        kind: The number of the n-gram, the same in all classes.
        of_class: The class.
        occurrences: How often the n-gram occurs.
        mean: The mean of its values; its value is the sum of those of its tokens.
        error: The standard error of that mean.
        alone: How often it occurs outside of longer phrases.
        mean_alone: The mean of its values there.
        elsewhere: How often it occurs in the rows of other classes, outside of longer phrases.
        mean_elsewhere: The mean of its values there; 0 where it does not occur.
        entry: The entry of the n-gram that begins at each token; -1 for none.
    """

    length: int
    place: Int[np.ndarray, "occurrences"]
    bounds: Int[np.ndarray, "bounds"]
    kind: Int[np.ndarray, "entries"]
    of_class: Int[np.ndarray, "entries"]
    occurrences: Int[np.ndarray, "entries"]
    mean: Float[np.ndarray, "entries"]
    error: Float[np.ndarray, "entries"]
    alone: Int[np.ndarray, "entries"]
    mean_alone: Float[np.ndarray, "entries"]
    elsewhere: Int[np.ndarray, "entries"]
    mean_elsewhere: Float[np.ndarray, "entries"]
    entry: Int[np.ndarray, "tokens"]

    @property
    def first(self) -> Int[np.ndarray, "entries"]:
        """The first token of the first occurrence of each entry."""
        places: np.ndarray = self.place[self.bounds[:-1]]
        return places

    def places(self, entry: int) -> Int[np.ndarray, "occurrences"]:
        """The first token of each occurrence of an entry."""
        places: np.ndarray = self.place[self.bounds[entry] : self.bounds[entry + 1]]
        return places

    def sums(self, values: np.ndarray) -> np.ndarray:
        """The sum over the occurrences of each entry of values per occurrence."""
        return np.add.reduceat(values, self.bounds[:-1]) if len(self.occurrences) else values[:0]

    def some(self, chosen: Bool[np.ndarray, "entries"]) -> Grams:
        """Some of the entries; `entry` is left as it is."""
        count = self.occurrences[chosen]
        return self._replace(
            place=self.place[np.repeat(chosen, self.occurrences)],
            bounds=np.append(0, np.cumsum(count)),
            kind=self.kind[chosen],
            of_class=self.of_class[chosen],
            occurrences=count,
            mean=self.mean[chosen],
            error=self.error[chosen],
            alone=self.alone[chosen],
            mean_alone=self.mean_alone[chosen],
            elsewhere=self.elsewhere[chosen],
            mean_elsewhere=self.mean_elsewhere[chosen],
        )

    def outside(self, stream: Stream, reach: Int[np.ndarray, "tokens"]) -> Grams:
        """The same without the occurrences inside of longer phrases.

        Args:
            stream: The tokens.
            reach: Where the longest phrase that begins at each token ends; 0 where none does.
        """
        behind = np.maximum.accumulate(reach)[self.place]
        inside = behind >= self.place + self.length
        value = stream.sums[self.place + self.length] - stream.sums[self.place]
        count = self.sums(inside.astype(np.int64))
        total = self.sums(np.where(inside, value, 0.0))
        alone = self.occurrences - count
        # Those of other classes are those of all classes but its own.
        others = np.bincount(self.kind, count)[self.kind].astype(np.int64) - count
        others_total = np.bincount(self.kind, total)[self.kind] - total
        elsewhere = self.elsewhere - others
        return self._replace(
            alone=alone,
            mean_alone=(self.occurrences * self.mean - total) / np.maximum(alone, 1),
            elsewhere=elsewhere,
            mean_elsewhere=(self.elsewhere * self.mean_elsewhere - others_total)
            / np.maximum(elsewhere, 1),
        )


def count_grams(
    stream: Stream, of_class: Int[np.ndarray, "tokens"], minimum: int, longest: int
) -> list[Grams]:
    """The frequent n-grams of each length, from 1 to the longest there are.

    An n-gram can be frequent only where both of its (n-1)-grams are (Agrawal and Srikant 1994).

    Args:
        stream: The tokens.
        of_class: The class of each token's row.
        minimum: How often an n-gram must occur in the rows of a class.
        longest: The most tokens.
    """
    place = np.flatnonzero(stream.left)
    single = shorter = stream.token  # the number of the n-gram that begins at each token
    kind = stream.token[place]
    counted: list[Grams] = []
    for length in range(1, longest + 1):
        if length > 1:
            place = place[stream.left[place] >= length]
            place = place[shorter[place + 1] >= 0]
            kind = shorter[place] * (int(single.max()) + 1) + single[place + length - 1]
        kind, place, often = _sorted(kind, place, of_class[place])
        frequent = np.repeat(often >= minimum, often)
        kind, place = (np.cumsum(often >= minimum) - 1)[kind[frequent]], place[frequent]
        grams = _by_class(length, place, kind, of_class, stream.sums, minimum)
        if not len(grams.occurrences):
            break
        counted.append(grams)
        shorter = np.full(len(stream.token), -1)
        shorter[place] = kind
        place = np.flatnonzero(shorter >= 0)
        if length == 1:
            single = shorter
    return counted


def _sorted(
    kind: Int[np.ndarray, "occurrences"],
    place: Int[np.ndarray, "occurrences"],
    of_class: Int[np.ndarray, "occurrences"],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Occurrences by kind, class and place; kinds anew from 0 on, and how often each occurs."""
    classes, places = (int(part.max(initial=0)).bit_length() for part in (of_class, place))
    if int(kind.max(initial=0)).bit_length() + classes + places < 63:
        # One number for all three: sorting these takes a fifth of what sorting indices takes.
        packed = np.sort(((kind << classes | of_class) << places) | place)
        place, kind = packed & ((1 << places) - 1), packed >> (classes + places)
    else:
        order = np.lexsort((place, of_class, kind))
        place, kind = place[order], kind[order]
    new = np.append(True, kind[1:] != kind[:-1])[: len(kind)]
    often = np.diff(np.append(np.flatnonzero(new), len(kind)))
    return np.cumsum(new) - 1, place, often


def _by_class(
    length: int,
    place: Int[np.ndarray, "occurrences"],
    kind: Int[np.ndarray, "occurrences"],
    of_class: Int[np.ndarray, "tokens"],
    sums: Float[np.ndarray, "bounds"],
    minimum: int,
) -> Grams:
    """The entries of occurrences in the order of their kinds and classes."""
    group = of_class[place]
    new = np.append(True, (kind[1:] != kind[:-1]) | (group[1:] != group[:-1]))[: len(kind)]
    first = np.flatnonzero(new)
    count = np.diff(np.append(first, len(kind)))
    kinds, value = kind[first], sums[place + length] - sums[place]
    total, square = (
        np.add.reduceat(part, first) if len(first) else part for part in (value, value * value)
    )
    elsewhere = np.bincount(kinds, count)[kinds].astype(np.int64) - count
    outside = np.bincount(kinds, total)[kinds] - total
    often = count >= minimum
    place = place[np.repeat(often, count)]
    entry = np.full(len(of_class), -1)
    entry[place] = np.repeat(np.arange(int(often.sum())), count[often])
    mean = total / count
    return Grams(
        length=length,
        place=place,
        bounds=np.append(0, np.cumsum(count[often])),
        kind=kinds[often],
        of_class=group[first][often],
        occurrences=count[often],
        mean=mean[often],
        error=np.sqrt(np.maximum(square / count - mean**2, 0) / count)[often],
        alone=count[often],
        mean_alone=mean[often],
        elsewhere=elsewhere[often],
        mean_elsewhere=(outside / np.maximum(elsewhere, 1))[often],
        entry=entry,
    )
