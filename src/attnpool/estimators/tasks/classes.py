"""Classification: the loss of a `TextClassifier`, and how much each class counts in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from attnpool.data.balance import class_weights
from attnpool.errors import InputError
from attnpool.estimators.settings import ClassifierSettings
from attnpool.estimators.validation import LabelledRows
from attnpool.label_values import class_names
from attnpool.metrics import display_order
from attnpool.models.classifier import Classifier
from attnpool.models.dropout import random_mask
from attnpool.models.penalties import class_evidence, evidence_gap, head_similarity
from attnpool.models.tensors import TensorBatches
from attnpool.sanitize import quoted, quoted_list
from attnpool.text import Tokens


def classification_loss(
    net: Classifier,
    tokens: Tokens,
    rows: LabelledRows,
    classes: np.ndarray,
    settings: ClassifierSettings,
) -> Callable[[np.ndarray], Tensor]:
    """The mean cross-entropy of the rows with these numbers, and the penalties asked for.

    Args:
        net: The classifier.
        tokens: The training texts.
        rows: The same rows, with their classes.
        classes: The labels.
        settings: Class weights, label smoothing, and how attention is trained.

    Raises:
        InputError: The class weights name an unknown label, or are something else.
    """
    device = net.head.weight.device
    batches = TensorBatches(net.encoder, tokens)
    weight = None
    y, targets = rows.y, rows.targets
    by_class = class_weight(settings.class_weight, y, classes)
    if by_class is not None:
        weights = [by_class.get(i, 1.0) for i in range(net.config.classes)]
        weight = torch.tensor(weights, dtype=torch.float32, device=device)

    def loss(taken: np.ndarray) -> Tensor:
        ids, mask, unknown = batches(taken)
        if settings.mask_training:
            mask = random_mask(mask)
        vectors = net.encoder(ids, mask, unknown)
        logits, attention, _ = net.answer(vectors, mask)
        truth = torch.from_numpy(y[taken]).to(device)
        # A teacher's probabilities are smooth as they are.
        aim = truth if targets is None else torch.from_numpy(targets[taken]).to(device)
        smoothing = settings.label_smoothing if targets is None else 0.0
        total = F.cross_entropy(logits, aim, weight=weight, label_smoothing=smoothing)
        if settings.head_diversity and net.config.heads > 1:
            total = total + settings.head_diversity * head_similarity(attention)
        if settings.attention_target:
            # Attention is to follow the evidence, not to change it: the vectors are constants.
            fixed = vectors.detach()
            evidence = class_evidence(fixed, net.head.weight.detach(), truth)
            gap = evidence_gap(net.weights(fixed, mask), evidence, mask)
            total = total + settings.attention_target * gap
        return total

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
    if how is None or how == "auto":  # what "auto" comes to is decided before
        return None
    if how == "balanced":
        return class_weights(y.tolist())
    if not isinstance(how, Mapping):
        raise InputError(
            f"class_weight is {quoted(str(how))}; give None, 'auto', 'balanced' or a mapping"
        )
    # By their names: config.json turns the keys of a mapping into strings.
    names = [str(label) for label in classes.tolist()]
    keys = class_names(how, classes.tolist())
    given = {key: float(weight) for key, weight in zip(keys, how.values(), strict=True)}
    if unknown := set(given) - set(names):
        name = min(unknown)
        known = quoted_list(display_order(names), near=name)
        raise InputError(
            f"class_weight names {quoted(name)}, which no text has; the labels are {known}"
        )
    return {i: given.get(name, 1.0) for i, name in enumerate(names)}
