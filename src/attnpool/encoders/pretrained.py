"""`PretrainedEncoder`: an opened encoder as models use it, with its tokeniser and its digest."""

from __future__ import annotations

import json
import logging
from copy import deepcopy
from hashlib import sha256
from typing import Any

import numpy as np
import torch
from torch import nn

from attnpool.encoders.making import check_restorable, restored
from attnpool.encoders.opening import Opened, most_tokens, public_class, settled
from attnpool.encoders.trying import (
    check_restored,
    check_weights,
    state_width,
    token_table,
)
from attnpool.errors import InputError
from attnpool.models.config import PretrainedConfig
from attnpool.models.context import ContextEncoder, Stored, layers_of
from attnpool.sanitize import escaped, quoted
from attnpool.text.tokenizers.pretrained import SHIFT, PretrainedTokenizer

_log = logging.getLogger(__name__)

_PROBES = ("a", "of", "1", "房", ".")
"""Texts of which every tokeniser knows one: what it adds around them are special tokens."""


class PretrainedEncoder:
    """A pretrained encoder that models are built on; the model handed in stays as it is.

    Args:
        opened: The encoder and its tokeniser.
        trained: How many layers are trained, counted from the last; -1: everything.

    Attributes:
        tokenizer: Its tokeniser, which adds no special tokens.
        config: Its shape, without n-grams.
        stored: Looks up states that were computed before, while it is frozen.

    Raises:
        InputError: Its tokeniser gives no offsets, or it reads no texts.
    """

    tokenizer: PretrainedTokenizer
    config: PretrainedConfig
    stored: Stored | None

    def __init__(self, opened: Opened, trained: int = 0) -> None:
        source = opened.source
        name = type(opened.model).__name__ if source is None else quoted(source, 200)
        self._model = _own_copy(opened)
        table = token_table(self._model, name)
        check_weights(self._model, name)
        self.tokenizer = _offsets(opened.tokenizer, name)
        prefix, suffix = _special(opened.tokenizer)
        self.stored = None
        if trained > (layers := len(layers_of(self._model))):
            raise InputError(
                f"the encoder has {layers} layers, and {trained} were to be trained; give fewer, "
                "or 'all'"
            )
        if self.tokenizer.size - SHIFT > len(table):
            raise InputError(
                f"the tokenizer of {name} has more tokens than its table of embeddings; give the "
                "tokenizer that belongs to it"
            )
        window = most_tokens(self._model.config, opened.tokenizer)
        if window <= len(prefix) + len(suffix):
            raise InputError(f"{name} reads no more than {window} tokens; give another encoder")
        form = _form(self._model)
        check_restorable(self._model, form, name)
        width = state_width(self._model, name, window)
        if opened.source is None:  # what opens it again need not be what it is made of
            check_restored(self._model, restored(self._model, form), name)
        _log.info("opened the encoder %s: %d tokens, width %d", escaped(name), len(table), width)
        self.config = PretrainedConfig(
            vocabulary=self.tokenizer.size,
            dim=width,
            form=form,
            prefix=prefix,
            suffix=suffix,
            unknown=self.tokenizer.unknown,
            window=window,
            source=opened.source,
            revision=opened.revision,
            sha256=weights_digest(self._model),
            trained=trained,
        )

    def build(self, config: PretrainedConfig, ngrams: np.ndarray | None = None) -> ContextEncoder:
        """An encoder to train a model on: its own weights if they are trained, else shared ones.

        Args:
            config: Its shape.
            ngrams: The n-grams that the linear part counts.
        """
        model = deepcopy(self._model) if config.trained else self._model
        built = ContextEncoder(config, model, ngrams)
        built.stored = None if config.trained else self.stored
        return built


def weights_digest(model: nn.Module) -> str:
    """The SHA-256 of the weights of an encoder: their names, shapes and values.

    Args:
        model: The encoder.
    """
    digest = sha256()
    for name, tensor in sorted(model.state_dict().items()):
        if "pooler" in name:  # not used, and drawn at random where a folder lacks it
            continue
        plain = tensor.detach().cpu().contiguous()
        digest.update(f"{name} {plain.dtype} {tuple(plain.shape)}\n".encode())
        digest.update(plain.view(torch.uint8).numpy() if plain.ndim else plain.numpy().tobytes())
    return digest.hexdigest()


def _own_copy(opened: Opened) -> Any:
    """The model in evaluation mode and single precision; of an object, a copy."""
    model = deepcopy(opened.model) if opened.source is None else opened.model
    return settled(model).float().eval().requires_grad_(False)


def _offsets(tokenizer: Any, name: str) -> PretrainedTokenizer:
    if not getattr(tokenizer, "is_fast", False):
        raise InputError(
            f"the tokenizer of {name} is {type(tokenizer).__name__}, which gives no offsets; save "
            "it with a tokenizer.json (a fast tokenizer)"
        )
    return PretrainedTokenizer.parse(tokenizer.backend_tokenizer.to_str(), f"tokenizer of {name}")


def _special(tokenizer: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The ids that the tokeniser puts before and behind a text."""
    for probe in _PROBES:
        own = list(tokenizer(probe, add_special_tokens=False)["input_ids"])
        whole = list(tokenizer(probe)["input_ids"])
        for start in range(len(whole) - len(own) + 1):
            if own and whole[start : start + len(own)] == own:
                return tuple(whole[:start]), tuple(whole[start + len(own) :])
    return (), ()


def _form(model: Any) -> dict[str, Any]:
    """The configuration, with the class of the model where transformers knows it by name."""
    form: dict[str, Any] = json.loads(model.config.to_json_string(use_diff=False))
    for name in ("_name_or_path", "transformers_version", "architectures"):
        form.pop(name, None)
    names = [type(model).__name__]
    if public_class(names, model.config) is type(model):
        form["architectures"] = names
    return form
