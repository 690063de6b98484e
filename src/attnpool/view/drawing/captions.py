"""What every rendering says in words: the answer, the truth, the facts beside them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from attnpool.attribution_methods import record_of
from attnpool.explanation import Explanation
from attnpool.sanitize import one_line
from attnpool.view.words import Words, check_language

_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff\uff66-\uff9d]")),
    ("ko", re.compile(r"[\u1100-\u11ff\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")),
)
_NUMBERS = ("threshold", "positive", "negative")
_KINDS = ("cosine", "logit")
_OVERLAPS = (
    (0.9, "overlap.same"),
    (0.6, "overlap.mostly"),
    (0.3, "overlap.partly"),
    (-1.0, "overlap.different"),
)
_LOOKED_AT = 1_000
"""How many texts tell the language of a rendering."""

_RANKED = 3
"""How many labels are named after the answer."""

_PLAIN_FROM, _PLAIN_TO = 1e-4, 1e9

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


def picture_language(explanations: Sequence[Explanation]) -> str:
    """The language of the first text, which decides on the fonts of a picture."""
    return next((language(side.text) for item in explanations for side in item.sides), "und")


def words_for(explanations: Iterable[Explanation], lang: str | None = None) -> Words:
    """The words that a rendering of explanations uses.

    Args:
        explanations: What is drawn.
        lang: The language asked for; None takes Chinese where most texts are Chinese, else
            English.

    Raises:
        InputError: There are no words in this language.
    """
    if lang is not None:
        return Words(check_language(lang))
    return words_of_texts(side.text for item in explanations for side in item.sides)


def words_of_texts(texts: Iterable[str]) -> Words:
    """Chinese words where most of the texts are Chinese, else English ones.

    A text without a letter, such as an empty one, has no say.
    """
    found = [language(text) for text in islice(texts, _LOOKED_AT)]
    told = [tag for tag in found if tag != "und"]
    return Words("zh" if 2 * told.count("zh") > len(told) else "en")


def title(explanations: Sequence[Explanation], words: Words) -> str:
    """The title of what shows these explanations, unless another is given."""
    looked = all(not record_of(explanation.method).signed for explanation in explanations)
    return words("title.looked" if looked and explanations else "title.moved")


def percent(share: float) -> str:
    """A probability for people: one decimal, and no 100.0% that is not 1."""
    if 0.9995 <= share < 1:
        return ">99.9%"
    return "<0.1%" if 0 < share < 0.0005 else f"{share:.1%}"


def number(value: float, digits: int = 3, *, signed: bool = False) -> str:
    """A value for people, rounded to significant digits.

    Numbers of ordinary size have no exponent: 1230, not 1.23e+03. `report_rows.js` agrees.

    Args:
        value: The number.
        digits: How many digits are significant.
        signed: Whether a positive number gets its sign.
    """
    text = f"{value:+.{digits}g}" if signed else f"{value:.{digits}g}"
    if "e" in text and _PLAIN_FROM <= abs(float(text)) < _PLAIN_TO:
        return f"{float(text):{'+' if signed else ''}.15g}"
    return text


def short(text: str, longest: int = 40) -> str:
    """The beginning of a text in one line, marked `…` where it goes on."""
    line = one_line(text)
    return line if len(line) <= longest else f"{line[:longest]}…"


def certainty(explanation: Explanation) -> float | None:
    """The probability of the prediction; None for matchers without classes."""
    return share_of(explanation, explanation.prediction)


def share_of(explanation: Explanation, name: str | None) -> float | None:
    """The probability of a class; None where there is no such class."""
    # Not by `probabilities`, which names all of thousands of classes.
    labels = explanation.labels
    return float(explanation.distribution[labels.index(name)]) if name in labels else None


def mark(explanation: Explanation) -> str:
    """Whether the prediction is right, as a sign; empty where the true class is unknown."""
    return {True: "✓", False: "✗", None: ""}[explanation.correct]


def truth(explanation: Explanation, words: Words) -> str | None:
    """`"✓ true 正面"` or `"✗ true 负面"`; None where the true class is unknown."""
    if explanation.label is None:
        return None
    return words("truth", mark=mark(explanation), name=one_line(explanation.label))


def answer(explanation: Explanation, words: Words) -> str:
    """The model's answer in a few words: the verdict on a pair or a triplet, else the class."""
    verdict: Mapping[str, Any] = explanation.verdict or {}
    if "match" in verdict:
        return words("match" if verdict["match"] else "no-match")
    if "ordered" in verdict:
        return words("ordered" if verdict["ordered"] else "disordered")
    return one_line(explanation.prediction)


