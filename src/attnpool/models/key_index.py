"""A hash table from 64-bit keys to their positions, for whole tensors at a time."""

from __future__ import annotations

import torch
from torch import Tensor

from attnpool._shapes import Int
from attnpool.errors import InputError

NONE = 0
"""The key that means none; no table holds it."""

_MIX = ((32, -4658895280553007687), (29, -7723592293110685705))
_ROUNDS = 100  # a table with room is filled in about ten
_GROWTHS = 4  # how often a table is doubled before its keys are refused


class KeyIndex:
    """The position of each of many keys, in two memory reads per key.

    Args:
        keys: Distinct keys.

    Call arguments:
        keys: Keys to look up.

    Input shape:
        Any.

    Output shape:
        The same: for each key its position, counted from 1, or 0 if it is unknown.

    Raises:
        InputError: Keys are not distinct, or were chosen to collide.

    Source:
        Pagh & Rodler 2004, "Cuckoo hashing", filled for all keys at once as in Alcantara et al.
        2009, "Real-time parallel hashing on the GPU". The hash is two rounds of shift and
        multiplication, with the factors of Steele & Flood's SplitMix64 (OOPSLA 2014).
    """

    def __init__(self, keys: Int[Tensor, "keys"]) -> None:
        self._bits = max(4, (3 * len(keys)).bit_length())  # at most a third full
        most = self._bits + _GROWTHS
        while (places := self._fill(keys)) is None:
            self._bits += 1
            if self._bits > most:
                raise InputError("keys of n-grams are not all different; retrain the model")
        self._places = places
        # An empty slot holds the key NONE, at position 0.
        self._keys = torch.cat([keys.new_full((1,), NONE), keys])[places]

    def __call__(self, keys: Int[Tensor, "*shape"]) -> Int[Tensor, "*shape"]:
        """Look up."""
        wanted = keys.flatten()
        first, second = self._slots(wanted)
        # index_select takes half the time of square brackets.
        slots = torch.where(self._keys.index_select(0, first) == wanted, first, second)
        known = self._keys.index_select(0, slots) == wanted
        return torch.where(known, self._places.index_select(0, slots), 0).view(keys.shape)

    def __deepcopy__(self, memo: dict[int, object]) -> KeyIndex:
        """The index itself: it never changes, so copies of a model share it."""
        return self

    def _fill(self, keys: Tensor) -> Tensor | None:
        """The position of the key in each slot, 0 for none; None if not all keys fit."""
        slots = torch.stack(self._slots(keys))
        places = keys.new_zeros(1 << self._bits)
        turn = torch.zeros_like(keys)
        pending = (keys != NONE).nonzero().squeeze(1)
        for _ in range(_ROUNDS):
            if not len(pending):
                return places
            wanted = slots[turn[pending], pending]
            before = places[wanted]
            places[wanted] = pending + 1  # of several keys for a slot, any one stays
            stays = places[wanted] == pending + 1
            evicted = torch.unique(before[before > 0]) - 1
            pending = torch.cat([pending[~stays], evicted])
            turn[pending] ^= 1
        return None

    def _slots(self, keys: Tensor) -> tuple[Tensor, Tensor]:
        for shift, factor in _MIX:
            keys = (keys ^ (keys >> shift)) * factor
        last = (1 << self._bits) - 1
        # The shift of a signed number repeats its sign, which the mask removes.
        return (keys >> (64 - self._bits)) & last, (keys >> 8) & last
