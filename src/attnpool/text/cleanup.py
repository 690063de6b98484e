"""`Cleanup`: spaces over what a model must not read, so that offsets in the text do not change."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attnpool.errors import InputError
from attnpool.sanitize import quoted

# Possessive quantifiers (++, *+) never backtrack, so the time is linear in any text.
_TAG = r"</?[A-Za-z][^<>]*+>"
_REFERENCE = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_HTML = re.compile(f"{_TAG}|{_REFERENCE}")

_RULES = {
    "bracket-emoji": ("[", re.compile(r"\[[^\[\]]++\]")),
    "html": ("<&", _HTML),
    "parentheses": ("(（", re.compile(r"[(（][^()（）]*+[)）]")),
}

_FEWEST = 3  # so many texts with HTML are worth a word

RULES = tuple(_RULES)
"""The names of the rules."""


class Cleanup:
    """Named rules that replace parts of a text by spaces, one per character.

    - `"bracket-emoji"`: a bracketed name, as micro-blogs write emoji: `[泪]`.
    - `"html"`: a tag, `<br />`, or a character reference, `&nbsp;`.
    - `"parentheses"`: a parenthesis of either width, as in headlines: `(图)`, `（组图）`. Of nested
      ones the innermost is replaced.

    White space gives no token, so a replaced part is not read, and all other tokens keep their
    offsets.

    Args:
        rules: Names of rules, applied in order.

    Raises:
        InputError: A rule is unknown.

    Example:
        >>> Cleanup(("bracket-emoji",))(["真好[泪]啊"])
        ['真好   啊']
    """

    def __init__(self, rules: Sequence[str] = ()) -> None:
        for rule in rules:
            if rule not in _RULES:
                raise InputError(f"clean-up rule is {rule!r}; choose from {', '.join(RULES)}")
        self.rules = tuple(rules)

    def __call__(self, texts: Sequence[str]) -> list[str]:
        """The texts, of unchanged length, with spaces over the matches of the rules."""
        cleaned = list(texts)
        for rule in self.rules:
            marks, pattern = _RULES[rule]
            for index, text in enumerate(cleaned):
                if any(mark in text for mark in marks):
                    cleaned[index] = pattern.sub(_blank, text)
        return cleaned


def html_note(texts: Sequence[str], *, whole: bool = True) -> str:
    """What to say of texts that hold HTML, which is read as words; "" if few do.

    Args:
        texts: The texts.
        whole: Whether these are all; else they are the first.
    """
    found = [match[0] for text in texts if (match := _HTML.search(text))]
    if len(found) < max(_FEWEST, len(texts) / 100):
        return ""
    texts_of = f"{'' if whole else 'the first '}{len(texts):,} texts"
    return (
        f"{len(found):,} of {texts_of} hold HTML, such as {quoted(found[0])}; "
        "--cleanup html leaves it out"
    )


def _blank(match: re.Match[str]) -> str:
    return " " * (match.end() - match.start())
