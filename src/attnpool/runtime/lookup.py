"""Keys to their places, by binary search in ascending keys."""

from __future__ import annotations

import numpy as np

from attnpool._shapes import Int

_FEW = 512  # so few keys are searched as they come


def find(
    known: Int[np.ndarray, "known"], wanted: Int[np.ndarray, "wanted"]
) -> Int[np.ndarray, "wanted"]:
    """The place of each wanted key among the known ones; -1 for an unknown one.

    Args:
        known: Distinct keys, ascending.
        wanted: Keys in any order.
    """
    if not len(known):
        return np.full(len(wanted), -1, dtype=np.int64)
    if len(wanted) < _FEW:
        return _found(known, wanted)
    # Sorted first, so that neighbouring searches read the same memory.
    order = np.argsort(wanted)
    found = np.empty(len(wanted), dtype=np.int64)
    found[order] = _found(known, wanted[order])
    return found


def _found(known: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    places = known.searchsorted(wanted)
    same = known.take(places, mode="clip") == wanted
    found: np.ndarray = np.where(same, places, -1)
    return found
