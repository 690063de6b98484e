"""The states of texts, computed once and kept while a model is trained on them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from attnpool.errors import InputError
from attnpool.models.context import ContextEncoder
from attnpool.models.tensors import TensorBatches
from attnpool.text.batches import length_batches
from attnpool.text.tokens import Tokens

BATCH_TOKENS = 8_192
"""The most tokens of a batch, padding included."""

_LARGEST = 65_504.0  # of half precision
_IN_MEMORY = 1 << 30  # bytes; more are kept in a file that is mapped into memory


class States:
    """States of many texts in half precision, found by the token ids of a text.

    Args:
        encoder: The encoder, in evaluation mode.
        tokens: The texts.
        advance: Called with the number of texts of each batch that is done.

    Raises:
        InputError: There is no room for the states.
    """

    def __init__(
        self, encoder: ContextEncoder, tokens: Tokens, advance: Callable[[int], object]
    ) -> None:
        keys = [ids.tobytes() for ids in _rows(tokens)]
        first = dict(zip(reversed(keys), reversed(range(len(keys))), strict=True))
        taken = np.array(sorted(first.values()), dtype=np.int64)
        lengths = tokens.lengths[taken]
        bounds = np.concatenate([[0], np.cumsum(lengths)])
        self._places = {
            keys[row]: (int(start), int(end))
            for row, start, end in zip(taken.tolist(), bounds[:-1], bounds[1:], strict=True)
        }
        self._states = _room((int(bounds[-1]), encoder.config.dim))
        batches = TensorBatches(encoder, tokens)
        repeated = len(tokens) - len(taken)
        with torch.inference_mode():
            for rows in length_batches(lengths, max_tokens=BATCH_TOKENS):
                ids, mask, _ = batches(taken[rows])
                states = encoder.states(ids, mask).cpu()
                if not bool((states.abs() <= _LARGEST).all()):
                    raise InputError(
                        "the encoder gives states that are no finite numbers, or too large for "
                        "half precision; give another encoder"
                    )
                for row, of_text in zip(rows.tolist(), states, strict=True):
                    self._states[bounds[row] : bounds[row + 1]] = of_text[: lengths[row]].numpy()
                advance(len(rows))
        advance(repeated)

    def __call__(self, ids: Tensor, mask: Tensor) -> Tensor | None:
        """The states of a batch, `(batch, steps, dim)`; None if one of its texts is not kept."""
        steps = torch.arange(mask.shape[1], device=mask.device)
        if not torch.equal(mask, steps < mask.sum(1, keepdim=True)):
            return None  # some tokens are hidden, and the others have other states then
        lengths = mask.sum(1).tolist()
        rows = ids.to("cpu", torch.int32).numpy()
        found = [self._places.get(row[:n].tobytes()) for row, n in zip(rows, lengths, strict=True)]
        states = np.zeros((*ids.shape, self._states.shape[1]), dtype=np.float32)
        for row, place in enumerate(found):
            if place is None:
                return None
            start, end = place
            states[row, : end - start] = self._states[start:end]
        return torch.from_numpy(states).to(ids.device)


def _room(shape: tuple[int, int]) -> np.ndarray:
    size = shape[0] * shape[1] * 2
    if size <= _IN_MEMORY:
        return np.zeros(shape, dtype=np.float16)
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if free < size:
        raise InputError(
            f"the states of the encoder take {size / 1e9:,.1f} GB, and {tempfile.gettempdir()} "
            f"has {free / 1e9:,.1f} GB left; set TMPDIR to a larger disk, give fewer rows or a "
            "lower max_length"
        )
    with tempfile.TemporaryFile(prefix="attnpool-states-") as file:  # gone with its last user
        return np.memmap(file, dtype=np.float16, mode="w+", shape=shape)


def _rows(tokens: Tokens) -> list[np.ndarray]:
    ids = tokens.ids.astype(np.int32, copy=False)
    return np.split(ids, tokens.bounds[1:-1]) if len(tokens) else []