def pair_facts(explanation: Explanation, words: Words) -> list[str]:
    """What a matcher's answer rests on: its score beside the threshold, or two scores."""
    verdict = dict(explanation.verdict or {})
    score, kind = explanation.score, verdict.pop("score", None)
    threshold, near, far = (verdict.pop(name, None) for name in _NUMBERS)
    verdict.pop("match", None)
    verdict.pop("ordered", None)
    facts = []
    if score is not None:
        facts.append(_compared(words("score"), score, words("threshold"), threshold))
    elif threshold is not None:
        facts.append(f"{words('threshold')} {number(threshold)}")
    if near is not None and far is not None:
        facts.append(_compared(words("positive"), near, words("negative"), far, equal=False))
    if facts and kind not in (None, "probability"):
        name = words(kind) if kind in _KINDS else one_line(str(kind))
        facts[-1] = words("kind", fact=facts[-1], kind=name)
    return facts + [
        f"{one_line(str(key))} {_plain(value, words)}" for key, value in verdict.items()
    ]


def class_fact(explanation: Explanation) -> str:
    """The class and its probability, which a verdict may have too."""
    share = certainty(explanation)
    name = one_line(explanation.prediction)
    if share is None:
        return name
    return ", ".join([f"{name} {percent(share)}", *_runners_up(explanation)])


def _runners_up(explanation: Explanation) -> list[str]:
    """The next of more than two labels that a matcher ranked, with their probabilities."""
    if explanation.task != "match" or len(explanation.labels) <= 2:
        return []
    ranked = sorted(explanation.probabilities.items(), key=lambda entry: -entry[1])
    others = [(name, share) for name, share in ranked if name != explanation.prediction]
    return [f"{one_line(name)} {percent(share)}" for name, share in others[:_RANKED]]


def heads(explanation: Explanation, words: Words) -> str:
    """How many heads there are and how much they look at the same tokens."""
    if explanation.heads == 1:
        return words("attention")
    overlap = explanation.overlap
    if overlap is None:
        return words("heads", heads=explanation.heads)
    gloss = words(next(key for least, key in _OVERLAPS if overlap >= least))
    return words("heads.overlap", heads=explanation.heads, overlap=f"{overlap:.2f}", gloss=gloss)


def method(explanation: Explanation, words: Words) -> str:
    """The method, and the class explained where it is not the predicted one."""
    name = words.method_name(explanation.method)
    if explanation.target == explanation.prediction:
        return name
    return words("method.for", method=name, name=one_line(explanation.target))


def logit_parts(explanation: Explanation, words: Words) -> str:
    """How much of the logit came by attention and how much by the linear part; empty without one.

    The two add up to the sum of the contributions as it is shown: the larger one takes up what
    rounding leaves.
    """
    if explanation.linear is None or not record_of(explanation.method).additive:
        return ""
    total = sum(float(side.values.sum()) for side in explanation.sides)
    attended = total - explanation.linear
    if not all(abs(part) < _PLAIN_TO for part in (total, attended, explanation.linear)):
        return ""  # no logit of a model; so many digits would not add up
    whole, linear = round(total * 100), round(explanation.linear * 100)
    if abs(attended) < abs(explanation.linear):
        linear = whole - round(attended * 100)
    shown = [f"{cents / 100:+.2f}" for cents in (whole, whole - linear, linear)]
    return words("logit-parts", whole=shown[0], attended=shown[1], linear=shown[2])


def unread(count: int, hidden: int, words: Words) -> str:
    """The note on the text behind the length limit, and on how much of it is not shown.

    Args:
        count: The number of characters behind the length limit.
        hidden: How many of them are not shown.
        words: The words of the language.
    """
    if not hidden:
        return words("unread", count=count)
    if hidden < count:
        return words("unread.of", count=hidden, whole=count)
    return words("unread.more", count=hidden)


def not_shown(hidden: int, unread: int, words: Words) -> str:
    """The note on a text of which not even all that was read is shown.

    Args:
        hidden: The number of characters that are not shown.
        unread: How many of them stand behind the length limit.
        words: The words of the language.
    """
    if unread:
        return words("hidden.unread", hidden=hidden, unread=unread)
    return words("hidden", hidden=hidden)


def _compared(
    name: str, value: float, beside: str, other: float | None, *, equal: bool = True
) -> str:
    """Two numbers with the sign between them, in as many digits as tell them apart."""
    if other is None:
        return f"{name} {number(value)}"
    digits = next((n for n in range(3, 10) if f"{value:.{n}g}" != f"{other:.{n}g}"), 3)
    if value == other:
        sign = "≥" if equal else "="
    else:
        sign = "<" if value < other else "≥" if equal else ">"
    return f"{name} {number(value, digits)} {sign} {beside} {number(other, digits)}"


def _plain(value: Any, words: Words) -> str:
    if isinstance(value, bool):
        return words("yes" if value else "no")
    return number(value) if isinstance(value, float) else one_line(str(value))


def header(explanation: Explanation, words: Words) -> tuple[str, list[str]]:
    """The answer of a plain rendering, and the facts that stand beside it."""
    said, predicted = answer(explanation, words), class_fact(explanation)
    facts = pair_facts(explanation, words)
    if explanation.verdict is None or said == one_line(explanation.prediction):
        return predicted, facts
    return said, [*facts, predicted] if explanation.labels else facts
