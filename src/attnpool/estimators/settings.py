"""What an estimator's parameters come to: checked, resolved and frozen, before anything is learned.

`TextClassifier` and `TextMatcher` keep their parameters as they were given, as scikit-learn asks.
`fit` reads this form instead: every None is decided, every number is Python's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, TypeVar

import torch

from attnpool._renamed import current_value
from attnpool.architectures import Architecture, find_architecture
from attnpool.estimators.parameters import FAITHFUL, check_encoder, check_parameters
from attnpool.text.lengths import MAX_TOKENS
from attnpool.text.reader import ReaderSettings

__all__ = [
    "ClassifierSettings",
    "MatcherSettings",
    "Settings",
    "check_settings",
    "computing_device",
]

_ATTENTION_HEADS = 4
_CHOICES = ("pooling", "negatives")  # whose values had other forms in earlier versions
_NUMBERS = (
    *("dim", "heads", "attention_dim", "head_dim", "min_frequency", "ngram_min_frequency"),
    *("epochs", "patience", "n_negatives", "seed"),
)
_TRAINED = {"none": 0, "all": -1}
_LENGTHS = ("kernel_sizes", "ngrams", "char_ngrams")

S = TypeVar("S", bound="Settings")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(ReaderSettings):
    """What both estimators are told; the parameters of the same names say what each means.

    Attributes:
        encoder: What was given as an encoder; in training the `PretrainedEncoder` that it is.
        train_encoder: How many of its layers are trained, counted from the last; -1: everything.
    """

    dim: int
    kernel_sizes: tuple[int, ...]
    residual: bool
    ngrams: tuple[int, ...]
    ngram_min_frequency: int | None
    char_ngrams: tuple[int, ...]
    positions: bool
    pooling: str
    heads: int
    attention_dim: int | None
    normalizer: str
    embedding_dropout: float
    token_dropout: float
    dropout: float
    label_smoothing: float
    learning_rate: float
    epochs: int | None
    patience: int
    refit: bool
    device: str | None
    seed: int
    equal_length: bool = False
    encoder: Any = None
    train_encoder: int = 0
    encoder_learning_rate: float = 1e-4
    download: bool = False

    @property
    def trains_encoder(self) -> bool:
        """Whether some of a pretrained encoder is trained too."""
        return self.encoder is not None and self.train_encoder != 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifierSettings(Settings):
    """What a `TextClassifier` is told."""

    linear: bool
    class_weight: str | Mapping[Any, float] | None
    mask_training: bool
    attention_target: float
    head_diversity: float

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> ClassifierSettings:
        """The settings that these parameters come to.

        Raises:
            InputError: A parameter makes no sense.
        """
        params = _current(params)
        check_encoder(params)
        check_parameters(params)
        if params["faithful"]:
            params |= {**FAITHFUL, "linear": False}
        if params["heads"] is None:
            params["heads"] = _ATTENTION_HEADS if params["pooling"] == "attention" else 1
        return _settings(cls, params)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatcherSettings(Settings):
    """What a `TextMatcher` is told."""

    architecture: Architecture
    head_dim: int
    symmetric: bool | None
    match_label: str | int | float | bool | None
    distance: str
    margin: float
    negatives: str
    anchor_as_positive: bool
    n_negatives: int | None

    @classmethod
    def of(cls, params: Mapping[str, Any], *, check: bool = True) -> MatcherSettings:
        """The settings that these parameters come to; None becomes what the architecture wants.

        Args:
            params: The parameters of a `TextMatcher`.
            check: Whether to refuse what no training could use; a trained model needs no check.

        Raises:
            InputError: A parameter makes no sense, alone or for the architecture.
        """
        params = _current(params)
        architecture = find_architecture(params["architecture"])
        if check:
            architecture.check_attention(params["pooling"], params["heads"])
            check_encoder(params)
        if params["pooling"] != "attention":
            params["heads"] = params["heads"] or 1
        if params.get("encoder") is not None:
            params |= {name: params[name] or () for name in ("kernel_sizes", "ngrams")}
        for name, value in architecture.defaults.items():
            if params[name] is None:
                params[name] = value
        if check:
            check_parameters(params)
        params["architecture"] = architecture
        return _settings(cls, params, max_tokens=architecture.max_tokens or MAX_TOKENS)


def check_settings(params: Mapping[str, Any]) -> None:
    """Refuse parameters of an estimator of either kind that no training could use.

    Args:
        params: The parameters.

    Raises:
        InputError: One makes no sense.
    """
    kind: type[ClassifierSettings | MatcherSettings] = (
        MatcherSettings if "architecture" in params else ClassifierSettings
    )
    kind.of(params)


def computing_device(name: str | None) -> torch.device:
    """The device of this name; a GPU if there is one, unless a name is given."""
    return torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))


def _current(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with values of earlier versions in their present form."""
    return {
        name: current_value(value) if name in _CHOICES else value for name, value in params.items()
    }


def _settings(cls: type[S], params: Mapping[str, Any], **more: Any) -> S:
    known = {field.name for field in fields(cls)}
    given = {name: _plain(name, value) for name, value in params.items() if name in known}
    return cls(**given, **more)


def _plain(name: str, value: Any) -> Any:
    """Python's own values: parameter searches hand over numpy's, users hand over lists."""
    if name in _NUMBERS:
        return None if value is None else int(value)
    if name in _LENGTHS:
        return tuple(int(length) for length in value)
    if name == "cleanup":
        return tuple(value)
    if name == "train_encoder":
        return _TRAINED.get(value, value) if isinstance(value, str) else int(value)
    if name == "encoder":
        return value  # refused where it is opened, as it was given
    if name == "tokenizer":
        return str(value)
    if name == "dictionary":
        # What is no list of words is refused where it is read, as it was given.
        if isinstance(value, str | bytes | bytearray | Mapping) or not hasattr(value, "__iter__"):
            return value
        return tuple(sorted(value, key=str) if isinstance(value, set | frozenset) else value)
    return MappingProxyType(dict(value)) if isinstance(value, Mapping) else value
