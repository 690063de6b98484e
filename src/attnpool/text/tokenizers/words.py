"""`WordTokenizer`: words by white space and punctuation, or by jieba."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
from tokenizers import Regex, Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Sequence as Chain
from tokenizers.pre_tokenizers import Split, WhitespaceSplit

from attnpool.errors import InputError
from attnpool.sanitize import printable
from attnpool.text.look_alikes import SPACELESS
from attnpool.text.special_tokens import (
    PADDING,
    PADDING_NAME,
    UNKNOWN,
    UNKNOWN_NAME,
    check_limit,
    check_vocabulary,
)
from attnpool.text.tokenizers.dictionary import Entry
from attnpool.text.tokenizers.ragged import encode_ragged
from attnpool.text.tokenizers.segmenter import Segmenter
from attnpool.text.tokenizers.tokenizer_file import check_ids, read_library
from attnpool.text.tokens import Tokens

SEGMENTERS = ("spaces", "jieba")
_JIEBA = "jieba"  # the key of its words in tokenizer.json

# A Han or kana character; a word, with its inner apostrophes (don't); any other single sign.
_CJK = r"\p{Han}\p{Hiragana}\p{Katakana}"
_WORD = rf"[{_CJK}]|" r"[\w&&[^{alone}]]+(?:['’][\w&&[^{alone}]]+)*|[^\w\s]"
_SPACELESS = "".join(c if c == "-" else rf"\x{{{ord(c):04x}}}" for c in SPACELESS)
# A letter with all its vowel signs, where words have no spaces between them.
_CLUSTER = rf"(?=[{_SPACELESS}])\X\p{{M}}*"


class WordTokenizer:
    """Words as tokens, in lower case, on a Hugging Face word-level tokeniser.

    White space and punctuation separate words; a punctuation mark is a token, and in mixed texts
    so is a Han or kana character. On request so is a letter, with its vowel signs, of Thai and
    other scripts without spaces. With the segmenter `"jieba"` texts are split into Chinese words
    first; the saved `tokenizer.json` then expects texts that are already split into words
    (`encode(words, is_pretokenized=True)`), since Hugging Face has no jieba pre-tokeniser.

    Args:
        library: The tokeniser; its ids 0 and 1 are padding and unknown.
        segmenter: `"spaces"` or `"jieba"`.
        jieba: The segmenter itself; default: jieba as it comes.

    Raises:
        InputError: The segmenter has another name, or jieba is not installed.
    """

    def __init__(
        self, library: Tokenizer, segmenter: str = "spaces", jieba: Segmenter | None = None
    ) -> None:
        if segmenter not in SEGMENTERS:
            raise InputError(f"segmenter is {segmenter!r}; choose one of {', '.join(SEGMENTERS)}")
        self._library = library
        self._jieba = (jieba or Segmenter()) if segmenter == "jieba" else None
        self._ids: dict[str, int] = library.get_vocab(with_added_tokens=False)

    @property
    def kind(self) -> str:
        """The kind by which `load_tokenizer` reads the saved form."""
        return "words" if self._jieba is None else "jieba"

    @property
    def size(self) -> int:
        """The number of ids, padding and unknown included."""
        return len(self._ids)

    @property
    def words(self) -> list[str]:
        """The words of the vocabulary by id; empty for padding and unknown."""
        ordered = sorted(self._ids, key=self._ids.__getitem__)
        return ["", "", *ordered[UNKNOWN + 1 :]]

    @classmethod
    def train(
        cls,
        texts: Sequence[str],
        min_frequency: int = 2,
        max_size: int | None = None,
        segmenter: str = "spaces",
        *,
        clusters: bool = False,
        dictionary: Sequence[Entry] = (),
    ) -> WordTokenizer:
        """Take the vocabulary from texts, the most frequent word first, then by code point.

        Args:
            texts: The texts to count.
            min_frequency: How often a word must occur.
            max_size: The most ids, padding and unknown included.
            segmenter: `"spaces"` or `"jieba"`.
            clusters: Whether a letter with its vowel signs is a token in scripts that have no
                spaces between words, such as Thai; otherwise a whole sentence is one.
            dictionary: Words for jieba with their frequencies, besides those that this process
                added to jieba itself. All of them are saved with the tokeniser.

        Raises:
            InputError: An option is out of range, or jieba is not installed.
        """
        check_vocabulary(min_frequency, max_size)
        jieba = Segmenter.current().with_words(dictionary) if segmenter == "jieba" else None
        split = "" if jieba else _pattern(clusters=clusters)
        blank = _library(split, {PADDING_NAME: PADDING, UNKNOWN_NAME: UNKNOWN})
        tokenizer = cls(blank, segmenter, jieba)
        counts = Counter[str]()
        for text in texts:
            counts.update(tokenizer._words(printable(text)))
        kept = sorted(
            (word for word, count in counts.items() if count >= min_frequency),
            key=lambda word: (-counts[word], word),
        )
        if max_size is not None:
            kept = kept[: max_size - 2]
        ids = {name: index for index, name in enumerate([PADDING_NAME, UNKNOWN_NAME, *kept])}
        return cls(_library(split, ids), segmenter, jieba)

    def encode(self, texts: Sequence[str], limit: int | None = None) -> Tokens:
        """The tokens of the texts, and the words that the vocabulary lacks.

        Args:
            texts: Raw texts; any string will do, lone surrogates too.
            limit: The most tokens of a text.

        Raises:
            InputError: `limit` is less than 1, or jieba is not installed.
        """
        if self._jieba is None:
            tokens = encode_ragged(self._library, texts, limit, head=lambda text, size: text[:size])
        else:
            check_limit(limit)
            cut = self._jieba
            tokens = Tokens.concatenate([self._segmented(cut, text, limit) for text in texts])
        return replace(tokens, unknown=_unknown(tokens, texts))

    def _segmented(self, jieba: Segmenter, text: str, limit: int | None) -> Tokens:
        # One word more than the limit shows whether the text is cut.
        segments = list(islice(jieba(printable(text)), None if limit is None else limit + 1))
        words = segments[:limit]
        return Tokens(
            ids=np.array([self._id(word) for word, _, _ in words], dtype=np.int32),
            bounds=np.array([0, len(words)], dtype=np.int64),
            spans=np.array([span for _, *span in words], dtype=np.int32).reshape(-1, 2),
            read_until=np.array([len(text) if len(segments) == len(words) else words[-1][2]]),
        )

    def _id(self, word: str) -> int:
        known = self._ids.get(word)
        return self._ids.get(_lower(word), UNKNOWN) if known is None else known

    def _words(self, text: str) -> list[str]:
        if self._jieba is not None:
            return [_lower(word) for word, _, _ in self._jieba(text)]
        splitter = self._library.pre_tokenizer
        return [word for word, _ in splitter.pre_tokenize_str(_lower(text))]

    def save(self, path: Path) -> None:
        """Write `tokenizer.json`.

        Args:
            path: The file.
        """
        text = self._library.to_str(pretty=True)
        if self._jieba is not None and (changed := self._jieba.to_dict()):
            form = json.loads(text)
            form["pre_tokenizer"][_JIEBA] = changed  # the library leaves it alone
            text = json.dumps(form, ensure_ascii=False, indent=2)
        Path(path).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, path: Path, segmenter: str = "spaces") -> WordTokenizer:
        """Read what `save` wrote.

        Raises:
            InputError: The file is missing, damaged, or holds another kind of tokeniser.
        """
        _, form, library = read_library(path)
        if form["model"].get("type") != "WordLevel" or library.get_added_tokens_decoder():
            raise InputError(f"{path}: not a tokeniser of words; load it as another kind")
        check_ids(form["model"]["vocab"], path)
        if segmenter != "jieba":
            return cls(library, segmenter)
        try:
            jieba = Segmenter.from_dict((form.get("pre_tokenizer") or {}).get(_JIEBA))
        except (TypeError, KeyError, ValueError, AttributeError):
            raise InputError(
                f"{path}: jieba's words are damaged; save the tokeniser again"
            ) from None
        return cls(library, segmenter, jieba)


def _unknown(tokens: Tokens, texts: Sequence[str]) -> tuple[str, ...]:
    """The words of the tokens with id 1, in lower case."""
    places = np.flatnonzero(tokens.ids == UNKNOWN)
    rows = np.searchsorted(tokens.bounds, places, side="right") - 1
    lowered: dict[str, str] = {}
    words = []
    for row, (start, end) in zip(rows.tolist(), tokens.spans[places].tolist(), strict=True):
        word = texts[row][start:end]
        if word not in lowered:
            lowered[word] = _lower(printable(word))
        words.append(lowered[word])
    return tuple(words)


def _lower(text: str) -> str:
    # The library's lower case works per character; Python's depends on neighbouring characters.
    lower: str = Lowercase().normalize_str(text)
    return lower


def _pattern(*, clusters: bool) -> str:
    alone = _CJK + _SPACELESS if clusters else _CJK
    return _WORD.replace("{alone}", alone) + f"|{_CLUSTER}" * clusters


def _library(split: str, ids: dict[str, int]) -> Tokenizer:
    library = Tokenizer(WordLevel(ids, unk_token=UNKNOWN_NAME))
    library.normalizer = Lowercase()
    words = [Split(Regex(split), "isolated")] if split else []
    library.pre_tokenizer = Chain([WhitespaceSplit(), *words])
    return library
