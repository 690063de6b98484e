import copy

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnpool.models.keys import NONE, KeyIndex

KEYS = st.integers(-(2**63), 2**63 - 1)


@settings(max_examples=200, deadline=None)
@given(st.lists(KEYS.filter(lambda k: k != NONE), unique=True, max_size=200), st.lists(KEYS))
def test_every_key_is_found_and_no_other(keys, others):
    index = KeyIndex(torch.tensor(keys, dtype=torch.int64))
    places = {key: i for i, key in enumerate(keys, start=1)}
    wanted = [*others, *keys, NONE]
    found = index(torch.tensor(wanted, dtype=torch.int64))
    assert found.tolist() == [places.get(key, 0) for key in wanted]


def test_keys_that_collide_are_kept_apart():
    # As many as fit a table, so that the slots of some run on from its end to its beginning.
    for size in range(1, 70):
        keys = torch.arange(1, size + 1) << 40
        index = KeyIndex(keys)
        assert index(keys).tolist() == list(range(1, size + 1))
        assert not index(keys + 1).any()


def test_shapes_and_copies():
    index = KeyIndex(torch.tensor([7, 5]))
    assert index(torch.tensor([[5, 7, 0], [1, 5, 5]])).tolist() == [[2, 1, 0], [0, 2, 2]]
    assert index(torch.zeros(2, 0, dtype=torch.int64)).shape == (2, 0)
    assert copy.deepcopy(index) is index
    assert KeyIndex(torch.zeros(0, dtype=torch.int64))(torch.tensor([3])).tolist() == [0]
