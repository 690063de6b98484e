"""Pairs with labels to triplets, and texts with labels to pairs of a text and a label."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from attnpool.data.groups import positive_groups, truths
from attnpool.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Triplets:
    """Anchors, each with a text that matches it and one that does not.

    Attributes:
        anchors: The texts that are asked about.
        positives: A text that matches, for each anchor.
        negatives: A text that does not, for each anchor.
        contradictory: The number of pairs left out: labelled as no match, though other pairs
            together say that they are one.
    """

    anchors: list[str]
    positives: list[str]
    negatives: list[str]
    contradictory: int = 0

    def __len__(self) -> int:
        return len(self.anchors)

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        """Anchor, positive and negative of each triplet."""
        return zip(self.anchors, self.positives, self.negatives, strict=True)


def to_triplets(
    pairs: Sequence[Sequence[str]],
    labels: Sequence[object],
    *,
    seed: int = 0,
    anchor_as_positive: bool = False,
) -> Triplets:
    """One triplet for each pair that matches, in the order of the pairs.

    The first text is the anchor, the second its positive. Its negative is a text that the data
    pair with the anchor as no match; else one so paired with a text that matches the anchor;
    else any text. No text of the anchor's own group (`positive_groups`) is ever its negative.
    A negative drawn from any text may match all the same, where no row says so.

    Args:
        pairs: Two texts each.
        labels: For each pair whether the two match: 1 or 0, or 匹配 or 不匹配.
        seed: Decides which negative is drawn.
        anchor_as_positive: Whether the first text of a pair that does not match, if it has no
            match anywhere, is an anchor too, and its own positive; the second is the negative.

    Raises:
        InputError: There is no pair that matches (or, with `anchor_as_positive`, no triplet), all
            texts match each other, a pair has not two texts, or a label is none of these.
    """
    matches = truths(pairs, labels)
    groups = positive_groups(pairs, labels)
    source = _Negatives(pairs, matches, groups, seed)
    sizes = np.bincount(list(groups.values())) if groups else np.zeros(0, np.int64)
    rows: list[tuple[str, str, str]] = []
    for (left, right), match in zip(pairs, matches, strict=True):
        if match:
            rows.append((left, right, source.draw(left)))
        elif anchor_as_positive and groups[left] != groups[right] and sizes[groups[left]] == 1:
            rows.append((left, left, right))
    if not rows:
        raise InputError(
            f"none of the {len(pairs)} pairs is a match, so there is no positive for any anchor; "
            "give some pairs labelled 1"
        )
    anchors, positives, negatives = map(list, zip(*rows, strict=True))
    return Triplets(anchors, positives, negatives, source.contradictory)


def to_text_label_pairs(
    texts: Sequence[str], labels: Sequence[str], *, seed: int = 0, wrong: int = 1
) -> tuple[list[tuple[str, str]], list[int]]:
    """Each text beside its label, which matches, and beside labels drawn at random, which do not.

    A text that stands in several rows under several labels matches all of them: none of them is
    drawn as a wrong one.

    Args:
        texts: The texts.
        labels: The label of each text, in words.
        seed: Decides which wrong labels are drawn.
        wrong: The number of wrong labels for each text, no label twice; fewer for a text that
            has not so many.

    Returns:
        The pairs of text and label, those of one text side by side, the right one first; and 1
        or 0 for each.

    Raises:
        InputError: The counts differ, or there are not `wrong` labels beside the right one.
    """
    if len(texts) != len(labels):
        raise InputError(f"{len(texts)} texts and {len(labels)} labels; give one label a text")
    names = list(dict.fromkeys(labels))
    if not 1 <= wrong < max(len(names), 1):
        raise InputError(
            f"{wrong} wrong labels a text cannot be drawn: the texts have {len(names)} "
            f"label{'s' * (len(names) != 1)}; draw at least 1 and fewer than there are labels"
        )
    right: dict[str, set[str]] = defaultdict(set)
    for text, label in zip(texts, labels, strict=True):
        right[text].add(label)
    draw = np.random.default_rng(seed)
    pairs: list[tuple[str, str]] = []
    matches: list[int] = []
    for text, label in zip(texts, labels, strict=True):
        others = [name for name in names if name not in right[text]]
        chosen = draw.permutation(len(others))[:wrong].tolist()
        pairs += [(text, label), *((text, others[i]) for i in chosen)]
        matches += [1, *(0 for _ in chosen)]
    return pairs, matches


class _Negatives:
    """Draws a negative for an anchor."""

    def __init__(
        self,
        pairs: Sequence[Sequence[str]],
        matches: Sequence[bool],
        groups: dict[str, int],
        seed: int,
    ) -> None:
        self.contradictory = 0
        self._groups = groups
        self._own: dict[str, list[str]] = defaultdict(list)
        self._groups_own: dict[int, list[str]] = defaultdict(list)
        for (left, right), match in zip(pairs, matches, strict=True):
            if match:
                continue
            if groups[left] == groups[right]:
                self.contradictory += 1
                continue
            for text, other in ((left, right), (right, left)):
                self._own[text].append(other)
                self._groups_own[groups[text]].append(other)
        # Sorted by group: all texts but those of one group are what lies around its stretch.
        self._texts = sorted(groups, key=groups.__getitem__)
        sizes = np.bincount(list(groups.values())) if groups else np.zeros(0, np.int64)
        self._starts = [0, *accumulate(sizes.tolist())]
        self._draw = np.random.default_rng(seed)

    def draw(self, anchor: str) -> str:
        group = self._groups[anchor]
        known = self._own.get(anchor) or self._groups_own.get(group)
        if known:
            return known[self._draw.integers(len(known))]
        start, end = self._starts[group], self._starts[group + 1]
        others = len(self._texts) - (end - start)
        if not others:
            raise InputError(
                f"all {len(self._texts)} texts match each other, so there is no negative for any "
                "anchor; give texts that do not match"
            )
        place = int(self._draw.integers(others))
        return self._texts[place if place < start else place + end - start]
