"""Chinese words by jieba, which is an extra: `pip install "attnpool[words]"`."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any

from attnpool.errors import InputError

# jieba looks at a run of letters as a whole, so it is cut at marks that end such a run, and only
# where there is none within reach inside of one: time and memory stay linear in any text.
_PIECE = re.compile(r".{1,4096}(?<=[\s，。！？；：、,!?;:])|.{1,4096}", re.DOTALL)


@cache
def _jieba() -> Any:
    """A jieba tokeniser with its dictionary read.

    The dictionary is read straight from the package: jieba's own way goes through a file in the
    shared temporary folder, where anybody may have put another one, and talks about it on stderr.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # old escapes and pkg_resources, none of our affair
            import jieba
    except ImportError:
        raise InputError(
            'the tokenizer "jieba" needs jieba; install it with: pip install "attnpool[words]"'
        ) from None
    segmenter = jieba.Tokenizer()
    segmenter.FREQ, segmenter.total = segmenter.gen_pfdict(segmenter.get_dict_file())
    segmenter.initialized = True
    return segmenter


def segment(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text, each with its code-point offsets; white space gives none.

    Words come one by one: what the caller does not ask for is not segmented.

    Raises:
        InputError: jieba is not installed.
    """
    segmenter = _jieba()
    for piece in _PIECE.finditer(text):
        for word, start, end in segmenter.tokenize(piece[0]):
            if not word.isspace():
                yield word, piece.start() + start, piece.start() + end
