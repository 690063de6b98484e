"""What every rendering says in words: the answer, the truth, what the colours mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from attnpool.explanation import Explanation
from attnpool.view.colour import Scale
from attnpool.view.safe import one_line

_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff\uff66-\uff9d]")),
    ("ko", re.compile(r"[\u1100-\u11ff\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")),
)
_BY_NAME = {"ARABIC": "und-Arab", "HEBREW": "und-Hebr", "CYRILLIC": "und-Cyrl", "GREEK": "und-Grek"}


def language(text: str) -> str:
    """A BCP 47 tag by the letters used, for fonts and line breaking.

    Only languages that their letters give away are named; elsewhere the script is.
    """
    head = text[:2000]
    for tag, pattern in _SCRIPTS:
        # A kana in ten letters makes a text Japanese; a few in a Chinese text do not.
        if len(pattern.findall(head)) * 10 > sum(map(str.isalpha, head)):
            return tag
    letter = next(filter(str.isalpha, head), " ")
    script = unicodedata.name(letter, "").partition(" ")[0]
    return _BY_NAME.get(script, "und-Latn" if script == "LATIN" else "und")


def percent(share: float) -> str:
    """A probability for people: one decimal, and no 100.0% that is not 1."""
    if 0.9995 <= share < 1:
        return ">99.9%"
    return "<0.1%" if 0 < share < 0.0005 else f"{share:.1%}"


def number(value: float) -> str:
    """A value for people: three significant digits."""
    return f"{value:.3g}"


def certainty(explanation: Explanation) -> float | None:
    """The probability of the prediction; None for matchers without classes."""
    return explanation.probabilities.get(explanation.prediction)


def mark(explanation: Explanation) -> str:
    """Whether the prediction is right, as a sign; empty where the true class is unknown."""
    return {True: "✓", False: "✗", None: ""}[explanation.correct]


def truth(explanation: Explanation) -> str | None:
    """`"✓ true 正面"` or `"✗ true 负面"`; None where the true class is unknown."""
    if explanation.label is None:
        return None
    return f"{mark(explanation)} true {one_line(explanation.label)}"


def pair_facts(explanation: Explanation) -> list[str]:
    """A matcher's score and its verdict with the threshold."""
    facts = [] if explanation.score is None else [f"score {number(explanation.score)}"]
    verdict: Mapping[str, Any] = explanation.verdict or {}
    return facts + [f"{one_line(str(key))} {_plain(value)}" for key, value in verdict.items()]


def method(explanation: Explanation) -> str:
    """The method, and for which class where that goes without saying no longer."""
    name = one_line(explanation.method)
    if explanation.target == explanation.prediction:
        return name
    return f"{name} for {one_line(explanation.target)}"


def unread(count: int, hidden: int) -> str:
    """The note on what stands behind the length limit, and on how much of it is not shown."""
    many, more = (hidden, " more") if hidden else (count, "")
    note = f"… {many:,}{more} character{'' if many == 1 else 's'} unread"
    return f"{note}, {count:,} in all" if 0 < hidden < count else note


def meaning(*, signed: bool) -> str:
    """What the colours mean, and what they do not."""
    if signed:
        return "Orange moved the model towards the class explained, blue away from it."
    return "Amber shows where the model looked, not why it decided."


def scale_ends(*, signed: bool) -> tuple[str, str]:
    """What stands at the left and at the right end of the scale."""
    if signed:
        return "against", "for the class"
    return "looked little", "looked much"


def scale_scope(scale: Scale) -> str:
    """What full colour means."""
    noun = "push" if scale.signed else "weight"
    if scale.scope == "absolute":
        return f"full colour: {number(scale.full)}"
    if scale.scope == "page":
        return f"full colour: the largest {noun} on the page, {number(scale.full)}"
    return f"full colour: each text's largest {noun}"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number(value) if isinstance(value, float) else one_line(str(value))
