"""Text to ids and character spans, clean-up and batches, without torch.

Characters and words need numpy and `regex` alone, jieba's words the extra `words`, a tokeniser of
Hugging Face its library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from attnpool.text.batches import length_batches, pad, padding_share, shuffled_length_batches
    from attnpool.text.cleanup import Cleanup
    from attnpool.text.graphemes import cluster_starts, merge_spans, widen_spans
    from attnpool.text.lengths import length_limit
    from attnpool.text.normal_form import NormalTexts, normal_texts
    from attnpool.text.tokenizers.characters import CharTokenizer
    from attnpool.text.tokenizers.loading import load_tokenizer, make_tokenizer, parse_tokenizer
    from attnpool.text.tokenizers.pretrained import PretrainedTokenizer
    from attnpool.text.tokenizers.words import WordTokenizer
    from attnpool.text.tokens import Tokenizer, Tokens

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
    "parse_tokenizer",
    "shuffled_length_batches",
    "widen_spans",
]

# Imported when first used: whoever needs one part does not wait for all.
_LAZY = {
    "CharTokenizer": "tokenizers.characters",
    "Cleanup": "cleanup",
    "PretrainedTokenizer": "tokenizers.pretrained",
    "WordTokenizer": "tokenizers.words",
    "length_limit": "lengths",
    **dict.fromkeys(("NormalTexts", "normal_texts"), "normal_form"),
    **dict.fromkeys(("Tokenizer", "Tokens"), "tokens"),
    **dict.fromkeys(("cluster_starts", "merge_spans", "widen_spans"), "graphemes"),
    **dict.fromkeys(("load_tokenizer", "make_tokenizer", "parse_tokenizer"), "tokenizers.loading"),
    **dict.fromkeys(
        ("length_batches", "pad", "padding_share", "shuffled_length_batches"), "batches"
    ),
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'attnpool.text' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"attnpool.text.{_LAZY[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
