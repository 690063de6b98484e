"""How well a network does on validation rows, and what training took."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import torch

from attnpool.estimators.validation import LabelledRows
from attnpool.metrics import accuracy_warnings, classification_metrics, row_warnings
from attnpool.models.classifier import Classifier
from attnpool.models.net import TextNet
from attnpool.models.predict import BATCH_TOKENS, predict_batches
from attnpool.models.tensors import TensorBatches
from attnpool.sanitize import counted
from attnpool.text import Tokens
from attnpool.text.batches import length_batches
from attnpool.text.reader import TextReader
from attnpool.training.history import History

_MEASURED = ("accuracy", "majority_class", "majority_accuracy", "macro_f1")


class Learned(NamedTuple):
    """What one training makes.

    Attributes:
        reader: What texts are read with.
        net: The trained network, in evaluation mode.
        history: What happened.
    """

    reader: TextReader
    net: Any
    history: History


def log_likelihood(net: TextNet, tokens: Tokens, rows: LabelledRows) -> float:
    """The mean over items of known classes: unlike accuracy it tells epochs apart on few rows."""
    from scipy.special import log_softmax  # here, as to import it takes longer than to load a model

    logits = predict_batches(net, tokens).logits.astype(np.float64)
    likelihoods = log_softmax(logits, axis=1).clip(np.log(1e-12))
    known = np.flatnonzero(rows.y >= 0)
    per_item = (likelihoods * rows.probabilities(logits.shape[1])).sum(axis=1)[known]
    return float(per_item.mean())


def validation_metrics(
    net: TextNet, tokens: Tokens, y: np.ndarray, classes: np.ndarray
) -> dict[str, Any]:
    """Accuracy, the majority class's, and macro F1 on validation rows; None without any.

    Rows whose label no training row has are wrong; `unknown_labels` counts them, if there are any.
    """
    if not len(y):
        return dict.fromkeys(_MEASURED)
    predicted = predict_batches(net, tokens).logits.argmax(axis=1)
    metrics = classification_metrics(y.tolist(), predicted.tolist(), range(len(classes)))
    metrics["majority_class"] = str(classes[int(metrics["majority_class"])])
    unknown = int((y < 0).sum())
    more = {"unknown_labels": unknown} if unknown else {}
    return {name: metrics[name] for name in _MEASURED} | more


def linear_accuracy(net: Classifier, tokens: Tokens, y: np.ndarray) -> dict[str, float]:
    """The accuracy of the linear part without attention, where there is one and rows to measure."""
    if net.linear is None or not len(y):
        return {}
    batches, right = TensorBatches(net.encoder, tokens), 0
    with torch.inference_mode():
        for rows in length_batches(tokens.lengths, max_tokens=BATCH_TOKENS):
            ids, mask, _ = batches(rows)
            logits = net.linear(net.encoder.table_rows(ids, mask))
            right += int((logits.argmax(1).cpu().numpy() == y[rows]).sum())
    return {"linear_accuracy": right / len(y)}


def training_warnings(
    measured: Mapping[str, Any],
    classes: np.ndarray,
    counts: np.ndarray,
    held: int | None,
    what: str,
) -> list[str]:
    """What speaks against trusting a model that was just trained.

    Args:
        measured: What `validation_metrics` found.
        classes: The labels.
        counts: How many rows of each class it was trained on.
        held: How many rows it was validated on; None if none were asked for.
        what: What the rows are: rows or pairs.
    """
    by_label = dict(zip(classes.tolist(), counts.tolist(), strict=True))
    found = row_warnings(by_label, f"training {what}", held or 0)
    if held == 0:
        found.append(f"too few different {what} to set any aside, so accuracy was not measured")
    if unknown := measured.get("unknown_labels"):
        rows = counted(unknown, f"validation {what.removesuffix('s')}")
        have = "has a label" if unknown == 1 else "have labels"
        found.append(f"{rows} {have} that no training {what} have: counted as wrong")
    return [*found, *accuracy_warnings(measured)]


def training_figures(
    history: History, began: float, n_train: int, n_validation: int, *, refitted: bool
) -> dict[str, Any]:
    """What training took, as `metrics_` holds it behind what it reached.

    Args:
        history: What happened while validation rows were held out.
        began: When `fit` began, by `time.perf_counter`.
        n_train: The rows trained on then.
        n_validation: The rows held out then.
        refitted: Whether the model was trained anew on both afterwards.
    """
    return {
        "n_train": n_train,
        "n_validation": n_validation,
        "epochs": history.epochs,
        "best_epoch": history.best,
        "refitted": refitted,
        "seconds": round(time.perf_counter() - began, 3),
        "texts_per_second": round(history.texts_per_second, 1),
        "padding_share": round(history.padding_share, 4),
    }
