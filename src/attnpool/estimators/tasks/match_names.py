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
_NOT = (
    *("no", "not", "non", "isnot", "un", "dis", "in", "ir", "mis"),
    *("不", "不是", "非", "未", "无", "無", "没", "没有", "불", "비"),
)


def named_match(classes: Sequence[Any]) -> Any:
    """The one of two labels whose name says that texts match; None if neither does or both do.

    Case, blanks, `-` and `_` do not count.

    Args:
        classes: Two labels.

    Example:
        >>> named_match(["match", "no_match"])
        'match'
    """
    first, second = map(_plain, classes)
    says = [_is_match(first), _is_match(second)]
    if says[0] == says[1]:
        says = [_negates(second, first), _negates(first, second)]
    return None if says[0] == says[1] else classes[0 if says[0] else 1]


def _plain(label: Any) -> str:
    folded = unicodedata.normalize("NFKC", str(label)).casefold()
    return "".join(char for char in folded if char.isalnum())


def _is_match(name: str) -> bool:
    return name in _MATCHES or name.removeprefix("is") in _MATCHES


def _negates(name: str, other: str) -> bool:
    """Whether a name is the other one with a `not`, such as `unacceptable`."""
    return bool(other) and any(name == prefix + other for prefix in _NOT)
