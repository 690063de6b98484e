"""`PretrainedTokenizer`: any Hugging Face `tokenizer.json`, used unchanged."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from attnpool.errors import InputError, MissingLibraryError
from attnpool.files.paths import checked_path
from attnpool.sanitize import printable
from attnpool.text.special_tokens import UNKNOWN
from attnpool.text.tokenizers.heads import encode_heads
from attnpool.text.tokenizers.tokenizer_file import parse_json, read_text
from attnpool.text.tokens import Tokens

if TYPE_CHECKING:
    from tokenizers import Tokenizer

SHIFT = 2
"""Added to the file's ids, so that 0 and 1 are free for padding and unknown."""

_PER_TOKEN = 16  # characters to read for a token
_UNSURE = 2  # the last tokens before a cut, which depend on the text after it
_PROBE = "a b 房 \U0010ffff"  # the last character is unknown to any vocabulary


class PretrainedTokenizer:
    """Word pieces, byte pairs or unigrams of an existing vocabulary.

    An id here is the file's id + 2, and 1 for the file's unknown token; no special tokens are
    added. Spans are the library's. Tokens of a byte-level vocabulary may share a character, and
    the mark of a word's beginning may have an empty span.

    Args:
        text: The content of `tokenizer.json`, which `save` writes again.
        form: The same, parsed.
        library: The same, loaded, with truncation and padding switched off.
    """

    kind = "pretrained"

    def __init__(self, text: str, form: dict[str, Any], library: Tokenizer) -> None:
        self._text = text
        self._library = library
        ids = library.get_vocab(with_added_tokens=True)
        self._size = max(ids.values(), default=-1) + 1 + SHIFT
        model = form["model"]
        # Unigram models give the id of unknown, all others the token.
        unknown = model.get("unk_id")
        self._unknown: int | None = ids.get(model.get("unk_token")) if unknown is None else unknown

    @property
    def unknown(self) -> int | None:
        """The file's id of its unknown token; None if it has none."""
        return self._unknown

    @property
    def size(self) -> int:
        """The number of ids, padding and unknown included."""
        return self._size

    def encode(self, texts: Sequence[str], limit: int | None = None) -> Tokens:
        """The tokens of the texts.

        Args:
            texts: Raw texts; any string will do, lone surrogates too.
            limit: The most tokens of a text.

        Raises:
            InputError: `limit` is less than 1.
        """
        return encode_heads(
            self._read, texts, limit, per_token=_PER_TOKEN, unsure=_UNSURE, head=_head
        )

    def _read(self, texts: Sequence[str]) -> Tokens:
        # The library refuses lone surrogates; it gets U+FFFD instead.
        encodings = self._library.encode_batch(
            list(map(printable, texts)), add_special_tokens=False
        )
        bounds = np.cumsum([0, *map(len, encodings)], dtype=np.int64)
        own = chain.from_iterable(encoding.ids for encoding in encodings)
        spans = chain.from_iterable(encoding.offsets for encoding in encodings)
        ids = np.fromiter(own, dtype=np.int32, count=bounds[-1])
        unknown = None if self._unknown is None else ids == self._unknown
        ids += np.int32(SHIFT)
        if unknown is not None:
            ids[unknown] = UNKNOWN
        return Tokens(
            ids=ids,
            bounds=bounds,
            spans=np.array(list(spans), dtype=np.int32).reshape(-1, 2),
            read_until=np.array([len(text) for text in texts], dtype=np.int64),
        )

    def to_json(self) -> str:
        """The content of `tokenizer.json` as it was read; its ids are those of `encode` less 2."""
        return self._text

    def save(self, path: Path) -> None:
        """Write `tokenizer.json`.

        Args:
            path: The file.
        """
        checked_path(path).write_text(self._text, encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> PretrainedTokenizer:
        """Read a `tokenizer.json` of any origin.

        Args:
            path: The file.

        Raises:
            InputError: The file is missing, damaged, or without a vocabulary, or Hugging Face
                `tokenizers` is not installed.
        """
        return cls.parse(read_text(path), path)

    @classmethod
    def parse(cls, text: str, where: Path | str = "tokenizer.json") -> PretrainedTokenizer:
        """The same from the content of the file.

        Args:
            text: The content.
            where: The file, for messages.

        Raises:
            InputError: As for `load`.
        """
        tokenizer = cls(text, parse_json(text, where), _library(text, where))
        if tokenizer.size == SHIFT:
            raise InputError(f"{where}: the vocabulary is empty; name another tokenizer.json")
        if tokenizer.size > np.iinfo(np.int32).max:
            raise InputError(f"{where}: the ids of the vocabulary are damaged; get the file again")
        return tokenizer


def _library(text: str, where: Path | str) -> Tokenizer:
    """The tokeniser of Hugging Face, its own truncation and padding switched off."""
    try:
        from tokenizers import Tokenizer
    except ImportError:
        raise MissingLibraryError(
            f"{where}: a tokeniser of Hugging Face needs the library tokenizers; install it with: "
            'pip install "attnpool[train]"'
        ) from None
    try:
        library = Tokenizer.from_str(text)
        library.no_truncation()
        library.no_padding()
        library.encode(_PROBE)  # some damage shows only here
    # For some broken files the library raises a Rust panic, which is no Exception.
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        reason = " ".join(str(error).split())[:200]
        raise InputError(f"{where}: not a tokeniser ({reason}); save the tokeniser again") from None
    return library


def _head(text: str, size: int) -> str:
    """The text up to a space or line end before `size`; no word extends across it."""
    if len(text) <= size:
        return text
    end = max(text.rfind(" ", 0, size), text.rfind("\n", 0, size))
    return text[:end].rstrip() if end > 0 else text
