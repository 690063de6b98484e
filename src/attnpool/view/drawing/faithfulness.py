"""How far to trust the colours, in words: two short sentences, and a warning where chance does it.

The two measures are means over the strongest 1, 5, 10, 20 and 50 % of the tokens, beside the same
of tokens drawn at random; see docs/trust.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attnpool.explanation import Explanation
from attnpool.sanitize import one_line

_TESTS = (
    ("comprehensiveness", "removing the coloured tokens", "removing random ones"),
    ("sufficiency", "keeping only the coloured tokens", "keeping random ones"),
)
_FEWEST_TO_ORDER = 2
_SHOWN = 0.005
"""The least change of a probability that is shown as one, with two digits."""

MEASURED = (
    "Coloured tokens here are the 1, 5, 10, 20 and 50% with the highest values, most for the "
    "class first; each figure is the mean over these shares."
)
"""What the figures are measured on; said once where any of them is shown."""

WARNING = "On this text the colours do no better than chance: do not read them as reasons."


def faithfulness(explanation: Explanation) -> str:
    """How the probability changes without the coloured tokens, and with them alone.

    Empty if that was not measured.
    """
    measures = explanation.faithfulness
    if not measures:
        return ""
    if _tokens(explanation) < _FEWEST_TO_ORDER:
        return "The faithfulness of a single token cannot be measured: there is nothing to compare."
    # Of a class that is not the answer the picture shows no probability elsewhere.
    other = explanation.target != explanation.prediction
    whose = f" of {one_line(explanation.target)}" if other else ""
    return faithfulness_note("", measures, measures.get("random") or {}, whose)


def measured(explanations: Iterable[Explanation]) -> str:
    """What the figures are measured on, if any of the explanations has some."""
    return MEASURED if any(explanation.faithfulness for explanation in explanations) else ""


def faithfulness_warning(explanation: Explanation) -> str:
    """The warning where removing the coloured tokens does no more than removing random ones."""
    measures = explanation.faithfulness or {}
    if _tokens(explanation) < _FEWEST_TO_ORDER:
        return ""
    return WARNING if no_better_than_chance(measures, measures.get("random") or {}) else ""


def no_better_than_chance(measures: Mapping[str, Any], random: Mapping[str, Any]) -> bool:
    """Whether the probability falls no further without the coloured tokens than without others.

    Where it does not fall at all the colours are no reasons either, whatever chance does.
    """
    own, chance = measures.get("comprehensiveness"), random.get("comprehensiveness")
    return own is not None and chance is not None and own - max(chance, 0.0) < _SHOWN


def faithfulness_note(
    where: str, measures: Mapping[str, Any], random: Mapping[str, Any], whose: str = ""
) -> str:
    """What the two measures of faithfulness say, beside those of a random order.

    Args:
        where: What they were measured on, if not on the text beside them.
        measures: AOPC comprehensiveness and sufficiency; either may be missing.
        random: The same measures of a random order.
        whose: Which class the probability belongs to, where readers could take it for another.
    """
    sentences: list[str] = []
    for name, action, by_chance in _TESTS:
        change, other = measures.get(name), random.get(name)
        if change is None:
            continue
        start = f"{where}, {action}" if where and not sentences else action
        said = compared(start, change, by_chance, other, whose)
        sentences.append(f"{said[0].upper()}{said[1:]}.")
    return " ".join(sentences)


def _tokens(explanation: Explanation) -> int:
    return sum(len(side.spans) for side in explanation.sides)


def _direction(change: float) -> int:
    return 0 if abs(change) < _SHOWN else 1 if change > 0 else -1


def _does(change: float) -> str:
    return {1: "lowers", 0: "does not change", -1: "raises"}[_direction(change)]


def _by(change: float) -> str:
    return f" by {abs(change):.2f}" if _direction(change) else ""


def _beside(change: float, other: float) -> str:
    """What random tokens do: only by how much, where they do the same."""
    if _direction(other) == _direction(change):
        return f",{_by(other)}" if _direction(other) else " does not either"
    return f" {_does(other)} it{_by(other)}"


def compared(
    action: str, change: float, by_chance: str, other: float | None, whose: str = ""
) -> str:
    """What an action does to the probability, beside the same with random tokens.

    Args:
        action: What is done, such as "removing its tokens".
        change: By how much the probability falls.
        by_chance: The same with random tokens.
        other: By how much it falls then, where that was measured.
        whose: Which class the probability belongs to.
    """
    own = f"{action} {_does(change)} the probability{whose}{_by(change)}"
    return own if other is None else f"{own}; {by_chance}{_beside(change, other)}"
