"""The weights of a saved model: read after their sizes, and checked before they are used."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from attnpool.encoders.restoring import PREFIX
from attnpool.persistence.migration import migrate_weights


def read_weights(path: Path, *, old_names: bool) -> dict[str, Tensor]:
    """The tensors of a file by the names that the models of this version give them.

    Args:
        path: The file.
        old_names: Whether an earlier version named them.

    Raises:
        ValueError: It holds no tensors, or numbers that are not finite.
    """
    try:
        with safe_open(path, framework="pt") as file:
            # Cloned: tensors in the file lie as it comes, and a product of unaligned ones may
            # differ in its last bit.
            stored = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
    except SafetensorError:
        raise ValueError("no tensors") from None
    weights = migrate_weights(stored) if old_names else stored
    for name, tensor in weights.items():
        if tensor.is_floating_point() and not _is_finite(tensor):
            raise ValueError(f"{name} holds numbers that are not finite")
    return weights


def check_weights(net: nn.Module, weights: Mapping[str, Tensor]) -> None:
    """Refuse weights that are not those of a network, before they are put into it.

    Args:
        net: The network, without weights.
        weights: The tensors by name.

    Raises:
        ValueError: One is missing, too many, or of another shape or type, or holds table rows
            that there are not.
    """
    # A model that was saved without its encoder has none of the encoder's weights.
    expected = {
        name: one
        for name, one in net.state_dict().items()
        if name in weights or not name.startswith(PREFIX)
    }
    for name in (*expected, *weights):
        wanted, found = expected.get(name), weights.get(name)
        if wanted is None or found is None:
            raise ValueError(f"{name} is {'missing' if found is None else 'of another model'}")
        # The blank one is of the type that torch makes usually, which anybody may set.
        kind = torch.float32 if wanted.is_floating_point() else wanted.dtype
        if (wanted.shape, kind) != (found.shape, found.dtype):
            raise ValueError(f"{name} is of another size or type")
    own = {name: one for name, one in weights.items() if not name.startswith(PREFIX)}
    for name, tensor in own.items():
        if name.endswith("ngrams.keys") and not bool((tensor[1:] > tensor[:-1]).all()):
            raise ValueError(f"{name} are not ascending")
        if name.endswith(("squares", "counts")) and not bool((tensor >= 0).all()):
            raise ValueError(f"{name} are below zero")
    if "encoder.char_ngrams.rows" in own:
        rows, bounds = own["encoder.char_ngrams.rows"], own["encoder.char_ngrams.bounds"]
        known = len(own["encoder.char_ngrams.keys"])
        inside = bool(((rows >= 0) & (rows < known)).all())
        whole = int(bounds[0]) == 0 and int(bounds[-1]) == len(rows)
        if not inside or not whole or not bool((bounds[1:] >= bounds[:-1]).all()):
            raise ValueError("encoder.char_ngrams names rows that there are not")
    if own.get("scale") is not None and not bool((own["scale"] > 0).all()):
        raise ValueError("scale is not above zero")


def _is_finite(weights: Tensor) -> bool:
    # A sum takes a fortieth of the time and is finite only if all are; large ones may exceed it.
    return bool(weights.sum().isfinite()) or bool(weights.isfinite().all())
