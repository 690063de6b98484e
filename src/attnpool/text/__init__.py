"""Text to ids and character spans, clean-up and batches, without torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attnpool.text.batches import length_batches, pad, padding_share, shuffled_length_batches
from attnpool.text.cleanup import Cleanup
from attnpool.text.graphemes import cluster_starts, merge_spans, widen_spans
from attnpool.text.lengths import length_limit
from attnpool.text.normal_form import NormalTexts, normal_texts
from attnpool.text.tokens import Tokenizer, Tokens

if TYPE_CHECKING:
    from attnpool.text.characters import CharTokenizer
    from attnpool.text.loading import load_tokenizer, make_tokenizer
    from attnpool.text.pretrained import PretrainedTokenizer
    from attnpool.text.words import WordTokenizer

__all__ = [
    "CharTokenizer",
    "Cleanup",
    "NormalTexts",
    "PretrainedTokenizer",
    "Tokenizer",
    "Tokens",
    "WordTokenizer",
    "cluster_starts",
    "length_batches",
    "length_limit",
    "load_tokenizer",
    "make_tokenizer",
    "merge_spans",
    "normal_texts",
    "pad",
    "padding_share",
    "shuffled_length_batches",
    "widen_spans",
]

# Imported when first used: they need the library tokenizers.
_LAZY = {
    **dict.fromkeys(("load_tokenizer", "make_tokenizer"), "loading"),
    "CharTokenizer": "characters",
    "PretrainedTokenizer": "pretrained",
    "WordTokenizer": "words",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'attnpool.text' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"attnpool.text.{_LAZY[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
