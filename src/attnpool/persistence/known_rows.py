"""The rows that a model knows from training, as hashes: figures measured on them flatter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

from attnpool._shapes import Integer
from attnpool.data.item_keys import item_keys
from attnpool.files.tensors import check_size
from attnpool.persistence.atomic import share
from attnpool.sanitize import counted

MOST = 1_000_000
"""The most hashes that are kept of either kind: 8 MB."""

_THEN = {
    True: "these figures are too optimistic",
    False: "on new rows the model is less often right and less certain",
}


def unit(items: Sequence[Any]) -> str:
    """What items are called: rows, pairs or triplets."""
    one = not items or isinstance(items[0], str)
    return "rows" if one else {2: "pairs", 3: "triplets"}[len(items[0])]


@dataclass(frozen=True, slots=True)
class KnownCounts:
    """How many of some rows a model knows.

    Attributes:
        trained: Rows that it was trained on.
        validation: Rows that chose when training stopped; after a refit these were trained on
            too, and count twice.
        only_validation: Those of them that it was not trained on; 0 where that is not known.
        of: All rows that were asked about.
        sampled: Whether only some hashes were kept, so that these counts are lower bounds.
    """

    trained: int
    validation: int
    only_validation: int
    of: int
    sampled: bool = False

    def __add__(self, other: KnownCounts) -> KnownCounts:
        """The counts of these rows and further ones together."""
        trained, sampled = self.trained + other.trained, self.sampled or other.sampled
        # As of all rows at once, see `KnownRows.counts`.
        only = (self.only_validation + other.only_validation) * (not (sampled and trained))
        return KnownCounts(
            trained, self.validation + other.validation, only, self.of + other.of, sampled
        )

    def to_dict(self) -> dict[str, Any]:
        """The counts as a JSON object."""
        form = {"trained": self.trained, "validation": self.validation, "of": self.of}
        return {**form, "at_least": True} if self.sampled else form

    def note(self, items: Sequence[Any], *, measured: bool) -> str:
        """What a reader of figures or predictions of these items must know; else "".

        Args:
            items: The items that were asked about.
            measured: Whether there are figures, or predictions alone.
        """
        return self.sentence(unit(items), _THEN[measured])

    def sentence(self, what: str = "rows", then: str = _THEN[True]) -> str:
        """What a reader must know; "" where no row is known.

        Args:
            what: What the items are: rows, pairs or triplets.
            then: What follows from it.
        """
        least = "at least " if self.sampled else ""
        of = counted(self.of, what.removesuffix("s"))
        was = "was" if self.trained == 1 else "were"
        parts = [f"{self.trained:,} of {of} {was} trained on"] * bool(self.trained)
        if self.only_validation:
            rows = "" if parts else f" of {of}"
            parts.append(f"{self.only_validation:,}{rows} chose when training stopped")
        said = least + f" and {least}".join(parts)
        return f"{said[0].upper()}{said[1:]}; {then}." if parts else ""


@dataclass(frozen=True, slots=True, eq=False)
class KnownRows:
    """Hashes of training and of validation items; for each kind sorted, each once.

    Attributes:
        trained: Those that the model was trained on.
        validation: Those that chose when training stopped.
        totals: How many there were of either kind before any were left out.
    """

    trained: Integer[np.ndarray, "items"]
    validation: Integer[np.ndarray, "held"]
    totals: tuple[int, int]

    @classmethod
    def of(cls, trained: Sequence[Any], validation: Sequence[Any], seed: int) -> KnownRows:
        """The hashes of these items; of more than `MOST` of a kind so many are drawn.

        Args:
            trained: Texts, or tuples of texts.
            validation: The same, of validation.
            seed: Decides which are drawn.
        """
        every = [np.unique(item_keys(items)) for items in (trained, validation)]
        kept = [
            keys
            if len(keys) <= MOST
            else np.sort(np.random.default_rng(seed).choice(keys, MOST, replace=False))
            for keys in every
        ]
        return cls(kept[0], kept[1], (len(every[0]), len(every[1])))

    @property
    def sampled(self) -> bool:
        """Whether some hashes were left out."""
        return self.totals != (len(self.trained), len(self.validation))

    def counts(self, items: Sequence[Any]) -> KnownCounts:
        """How many of these items are known.

        A triplet is known if both its pairs are: anchor and positive, anchor and negative.

        Args:
            items: Texts, or tuples of one, two or three texts.
        """
        trained, held = np.ones((2, len(items)), dtype=np.bool_)
        for side in _asked(items):
            # Earlier versions saved hashes of texts as they were typed.
            forms = np.stack([item_keys(side), item_keys(side, as_typed=True)])
            trained &= np.isin(forms, self.trained).any(0)
            held &= np.isin(forms, self.validation).any(0)
        return KnownCounts(
            trained=int(trained.sum()),
            validation=int(held.sum()),
            # A validation row may be one of those trained on whose hash was left out.
            only_validation=int((held & ~trained).sum()) * (not (self.sampled and trained.any())),
            of=len(items),
            sampled=self.sampled,
        )

    def save(self, path: Path) -> None:
        """Write them as a `.safetensors` file."""
        totals = np.array(self.totals, dtype=np.uint64)
        save_file({"trained": self.trained, "validation": self.validation, "totals": totals}, path)
        share(path)

    @classmethod
    def load(cls, path: Path) -> KnownRows:
        """Read what `save` wrote.

        Raises:
            OSError, ValueError, SafetensorError: It is something else.
        """
        check_size(path)
        stored = load_file(path)
        if set(stored) != {"trained", "validation", "totals"}:
            raise ValueError("hashes of training and validation, and their numbers")
        trained, validation, totals = (stored[n] for n in ("trained", "validation", "totals"))
        if not (_is_hashes(trained) and _is_hashes(validation)):
            raise ValueError("hashes of 64 bits, ascending")
        if totals.shape != (2,) or totals.dtype != np.uint64:
            raise ValueError("numbers of hashes")
        whole = int(totals[0]), int(totals[1])
        if whole[0] < len(trained) or whole[1] < len(validation):
            raise ValueError("numbers of hashes")
        return cls(trained, validation, whole)


def _is_hashes(keys: np.ndarray) -> bool:
    return keys.ndim == 1 and keys.dtype == np.uint64 and bool((keys[1:] > keys[:-1]).all())


def _asked(items: Sequence[Any]) -> list[Sequence[Any]]:
    """The items, or the two lists of pairs that triplets are made of."""
    if not len(items) or isinstance(items[0], str) or len(items[0]) < 3:
        return [items]
    return [[(a, p) for a, p, _ in items], [(a, n) for a, _, n in items]]
