"""`phrases`: what drives each class, over many explanations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attnpool.attribution_methods import record_of
from attnpool.errors import InputError
from attnpool.explain.lists import listed
from attnpool.explain.phrases.counting import count_grams
from attnpool.explain.phrases.ranking import Phrase, find_phrases, list_phrases
from attnpool.explain.phrases.stream import token_stream
from attnpool.explanation import Explanation
from attnpool.metrics import display_order

_WEAKEST, _FIRST = 0.25, 10


@dataclass(frozen=True, slots=True)
class ClassPhrases:
    """The phrases that drive a class, strongest first.

    Attributes:
        name: The class.
        rows: How many rows are explained for it.
        supporting: Phrases that speak for the class.
        opposing: Phrases that speak against it.
    """

    name: str
    rows: int
    supporting: list[Phrase]
    opposing: list[Phrase]


def phrases(
    explanations: Sequence[Explanation],
    *,
    minimum: int | None = None,
    longest: int = 12,
    shown: int = 24,
) -> list[ClassPhrases]:
    """List what drives each class: the runs of neighbouring tokens that carry its values.

    A row counts for the class that it explains. A phrase is strong: its values differ clearly from
    0, and are large beside those of other tokens. It is news: its rate differs between classes, by
    the log-odds ratio with an informative Dirichlet prior, or it is very strong and pushes the
    other way in other classes; what is frequent everywhere, such as "the" or 的, is not listed.
    And it is whole: more than its parts (不错 "not bad", neither 不 "not" nor 错 "wrong"), and no
    part of a longer phrase. A phrase never runs across punctuation or the end of a line. The first
    have the largest value × √count: neither rare phrases nor weak ones lead. Those worth less than
    a quarter of the median of the first ten are left out.

    Args:
        explanations: The rows, explained by a method whose values speak for or against a class,
            such as `"contribution"`.
        minimum: How often a phrase must occur in the rows of a class; 5 by default, and more
            where there are more than 2,500 rows per class.
        longest: The most tokens of a phrase.
        shown: The most phrases in a list.

    Returns:
        One entry for each class that is explained, in the order of the classes, numbers by size.

    Raises:
        InputError: The values do not speak for a class, as attention does not, or a number is
            below 1.

    Source:
        Monroe, Colaresi and Quinn 2008, "Fightin' Words: Lexical Feature Selection and Evaluation
        for Identifying the Content of Political Conflict".

    Example:
        >>> import attnpool
        >>> spans, values = [(0, 2), (3, 5), (6, 9)], [0.0, 0.0, 0.9]
        >>> row = attnpool.Explanation.from_values(
        ...     "it is fun", spans, values, method="contribution", prediction="good"
        ... )
        >>> attnpool.phrases([row] * 5)[0].supporting
        [Phrase(text='fun', value=0.9, count=5, rows=5)]
    """
    if isinstance(explanations, Explanation):
        raise InputError("explanations is one Explanation; give a list of them")
    explanations = listed(explanations, "explanations")
    for i, one in enumerate(explanations):
        if not isinstance(one, Explanation):
            kind = type(one).__name__
            raise InputError(f"explanations[{i}] is {kind}; give what model.explain returns")
    for name, number in (("minimum", minimum), ("longest", longest), ("shown", shown)):
        if number is not None and number < 1:
            raise InputError(f"{name} is {number}; give a number of at least 1")
    for method in {one.method: None for one in explanations}:
        if not record_of(method).for_class:
            raise InputError(
                f"values of method {method!r} speak for no class; explain with 'contribution'"
            )
    names = _classes(explanations)
    of_row = np.array([names[one.target] for one in explanations], dtype=np.int64)
    rows = np.bincount(of_row, minlength=len(names))
    least = phrase_minimum(len(explanations), len(names)) if minimum is None else minimum
    stream = token_stream(explanations)
    of_class = of_row[stream.row]
    counted = count_grams(stream, of_class, least, longest)
    found = find_phrases(stream, of_class, counted, least)
    lists = zip(*(list_phrases(stream, each, len(names), shown) for each in found), strict=True)
    return [
        ClassPhrases(name, count, *_strong(*both))
        for (name, both), count in zip(zip(names, lists, strict=True), rows.tolist(), strict=True)
        if count
    ]


def _strong(*lists: list[Phrase]) -> tuple[list[Phrase], ...]:
    """The lists of a class without phrases that are weak beside the first ones."""
    first = next((every for every in lists if every), [])[:_FIRST]
    least = _WEAKEST * float(np.median([abs(one.value) for one in first])) if first else 0.0
    return tuple([one for one in every if abs(one.value) >= least] for every in lists)


def phrase_minimum(rows: int, classes: int) -> int:
    """How often a phrase must occur in the rows of a class, by the number of rows."""
    return max(5, -(-rows // (500 * max(classes, 1))))


def _classes(explanations: Sequence[Explanation]) -> dict[str, int]:
    names = dict.fromkeys(explanations[0].labels if explanations else ())
    names.update(dict.fromkeys(one.target for one in explanations))
    return {name: number for number, name in enumerate(display_order(names))}
