"""One prediction in numbers: weights times vectors, a sum, a product, a softmax.

The model is small enough to print: its token vectors have two numbers, and it has one head, no
n-grams and no convolutions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import softmax

from attnpool._shapes import Float
from attnpool.data.demo_rows import load_demo
from attnpool.estimators import TextClassifier
from attnpool.explain.attribution import AttributionRequest
from attnpool.explain.methods.token_vectors import token_vectors
from attnpool.explanation import Explanation

TEXT = "服务热情，房间太吵"
ENGLISH = "service (服务) friendly (热情), room (房间) too (太) noisy (吵)"

PARAMETERS: dict[str, Any] = {
    "dim": 2,
    "attention_dim": 2,
    "heads": 1,
    "ngrams": (),
    "char_ngrams": (),
    "linear": False,
    "dropout": 0.0,
    "embedding_dropout": 0.0,
    "learning_rate": 0.01,
    "epochs": 20,
    "seed": 2,
}

_LINES = "".join(f"    {name}={value!r},\n" for name, value in PARAMETERS.items())
CODE = f"""\
from attnpool import TextClassifier, load_demo

rows = load_demo("sentiment")
model = TextClassifier(
{_LINES})
model.fit(rows.texts[0], rows.labels, validation=None)
explanation = model.explain(["{TEXT}"], method="contribution")[0]
"""
"""What makes the same model, for readers."""


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """The numbers of one prediction, unrounded.

    Attributes:
        contribution: The text explained by contribution.
        attention: The same by attention.
        vectors: The vector of each token, as the pooling reads it.
        class_weights: The weights of each class.
        biases: The bias of each class.
    """

    contribution: Explanation
    attention: Explanation
    vectors: Float[np.ndarray, "tokens dim"]
    class_weights: Float[np.ndarray, "classes dim"]
    biases: Float[np.ndarray, "classes"]

    @property
    def tokens(self) -> list[str]:
        """The tokens."""
        return [token.text for token in self.contribution.tokens[0]]

    @property
    def weights(self) -> Float[np.ndarray, "tokens"]:
        """The attention of each token; they sum to 1."""
        found: np.ndarray = self.contribution.sides[0].weights[0].astype(np.float64)
        return found

    @property
    def pooled(self) -> Float[np.ndarray, "dim"]:
        """The pooled vector: the sum of weight times vector."""
        found: np.ndarray = self.weights @ self.vectors
        return found

    @property
    def logits(self) -> Float[np.ndarray, "classes"]:
        """The logit of each class."""
        found: np.ndarray = self.class_weights @ self.pooled + self.biases
        return found

    @property
    def probabilities(self) -> Float[np.ndarray, "classes"]:
        """The softmax of the logits."""
        found: np.ndarray = softmax(self.logits)
        return found

    @property
    def target(self) -> int:
        """The number of the class that is explained."""
        return self.contribution.labels.index(self.contribution.target)

    @property
    def direction(self) -> Float[np.ndarray, "dim"]:
        """The weights of the explained class less the mean of the weights of all classes."""
        found: np.ndarray = self.class_weights[self.target] - self.class_weights.mean(axis=0)
        return found

    @property
    def bias(self) -> float:
        """The bias of the explained class less the mean of all biases."""
        return float(self.biases[self.target] - self.biases.mean())

    @property
    def pulls(self) -> Float[np.ndarray, "tokens"]:
        """The contribution of each token: weight times (vector times direction)."""
        found: np.ndarray = self.weights * (self.vectors @ self.direction)
        return found

    @property
    def margin(self) -> float:
        """The logit of the explained class less the mean of all logits."""
        return float(self.pulls.sum() + self.bias)


def work_out(text: str = TEXT) -> WorkedExample:
    """Train the model on the bundled reviews and take one prediction apart.

    Args:
        text: The text.
    """
    rows = load_demo("sentiment")
    model = TextClassifier(**PARAMETERS).fit(rows.texts[0], rows.labels, validation=None)
    request = AttributionRequest(model.model_, [[text]], model.reader_([text]))
    vectors = np.concatenate([x[mask].double().numpy() for _, x, mask in token_vectors(request)])
    head = model.model_.head
    return WorkedExample(
        model.explain([text], method="contribution")[0],
        model.explain([text], method="attention")[0],
        vectors,
        head.weight.detach().double().numpy(),
        head.bias.detach().double().numpy(),
    )
