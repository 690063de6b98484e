"""The models whose attention is compared: what is passed to `TextClassifier` beside the seed."""

from __future__ import annotations

from typing import Any

DEFAULT = "default"

# What a setting does to attention is seen where nothing else answers.
_OF_ATTENTION: dict[str, dict[str, Any]] = {
    "attention alone, linear=False": {},
    "random-mask training": {"mask_training": True},
    "token vectors of equal length": {"equal_length": True},
    "attention towards what speaks for the class": {"attention_target": 0.5},
    "one head": {"heads": 1},
    "head-diversity penalty": {"head_diversity": 0.02},
    "sparsemax": {"normalizer": "sparsemax"},
    "entmax15": {"normalizer": "entmax15"},
    "single tokens, no n-grams": {"ngrams": ()},
    "a convolution of width 3": {"kernel_sizes": (3,)},
    "faithful=True": {"faithful": True},
}
VARIANTS: dict[str, dict[str, Any]] = {
    DEFAULT: {},
    **{name: {"linear": False, **asked} for name, asked in _OF_ATTENTION.items()},
}
