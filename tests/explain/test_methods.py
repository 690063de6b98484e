import numpy as np
import pytest

from attnpool import InputError
from attnpool.explain.methods.registry import METHODS, find_method

from .models import asked, model

TEXTS = [[2, 3, 4, 5], [], [6, 1, 7]]
POOLINGS = ["attention", "mean_query", "max", "average", "min_variance"]
ONLY = {"max_share": "max", "max_sum": "max", "closeness": "average"}


@pytest.mark.parametrize("method", [m for m in METHODS if not m.startswith("lcs")])
@pytest.mark.parametrize("pooling", POOLINGS)
def test_every_method_gives_a_finite_value_a_token_or_says_in_a_line_why_not(method, pooling):
    question = asked(model(kernel_sizes=(2,), pooling=pooling), TEXTS)
    if ONLY.get(method, pooling) != pooling:
        with pytest.raises(InputError, match=f"{method!r} is for pooling {ONLY[method]!r}") as no:
            find_method(method)(question)
        assert "\n" not in str(no.value)
        return
    found = find_method(method)(question)
    assert found.values.shape == (7,)
    assert np.isfinite(found.values).all()
    again = find_method(method)(question)
    np.testing.assert_array_equal(found.values, again.values)


@pytest.mark.parametrize(("method", "pooling"), [("max_share", "max"), ("closeness", "average")])
def test_shares_sum_to_one(method, pooling):
    values = find_method(method)(asked(model(kernel_sizes=(2,), pooling=pooling), TEXTS)).values
    assert (values >= 0).all()
    assert (values[:4].sum(), values[4:].sum()) == pytest.approx((1, 1), abs=1e-5)


def test_the_nearest_to_the_mean_is_closest():
    made = model(kernel_sizes=(), ngrams=(), pooling="average")
    table = made.encoder.embedding.weight.detach()
    vectors = table[[2, 3, 4, 5]]
    distances = ((vectors - vectors.mean(0)) ** 2).mean(1)
    values = find_method("closeness")(asked(made, [[2, 3, 4, 5]])).values
    np.testing.assert_allclose(values, (1 / distances) / (1 / distances).sum(), atol=1e-5)


def test_maxima_won_sum_to_the_pooled_vector():
    made = model(kernel_sizes=(), ngrams=(), pooling="max")
    vectors = made.encoder.embedding.weight.detach()[[2, 3, 4]]
    values = find_method("max_sum")(asked(made, [[2, 3, 4, 3]])).values
    expected = np.zeros(4)
    for dimension, winner in enumerate(vectors.argmax(0).tolist()):
        places = {0: [0], 1: [1, 3], 2: [2]}[winner]
        expected[places] += float(vectors[winner, dimension]) / len(places)
    np.testing.assert_allclose(values, expected, atol=1e-5)


def test_unknown_method():
    with pytest.raises(InputError, match="unknown method 'guess'; choose from attention, contr"):
        find_method("guess")
