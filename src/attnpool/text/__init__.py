"""Text to ids and character spans, clean-up and batches, without torch."""

from __future__ import annotations

from attnpool.text.batches import length_batches, pad, padding_share, shuffled_length_batches
from attnpool.text.cleanup import Cleanup
from attnpool.text.graphemes import cluster_starts, merge_spans, widen_spans
from attnpool.text.lengths import length_limit
from attnpool.text.normal_form import NormalTexts, normal_texts
from attnpool.text.tokenizers.characters import CharTokenizer
from attnpool.text.tokenizers.loading import load_tokenizer, make_tokenizer
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
    "shuffled_length_batches",
    "widen_spans",
]
