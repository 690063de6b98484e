"""The linear solution: a weighted bag of n-grams and what scikit-learn's models make of it.

scikit-learn and scipy are imported where they are used: a model that only answers needs neither.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch

from attnpool._renamed import without_advice
from attnpool._shapes import Float, Int
from attnpool.models.context import AnyEncoder
from attnpool.models.linear import LinearPart
from attnpool.text.special_tokens import UNKNOWN
from attnpool.text.tokens import Tokens

_ABSENT = -5.0
"""The logit of a class that no row has."""

_COEFFICIENTS = 5_000_000
"""The solver keeps some twenty vectors of so many: 1 GB. The rarest rows beyond are left out."""

_CHUNK = 1_000_000  # tokens counted at a time

_SMOOTHING = 0.1
"""Of naive Bayes; 0.1 to 1 do alike, but where texts are long and classes uneven."""


class Fit(NamedTuple):
    """How a linear solution is fitted.

    Attributes:
        strength: The inverse strength of the regression's penalty, scikit-learn's `C`.
        balanced: Whether classes count alike in the regression, however many rows they have.
        min_frequency: How often a token or n-gram must occur.
    """

    strength: float
    balanced: bool = False
    min_frequency: int = 1


class Scores(NamedTuple):
    """What a linear model makes of a bag.

    Attributes:
        coefficients: The coefficients of the classes.
        intercepts: The logits of an empty text.
    """

    coefficients: Float[np.ndarray, "classes rows"]
    intercepts: Float[np.ndarray, "classes"]


class Solution(NamedTuple):
    """A fitted linear solution: two models of the same bags, which are added up.

    Logistic regression separates best where rows are many; naive Bayes, which only counts, is
    ahead where they are few, and errs elsewhere.

    Attributes:
        weights: The weight of an occurrence of each row; 0 for rows that never occurred.
        models: Logistic regression, and complement naive Bayes (Rennie et al. 2003, "Tackling the
            poor assumptions of naive Bayes text classifiers").
    """

    weights: Float[np.ndarray, "rows"]
    models: tuple[Scores, Scores]

    def logits(self, counts: Any) -> list[Float[np.ndarray, "texts classes"]]:
        """The logits of texts by their counts of rows, of each model."""
        bags = scaled(counts, self.weights)
        return [bags @ model.coefficients.T + model.intercepts for model in self.models]

    def part(self, factors: Sequence[float]) -> LinearPart:
        """The same as the part of a classifier, the logits of each model multiplied by a factor."""
        mixed = list(zip(factors, self.models, strict=True))
        coefficients = sum(factor * model.coefficients for factor, model in mixed)
        intercepts = sum(factor * model.intercepts for factor, model in mixed)
        classes, rows = self.models[0].coefficients.shape
        part = LinearPart(rows, classes)
        with torch.no_grad():
            part.table.weight.copy_(torch.from_numpy((coefficients * self.weights).T))
            part.squares.copy_(torch.from_numpy(self.weights**2))
            part.bias.copy_(torch.from_numpy(intercepts))
        return part


def count_rows(encoder: AnyEncoder, tokens: Tokens) -> Any:
    """How often each text has each token and n-gram, as a sparse matrix `(texts, rows)`.

    Of n-grams, only the shortest are counted: longer ones repeat them, and with the same norm each
    would count less.
    """
    from scipy import sparse

    bounds = tokens.bounds
    # Texts of some million tokens at a time: their rows take 140 bytes a token.
    firsts = np.searchsorted(bounds, np.arange(0, bounds[-1], _CHUNK), side="right") - 1
    ends = [*np.unique(firsts)[1:].tolist(), len(tokens)]
    parts, first = [], 0
    for end in ends:
        ids = tokens.ids[bounds[first] : bounds[end]]
        parts.append(_counted(encoder, ids, bounds[first : end + 1] - bounds[first]))
        first = end
    return parts[0] if len(parts) == 1 else sparse.vstack(parts, format="csr")


def _counted(
    encoder: AnyEncoder, ids: Int[np.ndarray, "tokens"], bounds: Int[np.ndarray, "texts_plus_1"]
) -> Any:
    from scipy import sparse

    # A zero between texts keeps n-grams from running across.
    inner, texts = bounds[1:-1], len(bounds) - 1
    separated = torch.from_numpy(np.insert(ids.astype(np.int64), inner, 0)).unsqueeze(0)
    separated = separated.to(encoder.embedding.weight.device)
    text = np.insert(np.repeat(np.arange(texts), np.diff(bounds)), inner, 0)
    with torch.no_grad():
        rows = encoder.table_rows(separated, separated > 0)[0].cpu().numpy()
    of_rows = np.broadcast_to(text[:, None], rows.shape)
    known = rows > UNKNOWN
    known[:, 1:] = rows[:, 1:] > encoder.config.vocabulary
    lengths = () if encoder.ngrams is None else encoder.ngrams.lengths
    known[:, 1:] &= np.array(lengths) == min(lengths, default=0)
    ones = np.ones(int(known.sum()), dtype=np.float32)
    shape = texts, encoder.table_size
    counts = sparse.coo_matrix((ones, (of_rows[known], rows[known])), shape=shape).tocsr()
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
    from scipy import sparse

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
    from sklearn.linear_model import LogisticRegression
    from sklearn.naive_bayes import ComplementNB
    from sklearn.utils.class_weight import compute_sample_weight

    weights = row_weights(counts, how.min_frequency)
    most = max(1, _COEFFICIENTS // classes)
    if np.count_nonzero(weights) > most:
        rare = np.argsort(-np.asarray(counts.sum(axis=0)).ravel(), kind="stable")[most:]
        weights[rare] = 0
    used = np.flatnonzero(weights)
    if not len(used):  # rows of a single word each, or of none that is known
        nothing = Scores(
            np.zeros((classes, len(weights)), dtype=np.float32),
            np.zeros(classes, dtype=np.float32),
        )
        return Solution(weights, (nothing, nothing))
    bags = scaled(counts, weights)[:, used]
    regression = LogisticRegression(
        C=how.strength, class_weight="balanced" if how.balanced else None, max_iter=300
    )
    with without_advice():
        regression.fit(bags, y, sample_weight=row_weight)
    found, constant = regression.coef_, regression.intercept_
    if len(found) == 1:  # of two classes it has one row
        found, constant = np.stack([-found[0], found[0]]) / 2, np.array([-1, 1]) * constant / 2
    # It knows no prior of classes; equal weights only smooth them alike.
    even = compute_sample_weight("balanced", y)
    bayes = ComplementNB(alpha=_SMOOTHING)
    bayes.fit(bags, y, even if row_weight is None else even * row_weight)
    counted = bayes.feature_log_prob_ - bayes.feature_log_prob_.mean(axis=0)

    def spread(coefficients: np.ndarray, intercepts: np.ndarray) -> Scores:
        scores = Scores(
            np.zeros((classes, len(weights)), dtype=np.float32),
            np.full(classes, _ABSENT, dtype=np.float32),
        )
        scores.coefficients[np.ix_(regression.classes_, used)] = coefficients
        scores.intercepts[regression.classes_] = intercepts
        return scores

    of_classes = np.zeros(len(regression.classes_))
    return Solution(weights, (spread(found, constant), spread(counted, of_classes)))


def choose_fit(
    counts: Any,
    y: Int[np.ndarray, "texts"],
    classes: int,
    kinds: Sequence[Fit],
    folds: Int[np.ndarray, "texts"],
    row_weight: Float[np.ndarray, "texts"] | None = None,
    advance: Callable[[int], object] = int,
) -> tuple[Fit, float]:
    """The way to fit whose regression answers most texts right by the other folds.

    The first is kept unless another is ahead by more than one standard error of the difference:
    few texts would choose by chance. Beside it is the share of texts that the solution, both of
    its models evenly mixed, answers right.

    Args:
        counts: How often each text has each row.
        y: The class of each text.
        classes: The number of classes.
        kinds: The ways to choose from, the usual one first.
        folds: The fold of each text.
        row_weight: How much each text counts; default: 1.
        advance: Told after each way that it is tried.
    """

    def answers(how: Fit) -> list[np.ndarray]:
        logits = [np.zeros((len(y), classes)) for _ in range(2)]
        for fold in np.unique(folds):
            rest, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
            if len(np.unique(y[rest])) < 2:
                continue
            weight = None if row_weight is None else row_weight[rest]
            solution = solve(counts[rest], y[rest], classes, how, weight)
            for of_model, found in zip(logits, solution.logits(counts[held]), strict=True):
                of_model[held] = found
        advance(1)
        return logits

    def right(logits: np.ndarray) -> np.ndarray:
        correct: np.ndarray = (logits.argmax(axis=1) == y).astype(np.int64)
        return correct

    asked = [answers(how) for how in kinds]
    first, *others = [right(regression) for regression, _ in asked]
    best = lead = 0
    for i, other in enumerate(others, 1):
        ahead, differ = int((other - first).sum()), int((other != first).sum())
        if ahead > max(lead, differ**0.5):
            best, lead = i, ahead
    regression, bayes = (part / (float(part.std()) or 1.0) for part in asked[best])
    return kinds[best], float(right(regression + bayes).mean()) if len(y) else 0.0
