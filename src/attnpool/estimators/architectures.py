"""What the architectures of a matcher are made of, where the user leaves it open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attnpool.errors import InputError
from attnpool.models.embedder import TextEmbedder
from attnpool.models.label import LabelMatcher
from attnpool.models.pair import PAIR_ENCODERS, PairMatcher
from attnpool.models.triplet import TripletMatcher

ARCHITECTURES: Mapping[str, type[PairMatcher | TextEmbedder]] = {
    **dict.fromkeys(PAIR_ENCODERS, PairMatcher),
    "triplet": TripletMatcher,
    "label": LabelMatcher,
}
"""The model of each architecture."""

LONGEST: Mapping[str, int] = {"alignment": 1_000}
"""What the length limit `"auto"` is at most, where that is less than elsewhere: a matrix of the
tokens of both texts, a pair."""

# Chosen on splits of LCQMC's training rows that hold out whole topics (docs/results.md); `label` is
# the classifier's shape. Dropout of embeddings would make equal tokens of the two sides unequal:
# pairs go without.
_DEEP: Mapping[str, Any] = {
    "dim": 128, "head_dim": 128, "kernel_sizes": (2, 3, 4), "residual": True, "ngrams": (),
    "dropout": 0.3, "embedding_dropout": 0.0, "heads": 1,
}  # fmt: skip
_FLAT: Mapping[str, Any] = {
    "dim": 128, "head_dim": 128, "kernel_sizes": (), "residual": False, "ngrams": (2, 3),
    "dropout": 0.3, "embedding_dropout": 0.0, "heads": 1,
}  # fmt: skip

_SHAPES: Mapping[str, Mapping[str, Any]] = {
    "siamese": {**_DEEP, "heads": 4},
    "interaction": _DEEP,
    "alignment": {**_DEEP, "heads": 4, "dropout": 0.1},
    "triplet": {**_FLAT, "heads": 4},
    "label": {**_FLAT, "embedding_dropout": 0.2, "heads": 4},
}


def settled(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with those that are None set as the architecture wants them.

    Raises:
        InputError: There is no such architecture, or it takes no more than one head.
    """
    name = params["architecture"]
    if name not in _SHAPES:
        raise InputError(f"architecture is {name!r}; choose from {', '.join(_SHAPES)}")
    chosen = dict(params)
    if params["pooling"] != "attention":
        if name in ("interaction", "alignment"):
            raise InputError(f"architecture {name!r} pools with attention; leave pooling out")
        chosen["heads"] = params["heads"] or 1
    if name == "interaction" and (params["heads"] or 1) != 1:
        raise InputError("architecture 'interaction' has one head; leave heads out")
    shape = _SHAPES[name]
    return {k: shape[k] if v is None and k in shape else v for k, v in chosen.items()}
