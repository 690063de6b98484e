"""How well a network does on validation rows, and what training took."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

import numpy as np
from scipy.special import log_softmax

from attnpool.estimators.text_reader import TextReader
from attnpool.metrics import classification_metrics
from attnpool.models.net import TextNet
from attnpool.models.predict import predict_batches
from attnpool.text import Tokens
from attnpool.training.loop import History


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


def log_likelihood(net: TextNet, tokens: Tokens, y: np.ndarray) -> float:
    """The mean over items: unlike accuracy it still tells epochs apart on few rows."""
    logits = predict_batches(net, tokens).logits.astype(np.float64)
    per_item = log_softmax(logits, axis=1)[np.arange(len(y)), y]
    return float(per_item.clip(np.log(1e-12)).mean())


def validation_metrics(
    net: TextNet, tokens: Tokens, y: np.ndarray, classes: int
) -> dict[str, float | None]:
    """Accuracy and macro F1 on validation rows; None where there are none."""
    if not len(y):
        return {"accuracy": None, "macro_f1": None}
    predicted = predict_batches(net, tokens).logits.argmax(axis=1)
    metrics = classification_metrics(y.tolist(), predicted.tolist(), range(classes))
    return {name: metrics[name] for name in ("accuracy", "macro_f1")}


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
