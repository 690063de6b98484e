"""A model folder to a fitted estimator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn
from torch.overrides import TorchFunctionMode

from attnpool.encoders.restoring import PREFIX, restored_encoder
from attnpool.errors import InputError
from attnpool.estimators.classifier import TextClassifier
from attnpool.estimators.estimator import TextEstimator
from attnpool.estimators.matcher import TextMatcher
from attnpool.estimators.settings import MatcherSettings, computing_device
from attnpool.estimators.tasks import matching_task
from attnpool.explain.lists import label_array
from attnpool.models.classifier import Classifier
from attnpool.models.config import ClassifierConfig, MatcherConfig, PretrainedConfig
from attnpool.models.registry import MATCHERS
from attnpool.models.usual_torch import in_usual_torch
from attnpool.persistence import model_folder
from attnpool.persistence.figures import checked_figures
from attnpool.persistence.known_rows import KnownRows
from attnpool.persistence.migration import migrate_weights
from attnpool.text import load_tokenizer
from attnpool.text.reader import TextReader


@in_usual_torch
def load_estimator(path: str | Path) -> TextClassifier | TextMatcher:
    """Read a model folder of any kind; see `attnpool.load`.

    Args:
        path: The folder.

    Raises:
        InputError: There is no model, a part of it is missing, cut short or changed, or a newer
            version of attnpool wrote it.
    """
    path = Path(path)
    config = model_folder.read_config(path)
    try:
        restored: TextClassifier | TextMatcher = _restored(path, config)
        return restored
    except InputError:
        raise
    except Exception:
        # The digests hold, so what makes no sense is config.json itself, whatever it broke.
        raise model_folder.damaged(path) from None


def _restored(path: Path, config: Mapping[str, Any]) -> Any:
    params: dict[str, Any] = {
        k: tuple(v) if isinstance(v, list) else v for k, v in config["params"].items()
    }
    # Where to compute is a matter of this machine, not of the one that trained.
    estimator = TextEstimator.kinds[config["kind"]](**{**params, "device": None})
    tokenizer = load_tokenizer(path / model_folder.TOKENIZER, config["tokenizer"])
    estimator.reader_ = TextReader.from_config(config, tokenizer)
    estimator.metrics_ = _figures(path / model_folder.METRICS)
    estimator.reading_ = config["reading"]
    if model_folder.KNOWN in config["sha256"]:
        estimator._known = KnownRows.load(path / model_folder.KNOWN)
    if not isinstance(estimator.reading_, dict | None):
        raise TypeError("reading")
    estimator.classes_ = label_array(config["classes"])
    if isinstance(estimator, TextMatcher):
        # Whatever the parameters say by now, the network has the architecture it was trained with.
        trained = {**estimator.get_params(), "architecture": config["model"]["architecture"]}
        estimator._task = matching_task(MatcherSettings.of(trained, check=False))
    weights = _weights(path, config)
    net = _blank_net(config, estimator, weights)
    missing, unexpected = net.load_state_dict(weights, strict=False, assign=True)
    if unexpected or not all(name.startswith(PREFIX) for name in missing):
        raise ValueError("weights of another model")
    estimator.model_ = net.to(computing_device(None)).eval()
    return estimator


def _figures(path: Path) -> dict[str, Any]:
    try:
        return checked_figures(model_folder.read_json(path))
    except InputError:
        raise
    except (ValueError, LookupError, TypeError):
        raise model_folder.damaged_part(path) from None


class _WithoutInit(TorchFunctionMode):
    """Within it `torch.nn.init` does nothing: on the meta device it would import a compiler."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Leave the tensor as it is, or call what is no initialisation."""
        given = kwargs or {}
        if getattr(func, "__module__", None) == "torch.nn.init":
            return given["tensor"] if "tensor" in given else args[0]
        return func(*args, **given)


def _blank_net(
    config: Mapping[str, Any], estimator: TextEstimator, weights: Mapping[str, torch.Tensor]
) -> nn.Module:
    """The network without its weights, whose shape must fit the classes and the tokeniser."""
    of_classifier = isinstance(estimator, TextClassifier)
    shape: ClassifierConfig | MatcherConfig = (
        ClassifierConfig if of_classifier else MatcherConfig
    ).from_dict(config["model"])
    if shape.encoder.vocabulary != estimator.reader_.tokenizer.size:
        raise ValueError("as many tokens as the tokeniser has")
    if estimator.classes_.shape != (shape.classes,):
        raise ValueError("as many classes as the model has")
    # With their counts numpy imports no masked arrays.
    if (np.unique(estimator.classes_, return_counts=True)[1] > 1).any():
        raise ValueError("each class once")
    kind: Any = Classifier if of_classifier else MATCHERS[config["model"]["architecture"]]
    given = {}
    if isinstance(shape.encoder, PretrainedConfig):
        if shape.encoder.source is None and not any(name.startswith(PREFIX) for name in weights):
            raise ValueError("weights of an encoder")
        given = {"encoder": restored_encoder(shape.encoder, weights)}
    # On the meta device a size that somebody made up allocates nothing, and nothing is drawn.
    with torch.device("meta"), _WithoutInit():
        net: nn.Module = kind(shape, **given)
        return net


def _weights(path: Path, config: Mapping[str, Any]) -> dict[str, torch.Tensor]:
    stored = load_file(path / model_folder.WEIGHTS)
    # The config was migrated when it was read; it keeps the version of the file.
    if config["format_version"] == 1:
        stored = migrate_weights(stored)
    # Cloned: tensors in the file lie as it comes, and a product of unaligned ones may differ in
    # its last bit.
    weights = {name: tensor.clone() for name, tensor in stored.items()}
    if not all(_is_finite(t) for t in weights.values() if t.is_floating_point()):
        raise ValueError("weights that are no finite numbers")
    return weights


def _is_finite(weights: torch.Tensor) -> bool:
    # A sum takes a fortieth of the time and is finite only if all are; large ones may exceed it.
    return bool(weights.sum().isfinite()) or bool(weights.isfinite().all())
