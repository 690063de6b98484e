"""A fitted estimator to a model folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.torch import save_file
from torch import Tensor

from attnpool._renamed import current_values
from attnpool._version import __version__
from attnpool.encoders.opening import WITH_MODEL
from attnpool.encoders.restoring import PREFIX
from attnpool.errors import InputError
from attnpool.estimators.settings import check_settings
from attnpool.models.config import PretrainedConfig
from attnpool.persistence import model_folder
from attnpool.persistence.atomic import share
from attnpool.persistence.known_rows import KnownRows
from attnpool.persistence.model_card import model_card
from attnpool.persistence.published import Published, without_places


def save_estimator(
    estimator: Any,
    path: Path,
    known: KnownRows | None,
    *,
    overwrite: bool = False,
    with_encoder: bool | None = False,
    published: Published | None = None,
) -> None:
    """Write a fitted estimator as a folder; see `TextClassifier.save`.

    Args:
        estimator: A fitted `TextClassifier` or `TextMatcher`.
        path: The folder.
        known: The rows that it knows from training; None to leave them out.
        overwrite: Whether to replace an existing model.
        with_encoder: Whether the weights of a pretrained encoder are saved with it; None: if
            others cannot have it from the hub.
        published: What the card says of a model for the hub, which tells no places of this
            machine; None for one that stays here.

    Raises:
        InputError: The path holds something that may not be replaced, or it cannot be written.
    """
    shape, state = estimator.model_.config, estimator.model_.state_dict()
    params = estimator.get_params()
    check_settings({**params, "device": None})  # they are checked when the folder is read
    if isinstance(shape.encoder, PretrainedConfig):
        params["encoder"] = shape.encoder.source or WITH_MODEL
        alone = shape.encoder.source is not None and shape.encoder.revision is not None
        if with_encoder is None:
            with_encoder = not alone
        elif published is not None and not (with_encoder or alone or shape.encoder.trained):
            raise InputError(
                "the encoder came from a folder of this machine, which others lack; leave "
                "with_encoder out, and it goes along"
            )
        if with_encoder or shape.encoder.trained:
            shape = replace(shape, encoder=replace(shape.encoder, source=None, revision=None))
            # Whoever gets the weights need not know where they lay.
            params["encoder"] = WITH_MODEL
        if shape.encoder.source is not None:
            state = {k: tensor for k, tensor in state.items() if not k.startswith(PREFIX)}
    metrics = estimator.metrics_
    if published is not None:
        metrics = without_places(metrics)
    config = {
        "kind": type(estimator).__name__,
        "attnpool": __version__,
        "params": plain_values(current_values(params)),
        **estimator.reader_.to_config(),
        "reading": estimator.reading_,
        "classes": estimator.classes_.tolist(),
        "model": shape.to_dict(),
    }

    def fill(folder: Path) -> None:
        weights = _apart({k: t.contiguous().cpu() for k, t in state.items()})
        save_file(weights, folder / model_folder.WEIGHTS)
        share(folder / model_folder.WEIGHTS)
        estimator.reader_.tokenizer.save(folder / model_folder.TOKENIZER)
        model_folder.write_json(folder / model_folder.METRICS, metrics)
        parameters = sum(tensor.numel() for tensor in weights.values())
        if known is not None:
            known.save(folder / model_folder.KNOWN)
        card = model_card(config, metrics, parameters, known, published)
        (folder / model_folder.CARD).write_text(card, encoding="utf-8")
        model_folder.write_config(folder, config)

    model_folder.write_folder(path, fill, overwrite=overwrite)


def _apart(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """The weights; those that share memory with others, which no file holds, as copies."""
    seen: set[int] = set()
    for name, tensor in weights.items():
        if tensor.numel() and tensor.data_ptr() in seen:
            weights[name] = tensor.clone()
        seen.add(tensor.data_ptr())
    return weights


def plain_values(value: Any) -> Any:
    """Parameters as JSON takes them: mappings by the names of their keys, numpy's numbers."""
    if isinstance(value, Mapping):
        return {str(key): plain_values(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        value = sorted(value)
    if isinstance(value, list | tuple | np.ndarray):
        return [plain_values(item) for item in value]
    if isinstance(value, np.generic):
        return value.item()
    return value if isinstance(value, str | int | float | bool | None) else str(value)
