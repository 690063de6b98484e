"""A model folder to a fitted estimator."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from attnpool.encoders.restoring import PREFIX, restored_encoder
from attnpool.errors import InputError
from attnpool.estimators.classifier import TextClassifier
from attnpool.estimators.estimator import TextEstimator
from attnpool.estimators.matcher import TextMatcher
from attnpool.estimators.settings import MatcherSettings, check_settings, computing_device
from attnpool.estimators.tasks import matching_task
from attnpool.estimators.weights import check_weights, read_weights
from attnpool.explain.lists import label_array
from attnpool.models.classifier import Classifier
from attnpool.models.config import ClassifierConfig, MatcherConfig, PretrainedConfig
from attnpool.models.registry import MATCHERS
from attnpool.models.usual_torch import in_usual_torch
from attnpool.persistence import model_folder
from attnpool.persistence.checked_config import checked_config
from attnpool.persistence.figures import checked_figures
from attnpool.persistence.known_rows import KnownRows
from attnpool.sanitize import one_line
from attnpool.text import WordTokenizer, load_tokenizer
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
        checked_config(config)
        restored: TextClassifier | TextMatcher = _restored(path, config)
        return restored
    except _Blamed as error:
        raise error.line from None
    except Exception as error:
        # The digests hold, so what makes no sense is config.json itself, whatever it broke.
        raise model_folder.damaged(path, error) from None


class _Blamed(Exception):  # noqa: N818 - it carries the error
    """What makes no sense is known: the line that says it."""

    def __init__(self, line: InputError) -> None:
        super().__init__(line)
        self.line = line


@contextmanager
def _blaming(path: Path) -> Iterator[None]:
    """Within it a file is read: whatever is raised is the fault of this file."""
    try:
        yield
    except InputError as error:  # of ours, and it names the file, an encoder or a library
        raise _Blamed(error) from None
    except Exception as error:
        what = str(error) if isinstance(error, ValueError) else ""
        raise _Blamed(model_folder.damaged_part(path, what)) from None


def _restored(path: Path, config: Mapping[str, Any]) -> Any:
    estimator = _with_params(config)
    with _blaming(path / model_folder.TOKENIZER):
        tokenizer = load_tokenizer(path / model_folder.TOKENIZER, config["tokenizer"])
    estimator.reader_ = TextReader.from_config(config, tokenizer)
    with _blaming(path / model_folder.METRICS):
        figures = model_folder.read_json(path / model_folder.METRICS)
        try:
            estimator.metrics_ = checked_figures(figures)
        except (LookupError, TypeError, ValueError) as error:
            raise model_folder.damaged_part(path / model_folder.METRICS, str(error)) from None
    estimator.reading_ = config["reading"]
    if model_folder.KNOWN in config["sha256"]:
        with _blaming(path / model_folder.KNOWN):
            estimator._known = KnownRows.load(path / model_folder.KNOWN)
    estimator.classes_ = label_array(config["classes"])
    if isinstance(estimator, TextMatcher):
        # Whatever the parameters say by now, the network has the architecture it was trained with.
        trained = {**estimator.get_params(), "architecture": config["model"]["architecture"]}
        estimator._task = matching_task(MatcherSettings.of(trained, check=False))
    place = path / model_folder.WEIGHTS
    with _blaming(place):
        # The config was migrated when it was read; it keeps the version of the file.
        weights = read_weights(place, old_names=config["format_version"] == 1)
    net = _blank_net(config, estimator, weights)
    try:
        check_weights(net, weights)
    except ValueError as error:
        line = f"{path / model_folder.CONFIG} is damaged, or does not fit {place}"
        line += f" ({one_line(str(error))})"
        raise _Blamed(InputError(f"{line}; copy the model again or retrain it")) from None
    missing, unexpected = net.load_state_dict(weights, strict=False, assign=True)
    if unexpected or not all(name.startswith(PREFIX) for name in missing):
        raise ValueError("weights of another model")
    estimator.model_ = net.to(computing_device(None)).eval()
    estimator.model_.origin = str(place)
    return estimator


def _with_params(config: Mapping[str, Any]) -> Any:
    """The estimator that the configuration names, with its parameters, which are checked."""
    if config["kind"] not in TextEstimator.kinds:
        raise ValueError("kind")
    kind: Any = TextEstimator.kinds[config["kind"]]
    given = {k: tuple(v) if isinstance(v, list) else v for k, v in config["params"].items()}
    if unknown := sorted(set(given) - set(kind._get_param_names())):
        raise ValueError(f"params: {unknown[0]}")
    # Where to compute is a matter of this machine, not of the one that trained.
    estimator = kind(**{**given, "device": None})
    check_settings(estimator.get_params(deep=False))
    return estimator


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
    reads = estimator.reader_.tokenizer
    if shape.encoder.ngram_rows > sum(tensor.numel() for tensor in weights.values()):
        raise ValueError("more n-grams than numbers")
    if getattr(shape.encoder, "char_ngrams", ()) and not isinstance(reads, WordTokenizer):
        raise ValueError("character n-grams of words")
    if shape.encoder.vocabulary != reads.size:
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
        try:
            given = {"encoder": restored_encoder(shape.encoder, weights)}
        except InputError as error:  # which names the encoder, or a library
            raise _Blamed(error) from None
    # On the meta device a size that somebody made up allocates nothing, and nothing is drawn.
    with torch.device("meta"), _WithoutInit():
        net: nn.Module = kind(shape, **given)
        return net
