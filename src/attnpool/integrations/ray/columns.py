"""The answers as columns of Arrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from attnpool.bulk.answers import token_type
from attnpool.integrations.ray.library import pyarrow as pa


def arrow_columns(columns: Mapping[str, Any]) -> dict[str, pa.Array]:
    """The columns; those of tokens as lists of uint32 and float16.

    Args:
        columns: The columns as `Predictor` gives them.
    """
    return {
        name: _lists(list(column), kind)
        if (kind := token_type(name)) is not None
        else pa.array(column.tolist() if column.dtype == object else column)
        for name, column in columns.items()
    }


def _lists(values: Sequence[np.ndarray], kind: type[np.generic]) -> pa.Array:
    """One list a row; of weights of several heads, a list of lists.

    The values of all rows are one array: a list at a time takes far longer.
    """
    arrays = [np.asarray(value, kind) for value in values]
    flat = pa.array(np.concatenate([array.ravel() for array in arrays]))
    if arrays[0].ndim == 2:
        flat = _cut(flat, [array.shape[1] for array in arrays for _ in range(len(array))])
    return _cut(flat, [len(array) for array in arrays])


def _cut(values: pa.Array, lengths: Sequence[int]) -> pa.Array:
    offsets = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=offsets[1:])
    return pa.ListArray.from_arrays(pa.array(offsets), values)
