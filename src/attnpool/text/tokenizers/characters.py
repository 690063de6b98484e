"""`CharTokenizer`: one token per character, by one look-up in a table over code points."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from attnpool._shapes import Int
from attnpool.errors import InputError
from attnpool.text.code_points import chunks_of, code_points, lengths_of
from attnpool.text.folding import WHITE_SPACE, variants
from attnpool.text.special_tokens import (
    PADDING,
    PADDING_NAME,
    UNKNOWN,
    UNKNOWN_NAME,
    check_limit,
    check_vocabulary,
)
from attnpool.text.tokenizers.tokenizer_file import check_ids, read_json
from attnpool.text.tokens import Tokens

_CODE_POINTS = 0x110000


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
        check_vocabulary(min_frequency, max_size)
        counts = np.zeros(_CODE_POINTS, dtype=np.int64)
        for chunk in chunks_of(texts, lengths_of(texts)):
            seen = np.bincount(code_points(chunk))
            counts[: len(seen)] += seen
        counts[0xD800:0xE000] = 0  # lone surrogates: no file could carry them
        codes, folded = variants()
        np.add.at(counts, folded, counts[codes])
        counts[codes] = 0
        counts[list(WHITE_SPACE)] = 0
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
        check_limit(limit)
        lengths = lengths_of(texts)
        # One token more than the limit distinguishes a text that is cut from one that ends there.
        window = None if limit is None else 2 * limit + 64
        chunks = chunks_of(texts, lengths if window is None else np.minimum(lengths, window))
        return Tokens.concatenate([self._encode(chunk, limit, window) for chunk in chunks])

    def _encode(self, texts: Sequence[str], limit: int | None, window: int | None) -> Tokens:
        lengths = lengths_of(texts)
        if limit is None or window is None or lengths.max() <= window:
            return self._cut(self._read(texts), lengths, limit)
        heads = [text[:window] for text in texts]
        tokens = self._read(heads)
        # Rare: so much white space that the window did not hold enough tokens.
        too_short = np.flatnonzero((tokens.lengths <= limit) & (lengths > window))
        if len(too_short):
            for row in too_short.tolist():
                heads[row] = texts[row]
            tokens = self._read(heads)
        return self._cut(tokens, lengths, limit)

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

    @staticmethod
    def _cut(tokens: Tokens, lengths: Int[np.ndarray, "texts"], limit: int | None) -> Tokens:
        counts = tokens.lengths
        if limit is None or not (counts > limit).any():
            return Tokens(tokens.ids, tokens.bounds, tokens.spans, lengths)
        ranks = np.arange(len(tokens.ids)) - np.repeat(tokens.bounds[:-1], counts)
        kept = ranks < limit
        ids, spans = tokens.ids[kept], tokens.spans[kept]
        bounds = np.concatenate([[0], np.cumsum(np.minimum(counts, limit))])
        read_until = lengths.copy()
        cut = counts > limit
        read_until[cut] = spans[bounds[1:][cut] - 1, 1]
        return Tokens(ids, bounds, spans, read_until)

    def save(self, path: Path) -> None:
        """Write `tokenizer.json`: a word-level model over single characters.

        Variants of a character are further entries of the vocabulary with the same id.
        """
        split = {"type": "Split", "pattern": {"Regex": r"[\s\S]"}, "behavior": "Isolated"}
        form: dict[str, Any] = {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": [],
            "normalizer": None,
            "pre_tokenizer": {
                "type": "Sequence",
                "pretokenizers": [{"type": "WhitespaceSplit"}, split | {"invert": False}],
            },
            "post_processor": None,
            "decoder": None,
            "model": {
                "type": "WordLevel",
                "vocab": {PADDING_NAME: PADDING, UNKNOWN_NAME: UNKNOWN, **self._vocabulary},
                "unk_token": UNKNOWN_NAME,
            },
        }
        Path(path).write_text(json.dumps(form, ensure_ascii=False, indent=2), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> CharTokenizer:
        """Read what `save` wrote.

        Raises:
            InputError: The file is missing, damaged, or holds another kind of tokeniser.
        """
        model = read_json(path)[1]["model"]
        vocabulary = model.get("vocab")
        if model.get("type") != "WordLevel" or not isinstance(vocabulary, dict):
            raise InputError(f"{path}: not a tokeniser of characters; load it as another kind")
        check_ids(vocabulary, path)
        characters = {key: i for key, i in vocabulary.items() if i not in (PADDING, UNKNOWN)}
        if any(len(key) != 1 for key in characters):
            raise InputError(f"{path}: holds words, not single characters; load it as 'words'")
        return cls(characters)
