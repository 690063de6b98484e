"""Groups of matching texts: the transitive closure of the positive pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attnpool.data.datasets.pairs import MATCH
from attnpool.errors import InputError
from attnpool.sanitize import counted, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

# 1 is also True, 1.0 and numpy's 1.
_TRUTH: dict[object, bool] = {1: True, 0: False}
_TRUTH |= {word: key == "1" for key, name in MATCH.items() for word in (key, name)}


def positive_groups(pairs: Sequence[Sequence[str]], labels: Sequence[object]) -> dict[str, int]:
    """A group number for every text of the pairs; texts of one group match each other.

    If a matches b and b matches c, then a matches c, even if no row states it: a negative, from
    the rows or from a batch, must not be drawn from the group of its anchor. A text without a
    match is a group of its own. Two texts are the same if all their characters are.

    Args:
        pairs: Pairs of two texts.
        labels: One label per pair: 1 or 匹配 for a match, 0 or 不匹配 for none.

    Returns:
        From text to group; texts and group numbers, from 0, in order of first appearance.

    Raises:
        InputError: If a pair does not have two texts, a label is unknown, or the counts differ.

    Source:
        Disjoint sets with path halving and union by size: Tarjan and van Leeuwen 1984,
        "Worst-case analysis of set union algorithms".
    """
    return _groups(pairs, truths(pairs, labels))


def truths(pairs: Sequence[Sequence[str]], labels: Sequence[object]) -> list[bool]:
    """Whether each pair matches, after a check of all pairs and labels.

    Args:
        pairs: Pairs of two texts.
        labels: One label per pair: 1 or 匹配 for a match, 0 or 不匹配 for none.

    Raises:
        InputError: If a pair does not have two texts, a label is unknown, or the counts differ.
    """
    if len(pairs) != len(labels):
        raise InputError(
            f"{counted(len(pairs), 'pair')} and {counted(len(labels), 'label')}; "
            "give one label per pair"
        )
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
