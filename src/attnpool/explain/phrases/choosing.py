"""Which n-grams are phrases that drive a class: strong, news, and whole.

The thresholds were set by reading the lists of reviews and titles, in Chinese and in English.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attnpool._shapes import Bool, Float, Int
from attnpool.explain.phrases.counting import Grams
from attnpool.explain.phrases.stream import Stream

_STANDARD_ERRORS = 3.0  # by which the mean value differs from 0
_STRONG = 1.5  # times √n times the mean size of a token's value
_VERY_STRONG = 4.0  # the same where the phrase is as frequent in other classes
_RATIO = 1.5  # of the rates in this class and the others
_PRIOR = 500.0  # tokens of the prior that smooths rates; at most a tenth of all
_BOUND = 0.6  # of a part's occurrences: those in the phrase, from which on it belongs to it
_CLOSED = 0.8  # the same for all of the phrase but one token
_MORE = 0.3  # of the phrase's value: what its parts do not have elsewhere
_EDGE = 0.4  # of the mean share of a token: what the first and the last one have
_TRACE = 1e-6  # the same where the rest seldom occurs without it: more than nothing, of either sign


def effective_lengths(counted: Sequence[Grams]) -> list[Int[np.ndarray, "entries"]]:
    """How many tokens of each n-gram count for the size that its value must have.

    Where a part seldom occurs without the n-gram, the n-gram is as strong as that part: "too slow"
    is listed where "slow" would be, if "too" comes before it each time.
    """
    lengths: list[np.ndarray] = []
    for grams in counted:
        length = np.full(len(grams.occurrences), grams.length)
        for at in (0, 1) if lengths else ():
            shorter = counted[grams.length - 2]
            part = shorter.entry[grams.first + at]
            bound = grams.occurrences >= _CLOSED * shorter.occurrences[part]
            length = np.where(bound, np.minimum(length, lengths[-1][part]), length)
        lengths.append(length)
    return lengths


def drives(
    grams: Grams,
    length: Int[np.ndarray, "entries"],
    stream: Stream,
    tokens: Int[np.ndarray, "classes"],
    typical: Float[np.ndarray, "classes"],
    sign: int,
) -> Bool[np.ndarray, "entries"]:
    """Which n-grams have values for (sign 1) or against (-1) their class that are news.

    The values must be strong: away from 0 by three standard errors, and 1.5 √n times the mean size
    of a token's value, which n values of either sign seldom add up to. And the n-gram must be more
    frequent in the rows of its class than in others (less frequent, if against); or be very strong
    and push the other way there.

    Args:
        grams: The n-grams of one length.
        length: How many of their tokens count.
        stream: The tokens.
        tokens: The number of tokens in the rows of each class.
        typical: The mean size of a token's value in them.
        sign: For or against.
    """
    edge = stream.edge[grams.first] & stream.edge[grams.first + grams.length - 1]
    value, size = sign * grams.mean, length**0.5 * typical[grams.of_class]
    strong = (value > _STANDARD_ERRORS * grams.error) & (value > _STRONG * size)
    opposed = (sign * grams.mean_elsewhere < 0) & (value > _VERY_STRONG * size)
    chosen: np.ndarray = edge & strong & (opposed | _rate_differs(grams, tokens, sign))
    return chosen


def _rate_differs(
    grams: Grams, tokens: Int[np.ndarray, "classes"], sign: int
) -> Bool[np.ndarray, "entries"]:
    """Whether an n-gram is more (sign 1) or less (-1) frequent in its class than in others.

    By the log-odds ratio with an informative Dirichlet prior, the rates of all rows, and its
    z-score. Source: Monroe, Colaresi and Quinn 2008, "Fightin' Words", equations 16 to 22.
    """
    inside = tokens[grams.of_class]
    outside = tokens.sum() - inside
    size = min(_PRIOR, 0.1 * float(tokens.sum()))
    prior = size * (grams.occurrences + grams.elsewhere) / max(int(tokens.sum()), 1)
    here, there = grams.alone + prior, grams.elsewhere + prior
    others = np.maximum(inside + size - here, 1), np.maximum(outside + size - there, 1)
    ratio = np.log(here / others[0]) - np.log(there / others[1])
    score = ratio / np.sqrt(1 / here + 1 / there)
    differs: np.ndarray = (sign * ratio > np.log(_RATIO)) & (sign * score > 1.96)
    differs |= outside == 0
    return differs


def is_whole(
    grams: Grams, counted: Sequence[Grams], stream: Stream, sign: int
) -> Bool[np.ndarray, "entries"]:
    """Which n-grams are more than their parts.

    Wherever the n-gram is divided in two, one part is bound to it, that is, seldom occurs without
    it (净 in 干净), or its value is larger than the sum of what both parts have elsewhere (不错,
    "not good"). Its first and its last token have their share in the value, or the rest seldom
    occurs without them (环 in 环境).
    """
    length, often = grams.length, grams.occurrences
    whole: np.ndarray = np.ones(len(often), dtype=np.bool_)
    for cut in range(1, length):
        parts = (counted[cut - 1], 0), (counted[length - cut - 1], cut)
        left, right = (part.entry[grams.first + at] for part, at in parts)
        # 嘻嘻 holds two occurrences of 嘻.
        times = 1 + ((left == right) & (2 * cut == length))
        bound = np.zeros(len(often), dtype=np.bool_)
        apart = np.zeros(len(often))
        for (part, at), entry in zip(parts, (left, right), strict=True):
            begins = grams.place + at
            inside = grams.sums(stream.sums[begins + part.length] - stream.sums[begins])
            others = np.maximum(part.occurrences[entry] - often, 1)
            elsewhere = (part.occurrences[entry] * part.mean[entry] - inside) / others
            bound |= often * times >= _BOUND * part.occurrences[entry]
            apart += elsewhere
            if part.length == 1 and at in (0, length - 1):
                here = sign * inside / often
                share = np.maximum(here, here - sign * elsewhere)
                rest = counted[length - 2]
                needed = often >= _CLOSED * rest.occurrences[rest.entry[grams.first + (at == 0)]]
                typical = np.abs(grams.mean) / length
                whole &= (share >= _EDGE * typical) | needed & (np.abs(here) >= _TRACE * typical)
        gain = sign * (grams.mean - apart)
        whole &= bound | (gain > np.maximum(_MORE * np.abs(grams.mean), 2 * grams.error))
    return whole
