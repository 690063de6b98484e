"""The models whose attention is compared: what is passed to `TextClassifier` beside the seed."""

from __future__ import annotations

from typing import Any

DEFAULT = "default"

VARIANTS: dict[str, dict[str, Any]] = {
    DEFAULT: {},
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
