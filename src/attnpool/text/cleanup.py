"""`Cleanup`: spaces over what a model must not read, so that offsets in the text do not change."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attnpool.errors import InputError

# Possessive quantifiers (++, *+) never backtrack, so the time is linear in any text.
_RULES = {
    "bracket-emoji": ("[", re.compile(r"\[[^\[\]]++\]")),
    "parentheses": ("(（", re.compile(r"[(（][^()（）]*+[)）]")),
}

RULES = tuple(_RULES)
"""The names of the rules."""


class Cleanup:
    """Named rules that replace parts of a text by spaces, one per character.

    - `"bracket-emoji"`: a bracketed name, as micro-blogs write emoji: `[泪]`.
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


def _blank(match: re.Match[str]) -> str:
    return " " * (match.end() - match.start())
