"""A raw text without some of its tokens, as somebody would write what is left."""

from __future__ import annotations

import re

import numpy as np

from attnpool._shapes import Bool, Int
from attnpool.text.look_alikes import SPACELESS

# A byte for each character: white space, line ends, those of words, all else.
_CUT, _WORD = ord("-"), ord("w")
_LINE_ENDS = "\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"
_NO_SPACES = re.compile(
    f"[{SPACELESS}\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_AROUND = re.compile(rb"[ \n-]+")
_WHITE = re.compile(rb"[ \n]+")


class CutText:
    """A text, tokens of which can be cut out.

    A character that another token shares is cut with the last of them. Of the white space around a
    cut one piece stays, that with a line end if there is one, and none at the ends of the text.
    Words that were apart only by what was cut (`well-made`) get a space, but in scripts that have
    none. All else stays as it is: punctuation that is no token, white space elsewhere.

    Args:
        text: The raw text.
        spans: Code-point offsets `[start, end)` of each token.
    """

    def __init__(self, text: str, spans: Int[np.ndarray, "tokens 2"]) -> None:
        self._text, self._spans = text, spans
        kinds = "".join(map(_kind, text)).encode()
        self._kinds = np.frombuffer(kinds, dtype=np.uint8)

    def without(self, gone: Bool[np.ndarray, "tokens"]) -> str:
        """What is left when tokens are cut.

        Args:
            gone: Which ones.
        """
        cut = self._covered(gone) & ~self._covered(~gone)
        if not cut.any():
            return self._text
        kinds = np.where(cut, np.uint8(_CUT), self._kinds)
        left, end = [], 0
        for found in _AROUND.finditer(kinds.tobytes()):
            if _CUT in found[0]:
                left += [self._text[end : found.start()], self._between(found)]
                end = found.end()
        return "".join([*left, self._text[end:]])

    def _covered(self, chosen: Bool[np.ndarray, "tokens"]) -> Bool[np.ndarray, "characters"]:
        """Which characters lie in one of the chosen tokens."""
        size = len(self._text) + 1
        starts, ends = (np.bincount(part, minlength=size) for part in self._spans[chosen].T)
        covered: np.ndarray = np.cumsum(starts - ends)[:-1] > 0
        return covered

    def _between(self, cut: re.Match[bytes]) -> str:
        """What stands in the place of a cut and the white space around it."""
        start, end = cut.span()
        if start == 0 or end == len(self._text):
            return ""
        white = max(_WHITE.finditer(cut[0]), key=lambda piece: piece[0].count(b"\n"), default=None)
        if white:
            return self._text[start + white.start() : start + white.end()]
        of_word = self._kinds[start - 1 : end + 1] == _WORD
        return " " if of_word[0] and of_word[-1] and not of_word.all() else ""


def _kind(character: str) -> str:
    if character.isspace():
        return "\n" if character in _LINE_ENDS else " "
    return "w" if character.isalnum() and not _NO_SPACES.match(character) else "."
