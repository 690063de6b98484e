"""The encoder of a saved model: opened where it came from, or made from the model's own weights."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from attnpool.encoders.making import made
from attnpool.encoders.opening import open_encoder
from attnpool.encoders.pretrained import PretrainedEncoder
from attnpool.errors import InputError, require
from attnpool.models.config import PretrainedConfig
from attnpool.models.context import ContextEncoder
from attnpool.sanitize import quoted

PREFIX = "encoder.model."
"""What the names of an encoder's weights begin with in a model."""


def restored_encoder(config: PretrainedConfig, weights: Mapping[str, Tensor]) -> ContextEncoder:
    """The encoder of a saved model.

    Args:
        config: Its shape, as the model was saved with it.
        weights: The saved weights of the whole model.

    Raises:
        InputError: The encoder is not where it was, has changed since training, or transformers is
            not installed.
        ValueError: The shape and the weights do not fit.
    """
    require("a model with a pretrained encoder", "transformers")
    special = (*config.prefix, *config.suffix)
    if not all(type(one) is int and one >= 0 for one in (config.window, *special)):
        raise ValueError("window and special tokens")
    if config.window <= len(special) or not isinstance(config.unknown, int | None):
        raise ValueError("window and unknown token")
    if config.source is None:
        own = {k.removeprefix(PREFIX): w for k, w in weights.items() if k.startswith(PREFIX)}
        model = made(config.form, own)
        positions = getattr(model.config, "max_position_embeddings", None) or config.window
        if 0 < positions < config.window:
            raise ValueError("window")
        if max((*special, config.unknown or 0)) >= len(model.get_input_embeddings().weight):
            raise ValueError("special tokens")
        return ContextEncoder(config, model)
    shown = quoted(config.source, 200)
    try:
        opened = open_encoder(config.source, revision=config.revision)
    except InputError as error:
        raise InputError(
            f"{error}; the model was saved without its encoder: put it back, or save the model "
            "with it (--with-encoder, with_encoder=True)"
        ) from None
    encoder = PretrainedEncoder(opened)
    if encoder.config.sha256 != config.sha256:
        raise InputError(
            f"encoder {shown} has changed since the model was trained on it; put the old one back, "
            "or train again"
        )
    return encoder.build(config)
