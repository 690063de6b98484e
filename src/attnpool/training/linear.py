"""The linear solution: a weighted bag of n-grams and logistic regression, by scikit-learn."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from scipy import sparse
from scipy.special import log_softmax
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from attnpool._shapes import Float, Int
from attnpool.models.encoder import TextEncoder
from attnpool.models.linear import LinearPart
from attnpool.text.special_tokens import UNKNOWN
from attnpool.text.tokens import Tokens

_ABSENT = -5.0
"""The logit of a class that no row has."""

_COEFFICIENTS = 5_000_000
"""The solver keeps some twenty vectors of so many: 1 GB. The rarest rows beyond are left out."""


class Fit(NamedTuple):
    """How a linear solution is fitted.

    Attributes:
        strength: The inverse strength of the penalty, scikit-learn's `C`.
        balanced: Whether classes count alike, however many rows they have.
        min_frequency: How often a token or n-gram must occur.
    """

    strength: float
    balanced: bool = False
    min_frequency: int = 1


class Solution(NamedTuple):
    """A fitted linear solution.

    Attributes:
        weights: The weight of an occurrence of each row; 0 for rows that never occurred.
        coefficients: The coefficients of the classes.
        intercepts: The logits of an empty text.
    """

    weights: Float[np.ndarray, "rows"]
    coefficients: Float[np.ndarray, "classes rows"]
    intercepts: Float[np.ndarray, "classes"]

    def logits(self, counts: Any) -> Float[np.ndarray, "texts classes"]:
        """The logits of texts by their counts of rows."""
        logits: np.ndarray = scaled(counts, self.weights) @ self.coefficients.T + self.intercepts
        return logits

    def part(self, factor: float) -> LinearPart:
        """The same as the part of a classifier, its logits multiplied by a factor."""
        classes, rows = self.coefficients.shape
        part = LinearPart(rows, classes)
        with torch.no_grad():
            table = (self.coefficients * self.weights).T * factor
            part.table.weight.copy_(torch.from_numpy(table))
            part.squares.copy_(torch.from_numpy(self.weights**2))
            part.bias.copy_(torch.from_numpy(self.intercepts * factor))
        return part


def count_rows(encoder: TextEncoder, tokens: Tokens) -> Any:
    """How often each text has each token and n-gram, as a sparse matrix `(texts, rows)`."""
    # A zero between texts keeps n-grams from running across.
    inner = tokens.bounds[1:-1]
    ids = torch.from_numpy(np.insert(tokens.ids.astype(np.int64), inner, 0)).unsqueeze(0)
    ids = ids.to(encoder.embedding.weight.device)
    text = np.insert(np.repeat(np.arange(len(tokens)), tokens.lengths), inner, 0)
    with torch.no_grad():
        rows = encoder.table_rows(ids, ids > 0)[0].cpu().numpy()
    texts = np.broadcast_to(text[:, None], rows.shape)
    known = rows > UNKNOWN
    known[:, 1:] = rows[:, 1:] > encoder.config.vocabulary
    ones = np.ones(int(known.sum()), dtype=np.float32)
    shape = len(tokens), encoder.table_size
    counts = sparse.coo_matrix((ones, (texts[known], rows[known])), shape=shape).tocsr()
    counts.sum_duplicates()
    return counts


def row_weights(counts: Any, min_frequency: int) -> Float[np.ndarray, "rows"]:
    """The weight of an occurrence of each row: its inverse document frequency, damped.

    A row that occurs `m` times in a text, on average over the texts that have it, counts
    `(1 + log m) / m` each time: as much as a sublinear count of `m` in all.
    """
    texts = np.bincount(counts.indices, minlength=counts.shape[1])
    total = np.asarray(counts.sum(axis=0)).ravel()
    mean = np.maximum(total / np.maximum(texts, 1), 1)
    weights = (np.log((1 + counts.shape[0]) / (1 + texts)) + 1) * (1 + np.log(mean)) / mean
    used: np.ndarray = np.where(total >= max(1, min_frequency), weights, 0).astype(np.float32)
    return used


def scaled(counts: Any, weights: Float[np.ndarray, "rows"]) -> Any:
    """The bags of texts: weighted, and divided by their norms."""
    squares = np.asarray(counts @ weights.astype(np.float64) ** 2).ravel()
    norms = np.sqrt(np.where(squares > 0, squares, 1))
    return (sparse.diags(1 / norms) @ counts @ sparse.diags(weights)).astype(np.float32).tocsr()


def solve(
    counts: Any,
    y: Int[np.ndarray, "texts"],
    classes: int,
    how: Fit,
    row_weight: Float[np.ndarray, "texts"] | None = None,
) -> Solution:
    """Fit the linear solution.

    Args:
        counts: How often each text has each row.
        y: The class of each text; at least two occur.
        classes: The number of classes.
        how: How to fit it.
        row_weight: How much each text counts; default: 1.
    """
    weights = row_weights(counts, how.min_frequency)
    most = max(1, _COEFFICIENTS // classes)
    if np.count_nonzero(weights) > most:
        rare = np.argsort(-np.asarray(counts.sum(axis=0)).ravel(), kind="stable")[most:]
        weights[rare] = 0
    used = np.flatnonzero(weights)
    model = LogisticRegression(
        C=how.strength, class_weight="balanced" if how.balanced else None, max_iter=300
    )
    with warnings.catch_warnings():
        # What has not converged by then answers alike; and many classes are classes.
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.filterwarnings("ignore", "The number of unique classes", UserWarning)
        model.fit(scaled(counts, weights)[:, used], y, sample_weight=row_weight)
    coefficients = np.zeros((classes, len(weights)), dtype=np.float32)
    intercepts = np.full(classes, _ABSENT, dtype=np.float32)
    found, constant = model.coef_, model.intercept_
    if len(found) == 1:  # of two classes it has one row
        found, constant = np.stack([-found[0], found[0]]) / 2, np.array([-1, 1]) * constant / 2
    coefficients[np.ix_(model.classes_, used)] = found
    intercepts[model.classes_] = constant
    return Solution(weights, coefficients, intercepts)


def choose_fit(
    counts: Any,
    y: Int[np.ndarray, "texts"],
    classes: int,
    kinds: Sequence[Fit],
    strengths: Sequence[float],
    folds: Int[np.ndarray, "texts"],
    row_weight: Float[np.ndarray, "texts"] | None = None,
) -> tuple[Fit, float]:
    """The way to fit that answers most texts right by the other folds; of equal ones the surest.

    Beside it is the share of texts that it answers right.

    Args:
        counts: How often each text has each row.
        y: The class of each text.
        classes: The number of classes.
        kinds: Ways that differ in all but their strength; the best is chosen first.
        strengths: The strengths that the best of them is then tried with.
        folds: The fold of each text.
        row_weight: How much each text counts; default: 1.
    """

    def score(how: Fit) -> tuple[float, float]:
        right, likelihood = 0.0, 0.0
        for fold in np.unique(folds):
            rest, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
            if len(np.unique(y[rest])) < 2:
                continue
            weight = None if row_weight is None else row_weight[rest]
            solution = solve(counts[rest], y[rest], classes, how, weight)
            answers = log_softmax(solution.logits(counts[held]), axis=1)
            right += float((answers.argmax(axis=1) == y[held]).sum())
            likelihood += float(answers[np.arange(len(held)), y[held]].sum())
        return right, likelihood

    best = max(kinds, key=score) if len(kinds) > 1 else kinds[0]
    tried = [best._replace(strength=strength) for strength in strengths]
    scores = [score(how) for how in tried]
    first = max(range(len(tried)), key=scores.__getitem__)
    return tried[first], scores[first][0] / max(len(y), 1)
