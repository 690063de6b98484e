"""The files of a saved module: nothing of them is believed before it was looked at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from attnpool.errors import InputError
from attnpool.files.ordinary import open_ordinary
from attnpool.pooling.normalizers import find_normalizer
from attnpool.sanitize import quoted, shortened

_LONGEST = 1 << 20  # bytes of a JSON file
_SHOWN = 200  # characters
_AGAIN = "save the model again, or give a complete folder"


def read_json(path: str | Path, shown: str) -> Any:
    """What a small JSON file holds.

    Args:
        path: The file.
        shown: How messages name it, in quotes where needed.

    Raises:
        InputError: It is too long, cannot be read or is no JSON.
    """
    try:
        with open_ordinary(Path(path)) as file:
            found = file.read(_LONGEST + 1)
        if len(found) > _LONGEST:
            raise InputError(f"{shown} is longer than 1 MiB; {_AGAIN}")
        return json.loads(found.decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        reason = shortened(str(error), _SHOWN)
        raise InputError(f"{shown} cannot be read: {reason}; {_AGAIN}") from None


def read_config(path: str | None, folder: str) -> dict[str, Any]:
    """The arguments of a saved `AttentionPooling`.

    Args:
        path: Its `config.json`; None if there is none.
        folder: Where it was looked for, for messages.

    Raises:
        InputError: It is missing, or holds anything else.
    """
    shown = f"config.json in {quoted(folder, _SHOWN)}"
    if path is None:
        raise InputError(f"{shown} is missing; {_AGAIN}")
    form = read_json(path, shown)
    sizes, others = ("dim", "heads", "attention_dim"), ("normalizer", "include_prompt")
    if not isinstance(form, dict) or {*form} != {*sizes, *others}:
        raise InputError(f"{shown} is not that of an AttentionPooling; {_AGAIN}")
    for name in sizes:
        if type(form[name]) is not int or form[name] < 1:
            raise InputError(f"{shown} has {quoted(str(form[name]))} as {name}; {_AGAIN}")
    if not isinstance(form["normalizer"], str) or not isinstance(form["include_prompt"], bool):
        raise InputError(f"{shown} has a normalizer or include_prompt of another type; {_AGAIN}")
    find_normalizer(form["normalizer"])
    return form


def read_weights(path: str | None, sizes: dict[str, Any], folder: str) -> dict[str, Tensor]:
    """The weights of a saved `AttentionPooling`; none are read before their shapes fit.

    Args:
        path: Its `model.safetensors`; None if there is none.
        sizes: What `read_config` gave.
        folder: Where it was looked for, for messages.

    Raises:
        InputError: The file is missing or damaged, or its weights have other names or shapes, or
            are no finite numbers.
    """
    shown = f"model.safetensors in {quoted(folder, _SHOWN)}"
    if path is None:
        raise InputError(f"{shown} is missing (pickled weights are not read); {_AGAIN}")
    wanted = {
        "pool.projection.weight": [sizes["attention_dim"], sizes["dim"]],
        "pool.score.weight": [sizes["heads"], sizes["attention_dim"]],
    }
    try:
        with safe_open(path, framework="pt") as file:
            found = {name: file.get_slice(name).get_shape() for name in file.keys()}  # noqa: SIM118 # it is no mapping
            if found != wanted:
                raise InputError(f"{shown} does not fit its config.json; {_AGAIN}")
            tensors = {name: file.get_tensor(name) for name in wanted}
    except (OSError, SafetensorError) as error:
        reason = shortened(str(error), _SHOWN)
        raise InputError(f"{shown} cannot be read: {reason}; {_AGAIN}") from None
    if not all(t.is_floating_point() and bool(torch.isfinite(t).all()) for t in tensors.values()):
        raise InputError(f"{shown} has weights that are no finite numbers; {_AGAIN}")
    return tensors
