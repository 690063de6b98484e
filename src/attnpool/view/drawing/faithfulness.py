"""How far to trust the colours, in words: two short sentences, and a warning where chance does it.

The two measures are means over the strongest 1, 5, 10, 20 and 50 % of the tokens, beside the same
of tokens drawn at random; see docs/trust.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attnpool.explanation import Explanation
from attnpool.sanitize import one_line
from attnpool.view.words import Words

_TESTS = (
    ("comprehensiveness", "faith.removing", "faith.removing.random"),
    ("sufficiency", "faith.keeping", "faith.keeping.random"),
)
_FEWEST_TO_ORDER = 2
_SHOWN = 0.005
"""The least change of a probability that is shown as one, with two digits."""

_DOES = {1: "lowers", 0: "keeps", -1: "raises"}


def faithfulness(explanation: Explanation, words: Words) -> str:
    """How the probability changes without the coloured tokens, and with them alone.

    Empty if that was not measured.
    """
    measures = explanation.faithfulness
    if not measures:
        return ""
    if _tokens(explanation) < _FEWEST_TO_ORDER:
        return words("faith.single")
    # Of a class that is not the answer the picture shows no probability elsewhere.
    other = explanation.target != explanation.prediction
    whose = words("faith.of", name=one_line(explanation.target)) if other else ""
    return faithfulness_note(measures, measures.get("random") or {}, words, whose=whose)


def measured(explanations: Iterable[Explanation], words: Words) -> str:
    """What the figures are measured on, if any of the explanations has some."""
    some = any(explanation.faithfulness for explanation in explanations)
    return words("faith.measured") if some else ""


def faithfulness_warning(explanation: Explanation, words: Words) -> str:
    """The warning where removing the coloured tokens does no more than removing random ones."""
    measures = explanation.faithfulness or {}
    if _tokens(explanation) < _FEWEST_TO_ORDER:
        return ""
    chance = no_better_than_chance(measures, measures.get("random") or {})
    return words("faith.warning") if chance else ""


def no_better_than_chance(measures: Mapping[str, Any], random: Mapping[str, Any]) -> bool:
    """Whether the probability falls no further without the coloured tokens than without others.

    Where it does not fall at all the colours are no reasons either, whatever chance does.
    """
    own, chance = measures.get("comprehensiveness"), random.get("comprehensiveness")
    return own is not None and chance is not None and own - max(chance, 0.0) < _SHOWN


def faithfulness_note(
    measures: Mapping[str, Any],
    random: Mapping[str, Any],
    words: Words,
    *,
    where: str = "",
    whose: str = "",
) -> str:
    """What the two measures of faithfulness say, beside those of a random order.

    Args:
        measures: AOPC comprehensiveness and sufficiency; either may be missing.
        random: The same measures of a random order.
        words: The words of the language.
        where: What they were measured on, if not on the text beside them.
        whose: Which class the probability belongs to, where readers could take it for another.
    """
    sentences: list[str] = []
    for name, action, by_chance in _TESTS:
        change, other = measures.get(name), random.get(name)
        if change is None:
            continue
        start = words(action)
        if where and not sentences:
            start = words("faith.where", where=where, action=start)
        said = compared(start, change, words(by_chance), other, words, whose=whose)
        sentences.append(words("sentence", said=f"{said[0].upper()}{said[1:]}"))
    return words("between-sentences").join(sentences)


def compared(
    action: str,
    change: float,
    by_chance: str,
    other: float | None,
    words: Words,
    *,
    whose: str = "",
) -> str:
    """What an action does to the probability, beside the same with random tokens.

    Args:
        action: What is done, such as "removing its tokens".
        change: By how much the probability falls.
        by_chance: The same with random tokens.
        other: By how much it falls then, where that was measured.
        words: The words of the language.
        whose: Which class the probability belongs to.
    """
    own = words(f"faith.{_does(change)}", action=action, whose=whose, by=_by(change))
    if other is None:
        return own
    # Only by how much, where both do the same.
    beside = "too" if _does(other) == _does(change) else "beside"
    said = words(f"faith.{beside}.{_does(other)}", action=by_chance, by=_by(other))
    return words("faith.both", own=own, other=said)


def _tokens(explanation: Explanation) -> int:
    return sum(len(side.spans) for side in explanation.sides)


def _does(change: float) -> str:
    return _DOES[0 if abs(change) < _SHOWN else 1 if change > 0 else -1]


def _by(change: float) -> str:
    return f"{abs(change):.2f}"
