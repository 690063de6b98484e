import numpy as np
import pytest

from attnpool import InputError
from attnpool.attribution_methods import METHODS
from attnpool.explain.attribution import AttributionRequest
from attnpool.explain.methods.registry import IMPLEMENTATIONS, implementation

from .models import make_request, model, ragged

TEXTS = [[2, 3, 4, 5], [], [6, 1, 7]]
POOLINGS = ["attention", "mean_query", "max", "average", "min_variance"]
ONLY = {"max_share": "max", "max_sum": "max", "closeness": "average"}


@pytest.mark.parametrize("method", [m for m in METHODS if not m.startswith("lcs")])
@pytest.mark.parametrize("pooling", POOLINGS)
def test_every_method_gives_a_finite_value_a_token_or_says_in_a_line_why_not(method, pooling):
    request = make_request(model(kernel_sizes=(2,), pooling=pooling), TEXTS)
    if ONLY.get(method, pooling) != pooling:
        with pytest.raises(InputError, match=f"{method!r} is for pooling {ONLY[method]!r}") as no:
            implementation(method)(request)
        assert "\n" not in str(no.value)
        return
    found = implementation(method)(request)
    assert found.values.shape == (7,)
    assert np.isfinite(found.values).all()
    again = implementation(method)(request)
    np.testing.assert_array_equal(found.values, again.values)


@pytest.mark.parametrize(("method", "pooling"), [("max_share", "max"), ("closeness", "average")])
def test_shares_sum_to_one(method, pooling):
    values = implementation(method)(
        make_request(model(kernel_sizes=(2,), pooling=pooling), TEXTS)
    ).values
    assert (values >= 0).all()
    assert (values[:4].sum(), values[4:].sum()) == pytest.approx((1, 1), abs=1e-5)


def test_the_nearest_to_the_mean_is_closest():
    made = model(kernel_sizes=(), ngrams=(), pooling="average")
    table = made.encoder.embedding.weight.detach()
    vectors = table[[2, 3, 4, 5]]
    distances = ((vectors - vectors.mean(0)) ** 2).mean(1)
    values = implementation("closeness")(make_request(made, [[2, 3, 4, 5]])).values
    np.testing.assert_allclose(values, (1 / distances) / (1 / distances).sum(), atol=1e-5)


def test_maxima_won_sum_to_the_pooled_vector():
    made = model(kernel_sizes=(), ngrams=(), pooling="max")
    vectors = made.encoder.embedding.weight.detach()[[2, 3, 4]]
    values = implementation("max_sum")(make_request(made, [[2, 3, 4, 3]])).values
    expected = np.zeros(4)
    for dimension, winner in enumerate(vectors.argmax(0).tolist()):
        places = {0: [0], 1: [1, 3], 2: [2]}[winner]
        expected[places] += float(vectors[winner, dimension]) / len(places)
    np.testing.assert_allclose(values, expected, atol=1e-5)


def test_unknown_method():
    with pytest.raises(InputError, match="unknown method 'guess'; choose from attention, contr"):
        implementation("guess")


def test_methods_are_implemented_under_the_names_of_their_records():
    assert list(IMPLEMENTATIONS) == list(METHODS)


def test_an_earlier_name_works_and_warns():
    with pytest.warns(FutureWarning, match="'lcs-rest' is now called 'lcs_rest'"):
        assert implementation("lcs-rest") is IMPLEMENTATIONS["lcs_rest"]


def test_the_model_runs_once_when_its_outputs_are_first_needed():
    done = []
    request = AttributionRequest(model(), [["x"] * 3], ragged(TEXTS), advance=done.append)
    assert request.known_targets is None
    assert not done
    implementation("attention")(request)
    implementation("gradient_x_input")(request)
    assert sum(done) == 3
    np.testing.assert_array_equal(request.known_targets, request.targets)
    own = request.predictions
    implementation("contribution")(request)
    assert request.predictions is own
