"""`Cleanup`: what a model must not read is blanked, so that offsets speak of the raw text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attnpool.errors import InputError

# Possessive repeats (+) never step back, so the time is linear in any text.
_RULES = {
    "bracket-emoji": ("[", re.compile(r"\[[^\[\]]++\]")),
    "parentheses": ("(（", re.compile(r"[(（][^()（）]*+[)）]")),
}

RULES = tuple(_RULES)
"""The names of the rules."""


class Cleanup:
    """Named rules that put spaces over parts of a text, one for each character.

    - `"bracket-emoji"`: a bracketed name, as micro-blogs write emoji: `[泪]`.
    - `"parentheses"`: a parenthesis of either width, as headlines carry: `(图)`, `（组图）`. Of
      nested ones the innermost goes.

    White space gives no token, so a blanked part is not read, and every token of the rest stands
    where it stood.

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
                raise InputError(f"clean-up rule is {rule!r}; known are {', '.join(RULES)}")
        self.rules = tuple(rules)

    def __call__(self, texts: Sequence[str]) -> list[str]:
        """The texts, as long as they were, with spaces over what the rules find."""
        cleaned = list(texts)
        for rule in self.rules:
            marks, pattern = _RULES[rule]
            for index, text in enumerate(cleaned):
                if any(mark in text for mark in marks):
                    cleaned[index] = pattern.sub(_blank, text)
        return cleaned


def _blank(match: re.Match[str]) -> str:
    return " " * (match.end() - match.start())
