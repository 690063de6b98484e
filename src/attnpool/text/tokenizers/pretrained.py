"""`PretrainedTokenizer`: any Hugging Face `tokenizer.json`, used unchanged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from attnpool.errors import InputError
from attnpool.text.special_tokens import UNKNOWN
from attnpool.text.tokenizers.ragged import encode_ragged
from attnpool.text.tokenizers.tokenizer_file import read_library
from attnpool.text.tokens import Tokens

SHIFT = 2
"""Added to the file's ids, so that 0 and 1 are free for padding and unknown."""


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
        own = encode_ragged(self._library, texts, limit, head=_head)
        ids = own.ids + np.int32(SHIFT)
        if self._unknown is not None:
            ids[own.ids == self._unknown] = UNKNOWN
        return Tokens(ids, own.bounds, own.spans, own.read_until)

    def save(self, path: Path) -> None:
        """Write `tokenizer.json` as it was read; its ids are those of `encode` less 2.

        Args:
            path: The file.
        """
        Path(path).write_text(self._text, encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> PretrainedTokenizer:
        """Read a `tokenizer.json` of any origin.

        Args:
            path: The file.

        Raises:
            InputError: The file is missing, damaged, or without a vocabulary.
        """
        tokenizer = cls(*read_library(path))
        if tokenizer.size == SHIFT:
            raise InputError(f"{path}: the vocabulary is empty; name another tokenizer.json")
        if tokenizer.size > np.iinfo(np.int32).max:
            raise InputError(f"{path}: the ids of the vocabulary are damaged; get the file again")
        return tokenizer


def _head(text: str, size: int) -> str:
    """The text up to a space or line end before `size`; no word extends across it."""
    if len(text) <= size:
        return text
    end = max(text.rfind(" ", 0, size), text.rfind("\n", 0, size))
    return text[:end].rstrip() if end > 0 else text
