"""`CharTokenizer`: one token per character, by one look-up in a table over code points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from attnpool._shapes import Bool, Int
from attnpool.errors import InputError
from attnpool.files.paths import checked_path
from attnpool.text.code_points import chunks_of, code_points, lengths_of
from attnpool.text.folding import WHITE_SPACE, variants
from attnpool.text.special_tokens import (
    PADDING,
    PADDING_NAME,
    UNKNOWN,
    UNKNOWN_NAME,
    check_vocabulary,
)
from attnpool.text.tokenizers.heads import encode_heads
from attnpool.text.tokenizers.tokenizer_file import (
    check_ids,
    parse_json,
    pre_tokenizer,
    read_text,
    word_level,
)
from attnpool.text.tokens import Tokens

_CODE_POINTS = 0x110000
_PER_TOKEN = 2  # characters to read for a token: there is white space too


class CharTokenizer:
    """Characters as tokens.

    White space gives no token. Letters of either case share an id, and so do characters that look
    the same, such as full-width and half-width ones; spans are offsets in the raw text. Texts are
    concatenated, and numpy looks up their UTF-32 code points in a table.

    Args:
        vocabulary: The id of each known character, from 2 on; variants of a character (its upper
            case) have the same id.

    Example:
        >>> tokenizer = CharTokenizer.train(["房间很好", "房间不好"])
        >>> tokenizer.encode(["好 房子"]).ids
        array([2, 3, 1], dtype=int32)
    """

    kind = "characters"

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._vocabulary = dict(vocabulary)
        codes = [ord(character) for character in self._vocabulary]
        # The last entry is used for every code point beyond the table (mode="clip" below).
        self._table = np.full(max(max(WHITE_SPACE), *codes, 0) + 2, UNKNOWN, dtype=np.int32)
        self._table[codes] = list(self._vocabulary.values())
        self._table[list(WHITE_SPACE)] = PADDING  # marks what gives no token

    @property
    def size(self) -> int:
        """The number of ids, padding and unknown included."""
        return int(self._table.max()) + 1

    @property
    def vocabulary(self) -> dict[str, int]:
        """The id of each known character and of its variants."""
        return dict(self._vocabulary)

    def kept(self, ids: Bool[np.ndarray, "ids"]) -> CharTokenizer:
        """The tokeniser of some of the characters; the others are unknown to it.

        Args:
            ids: Which ids to keep; padding and unknown are kept in any case.
        """
        known = np.asarray(ids).copy()
        known[: UNKNOWN + 1] = True
        numbers = np.cumsum(known) - 1
        vocabulary = self._vocabulary.items()
        return CharTokenizer({key: int(numbers[i]) for key, i in vocabulary if known[i]})

    @classmethod
    def train(
        cls, texts: Sequence[str], min_frequency: int = 2, max_size: int | None = None
    ) -> CharTokenizer:
        """Take the vocabulary from texts, the most frequent character first.

        Args:
            texts: The texts to count.
            min_frequency: How often a character, all its variants together, must occur.
            max_size: The most ids, padding and unknown included.

        Raises:
            InputError: An option is out of range.
        """
        return cls.of_counts(count_characters(texts), min_frequency, max_size)

    @classmethod
    def of_counts(
        cls,
        counts: Int[np.ndarray, "code_points"],
        min_frequency: int = 2,
        max_size: int | None = None,
    ) -> CharTokenizer:
        """The same from counts of characters.

        Args:
            counts: How often each character occurs (see `count_characters`).
            min_frequency: How often a character, all its variants together, must occur.
            max_size: The most ids, padding and unknown included.

        Raises:
            InputError: An option is out of range.
        """
        check_vocabulary(min_frequency, max_size)
        codes, folded = variants()
        kept = np.flatnonzero(counts >= min_frequency)
        kept = kept[np.argsort(-counts[kept], kind="stable")]
        if max_size is not None:
            kept = kept[: max_size - 2]
        ids = {int(code): index for index, code in enumerate(kept, start=2)}
        others = {
            chr(code): ids[to]
            for code, to in zip(codes.tolist(), folded.tolist(), strict=True)
            if to in ids
        }
        return cls({chr(code): index for code, index in ids.items()} | others)

    def encode(self, texts: Sequence[str], limit: int | None = None) -> Tokens:
        """The tokens of the texts.

        Args:
            texts: Raw texts; any string will do, lone surrogates too.
            limit: The most tokens of a text. Of the rest only the beginning is read.

        Raises:
            InputError: `limit` is less than 1.
        """
        return encode_heads(self._read, texts, limit, per_token=_PER_TOKEN)

    def _read(self, texts: Sequence[str]) -> Tokens:
        lengths = lengths_of(texts)
        ends = np.cumsum(lengths)
        raw = self._table.take(code_points(texts), mode="clip")
        places = np.flatnonzero(raw)
        bounds = np.concatenate([[0], np.searchsorted(places, ends)])
        spans = np.empty((len(places), 2), dtype=np.int32)
        spans[:, 0] = places - np.repeat(ends - lengths, np.diff(bounds))
        spans[:, 1] = spans[:, 0] + 1
        return Tokens(raw[places], bounds, spans, lengths)

    def to_json(self) -> str:
        """The content of `tokenizer.json`: a word-level model over single characters.

        Variants of a character are further entries of the vocabulary with the same id.
        """
        ids = {PADDING_NAME: PADDING, UNKNOWN_NAME: UNKNOWN, **self._vocabulary}
        return word_level(ids, None, pre_tokenizer([r"[\s\S]"]))

    def save(self, path: Path) -> None:
        """Write `tokenizer.json`.

        Args:
            path: The file.
        """
        checked_path(path).write_text(self.to_json(), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> CharTokenizer:
        """Read what `save` wrote.

        Args:
            path: The file.

        Raises:
            InputError: The file is missing, damaged, or holds another kind of tokeniser.
        """
        return cls.parse(read_text(path), path)

    @classmethod
    def parse(cls, text: str, where: Path | str = "tokenizer.json") -> CharTokenizer:
        """The same from the content of the file.

        Args:
            text: The content.
            where: The file, for messages.

        Raises:
            InputError: As for `load`.
        """
        model = parse_json(text, where)["model"]
        vocabulary = model.get("vocab")
        if model.get("type") != "WordLevel" or not isinstance(vocabulary, dict):
            raise InputError(f"{where}: not a tokeniser of characters; load it as another kind")
        check_ids(vocabulary, where)
        characters = {key: i for key, i in vocabulary.items() if i not in (PADDING, UNKNOWN)}
        if any(len(key) != 1 for key in characters):
            raise InputError(f"{where}: holds words, not single characters; load it as 'words'")
        return cls(characters)


def count_characters(texts: Sequence[str]) -> Int[np.ndarray, "code_points"]:
    """How often each character occurs, by code point; all variants together, no white space."""
    counts = np.zeros(_CODE_POINTS, dtype=np.int64)
    for chunk in chunks_of(texts, lengths_of(texts)):
        seen = np.bincount(code_points(chunk))
        counts[: len(seen)] += seen
    counts[0xD800:0xE000] = 0  # lone surrogates: no file could carry them
    codes, folded = variants()
    np.add.at(counts, folded, counts[codes])
    counts[codes] = 0
    counts[list(WHITE_SPACE)] = 0
    return counts
