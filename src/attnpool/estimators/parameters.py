"""Checks of an estimator's parameters, before anything is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import torch

from attnpool.errors import InputError, cut
from attnpool.models.config import MOST, MOST_LAYERS
from attnpool.models.losses import NEGATIVES
from attnpool.models.ngrams import MAX_NGRAM
from attnpool.models.triplet import DISTANCES
from attnpool.pooling import ATTENDING, NORMALIZERS, POOLINGS
from attnpool.sanitize import quoted
from attnpool.text.char_ngrams import MAX_CHAR_NGRAM

FAITHFUL: Mapping[str, Any] = MappingProxyType(
    {
        "pooling": "mean_query",
        "mask_training": False,
        "equal_length": False,
        "attention_target": 1.0,
        "head_diversity": 0.0,
    }
)
"""What `TextClassifier(faithful=True)` chooses; docs/trust.md has the measurements."""

_WHOLE = {
    **{name: MOST[name] for name in ("heads", "dim", "attention_dim", "head_dim")},
    **dict.fromkeys(("min_frequency", "ngram_min_frequency"), 10**9),
    **dict.fromkeys(("epochs", "patience"), 10**6),
    "n_negatives": 1000,
}
"""The most that each whole number can be; the least is 1."""
_SHARES = ("embedding_dropout", "token_dropout", "dropout", "label_smoothing")
_CHOICES = {
    "pooling": POOLINGS,
    "normalizer": NORMALIZERS,
    "distance": DISTANCES,
    "negatives": NEGATIVES,
}
_SWITCHES = (
    *("linear", "residual", "positions", "refit", "download"),
    *("faithful", "mask_training", "equal_length"),
)
_WITHOUT_ENCODER: Mapping[str, Any] = MappingProxyType(
    {
        "tokenizer": "auto",
        "dictionary": None,
        "dim": 128,
        "kernel_sizes": (),
        "residual": False,
        "char_ngrams": (3, 4, 5),
        "min_frequency": 1,
        "positions": False,
        "equal_length": False,
        "token_dropout": 0.0,
    }
)
"""What shapes the model's own encoder, at its default."""

_STRONGEST = 100  # by then nothing else counts
_LIGHTEST = 1e-6
_OPTIONAL = ("heads", "attention_dim", "epochs", "n_negatives", "ngram_min_frequency")


def check_parameters(params: Mapping[str, Any]) -> None:
    """Refuse what makes no sense; an estimator has some of the parameters known here.

    Raises:
        InputError: A parameter is out of range; the message names it and the range.
    """
    for name, most in _WHOLE.items():
        value = params.get(name, 1)
        if value is None and name in _OPTIONAL:
            continue
        if not _whole(value) or not 1 <= value <= most:
            raise InputError(f"{name} is {_shown(value)}; give a whole number from 1 to {most:,}")
    for name in _SHARES:
        if not _real(params[name]) or not 0 <= params[name] < 1:
            raise InputError(f"{name} is {_shown(params[name])}; give a share from 0 to below 1")
    for name, choices in _CHOICES.items():
        if name in params and params[name] not in choices:
            raise InputError(f"{name} is {_shown(params[name])}; choose from {', '.join(choices)}")
    for name in _SWITCHES:
        if not isinstance(params.get(name, False), bool | np.bool_):
            raise InputError(f"{name} is {_shown(params[name])}; give True or False")
    _check_numbers(params)
    _check_attention(params)
    _check_lists(params)
    _check_device(params["device"])


def check_encoder(params: Mapping[str, Any]) -> None:
    """Refuse what makes no sense with an encoder, or without one.

    Args:
        params: The parameters as they were given: None is the default of an architecture.

    Raises:
        InputError: A parameter has no effect, or is out of range.
    """
    layers = params["train_encoder"]
    if params.get("encoder") is None:
        trains = layers not in ("none", None) and not (_whole(layers) and int(layers) == 0)
        for name, asked in (("train_encoder", trains), ("download", params["download"] is True)):
            if asked:
                raise InputError(f"{name} is of an encoder; name it (encoder=), or leave it out")
        return
    if layers not in ("none", "all") and not (_whole(layers) and layers >= 0):
        raise InputError(
            f"train_encoder is {_shown(layers)}; give 'none', 'all' or a number of layers"
        )
    rate = params["encoder_learning_rate"]
    if not _real(rate) or not 0 < rate <= 1:
        raise InputError(f"encoder_learning_rate is {_shown(rate)}; give a number such as 0.0001")
    for name, usual in _WITHOUT_ENCODER.items():
        given = params.get(name)
        given = tuple(given) if isinstance(given, list) else given
        if given is not None and given != usual and given != ():
            raise InputError(f"{name} has no effect with an encoder; leave it out")


