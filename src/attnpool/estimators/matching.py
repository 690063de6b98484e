"""What is particular to matchers: their losses, scores and verdicts over whole tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from attnpool.data.groups import positive_groups
from attnpool.estimators.base import log_likelihood
from attnpool.explain.explain import Judge
from attnpool.explanation import Explanation, Side
from attnpool.models import losses
from attnpool.models.label import LabelMatcher, Labels
from attnpool.models.predict import BATCH_TOKENS, predict_batches, side_rows
from attnpool.models.tensors import TensorBatches
from attnpool.models.triplet import TripletMatcher
from attnpool.text import Tokens, length_batches

Loss = Callable[[np.ndarray], Tensor]


def pair_loss(model: Any, tokens: Tokens, y: np.ndarray, symmetric: bool, smoothing: float) -> Loss:
    """Cross-entropy of pairs; of symmetric ones half are read the other way round."""
    inputs, items = TensorBatches(model.encoder, tokens), len(y)

    def loss(rows: np.ndarray) -> Tensor:
        texts = side_rows(rows, items, 2)
        if symmetric:
            swapped = torch.rand(len(rows)).numpy() < 0.5
            left, right = np.split(texts, 2)
            texts = np.concatenate([np.where(swapped, right, left), np.where(swapped, left, right)])
        logits = model(*inputs(texts)).logits
        classes = torch.from_numpy(y[rows]).to(logits.device)
        return F.cross_entropy(logits, classes, label_smoothing=smoothing)

    return loss


def triplet_loss(
    model: TripletMatcher, tokens: Tokens, groups: np.ndarray, margin: float, negatives: str
) -> Loss:
    """The margin loss of triplets and that of their verdicts, see `attnpool.models.losses`."""
    inputs, items = TensorBatches(model.encoder, tokens), len(tokens) // 3

    def loss(rows: np.ndarray) -> Tensor:
        texts = side_rows(rows, items, 3)
        vectors = model.embed(*inputs(texts)).vector
        same = torch.from_numpy(groups[texts]).to(vectors.device)
        ordered = losses.triplet_loss(model.similarity, vectors, same, margin, negatives)
        anchors, positives, own = vectors.chunk(3)
        near, far = model.similarity(anchors, positives), model.similarity(anchors, own)
        return ordered + losses.verdict_loss(model.odds(near), model.odds(far))

    return loss


def groups(
    pairs: Sequence[tuple[str, ...]], y: np.ndarray, triplets: Sequence[tuple[str, ...]]
) -> np.ndarray:
    """The group of each text of the triplets, side by side; texts that match share one."""
    by_text = positive_groups(pairs, y.tolist())
    return np.array([by_text[t[side]] for side in range(3) for t in triplets], dtype=np.int64)


def label_loss(
    model: LabelMatcher, tokens: Tokens, y: np.ndarray, wrong: int | None, smoothing: float
) -> Loss:
    """Cross-entropy over the labels, see `attnpool.models.losses.label_loss`."""
    inputs = TensorBatches(model.encoder, tokens)

    def loss(rows: np.ndarray) -> Tensor:
        logits = model(*inputs(rows)).logits
        classes = torch.from_numpy(y[rows]).to(logits.device)
        return losses.label_loss(logits, classes, wrong, smoothing)

    return loss


def labels(model: LabelMatcher, tokens: Tokens) -> Labels:
    """The names of the classes, as the model takes them."""
    return Labels(*TensorBatches(model.encoder, tokens)(np.arange(len(tokens))))


def score(model: Any, tokens: Tokens, y: np.ndarray) -> float:
    """How well the model does on validation rows, higher is better.

    The mean log-likelihood; of triplets, whose threshold is not fitted yet, the area under the
    ROC curve.
    """
    if isinstance(model, TripletMatcher) and len(set(y.tolist())) == 2:
        return float(roc_auc_score(y, similarity(model, predict_batches(model, tokens).logits)))
    return log_likelihood(model, tokens, y)


def calibrate(model: TripletMatcher, tokens: Tokens, y: np.ndarray) -> None:
    """Fit the threshold, and how sharp it is: a logistic regression on the similarity.

    Source:
        Platt 1999, "Probabilistic Outputs for Support Vector Machines".
    """
    similarities = similarity(model, predict_batches(model, tokens).logits)
    spread = float(similarities.std()) or 1.0
    fitted = LogisticRegression(C=1e4).fit((similarities / spread).reshape(-1, 1), y)
    slope = float(fitted.coef_[0, 0])
    if slope <= 0:  # nothing was learned: as good as a coin
        slope, threshold = 1.0, float(np.median(similarities))
    else:
        threshold = -float(fitted.intercept_[0]) / slope * spread
    with torch.no_grad():
        model.scale.fill_(slope / spread)
        model.threshold.fill_(threshold)


def similarity(model: Any, logits: np.ndarray) -> np.ndarray:
    """One number a pair from its logits: a triplet's similarity, else the log-odds."""
    odds: np.ndarray = logits[:, 1].astype(np.float64) - logits[:, 0]
    if isinstance(model, TripletMatcher):
        return odds / model.scale.item() + model.threshold.item()
    return odds


def embed(model: Any, tokens: Tokens) -> np.ndarray:
    """The pooled vector of each text."""
    inputs = TensorBatches(model.encoder, tokens)
    vectors = np.zeros((len(tokens), model.width), dtype=np.float32)
    with torch.inference_mode():
        for rows in length_batches(tokens.lengths, max_tokens=BATCH_TOKENS):
            vectors[rows] = model.embed(*inputs(rows))[0].float().cpu().numpy()
    return vectors


def judge(model: Any, classes: int) -> Judge:
    """How a pair's logits become its score and verdict; neither where there are other classes."""
    if isinstance(model, LabelMatcher) or classes != 2:
        return lambda _: (None, None)
    if isinstance(model, TripletMatcher):
        threshold, name = model.threshold.item(), model.config.distance
    else:
        threshold, name = 0.5, "probability"

    def decide(logits: np.ndarray) -> tuple[float, dict[str, Any]]:
        if isinstance(model, TripletMatcher):
            found = float(similarity(model, logits[None])[0])
        else:
            found = float(softmax(logits)[1])
        # By the logits, as the prediction is: rounding must not set the two against each other.
        match = bool(logits[1] > logits[0])
        return found, {"match": match, "threshold": threshold, "score": name}

    return decide


def beside_labels(
    model: LabelMatcher, explanations: list[Explanation], names: list[str], tokens: Tokens
) -> list[Explanation]:
    """Explanations of texts with the label that is explained as their second side.

    What is explained is the text: of methods other than attention the label's values are 0.
    """
    with torch.inference_mode():
        found = model.embed(*model.labels).weights.float().cpu().numpy().transpose(0, 2, 1)
    weights = found[model.labels.mask.cpu().numpy()]
    of_attention = bool(explanations) and explanations[0].method == "attention"
    looked = weights.mean(axis=1) * of_attention
    sides = {
        name: Side(
            name,
            tokens.spans[start:end],
            weights[start:end].T,
            looked[start:end],
            int(tokens.read_until[i]),
        )
        for i, (name, start, end) in enumerate(
            zip(names, tokens.bounds[:-1].tolist(), tokens.bounds[1:].tolist(), strict=True)
        )
    }
    return [replace(e, sides=(*e.sides, sides[e.target])) for e in explanations]
