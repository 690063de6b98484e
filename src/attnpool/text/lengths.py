"""A length limit from the lengths of the training texts."""

from __future__ import annotations

import math
import re

import numpy as np

from attnpool._renamed import renamed_parameters
from attnpool._shapes import Int
from attnpool.errors import InputError

MAX_TOKENS = 10_000
"""The most that `"auto"` gives: a stray text of megabytes must not fill the memory."""


@renamed_parameters(longest="max_tokens")
def length_limit(
    lengths: Int[np.ndarray, "texts"], rule: int | float | str, max_tokens: int = MAX_TOKENS
) -> int:
    """How many tokens of a text to read, at least 1.

    Args:
        lengths: The number of tokens of each text.
        rule: `"auto"`, the longest text but at most `max_tokens`; a number of tokens; `"mode"`
            (the shortest of the most frequent lengths), `"mean"`, `"median"` or `"max"`; a
            percentile such as `"p99"`; or a quantile such as 0.99. Fractions are rounded up.
        max_tokens: The most that `"auto"` gives.

    Raises:
        InputError: The rule is none of these, or needs texts and there are none.
    """
    if isinstance(rule, str) and rule.isdecimal():
        rule = int(rule)
    if isinstance(rule, int) and not isinstance(rule, bool):
        if rule < 1:
            raise _unknown(rule)
        return rule
    if len(lengths) == 0:
        raise InputError(f"length limit {rule!r} needs texts to be taken from; there are none")
    if rule == "auto":
        return max(1, min(int(lengths.max()), max_tokens))
    return max(1, math.ceil(_statistic(lengths, rule)))


def _statistic(lengths: Int[np.ndarray, "texts"], rule: int | float | str) -> int | float:
    if rule == "mode":
        values, counts = np.unique(lengths, return_counts=True)
        return int(values[counts.argmax()])
    if rule == "mean":
        return float(np.mean(lengths))
    if rule == "median":
        return float(np.median(lengths))
    if rule == "max":
        return int(lengths.max())
    quantile = _quantile(rule)
    # "higher" is a length that occurs, so at least this share of the texts is read whole.
    return float(np.quantile(lengths, quantile, method="higher"))


def _quantile(rule: int | float | str) -> float:
    if isinstance(rule, str):
        percentile = re.fullmatch(r"p(\d{1,3}(?:\.\d+)?)", rule)
        quantile = float(percentile[1]) / 100 if percentile else math.nan
    else:
        quantile = math.nan if isinstance(rule, bool) else float(rule)
    if not 0 < quantile <= 1:
        raise _unknown(rule)
    return quantile


def _unknown(rule: int | float | str) -> InputError:
    return InputError(
        f"length limit is {rule!r}; give auto, a number of tokens, mode, mean, median, max, "
        "a percentile such as p99 or a quantile such as 0.99"
    )