def _check_lists(params: Mapping[str, Any]) -> None:
    for name in ("kernel_sizes", "ngrams", "char_ngrams", "cleanup"):
        if isinstance(params[name], str) or not hasattr(params[name], "__iter__"):
            raise InputError(f"{name} is {_shown(params[name])}; give a list")
    widest, kernels = MOST["kernel_sizes"], list(params["kernel_sizes"])
    if len(kernels) > MOST_LAYERS:
        raise InputError(f"kernel_sizes are {len(kernels):,}; give at most {MOST_LAYERS}")
    if not all(_whole(width) and 1 <= width <= widest for width in kernels):
        raise InputError(
            f"kernel_sizes are {_shown(params['kernel_sizes'])}; give whole numbers from 1 to "
            f"{widest}"
        )
    if not all(_whole(n) and 2 <= n <= MAX_NGRAM for n in params["ngrams"]):
        raise InputError(
            f"ngrams are {_shown(params['ngrams'])}; give lengths from 2 to {MAX_NGRAM}"
        )
    for name in ("ngrams", "char_ngrams"):
        if len(set(params[name])) < len(list(params[name])):
            raise InputError(f"{name} are {_shown(params[name])}; give each length once")
    if not all(_whole(n) and 2 <= n <= MAX_CHAR_NGRAM for n in params["char_ngrams"]):
        raise InputError(
            f"char_ngrams are {_shown(params['char_ngrams'])}; give lengths from 2 to "
            f"{MAX_CHAR_NGRAM}"
        )


def _check_numbers(params: Mapping[str, Any]) -> None:
    _check_class_weight(params.get("class_weight"))
    margin = params.get("margin", 1.0)
    if not _real(margin) or not 0 < margin <= _STRONGEST:
        raise InputError(f"margin is {_shown(margin)}; give a number above 0, at most {_STRONGEST}")
    rate = params["learning_rate"]
    if not _real(rate) or not 0 < rate <= _STRONGEST:
        raise InputError(
            f"learning_rate is {_shown(rate)}; give a number above 0 and at most {_STRONGEST}, "
            "such as 0.003"
        )
    if not _whole(params["seed"]) or not 0 <= params["seed"] < 2**32:
        raise InputError(
            f"seed is {_shown(params['seed'])}; give a whole number from 0 to 2**32 - 1"
        )


def _check_class_weight(weights: Any) -> None:
    """Numbers that a float32 can add up; which labels there are is not known yet."""
    for label, weight in weights.items() if isinstance(weights, Mapping) else ():
        if not _real(weight) or not _LIGHTEST <= weight <= 1 / _LIGHTEST:
            raise InputError(
                f"class_weight of {quoted(str(label))} is {_shown(weight)}; give a number from "
                f"{_LIGHTEST:g} to {1 / _LIGHTEST:,.0f}; to ignore a class, leave out its rows"
            )


def _check_attention(params: Mapping[str, Any]) -> None:
    for name in ("attention_target", "head_diversity"):
        value = params.get(name, 0.0)
        if not _real(value) or not 0 <= value <= _STRONGEST:
            raise InputError(f"{name} is {_shown(value)}; give a number from 0 to {_STRONGEST}")
    pooling = params["pooling"]
    if params.get("faithful"):  # which chooses the pooling and all that follows
        _check_faithful(params)
        return
    if pooling != "attention" and params["heads"] not in (None, 1):
        raise InputError(f"pooling {_shown(pooling)} has one head; leave heads out")
    if params.get("attention_target") and pooling not in ATTENDING:
        raise InputError(
            f"attention_target needs pooling {_either(ATTENDING)}, not {_shown(pooling)}"
        )
    if params.get("head_diversity") and pooling != "attention":
        raise InputError(f"head_diversity needs pooling 'attention', not {_shown(pooling)}")
    if params.get("head_diversity") and params["heads"] == 1:
        raise InputError("head_diversity needs at least 2 heads; give more or leave it at 0")


def _check_faithful(params: Mapping[str, Any]) -> None:
    pooling = params["pooling"]
    if pooling not in ATTENDING:
        raise InputError(f"faithful pools by mean_query, not {_shown(pooling)}; leave pooling out")
    if params["heads"] not in (None, 1):
        raise InputError("faithful has one head; leave heads out")
    for name, chosen in FAITHFUL.items():
        if name != "pooling" and params[name] and params[name] != chosen:
            raise InputError(f"faithful chooses {name} itself; leave {name} out")


def _check_device(device: str | None) -> None:
    if device is None:
        return
    try:
        torch.zeros(1, device=device).item()  # "meta" has room, and no numbers
    except (RuntimeError, AssertionError, TypeError):
        there = ["'cpu'", *(["'cuda'"] if torch.cuda.is_available() else [])]
        raise InputError(
            f"device is {_shown(device)}, which torch does not have here; give None or "
            f"{' or '.join(there)}"
        ) from None


def _shown(value: Any) -> str:
    """A value as Python writes it, without its middle if that is long."""
    try:
        return cut(repr(value))
    except ValueError:  # Python writes no number of more than some thousand digits
        return "a number of thousands of digits"


def _either(names: Sequence[str]) -> str:
    return " or ".join(map(repr, names))


def _whole(value: Any) -> bool:
    # numpy's whole numbers, which parameter searches hand over, have __index__ as Python's have.
    return hasattr(value, "__index__") and not isinstance(value, bool)


def _real(value: Any) -> bool:
    return hasattr(value, "__float__") and not isinstance(value, bool | str)
