"""An encoder made of its configuration and its weights: what a saved model is restored from."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from attnpool.encoders.opening import CODE, public_class, quiet, reading_half, settled
from attnpool.errors import InputError
from attnpool.sanitize import quoted

_LEFT_OUT = ("model_type", "architectures", "auto_map", "return_dict", *CODE)
_MANY_LAYERS = 1000
_MERGE = (
    "so that a saved model could not be restored; merge adapters into the weights, or give an "
    "encoder of transformers as its configuration describes it"
)


def made(form: Mapping[str, Any], weights: Mapping[str, Tensor]) -> Any:
    """An encoder of this form; its weights are to be loaded.

    Args:
        form: Its configuration (see `PretrainedConfig.form`).
        weights: Its weights by name, whose shapes must be those of the form.

    Raises:
        ValueError: The form and the weights do not fit.
        Exception: Whatever transformers raises about a form that is none.
    """
    blank = _blank(form, weights)
    if _shapes(blank.state_dict()) != _shapes(weights):
        raise ValueError("weights of another encoder")
    with _aside():
        return settled(_built(form, pooled=_pooled(weights))).float().eval()


def check_restorable(model: nn.Module, form: Mapping[str, Any], name: str) -> None:
    """Refuse what the configuration and the weights of an encoder would not give again.

    Args:
        model: The encoder.
        form: What would be saved of its configuration.
        name: Its name, for messages.

    Raises:
        InputError: A layer was replaced or wrapped, taken out or added.
    """
    weights = model.state_dict()
    try:
        blank = _blank(form, weights)
    except Exception:  # whatever transformers raises about a configuration
        raise InputError(f"{name} cannot be made from its configuration, {_MERGE}") from None
    found, expected = _shapes(weights), _shapes(blank.state_dict())
    kinds, plain = _kinds(model), _kinds(blank)
    other = [part for part in kinds if kinds[part] is not plain.get(part)]
    other += [one for one in found if found[one] != expected.get(one)]
    other += [one for one in expected if one not in found]
    if other:
        part = quoted(other[0], 200) if other[0] else f"its class, {quoted(type(model).__name__)}"
        raise InputError(f"{name} is not as its configuration says ({part}), {_MERGE}")


def restored(model: nn.Module, form: Mapping[str, Any]) -> Any:
    """The encoder that its configuration and weights give; it shares the weights.

    Args:
        model: The encoder, which `check_restorable` has let pass.
        form: What would be saved of its configuration.
    """
    again = made(form, model.state_dict())
    again.load_state_dict(model.state_dict(), assign=True)
    return again


def _blank(form: Mapping[str, Any], weights: Mapping[str, Tensor]) -> Any:
    """The encoder on the meta device: a size that somebody made up allocates nothing."""
    for name, value in form.items():  # making a million layers would take hours
        many = isinstance(value, int) and value > max(_MANY_LAYERS, len(weights))
        if many and name.endswith(("layers", "n_layer")):
            raise ValueError("layers")
    with _aside(), torch.device("meta"):
        return settled(_built(form, pooled=_pooled(weights)))


def _built(form: Mapping[str, Any], *, pooled: bool) -> Any:
    library = importlib.import_module("transformers")
    plain = {name: _numbers(value) for name, value in form.items() if name not in _LEFT_OUT}
    shape = library.AutoConfig.for_model(form["model_type"], **plain)
    kind = public_class(form.get("architectures"), shape)
    made_by = library.AutoModel.from_config if kind is None else kind._from_config
    options = {"trust_remote_code": False} if kind is None else {}
    model = made_by(shape, **options)
    if not pooled and any("pooler" in one for one in model.state_dict()):
        model = made_by(shape, add_pooling_layer=False, **options)
    return reading_half(model) if kind is None else model


def _numbers(value: Any) -> Any:
    """The value with the numbers that JSON has no word for."""
    if isinstance(value, list):
        return [_numbers(one) for one in value]
    if isinstance(value, dict):
        if list(value) == ["__float__"]:  # as transformers writes infinity
            return float(value["__float__"])
        return {name: _numbers(one) for name, one in value.items()}
    return value


@contextmanager
def _aside() -> Iterator[None]:
    """Without messages, and without a draw from the generators of others."""
    with quiet(), torch.random.fork_rng(devices=[]):
        yield


def _pooled(weights: Mapping[str, Tensor]) -> bool:
    return any("pooler" in name for name in weights)


def _shapes(weights: Mapping[str, Tensor]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in weights.items()}


def _kinds(model: nn.Module) -> dict[str, type]:
    return {name: type(one) for name, one in model.named_modules()}
