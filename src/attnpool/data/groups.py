"""Groups of texts that mean the same: what the positive pairs say, taken to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attnpool.data.datasets.pairs import MATCH
from attnpool.errors import InputError
from attnpool.sanitize import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

# 1 is also True, 1.0 and numpy's 1.
_TRUTH: dict[object, bool] = {1: True, 0: False}
_TRUTH |= {word: key == "1" for key, name in MATCH.items() for word in (key, name)}


def positive_groups(pairs: Sequence[Sequence[str]], labels: Sequence[object]) -> dict[str, int]:
    """A group number for every text of the pairs; texts of one group match each other.

    If a matches b and b matches c, then a matches c, though no row says so: whoever draws
    negatives, from the rows or from a batch, must not draw within a group. A text without
    positives is a group of its own. Texts are the same if every character is.

    Args:
        pairs: Two texts each.
        labels: For each pair whether the two match: 1 or 0, or 匹配 or 不匹配.

    Returns:
        From text to group, texts and numbers in order of first appearance, from 0.

    Raises:
        InputError: A pair has not two texts, a label is none of these, or the counts differ.

    Source:
        Disjoint sets with path halving and union by size: Tarjan and van Leeuwen 1984,
        "Worst-case analysis of set union algorithms".
    """
    return _groups(pairs, truths(pairs, labels))


def truths(pairs: Sequence[Sequence[str]], labels: Sequence[object]) -> list[bool]:
    """Whether each pair matches, checked.

    Raises:
        InputError: A pair has not two texts, a label is none that is known, or the counts differ.
    """
    if len(pairs) != len(labels):
        raise InputError(f"{len(pairs)} pairs and {len(labels)} labels; give one label a pair")
    for number, pair in enumerate(pairs, 1):
        if isinstance(pair, str) or len(pair) != 2:
            count = 1 if isinstance(pair, str) else len(pair)
            raise InputError(
                f"pair {number} has {count} text{'s' * (count != 1)} where 2 are needed; "
                "give (text, text)"
            )
    return [_truth(label, number) for number, label in enumerate(labels, 1)]


def _truth(label: object, number: int) -> bool:
    try:
        return _TRUTH[label]
    except (KeyError, TypeError):
        raise InputError(
            f"the label {quoted(str(label))} of pair {number} does not say whether it matches; "
            f"give 1 or 0, or {' or '.join(MATCH.values())}"
        ) from None


def _groups(pairs: Sequence[Sequence[str]], matches: Sequence[bool]) -> dict[str, int]:
    number: dict[str, int] = {}
    for pair in pairs:
        for text in pair:
            number.setdefault(text, len(number))
    parent = list(range(len(number)))
    size = [1] * len(number)

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for (left, right), match in zip(pairs, matches, strict=True):
        a, b = root(number[left]), root(number[right])
        if match and a != b:
            small, large = sorted((a, b), key=size.__getitem__)
            parent[small] = large
            size[large] += size[small]
    order: dict[int, int] = {}
    return {text: order.setdefault(root(node), len(order)) for text, node in number.items()}
