"""A tokeniser by its name: trained on texts, or read from its file."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from attnpool.errors import InputError
from attnpool.files.paths import checked_path
from attnpool.text.look_alikes import SPACELESS
from attnpool.text.tokenizers.characters import CharTokenizer
from attnpool.text.tokenizers.dictionary import read_dictionary
from attnpool.text.tokenizers.learning import Given, LearnedCharacters, LearnedWords, Learner
from attnpool.text.tokenizers.pretrained import PretrainedTokenizer
from attnpool.text.tokenizers.tokenizer_file import read_text
from attnpool.text.tokenizers.words import WordTokenizer
from attnpool.text.tokens import Tokenizer

KINDS = ("auto", "characters", "words", "jieba")

# Han, kana and Hangul: blocks by their bounds in Unicode's Blocks.txt.
_CJK = re.compile(
    "[\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc"
    "\U00020000-\U0003ffff]"
)
_RUN = re.compile(rf"(?:(?![{SPACELESS}])[^\W\d_])+")
_SAMPLE_TEXTS, _SAMPLE_CHARACTERS = 1000, 200
_LONG_WORDS = 20  # letters; no language with spaces comes near that on average

_PARSERS: dict[str, Callable[[str, Path | str], Tokenizer]] = {
    "characters": CharTokenizer.parse,
    "words": WordTokenizer.parse,
    "jieba": partial(WordTokenizer.parse, segmenter="jieba"),
    "pretrained": PretrainedTokenizer.parse,
}


def make_tokenizer(
    kind: str,
    texts: Sequence[str],
    min_frequency: int = 2,
    max_size: int | None = None,
    dictionary: Iterable[str] | str | os.PathLike[str] | None = None,
) -> Tokenizer:
    """Train a tokeniser on texts.

    Args:
        kind: `"characters"`; `"words"`; `"jieba"`, Chinese words; `"auto"`, characters where most
            letters are Chinese, Japanese or Korean, and words elsewhere, in which a letter of a
            script without spaces (Thai, Lao, Khmer, Burmese …), with its vowel signs, is a token
            too; or the path of a Hugging Face `tokenizer.json`, which is used unchanged.
        texts: The texts that the vocabulary is taken from.
        min_frequency: How often a token must occur.
        max_size: The most ids, padding and unknown included.
        dictionary: Words that jieba must know, or the path of a file of them, one
            `word [frequency] [tag]` a line. With it, `"auto"` is `"jieba"`. Words that this
            process added to jieba itself are taken over in any case.

    Raises:
        InputError: The kind is unknown, an option out of range, a file damaged, or jieba not
            installed; or there is a dictionary for another tokeniser than jieba.
    """
    learner = begin_tokenizer(kind, texts, dictionary)
    learner.add(texts)
    return learner.tokenizer(min_frequency, max_size)


def begin_tokenizer(
    kind: str,
    sample: Sequence[str],
    dictionary: Iterable[str] | str | os.PathLike[str] | None = None,
    most: int | None = None,
) -> Learner:
    """What counts the tokens of texts that come some at a time, and makes the tokeniser of them.

    Args:
        kind: As of `make_tokenizer`.
        sample: Some of the texts, by which `"auto"` chooses; none is counted here.
        dictionary: As of `make_tokenizer`.
        most: How many words are remembered; None: all.

    Raises:
        InputError: As of `make_tokenizer`.
    """
    entries = [] if dictionary is None else read_dictionary(dictionary)
    if entries and kind == "auto":
        kind = "jieba"
    if entries and kind != "jieba":
        raise InputError(f'dictionary is for the tokenizer "jieba", not {kind!r}; leave one out')
    if kind == "auto":
        if not mostly_cjk(sample) and not without_spaces(sample):
            return LearnedWords(WordTokenizer.blank("spaces", clusters=True), most)
        kind = "characters"
    if kind == "characters":
        return LearnedCharacters()
    if kind == "words":
        return LearnedWords(WordTokenizer.blank("spaces"), most)
    if kind == "jieba":
        return LearnedWords(WordTokenizer.blank("jieba", dictionary=entries), most)
    place = checked_path(kind, "tokenizer") if kind else Path()
    if place.suffix.lower() == ".json" or place.is_file():
        return Given(PretrainedTokenizer.load(place))
    raise InputError(
        f"tokenizer is {kind!r}; choose one of {', '.join(KINDS)}, or name a tokenizer.json"
    )


def load_tokenizer(path: Path, kind: str) -> Tokenizer:
    """Read a saved tokeniser.

    Args:
        path: The `tokenizer.json`.
        kind: The `Tokenizer.kind` of the saved tokeniser.

    Raises:
        InputError: The kind is unknown, the file missing, damaged or of another kind, or a library
            that it needs not installed.
    """
    parse = _parser(kind, path)
    return parse(read_text(path), path)


def parse_tokenizer(text: str, kind: str, where: Path | str = "tokenizer.json") -> Tokenizer:
    """The tokeniser whose `to_json` gave a text.

    Args:
        text: The content of a `tokenizer.json`.
        kind: The `Tokenizer.kind` of the tokeniser.
        where: The file that holds the text, for messages.

    Raises:
        InputError: As for `load_tokenizer`.
    """
    return _parser(kind, where)(text, where)


def _parser(kind: str, where: Path | str) -> Callable[[str, Path | str], Tokenizer]:
    if kind not in _PARSERS:
        raise InputError(
            f"{where}: tokenizer kind is {kind!r}; this version knows characters, words, jieba and "
            "pretrained"
        )
    return _PARSERS[kind]


def mostly_cjk(texts: Sequence[str]) -> bool:
    """Whether most letters of a sample of the texts are Han, kana or Hangul.

    The sample is taken at regular intervals, and is the same for the same texts.
    """
    sample = _sample(texts)
    letters = sum(map(str.isalpha, sample))
    return 2 * len(_CJK.findall(sample)) > letters


def without_spaces(texts: Sequence[str]) -> bool:
    """Whether words of a sample of the texts are too long for words, in whatever script.

    Letters that are tokens by themselves (Han, Thai …) do not count.
    """
    words = _RUN.findall(_sample(texts))
    return sum(map(len, words)) > _LONG_WORDS * len(words)


def _sample(texts: Sequence[str]) -> str:
    step = max(1, len(texts) // _SAMPLE_TEXTS)
    return "\n".join(text[:_SAMPLE_CHARACTERS] for text in texts[::step])
