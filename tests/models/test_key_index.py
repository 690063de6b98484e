import copy

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnpool import InputError
from attnpool.models.key_index import NONE, KeyIndex

KEYS = st.integers(-(2**63), 2**63 - 1)


@settings(max_examples=200, deadline=None)
@given(st.lists(KEYS.filter(lambda k: k != NONE), unique=True, max_size=200), st.lists(KEYS))
def test_every_key_is_found_and_no_other(keys, others):
    index = KeyIndex(torch.tensor(keys, dtype=torch.int64))
    places = {key: i for i, key in enumerate(keys, start=1)}
    wanted = [*others, *keys, NONE]
    found = index(torch.tensor(wanted, dtype=torch.int64))
    assert found.tolist() == [places.get(key, 0) for key in wanted]


def test_keys_that_want_the_same_slots_are_all_found():
    # Of many keys those whose first slot is one of a few: they must evict each other.
    many = torch.arange(1, 200_000)
    index = KeyIndex(torch.arange(1, 25))
    crowd = many[index._slots(many)[0] < 8][:24]
    assert len(crowd) == 24
    index = KeyIndex(crowd)
    assert index(crowd).tolist() == list(range(1, 25))
    assert not index(crowd + 300_000).any()


@pytest.mark.parametrize("times", [3, 50])
def test_keys_that_are_not_different_are_refused(times):
    with pytest.raises(InputError, match="not all different"):
        KeyIndex(torch.tensor([7, *[5] * times]))


def test_shapes_and_copies():
    index = KeyIndex(torch.tensor([7, 5]))
    assert index(torch.tensor([[5, 7, 0], [1, 5, 5]])).tolist() == [[2, 1, 0], [0, 2, 2]]
    assert index(torch.zeros(2, 0, dtype=torch.int64)).shape == (2, 0)
    assert copy.deepcopy(index) is index
    assert KeyIndex(torch.zeros(0, dtype=torch.int64))(torch.tensor([3])).tolist() == [0]
