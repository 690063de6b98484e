"""`AttributionRequest`: the argument of every attribution method; `MethodResult`: its result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import numpy as np

from attnpool._shapes import Float, Int
from attnpool.errors import InputError
from attnpool.models.predictions import Predictions
from attnpool.text.tokens import Tokens


class Network(Protocol):
    """What explanations need of a network; methods that take gradients need a `TextNet`.

    Attributes:
        sides: The number of texts per item.
        config: The shape.
    """

    sides: Any
    config: Any

    def run(
        self, tokens: Tokens, *, weights: bool = ..., advance: Callable[[int], object] = ...
    ) -> Predictions:
        """The outputs for many items.

        Args:
            tokens: The texts, all first sides before all second sides.
            weights: Whether to return the pooling weights.
            advance: Called with the number of items of each batch that is done.
        """


class CannotSplitError(InputError):
    """The logits of a model are not a sum of parts of its tokens."""


@dataclass(slots=True, eq=False)
class AttributionRequest:
    """A model and the texts whose logits are to be explained.

    The model runs over the texts when its outputs are first needed. A method that runs it anyway
    hands its outputs over (see `keep`), so that nothing is computed twice.

    Attributes:
        model: The model, a `Network` in evaluation mode; an item has `model.sides` texts.
        texts: The raw texts by side: `texts[side][item]`.
        tokens: Their tokens, all first sides before all second sides.
        chosen: The number of the class to explain per item; default: the predicted one.
        advance: Called with the number of items of each batch that the model has run over.
    """

    model: Any
    texts: Sequence[Sequence[str]]
    tokens: Tokens
    chosen: Int[np.ndarray, "items"] | None = None
    advance: Callable[[int], object] = lambda _: None
    _predictions: Predictions | None = field(default=None, init=False, repr=False)

    @property
    def predictions(self) -> Predictions:
        """The outputs of the model, with weights."""
        if self._predictions is None:
            network: Network = self.model
            self._predictions = network.run(self.tokens, weights=True, advance=self.advance)
        return self._predictions

    @property
    def weights(self) -> Float[np.ndarray, "tokens heads"]:
        """The pooling weights per token and head."""
        assert self.predictions.weights is not None  # noqa: S101 - computed with weights
        return self.predictions.weights

    @property
    def targets(self) -> Int[np.ndarray, "items"]:
        """The number of the class to explain per item."""
        return self.predictions.logits.argmax(axis=1) if self.chosen is None else self.chosen

    @property
    def known_targets(self) -> Int[np.ndarray, "items"] | None:
        """The same, or None while they are unknown because the model has not run."""
        unknown = self.chosen is None and self._predictions is None
        return None if unknown else self.targets

    def keep(self, predictions: Predictions) -> None:
        """Take the outputs, with weights, of a method's own run, if there are none yet."""
        self._predictions = self._predictions or predictions


class MethodResult(NamedTuple):
    """The result of an attribution method.

    Attributes:
        values: One value per token, in the order of the tokens.
        base: The part of each item's logit that comes from positions, which no token accounts
            for. Additive methods only.
        bias: The part of each item's logit that comes from biases. Additive methods only.
        linear: The part of each item's logit that the linear part gives; it is inside the
            values. Additive methods of a model with a linear part only.
    """

    values: Float[np.ndarray, "tokens"]
    base: Float[np.ndarray, "items"] | None = None
    bias: Float[np.ndarray, "items"] | None = None
    linear: Float[np.ndarray, "items"] | None = None
