"""`TextNet`: what training, prediction and explanation need of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from torch import Tensor, nn

from attnpool._shapes import Int
from attnpool.models.char_ngrams import CharNgrams
from attnpool.models.config import ClassifierConfig, EncoderConfig, MatcherConfig
from attnpool.models.context import AnyEncoder
from attnpool.models.encoder import TextEncoder
from attnpool.pooling import make_pooling

if TYPE_CHECKING:
    from collections.abc import Callable

    from attnpool.models.char_ngrams import Bags
    from attnpool.models.outputs import ModelOutput
    from attnpool.models.predictions import Predictions
    from attnpool.text.tokens import Tokens


class TextNet(nn.Module):
    """The interface of all models: an encoder, and a call from token ids to a `ModelOutput`.

    A base class and not a protocol: a run-time check of a protocol does not see the submodules
    of an `nn.Module` from Python 3.12 on.

    Args:
        config: The shape.
        encoder: The encoder.

    Attributes:
        sides: The number of texts per item.
        config: The shape.
        encoder: The encoder; its device is the model's.
        origin: The file that its weights are from, for messages.
    """

    sides: ClassVar[int]
    config: ClassifierConfig | MatcherConfig
    encoder: AnyEncoder
    origin: str = "the model"

    if TYPE_CHECKING:

        def __call__(self, ids: Tensor, mask: Tensor, unknown: Bags | None = None) -> ModelOutput:
            """See `forward` of the models."""

    def __init__(self, config: ClassifierConfig | MatcherConfig, encoder: AnyEncoder) -> None:
        super().__init__()
        self.config = config
        self.encoder = encoder

    def run(
        self,
        tokens: Tokens,
        *,
        weights: bool = False,
        advance: Callable[[int], object] = lambda _: None,
    ) -> Predictions:
        """The outputs for many items; see `predict_batches`."""
        from attnpool.models.predict import predict_batches  # which imports this module

        return predict_batches(self, tokens, weights=weights, advance=advance)

    def differentiable(self) -> TextNet:
        """The model to take gradients of: this one, unless it is the folded form of another."""
        return self


def make_encoder(
    config: ClassifierConfig | MatcherConfig,
    ngrams: Int[np.ndarray, "ngrams"] | None,
    char_ngrams: CharNgrams | None,
) -> TextEncoder:
    """An untrained encoder of this shape.

    Args:
        config: The shape of the model.
        ngrams: The keys of the n-grams that have embeddings.
        char_ngrams: The character n-grams that have embeddings.
    """
    assert isinstance(config.encoder, EncoderConfig)  # noqa: S101 - another one is handed in
    return TextEncoder(config.encoder, ngrams, char_ngrams)


def pool(config: ClassifierConfig | MatcherConfig, dim: int) -> nn.Module:
    """The pooling layer of a model.

    Args:
        config: The shape of the model.
        dim: The width of the vectors that are pooled.
    """
    return make_pooling(
        config.pooling,
        dim,
        config.heads,
        attention_dim=config.attention_dim,
        normalizer=config.normalizer,
    )
