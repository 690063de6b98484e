"""Which of two labels means match, by their names."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

_MATCHES = frozenset(
    (
        *("match", "matches", "matched", "matching", "duplicate", "duplicates", "duplicated"),
        *("dup", "paraphrase", "paraphrases", "entailment", "entails", "entailed", "equivalent"),
        *("equal", "same", "identical", "similar", "related", "relevant", "synonym"),
        *("synonymous", "yes", "y", "true", "t", "positive", "pos"),
        *("匹配", "匹配的", "配對", "相似", "相同", "相关", "相關", "等价", "等價", "同义", "同義"),
        *("重复", "重複", "一致", "蕴含", "蕴涵", "是", "일치", "같음"),
    )
)
_NOT = ("isnot", "不", "不是", "非", "未", "无", "無", "没", "没有", "불", "비")
_PREFIXES = ("no", "not", "non", "un", "dis", "in", "ir", "im", "il", "mis")
"""Syllables that negate some words and begin others: income, una, notable."""

_NEGATED = _MATCHES | {
    *("valid", "correct", "consistent", "compatible", "coherent", "accurate", "appropriate"),
    *("acceptable", "accepted", "comparable", "linked", "connected", "associated", "aligned"),
    *("agree", "agrees", "agreed", "agreement", "supported", "verified", "confirmed", "known"),
    *("satisfied", "helpful", "true", "proper", "possible", "perfect", "legal", "logical"),
    *("dependent", "approved", "joint", "join", "joined", "like", "equally", "paired"),
}
"""Words that such a syllable negates."""


def named_match(classes: Sequence[Any]) -> Any:
    """The one of two labels whose name says that texts match; None if neither does or both do.

    Case, blanks, `-` and `_` do not count.

    Args:
        classes: Two labels.

    Example:
        >>> named_match(["match", "no_match"])
        'match'
    """
    first, second = map(_words, classes)
    says = [_is_match("".join(first)), _is_match("".join(second))]
    if says[0] == says[1]:
        says = [_negates(second, first), _negates(first, second)]
    return None if says[0] == says[1] else classes[0 if says[0] else 1]


def _words(label: Any) -> list[str]:
    folded = unicodedata.normalize("NFKC", str(label)).casefold()
    return "".join(char if char.isalnum() else " " for char in folded).split()


def _is_match(name: str) -> bool:
    return name in _MATCHES or name.removeprefix("is") in _MATCHES


def _negates(words: list[str], others: list[str]) -> bool:
    """Whether a name is the other one with a `not`, such as `unacceptable`."""
    name, other = "".join(words), "".join(others)
    if not other or not name.endswith(other):
        return False
    before = name.removesuffix(other)
    if before in _PREFIXES:
        return other in _NEGATED or words[0] == before
    return before in _NOT
