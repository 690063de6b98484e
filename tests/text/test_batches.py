import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnpool.text import (
    CharTokenizer,
    Tokens,
    length_batches,
    length_limit,
    pad,
    padding_share,
    shuffled_length_batches,
)
from attnpool.text.batches import places

LENGTHS = st.lists(st.integers(0, 300), max_size=200).map(lambda x: np.array(x, dtype=np.int64))


def check_batches(batches, lengths, max_tokens, max_rows):
    rows = np.concatenate([np.zeros(0, np.int64), *batches])
    assert sorted(rows.tolist()) == list(range(len(lengths)))
    for batch in batches:
        assert 1 <= len(batch) <= max_rows
        cells = len(batch) * max(1, lengths[batch].max())
        assert max_tokens is None or cells <= max_tokens or len(batch) == 1


@given(LENGTHS, st.none() | st.integers(1, 2000), st.integers(1, 64))
def test_every_text_is_in_one_batch(lengths, max_tokens, max_rows):
    check_batches(length_batches(lengths, max_tokens, max_rows), lengths, max_tokens, max_rows)


@given(LENGTHS, st.none() | st.integers(1, 2000), st.integers(1, 64), st.integers(1, 5))
def test_every_text_is_in_one_shuffled_batch(lengths, max_tokens, size, window):
    rng = np.random.default_rng(0)
    batches = shuffled_length_batches(lengths, size, rng, max_tokens, window)
    check_batches(batches, lengths, max_tokens, size)


def test_the_longest_come_first():
    batches = length_batches(np.array([1, 9, 3, 9, 2]), max_tokens=18, max_rows=2)
    assert [batch.tolist() for batch in batches] == [[1, 3], [2, 4], [0]]


def test_a_batch_ends_where_padding_grows():
    lengths = np.array([9000, 8999, 5000, 5000])
    assert [batch.tolist() for batch in length_batches(lengths)] == [[0, 1], [2, 3]]
    assert len(length_batches(lengths, max_padding=1.0)) == 1
    assert len(length_batches(np.array([100, 50, 25, 1]))) == 1  # too small to split


def test_a_text_longer_than_allowed_stands_alone():
    batches = length_batches(np.array([5000, 10, 10]), max_tokens=100)
    assert [batch.tolist() for batch in batches] == [[0], [1, 2]]


def test_shuffling_is_by_the_generator_alone():
    lengths = np.random.default_rng(1).integers(0, 100, 1000)

    def batches(seed):
        rng = np.random.default_rng(seed)
        epochs = [shuffled_length_batches(lengths, 32, rng, window=4) for _ in range(2)]
        return [[batch.tolist() for batch in epoch] for epoch in epochs]

    assert batches(3) == batches(3)
    assert batches(3) != batches(4)
    first, second = batches(3)
    assert first != second
    widths = [max(lengths[batch]) for batch in first]
    assert widths != sorted(widths)
    assert widths != sorted(widths, reverse=True)


def test_padding_share():
    lengths = np.array([4, 2, 0, 0])
    batches = [np.array([0, 1]), np.array([2, 3])]
    assert padding_share(lengths, batches) == (2 + 2) / 10
    assert padding_share(lengths, []) == 0
    assert padding_share(np.array([3, 3]), [np.array([0, 1])]) == 0


@pytest.mark.real
def test_real_rows_need_almost_no_padding(hotel):
    lengths = CharTokenizer.train(hotel).encode(hotel).lengths
    assert padding_share(lengths, length_batches(lengths, 16_384)) < 0.05
    cut = np.minimum(lengths, length_limit(lengths, "p99"))
    rng = np.random.default_rng(0)
    assert padding_share(cut, shuffled_length_batches(cut, 64, rng)) < 0.06
    naive = [np.arange(start, min(start + 64, len(cut))) for start in range(0, len(cut), 64)]
    assert padding_share(cut, naive) > 0.5


def test_pad():
    tokens = Tokens(
        ids=np.array([5, 6, 7, 8, 9], dtype=np.int32),
        bounds=np.array([0, 2, 2, 5]),
        spans=np.zeros((5, 2), dtype=np.int32),
        read_until=np.zeros(3, dtype=np.int64),
    )
    ids, mask = pad(tokens, np.array([2, 0, 1]))
    assert ids.tolist() == [[7, 8, 9], [5, 6, 0], [0, 0, 0]]
    assert mask.tolist() == [[True] * 3, [True, True, False], [False] * 3]
    assert ids.dtype == np.int64
    assert mask.dtype == np.bool_


def test_pad_has_a_column_even_for_empty_texts():
    tokens = CharTokenizer.train(["a"]).encode(["", " ", ""])
    ids, mask = pad(tokens, np.array([0, 1]))
    assert ids.tolist() == [[0], [0]]
    assert not mask.any()
    ids, mask = pad(tokens, np.array([], dtype=np.int64))
    assert ids.shape == mask.shape == (0, 1)


@given(st.lists(st.text(alphabet="ab ", max_size=20), min_size=1, max_size=20), st.data())
def test_pad_holds_the_ids_of_every_text(texts, data):
    tokens = CharTokenizer.train(["aabb"]).encode(texts)
    rows = np.array(data.draw(st.lists(st.integers(0, len(texts) - 1), min_size=1)))
    ids, mask = pad(tokens, rows)
    for row, line, real in zip(rows, ids, mask, strict=True):
        expected = tokens.ids[tokens.bounds[row] : tokens.bounds[row + 1]]
        assert line[real].tolist() == expected.tolist()
        assert not line[~real].any()
        assert real.sum() == len(expected)
        assert not np.diff(real.astype(int)).max(initial=-1) > 0  # padding on the right


def test_places_lead_from_a_matrix_back_to_all_tokens():
    tokens = CharTokenizer.train(["abcdef"] * 9).encode(["abc", "", "de", "f"])
    rows = np.array([3, 1, 0])
    ids, mask = pad(tokens, rows)
    cells, chosen = places(tokens, rows)
    assert np.flatnonzero(mask).tolist() == cells.tolist() == [0, 6, 7, 8]
    assert chosen.tolist() == [5, 0, 1, 2]
    assert ids.ravel()[cells].tolist() == tokens.ids[chosen].tolist()
