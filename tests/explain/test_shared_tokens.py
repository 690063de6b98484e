import numpy as np

from attnpool.explain.contribution.shared_tokens import balance_shared

from .models import ragged


def test_equal_tokens_of_both_sides_share_nearly_alike():
    # Two pairs: (2 3 3 / 3 4) and (5 / 5).
    tokens = ragged([[2, 3, 3], [5], [3, 4], [5]])
    values = np.array([1.0, 6.0, 3.0, 8.0, -3.0, 4.0, -4.0])
    found = balance_shared(values, tokens, 2)
    np.testing.assert_allclose(found, [1.0, 2.4, 2.1, 2.6, 1.5, 4.0, 1.4])
    np.testing.assert_allclose(found[[0, 1, 2, 4, 5]].sum(), values[[0, 1, 2, 4, 5]].sum())


def test_what_stands_on_one_side_alone_stays():
    tokens = ragged([[2, 2], [3, 3]])
    values = np.array([1.0, 5.0, -2.0, 0.0])
    np.testing.assert_array_equal(balance_shared(values, tokens, 2), values)
    # Unknown tokens need not be the same word.
    tokens = ragged([[1], [1]], unknown=["one", "other"])
    np.testing.assert_array_equal(balance_shared(values[:2], tokens, 2), values[:2])


def test_classifiers_and_empty_texts():
    tokens = ragged([[2, 2], []])
    values = np.array([1.0, 5.0])
    assert balance_shared(values, tokens, 1) is values
    np.testing.assert_array_equal(balance_shared(values, tokens, 2), values)
    assert not len(balance_shared(np.zeros(0), ragged([[], []]), 2))
