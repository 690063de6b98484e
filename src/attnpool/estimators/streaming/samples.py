"""What is kept of rows that come some at a time: samples of a bounded size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from attnpool._shapes import Integer
from attnpool.data import Limit
from attnpool.data.streams import RowSample
from attnpool.text.code_points import lengths_of

_SLACK = 1.25
"""A sample grows so many times over its bound before it is cut back: each cut costs a pass."""

_ALIKE = 0.1
"""Equal rows that are more than this share of the validation rows stay in training."""


class LabelledSample:
    """A sample of labelled texts, each as likely as any other.

    Args:
        limit: The most rows, and the most characters of their texts.
        seed: Decides which rows.
    """

    def __init__(self, limit: Limit, seed: int) -> None:
        self._rows = RowSample(limit.rows, (seed, 0, 1), limit.characters)

    @property
    def whole(self) -> bool:
        """Whether no row was left out."""
        return self._rows.whole

    def add(
        self, texts: Sequence[str], labels: Sequence[str], keys: Integer[np.ndarray, "rows"]
    ) -> None:
        """Look at some rows.

        Args:
            texts: Their texts.
            labels: Their labels.
            keys: The same number for equal texts.
        """
        rows = list(zip(texts, labels, keys.tolist(), strict=True))
        self._rows.add(rows, lengths_of(texts))

    def without(self, keys: Integer[np.ndarray, "held"]) -> tuple[list[str], list[str]]:
        """The texts and labels of the sample in the order of the rows, but for those of some keys.

        Args:
            keys: The keys of the rows to leave out.
        """
        rows, left_out = self._rows.items, set(keys.tolist())
        kept = [(text, label) for text, label, key in rows if key not in left_out]
        return [text for text, _ in kept], [label for _, label in kept]


class HeldRows:
    """Rows to validate on: all rows of some texts, which the hashes of the texts choose.

    Args:
        limit: The most rows, and the most characters of their texts.
        seed: Decides which texts.
    """

    def __init__(self, limit: Limit, seed: int) -> None:
        self._limit = limit
        self._seed = seed
        self._texts: dict[int, str] = {}
        self._labels: dict[int, Counter[str]] = {}
        self._below = np.iinfo(np.uint64).max

    def add(
        self, texts: Sequence[str], labels: Sequence[str], keys: Integer[np.ndarray, "rows"]
    ) -> None:
        """Look at some rows; the arguments are those of `RowSample.add`."""
        drawn = _mixed(keys, self._seed)
        for i in np.flatnonzero(drawn < self._below).tolist():
            key = int(keys[i])
            self._texts.setdefault(key, texts[i])
            self._labels.setdefault(key, Counter())[labels[i]] += 1
        if len(self._texts) > _SLACK * self._limit.rows or self._characters() > (
            _SLACK * self._limit.characters
        ):
            self._cut()

    def take(self, rows: int, all_labels: dict[str, int]) -> tuple[list[str], list[str]]:
        """The texts and the labels of so many rows at most.

        Texts of very many rows are left out, and so are those without which training would have
        no row of a class.

        Args:
            rows: How many rows.
            all_labels: How many rows there are of each label.
        """
        self._cut()
        left = min(rows, self._limit.rows)
        alike = max(1, int(_ALIKE * left))
        counts, texts, found = Counter[str](), list[str](), list[str]()
        for key in self._ordered():
            own = self._labels[key]
            if own.total() > min(alike, left):
                continue
            counts.update(own)
            if any(counts[label] == all_labels[label] for label in own):
                counts.subtract(own)
                continue
            left -= own.total()
            texts += [self._texts[key]] * own.total()
            found += own.elements()
        return texts, found

    def _characters(self) -> int:
        return sum(map(len, self._texts.values()))

    def _ordered(self) -> list[int]:
        keys = np.fromiter(self._texts, dtype=np.uint64, count=len(self._texts))
        ordered: list[int] = keys[np.argsort(_mixed(keys, self._seed), kind="stable")].tolist()
        return ordered

    def _cut(self) -> None:
        ordered = self._ordered()
        ends = np.cumsum([len(self._texts[key]) for key in ordered])
        rows, characters = self._limit
        room = min(rows, int(np.searchsorted(ends, characters, side="right")))
        if room >= len(ordered):
            return
        of_first = np.array(ordered[room : room + 1], dtype=np.uint64)
        self._below = int(_mixed(of_first, self._seed)[0])
        for key in ordered[room:]:
            del self._texts[key], self._labels[key]


class KeySample:
    """The smallest of the different hashes of items, and about how many different ones there are.

    Args:
        most: How many are kept.

    Attributes:
        keys: The hashes, ascending.

    Source:
        Beyer et al. 2007, "On Synopses for Distinct-Value Estimation Under Multiset Operations".
    """

    def __init__(self, most: int) -> None:
        self.keys = np.zeros(0, dtype=np.uint64)
        self._most = most
        self._new: list[np.ndarray] = []
        self._waiting = 0
        self._cut = False

    def add(self, keys: Integer[np.ndarray, "rows"]) -> None:
        """Look at the hashes of some items."""
        if self._cut:
            keys = keys[keys < self.keys[-1]]
        self._new.append(np.unique(keys))
        self._waiting += len(keys)
        if self._waiting > self._most:
            self.settle()

    def settle(self) -> None:
        """Bring `keys` up to date."""
        keys = np.unique(np.concatenate([self.keys, *self._new]))
        self._cut |= len(keys) > self._most
        self.keys, self._new, self._waiting = keys[: self._most], [], 0

    @property
    def total(self) -> int:
        """How many different hashes there were: an estimate where not all were kept."""
        if not self._cut:
            return len(self.keys)
        share = float(self.keys[-1]) / 2.0**64
        return max(len(self.keys) + 1, round((len(self.keys) - 1) / share))


def _mixed(keys: Integer[np.ndarray, "keys"], seed: int) -> Integer[np.ndarray, "keys"]:
    """Numbers that follow from hashes and a seed, as good as drawn (splitmix64)."""
    mixed: np.ndarray = keys ^ np.random.default_rng([seed, 0, 2]).integers(
        0, np.iinfo(np.uint64).max, dtype=np.uint64
    )
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return mixed
