"""Conversion: labelled pairs to triplets, labelled texts to pairs of a text and a label."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from attnpool.data.groups import positive_groups, truths
from attnpool.errors import InputError
from attnpool.sanitize import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Triplets:
    """Anchors, each with one text that matches it and one that does not.

    Attributes:
        anchors: The anchors.
        positives: One text per anchor that matches it.
        negatives: One text per anchor that does not match it.
        contradictory: The number of pairs left out: labelled as no match, although other pairs
            together imply a match.
    """

    anchors: list[str]
    positives: list[str]
    negatives: list[str]
    contradictory: int = 0

    def __len__(self) -> int:
        return len(self.anchors)

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        """Iterate over the triplets: anchor, positive, negative."""
        return zip(self.anchors, self.positives, self.negatives, strict=True)


def to_triplets(
    pairs: Sequence[Sequence[str]],
    labels: Sequence[object],
    *,
    seed: int = 0,
    anchor_as_positive: bool = False,
) -> Triplets:
    """One triplet per pair that matches, in the order of the pairs.

    The first text is the anchor, the second its positive. The negative is drawn from the texts
    that a pair labelled as no match joins with the anchor; if there are none, from those joined
    in this way with a text of the anchor's group (`positive_groups`); if there are none, from
    all texts outside the group. In the last case it may be a match that no row states.

    Args:
        pairs: Pairs of two texts.
        labels: One label per pair: 1 or 匹配 for a match, 0 or 不匹配 for none.
        seed: Seed of the draw.
        anchor_as_positive: Whether a pair that does not match also gives a triplet if its first
            text has no match at all: this text is then both anchor and positive, the second
            text the negative.

    Returns:
        The triplets.

    Raises:
        InputError: If no pair matches (with `anchor_as_positive`: if there is no triplet), all
            texts match each other, a pair does not have two texts, or a label is unknown.
    """
    matches = truths(pairs, labels)
    groups = positive_groups(pairs, labels)
    negatives_of = _Negatives(pairs, matches, groups, seed)
    sizes = np.bincount(list(groups.values())) if groups else np.zeros(0, np.int64)
    rows: list[tuple[str, str, str]] = []
    for (left, right), match in zip(pairs, matches, strict=True):
        if match:
            rows.append((left, right, negatives_of.draw(left)))
        elif anchor_as_positive and groups[left] != groups[right] and sizes[groups[left]] == 1:
            rows.append((left, left, right))
    if not rows:
        raise InputError(
            f"none of the {len(pairs):,} pairs is a match, so there is no positive for any anchor; "
            "give some pairs labelled 1"
        )
    anchors, positives, negatives = map(list, zip(*rows, strict=True))
    return Triplets(anchors, positives, negatives, negatives_of.contradictory)


def to_text_label_pairs(
    texts: Sequence[str], labels: Sequence[str], *, seed: int = 0, wrong: int = 1
) -> tuple[list[tuple[str, str]], list[int]]:
    """Pairs of a text and a label: its own label, a match, and random others, no match.

    A text with several labels in several rows matches all of them: none of them is drawn as a
    wrong label of it.

    Args:
        texts: The texts.
        labels: One label per text, in words.
        seed: Seed of the draw.
        wrong: The number of wrong labels per text, without repetition; fewer if a text does not
            have as many.

    Returns:
        The pairs, those of one text together, the match first; and 1 or 0 per pair.

    Raises:
        InputError: If the counts differ, or there are fewer than `wrong` other labels.
    """
    if len(texts) != len(labels):
        raise InputError(
            f"{counted(len(texts), 'text')} and {counted(len(labels), 'label')}; "
            "give one label per text"
        )
    names = list(dict.fromkeys(labels))
    if not 1 <= wrong < max(len(names), 1):
        raise InputError(
            f"{wrong} wrong labels a text cannot be drawn: the texts have {len(names):,} "
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
    """Draws a negative for an anchor.

    `contradictory` counts the pairs labelled as no match within one group.
    """

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
        # Sorted by group, so that each group is one range and the rest lies before and after it.
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
                f"all {len(self._texts):,} texts match each other, so there is no negative for any "
                "anchor; give texts that do not match"
            )
        place = int(self._draw.integers(others))
        return self._texts[place if place < start else place + end - start]
