"""`WordTokenizer`: words by white space and punctuation, or by jieba."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from attnpool._shapes import Bool, Int
from attnpool.errors import InputError, MissingLibraryError
from attnpool.files.paths import checked_path
from attnpool.sanitize import printable
from attnpool.text.code_points import chunks_of, lengths_of
from attnpool.text.special_tokens import (
    PADDING,
    PADDING_NAME,
    UNKNOWN,
    UNKNOWN_NAME,
    check_limit,
    check_vocabulary,
)
from attnpool.text.tokenizers.dictionary import Entry
from attnpool.text.tokenizers.heads import encode_heads
from attnpool.text.tokenizers.segmenter import Segmenter
from attnpool.text.tokenizers.tokenizer_file import (
    check_ids,
    parse_json,
    pre_tokenizer,
    read_text,
    word_level,
)
from attnpool.text.tokenizers.word_spans import saved_pattern, word_spans
from attnpool.text.tokens import Tokens

SEGMENTERS = ("spaces", "jieba")
_JIEBA = "jieba"  # also the key of its words in tokenizer.json
_LOWERCASE = {"type": "Lowercase"}
_REMEMBERED = 1 << 17  # words as they are typed
_LONGEST = 100  # characters of a word that is remembered
_PER_TOKEN = 16  # characters to read for a token
_UNSURE = 2  # the last tokens before a cut: of `don't` cut before its t, `don` and `'`

# The lower case of letters that not every Python knows, and of those that it reads by their
# neighbours: Hugging Face lowers each character by itself, by Unicode 17.
LOWER = {
    **str.maketrans(
        "\u03a3\u1c89\ua7cb\ua7cc\ua7ce\ua7d2\ua7d4\ua7da\ua7dc",
        "\u03c3\u1c8a\u0264\ua7cd\ua7cf\ua7d3\ua7d5\ua7db\u019b",
    ),
    **{code: code + 0x20 for code in range(0x10D50, 0x10D66)},
    **{code: code + 0x1B for code in range(0x16EA0, 0x16EB9)},
}


class WordTokenizer:
    """Words as tokens, in lower case.

    White space and punctuation separate words; a punctuation mark is a token, and in mixed texts
    so is a Han or kana character. On request so is a letter, with its vowel signs, of Thai and
    other scripts without spaces. With the segmenter `"jieba"` texts are split into Chinese words
    first; the saved `tokenizer.json` then expects texts that are already split into words
    (`encode(words, is_pretokenized=True)`), since Hugging Face has no jieba pre-tokeniser.

    Args:
        vocabulary: The id of each word; `[PAD]` has the id 0, `[UNK]` the id 1.
        segmenter: `"spaces"` or `"jieba"`.
        jieba: The segmenter itself; default: jieba as it comes.
        clusters: Whether a letter with its vowel signs is a token in scripts that have no spaces
            between words, such as Thai; otherwise a whole sentence is one.

    Raises:
        InputError: The segmenter has another name, or jieba is not installed.
    """

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        segmenter: str = "spaces",
        jieba: Segmenter | None = None,
        *,
        clusters: bool = False,
    ) -> None:
        if segmenter not in SEGMENTERS:
            raise InputError(f"segmenter is {segmenter!r}; choose one of {', '.join(SEGMENTERS)}")
        self._vocabulary = dict(vocabulary)
        self._ids = _Ids(self._vocabulary)
        self._jieba = (jieba or Segmenter()) if segmenter == "jieba" else None
        self._clusters = clusters

    @property
    def kind(self) -> str:
        """The kind by which `load_tokenizer` reads the saved form."""
        return "words" if self._jieba is None else "jieba"

    @property
    def size(self) -> int:
        """The number of ids, padding and unknown included."""
        return len(self._vocabulary)

    @property
    def words(self) -> list[str]:
        """The words of the vocabulary by id; empty for padding and unknown."""
        ordered = sorted(self._vocabulary, key=self._vocabulary.__getitem__)
        return ["", "", *ordered[UNKNOWN + 1 :]]

    @property
    def clusters(self) -> bool:
        """Whether a letter with its vowel signs is a token in scripts without spaces."""
        return self._clusters

    @property
    def added_words(self) -> int:
        """How many words are kept that a dictionary added to jieba's own."""
        return 0 if self._jieba is None else len(self._jieba.changes)

    def kept(self, ids: Bool[np.ndarray, "ids"]) -> WordTokenizer:
        """The tokeniser of some of the words, in the same order; the others are unknown to it.

        Args:
            ids: Which ids to keep; padding and unknown are kept in any case.
        """
        words = sorted(self._vocabulary, key=self._vocabulary.__getitem__)
        kept = [word for i, word in enumerate(words) if i <= UNKNOWN or ids[i]]
        vocabulary = {word: index for index, word in enumerate(kept)}
        return WordTokenizer(
            vocabulary,
            "spaces" if self._jieba is None else "jieba",
            self._jieba,
            clusters=self._clusters,
        )

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
        blank = cls.blank(segmenter, clusters=clusters, dictionary=dictionary)
        return blank.with_counts(blank.count(texts), min_frequency, max_size)

    @classmethod
    def blank(
        cls, segmenter: str, *, clusters: bool = False, dictionary: Sequence[Entry] = ()
    ) -> WordTokenizer:
        """A tokeniser without a vocabulary, to count words; its arguments are those of `train`."""
        jieba = Segmenter.current().with_words(dictionary) if segmenter == "jieba" else None
        special = {PADDING_NAME: PADDING, UNKNOWN_NAME: UNKNOWN}
        return cls(special, segmenter, jieba, clusters=clusters)

    def with_counts(
        self, counts: Mapping[str, int], min_frequency: int = 2, max_size: int | None = None
    ) -> WordTokenizer:
        """The tokeniser that splits texts in the same way, with the vocabulary of these counts.

        Args:
            counts: How often each word occurs (see `count`).
            min_frequency: How often a word must occur.
            max_size: The most ids, padding and unknown included.
        """
        check_vocabulary(min_frequency, max_size)
        special = {PADDING_NAME: PADDING, UNKNOWN_NAME: UNKNOWN}
        kept = sorted(
            (word for word, count in counts.items() if count >= min_frequency),
            key=lambda word: (-counts[word], word),
        )
        if max_size is not None:
            kept = kept[: max_size - 2]
        ids = {word: index for index, word in enumerate(kept, len(special))}
        segmenter = "spaces" if self._jieba is None else _JIEBA
        return WordTokenizer(special | ids, segmenter, self._jieba, clusters=self._clusters)

    def count(self, texts: Sequence[str]) -> Counter[str]:
        """How often each word occurs in the texts, in lower case."""
        typed = Counter[str]()
        if self._jieba is None:
            for chunk in chunks_of(texts, lengths_of(texts)):
                typed.update(self._split(chunk)[0])
        else:
            for text in texts:
                typed.update(word for word, _, _ in self._jieba(printable(text)))
        counts = Counter[str]()
        for word, count in typed.items():
            counts[_lower(word)] += count
        return counts

    def encode(self, texts: Sequence[str], limit: int | None = None) -> Tokens:
        """The tokens of the texts, and the words that the vocabulary lacks.

        Args:
            texts: Raw texts; any string will do, lone surrogates too.
            limit: The most tokens of a text.

        Raises:
            InputError: `limit` is less than 1, or jieba is not installed.
        """
        if self._jieba is None:
            return encode_heads(self._read, texts, limit, per_token=_PER_TOKEN, unsure=_UNSURE)
        check_limit(limit)
        cut = self._jieba
        return Tokens.concatenate([self._segmented(cut, text, limit) for text in texts])

    def _read(self, texts: Sequence[str]) -> Tokens:
        words, starts, ends = self._split(texts)
        lengths = lengths_of(texts)
        behind = (lengths + 1).cumsum()  # where the next text begins
        bounds = np.zeros(len(texts) + 1, dtype=np.int64)
        bounds[1:] = starts.searchsorted(behind)
        begins = (behind - lengths - 1).repeat(bounds[1:] - bounds[:-1])
        spans = np.empty((len(words), 2), dtype=np.int32)
        spans[:, 0] = starts - begins
        spans[:, 1] = ends - begins
        return self._tokens(words, bounds, spans, lengths)

    def _split(
        self, texts: Sequence[str]
    ) -> tuple[list[str], Int[np.ndarray, "words"], Int[np.ndarray, "words"]]:
        """The words as they are typed, with their offsets in all texts, one after the other."""
        text = "\n".join(texts)  # no word holds white space
        starts, ends = word_spans(text, clusters=self._clusters)
        spans = zip(starts.tolist(), ends.tolist(), strict=True)
        return [text[start:end] for start, end in spans], starts, ends

    def _segmented(self, jieba: Segmenter, text: str, limit: int | None) -> Tokens:
        # One word more than the limit shows whether the text is cut.
        segments = list(islice(jieba(printable(text)), None if limit is None else limit + 1))
        words = segments[:limit]
        return self._tokens(
            [word for word, _, _ in words],
            bounds=np.array([0, len(words)]),
            spans=np.array([span for _, *span in words], dtype=np.int64).reshape(-1, 2),
            read_until=np.array([len(text) if len(segments) == len(words) else words[-1][2]]),
        )

    def _tokens(
        self,
        words: Sequence[str],
        bounds: Int[np.ndarray, "texts_plus_1"],
        spans: Int[np.ndarray, "words 2"],
        read_until: Int[np.ndarray, "texts"],
    ) -> Tokens:
        ids = np.fromiter(map(self._ids.__getitem__, words), dtype=np.int32, count=len(words))
        unknown = [words[place] for place in np.flatnonzero(ids == UNKNOWN).tolist()]
        lowered = {word: _lower(word) for word in set(unknown)}
        return Tokens(
            ids=ids,
            bounds=bounds.astype(np.int64, copy=False),
            spans=spans.astype(np.int32),
            read_until=read_until.astype(np.int64, copy=False),
            unknown=tuple(lowered[word] for word in unknown),
        )

    def to_json(self) -> str:
        """The content of `tokenizer.json`."""
        splitter = _pre_tokenizer(self.kind, clusters=self._clusters)
        if self._jieba is not None and (changed := self._jieba.to_dict()):
            splitter[_JIEBA] = changed  # Hugging Face leaves it alone
        return word_level(self._vocabulary, _LOWERCASE, splitter)

    def save(self, path: Path) -> None:
        """Write `tokenizer.json`.

        Args:
            path: The file.
        """
        checked_path(path).write_text(self.to_json(), encoding="utf-8")

    @classmethod
    def load(cls, path: Path, segmenter: str = "spaces") -> WordTokenizer:
        """Read what `save` wrote.

        Args:
            path: The file.
            segmenter: `"spaces"` or `"jieba"`.

        Raises:
            InputError: The file is missing, damaged, or holds another kind of tokeniser; or jieba
                is not installed.
        """
        return cls.parse(read_text(path), path, segmenter)

    @classmethod
    def parse(
        cls, text: str, where: Path | str = "tokenizer.json", segmenter: str = "spaces"
    ) -> WordTokenizer:
        """The same from the content of the file.

        Args:
            text: The content.
            where: The file, for messages.
            segmenter: `"spaces"` or `"jieba"`.

        Raises:
            InputError: As for `load`.
        """
        form = parse_json(text, where)
        model, splitter = form["model"], form.get("pre_tokenizer")
        changed = splitter.pop(_JIEBA, None) if isinstance(splitter, dict) else None
        ours = [c for c in (False, True) if splitter == _pre_tokenizer(segmenter, clusters=c)]
        if (
            not ours
            or form.get("normalizer") != _LOWERCASE
            or form.get("added_tokens")
            or model.get("type") != "WordLevel"
            or not isinstance(model.get("vocab"), dict)
        ):
            raise InputError(f"{where}: not a tokeniser of words; load it as another kind")
        check_ids(model["vocab"], where)
        if segmenter != _JIEBA:
            return cls(model["vocab"], segmenter, clusters=ours[0])
        try:
            jieba = Segmenter.from_dict(changed)
        except MissingLibraryError:
            raise
        except (TypeError, KeyError, ValueError, AttributeError):
            raise InputError(
                f"{where}: jieba's words are damaged; save the tokeniser again"
            ) from None
        return cls(model["vocab"], segmenter, jieba)


class _Ids(dict[str, int]):
    """The id of each word as it is typed; what was looked up once is remembered."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        super().__init__()
        self._vocabulary = vocabulary

    def __missing__(self, word: str) -> int:
        index = self._vocabulary.get(_lower(word), UNKNOWN)
        if len(word) <= _LONGEST:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[word] = index
        return index

    def __reduce__(self) -> tuple[Any, ...]:
        return _Ids, (self._vocabulary,)


def _lower(word: str) -> str:
    if word.isascii():
        return word.lower()
    return printable(word).translate(LOWER).lower()


def _pre_tokenizer(segmenter: str, *, clusters: bool) -> dict[str, Any]:
    return pre_tokenizer([] if segmenter == _JIEBA else [saved_pattern(clusters=clusters)])
