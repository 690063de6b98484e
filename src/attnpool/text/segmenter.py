"""Chinese words by jieba, an extra: `pip install "attnpool[words]"`."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any

from attnpool.errors import InputError

# jieba processes a run of letters as a whole. Texts are cut at marks that end such a run, and
# inside a run only if it is too long, so time and memory are linear in any text.
_PIECE = re.compile(r".{1,4096}(?<=[\s，。！？；：、,!?;:])|.{1,4096}", re.DOTALL)


@cache
def _jieba() -> Any:
    """A jieba tokeniser with its dictionary read.

    The dictionary is read from the package: jieba itself reads a file in the shared temporary
    folder, where anybody could have put another one, and writes messages to stderr.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # old escapes and pkg_resources in jieba
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

    Words are yielded one by one: the rest is not segmented until the caller needs it.

    Args:
        text: The text.

    Raises:
        InputError: jieba is not installed.
    """
    segmenter = _jieba()
    for piece in _PIECE.finditer(text):
        for word, start, end in segmenter.tokenize(piece[0]):
            if not word.isspace():
                yield word, piece.start() + start, piece.start() + end
