"""A compact model whose file has a given size."""

from __future__ import annotations

import numpy as np

from attnpool.errors import InputError
from attnpool.runtime.file import AnyNetwork
from attnpool.runtime.model import CompactModel
from attnpool.runtime.pairs.network import PairNetwork
from attnpool.runtime.smaller.pairs import sized_pair, smallest_pair
from attnpool.runtime.smaller.pruning import sized, smallest


def of_size(model: CompactModel, size: int, counts: np.ndarray | None = None) -> CompactModel:
    """The model in a file of so many bytes at most; see `attnpool.runtime.smaller.pruning`.

    Args:
        model: The model.
        size: The most bytes.
        counts: How often the training texts have the token or n-gram of each row, if known.

    Raises:
        InputError: It does not fit even without any n-gram.
    """
    packed = packed_size(model)
    if packed <= size:
        return model
    least = smallest_model(model)
    if (least_size := packed_size(least)) > size:
        raise InputError(
            f"a file of {size:,} bytes is too small for this model, which takes {least_size:,} "
            "bytes at its smallest; allow more"
        )
    beside = packed - model.network_.size  # the tokeniser, and the names of tables, which change
    while (network := _sized(model.network_, size - beside, counts)) is not None:
        smaller = _with(model, network)
        if (packed := packed_size(smaller)) <= size:
            return smaller
        beside += packed - size
    return least


def _sized(network: AnyNetwork, budget: int, counts: np.ndarray | None) -> AnyNetwork | None:
    if isinstance(network, PairNetwork):
        return sized_pair(network, budget)
    return sized(network, budget, counts)


def _with(model: CompactModel, network: AnyNetwork) -> CompactModel:
    lost = model.network_.words is not None and network.words is None
    left_out = {"smaller": True, **({"words": False} if lost else {})}
    config = {**model.config, "source": {**model.source_, **left_out}}
    return CompactModel(network, model.reader_, model.classes_, config)


def smallest_model(model: CompactModel) -> CompactModel:
    """The model without any n-gram.

    Args:
        model: The model.
    """
    network = model.network_
    if isinstance(network, PairNetwork):
        return _with(model, smallest_pair(network))
    return _with(model, smallest(network))


def packed_size(model: CompactModel) -> int:
    """The bytes of its file.

    Args:
        model: The model.
    """
    return len(model.to_bytes())
