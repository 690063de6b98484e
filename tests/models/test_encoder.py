import numpy as np
import pytest
import torch
from tests.rounding import assert_close

from attnpool.models.config import EncoderConfig
from attnpool.models.encoder import TextEncoder
from attnpool.models.ngrams import NgramEmbedding, known_ngrams, pack


def encoder(**shape):
    torch.manual_seed(0)
    ngrams = np.array(sorted({*pack_all([[2, 3, 4, 5]], 2), *pack_all([[2, 3, 4, 5]], 3)}))
    config = EncoderConfig(vocabulary=9, dim=8, **{"kernel_sizes": (3,), "ngrams": (2, 3), **shape})
    model = TextEncoder(config, ngrams).eval()
    if model.ngrams is not None:
        torch.nn.init.normal_(model.ngrams.table.weight[1:])
    return model


def pack_all(rows, n):
    keys = pack(torch.tensor(rows), n)
    return keys[keys > 0].tolist()


SHAPES = [
    {},
    {"kernel_sizes": (2, 3, 4), "residual": True},
    {"kernel_sizes": (), "positions": 6},
    {"ngrams": (), "positions": 3},
]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("left", [0, 1, 3])
def test_padding_on_either_side_moves_nothing(shape, left):
    model = encoder(**shape)
    ids = torch.tensor([[2, 3, 4, 5, 6]])
    whole = model(ids, ids > 0)
    padded = torch.nn.functional.pad(ids, (left, 4))
    inside = model(padded, padded > 0)
    assert_close(inside[:, left : left + 5], whole, additions=4 * 8)
    assert torch.equal(inside[:, left + 5 :], torch.zeros(1, 4, 8))
    assert torch.equal(inside[:, :left], torch.zeros(1, left, 8))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_text_does_not_depend_on_its_batch(shape):
    model = encoder(**shape)
    ids = torch.tensor([[2, 3, 4, 5], [7, 8, 0, 0], [0, 0, 0, 0]])
    together = model(ids, ids > 0)
    alone = model(ids[1:2, :2], ids[1:2, :2] > 0)
    assert_close(together[1:2, :2], alone, additions=4 * 8)


def test_what_stands_under_the_mask_is_not_read():
    model = encoder()
    mask = torch.tensor([[True, True, False]])
    one, other = model(torch.tensor([[2, 3, 4]]), mask), model(torch.tensor([[2, 3, 0]]), mask)
    assert torch.equal(one, other)


def test_positions_are_counted_over_real_tokens():
    model = encoder(kernel_sizes=(), ngrams=(), positions=4)
    ids = torch.tensor([[2, 2, 2]])
    first, second, _ = model(ids, ids > 0)[0]
    assert not torch.equal(first, second)
    long = torch.full((1, 6), 2)
    vectors = model(long, long > 0)[0]
    assert torch.equal(vectors[3], vectors[5])  # the last position is shared


def test_residual_adds_to_what_was_read():
    torch.manual_seed(0)
    with_residual = TextEncoder(EncoderConfig(9, 8, kernel_sizes=(3,), residual=True)).eval()
    without = TextEncoder(EncoderConfig(9, 8, kernel_sizes=(3,))).eval()
    without.load_state_dict(with_residual.state_dict())
    ids = torch.tensor([[2, 3, 4]])
    torch.testing.assert_close(
        with_residual(ids, ids > 0), without(ids, ids > 0) + without.embedding(ids)
    )


def test_known_ngrams_are_those_seen_often_enough_within_a_text():
    ids = np.array([2, 3, 2, 3, 4, 2, 3], dtype=np.int32)
    bounds = np.array([0, 2, 5, 7])
    keys = known_ngrams(ids, bounds, (2,))
    assert keys.tolist() == pack_all([[2, 3]], 2)  # (3, 2) would run across two texts
    assert known_ngrams(ids, bounds, (2, 3), min_frequency=9).size == 0
    assert known_ngrams(ids, bounds, ()).size == 0
    assert len(known_ngrams(ids, bounds, (2, 3), min_frequency=1, most=1)) == 1


def test_an_ngram_has_its_vector_and_an_unknown_one_none():
    keys = known_ngrams(np.array([2, 3, 4]), np.array([0, 3]), (2, 3), min_frequency=1)
    layer = NgramEmbedding(keys, (2, 3), dim=4)
    torch.nn.init.normal_(layer.table.weight[1:])
    ids = torch.tensor([[2, 3, 4], [4, 3, 2]])
    vectors = layer(ids, ids > 0)
    row = {key: layer.table.weight[i + 1] for i, key in enumerate(keys.tolist())}
    first = row[pack_all([[2, 3]], 2)[0]] + row[pack_all([[2, 3, 4]], 3)[0]]
    torch.testing.assert_close(vectors[0, 0], first)
    torch.testing.assert_close(vectors[0, 1], row[pack_all([[3, 4]], 2)[0]])
    assert torch.equal(vectors[1], torch.zeros(3, 4))


def test_long_ids_do_not_collide():
    big = 2**21 - 1
    keys = pack(torch.tensor([[1, big, big], [2, big, big], [1, big, big - 1]]), 3)[:, 0]
    assert len(set(keys.tolist())) == 3
    assert (keys > 0).all()
