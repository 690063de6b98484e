"""Models that earlier versions saved, in the names of this one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attnpool._renamed import PARAMETERS, VALUES

__all__ = ["migrate_config", "migrate_weights"]

# Format 1 called n-grams of characters subwords, and the part of a matcher in which two texts
# meet a meeting.
_FIELDS = {**PARAMETERS, "subword_rows": "char_ngram_rows", "subword_uses": "char_ngram_uses"}
_PREFIXES = {"encoder.subwords.": "encoder.char_ngrams.", "meeting.": "pair_encoder."}
_VALUES = ("pooling", "negatives")


def migrate_config(config: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a `config.json` of any format as this version writes it.

    Raises:
        KeyError, TypeError, AttributeError: A part is missing or of the wrong type.
    """
    version = config["format_version"]
    current = _with_current_names(config) if version == 1 else {**config}
    if version < 4:
        current = _without_linear(current)
    return _uncounted(current) if version < 5 else current


def _with_current_names(config: Mapping[str, Any]) -> dict[str, Any]:
    model = _renamed(config["model"])
    model["encoder"] = _renamed(config["model"]["encoder"])
    return {**config, "params": _renamed(config["params"]), "model": model}


def migrate_weights(weights: Mapping[str, Any]) -> dict[str, Any]:
    """Tensors of format 1 by the names that the models of this version give them."""
    return {_weight(name): tensor for name, tensor in weights.items()}


def _without_linear(config: Mapping[str, Any]) -> dict[str, Any]:
    """Before format 4 classifiers had no linear part."""
    if "architecture" in config["model"]:
        return {**config}
    params = {"class_weight": None, "linear": False, **config["params"]}
    return {**config, "params": params, "model": {"linear": False, **config["model"]}}


def _uncounted(config: Mapping[str, Any]) -> dict[str, Any]:
    """Before format 5 classifiers did not keep how often they had seen a token."""
    if "architecture" in config["model"]:
        return {**config}
    return {**config, "model": {"counted": False, **config["model"]}}


def _renamed(form: Mapping[str, Any]) -> dict[str, Any]:
    named = {_FIELDS.get(key, key): value for key, value in form.items()}
    for key in _VALUES:
        if key in named:
            named[key] = VALUES.get(named[key], named[key])
    return named


def _weight(name: str) -> str:
    for old, new in _PREFIXES.items():
        if name.startswith(old):
            return new + name.removeprefix(old)
    return name
