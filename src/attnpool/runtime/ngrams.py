"""The n-grams of tokens that have a table row, how keys are found, sums over parts of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.runtime.tables import check

BITS = 21
"""The bits of a token id in a packed n-gram, as in `attnpool.models.ngrams`."""

MAX_NGRAM = 3
"""The longest n-grams, in tokens."""

_FEW = 512  # so few keys are searched as they come


@dataclass(frozen=True, slots=True, eq=False)
class Ngrams:
    """The n-grams that have a row of their own, which stands for all that begins at a token.

    Attributes:
        keys: The packed n-grams, ascending: so the shorter ones first.
        lengths: Their lengths, ascending.
        first: The table row of the first of them; the rows before are those of tokens.
    """

    keys: Int[np.ndarray, "ngrams"]
    lengths: tuple[int, ...]
    first: int

    def rows(
        self, ids: Int[np.ndarray, "tokens"], left: Int[np.ndarray, "tokens"]
    ) -> list[Int[np.ndarray, "tokens"]]:
        """The rows of the tokens themselves, and of the longest n-grams up to each length.

        Args:
            ids: The tokens of many texts, one text after the other.
            left: For each token how many of its text are left from it on.

        Returns:
            For the tokens and for each length the row at each token; where no n-gram of that
            length is known, that of the length before.
        """
        rows = [ids]
        for n in self.lengths:
            first, last = np.searchsorted(self.keys, (1 << BITS * (n - 1), 1 << BITS * n))
            places = np.flatnonzero(left >= n)
            key = ids[places]
            for k in range(1, n):
                key = (key << BITS) | ids[places + k]
            found = find(self.keys[first:last], key)
            known = found >= 0
            longest = rows[-1].copy()
            longest[places[known]] = found[known] + (self.first + int(first))
            rows.append(longest)
        return rows


def sums(
    rows: Float[np.ndarray, "rows columns"], bounds: Int[np.ndarray, "parts_plus_1"]
) -> Float[np.ndarray, "parts columns"]:
    """The sum of the rows of each part, zero for an empty one.

    Args:
        rows: The rows of all parts, one part after the other.
        bounds: Part `i` is `rows[bounds[i]:bounds[i + 1]]`.
    """
    some = np.diff(bounds) > 0
    added = np.zeros((len(some), rows.shape[1]), dtype=rows.dtype)
    if len(rows):
        added[some] = np.add.reduceat(rows, bounds[:-1][some], axis=0)
    return added


def find(
    known: Int[np.ndarray, "known"], wanted: Int[np.ndarray, "wanted"]
) -> Int[np.ndarray, "wanted"]:
    """The place of each wanted key among the known ones; -1 for an unknown one.

    Args:
        known: Distinct keys, ascending.
        wanted: Keys in any order.
    """
    if not len(known):
        return np.full(len(wanted), -1, dtype=np.int64)
    if len(wanted) < _FEW:
        return _found(known, wanted)
    # Sorted first, so that neighbouring searches read the same memory.
    order = np.argsort(wanted)
    found = np.empty(len(wanted), dtype=np.int64)
    found[order] = _found(known, wanted[order])
    return found


def _found(known: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    places = known.searchsorted(wanted)
    same = known.take(places, mode="clip") == wanted
    found: np.ndarray = np.where(same, places, -1)
    return found


def read_ngrams(form: Mapping[str, Any], arrays: Mapping[str, np.ndarray], first: int) -> Ngrams:
    """The n-grams of a file that somebody may have made up.

    Args:
        form: What it says of the network.
        arrays: Its arrays.
        first: The row of the first n-gram: the number of tokens.

    Raises:
        ValueError: They make no sense.
    """
    keys = ascending(arrays["ngrams"], "ngrams")
    lengths = checked_lengths(form["ngrams"], MAX_NGRAM)
    check(first >= 2, "fewer rows than n-grams")
    inside = sum(
        int(np.diff(keys.searchsorted([1 << BITS * (n - 1), 1 << BITS * n]))[0]) for n in lengths
    )
    check(inside == len(keys), "n-grams of other lengths")
    return Ngrams(keys, lengths, first)


def ascending(keys: np.ndarray, name: str) -> np.ndarray:
    """Keys of a file, which must be ascending.

    Args:
        keys: The keys.
        name: Their name.

    Raises:
        ValueError: They are not, or are no keys.
    """
    check(keys.ndim == 1 and keys.dtype == np.int64, f"{name} are no keys")
    check(bool((keys[1:] > keys[:-1]).all()), f"{name} are not ascending")
    return keys


def checked_lengths(given: Any, most: int) -> tuple[int, ...]:
    """Lengths of n-grams that a file says, ascending.

    Args:
        given: What it says.
        most: The longest that there are.

    Raises:
        ValueError: They are none.
    """
    fine = isinstance(given, list) and all(type(n) is int and 1 < n <= most for n in given)
    check(fine and sorted(set(given)) == given, "lengths of n-grams")
    return tuple(given)
