"""What a classifier is trained to make small."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, SupportsInt

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from attnpool.data.balance import class_weights
from attnpool.errors import InputError
from attnpool.models.classifier import Classifier
from attnpool.models.mask_training import random_mask
from attnpool.models.penalties import class_evidence, evidence_gap, head_similarity
from attnpool.models.tensors import TensorBatches
from attnpool.text import Tokens

HEADS = 4

FAITHFUL: Mapping[str, Any] = {
    "pooling": "mean_query",
    "mask_training": False,
    "equal_length": False,
    "attention_target": 1.0,
    "head_diversity": 0.0,
}
"""What `TextClassifier(faithful=True)` chooses; docs/trust.md has the measurements."""


def head_count(heads: SupportsInt | None, pooling: str) -> int:
    """How many heads a classifier has: as many as asked for, else 4 of attention; others have 1."""
    if heads is None:
        return HEADS if pooling == "attention" else 1
    return int(heads)


def classification_loss(
    model: Classifier,
    tokens: Tokens,
    y: np.ndarray,
    *,
    weight: Mapping[int, float] | None,
    label_smoothing: float,
    options: Mapping[str, Any],
) -> Callable[[np.ndarray], Tensor]:
    """The mean cross-entropy of the rows with these numbers, and what is asked of attention.

    Args:
        model: The classifier.
        tokens: The training texts.
        y: Their classes.
        weight: How much each class counts; all the same unless given.
        label_smoothing: The probability spread over all classes in the target.
        options: A value for each key of `FAITHFUL`.
    """
    device = model.head.weight.device
    inputs = TensorBatches(model.encoder, tokens)
    by_class = None
    if weight is not None:
        weights = [weight[i] for i in range(model.config.classes)]
        by_class = torch.tensor(weights, dtype=torch.float32, device=device)

    def loss(rows: np.ndarray) -> Tensor:
        ids, mask, unknown = inputs(rows)
        if options["mask_training"]:
            mask = random_mask(mask)
        vectors = model.encoder(ids, mask, unknown)
        logits, looked, _ = model.answer(vectors, mask)
        truth = torch.from_numpy(y[rows]).to(device)
        found = F.cross_entropy(logits, truth, weight=by_class, label_smoothing=label_smoothing)
        if options["head_diversity"] and model.config.heads > 1:
            found = found + options["head_diversity"] * head_similarity(looked)
        if options["attention_target"]:
            # Attention is to follow the answer, so it is asked again of vectors that stay.
            fixed = vectors.detach()
            evidence = class_evidence(fixed, model.head.weight.detach(), truth)
            gap = evidence_gap(model.weights(fixed, mask), evidence, mask)
            found = found + options["attention_target"] * gap
        return found

    return loss


def class_weight(
    how: str | Mapping[Any, float] | None, y: np.ndarray, classes: np.ndarray
) -> dict[int, float] | None:
    """How much each class counts in the loss, by number.

    Args:
        how: None, `"balanced"`, or a mapping from label to weight; labels left out count 1.
        y: The classes of the training texts.
        classes: The labels.

    Raises:
        InputError: It names an unknown label, or is something else.
    """
    if how is None:
        return None
    if how == "balanced":
        return class_weights(y.tolist())
    if not isinstance(how, Mapping):
        raise InputError(f"class_weight is {how!r}; give None, 'balanced' or a mapping")
    # By their names: config.json turns the keys of a mapping into strings.
    given = {str(label): float(w) for label, w in how.items()}
    names = [str(label) for label in classes.tolist()]
    if unknown := set(given) - set(names):
        raise InputError(f"class_weight names {min(unknown)!r}, which no text has")
    return {i: given.get(name, 1.0) for i, name in enumerate(names)}
