from copy import deepcopy

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rounding import assert_close, rounding

from attnpool import InputError
from attnpool.explain.attribution import AttributionRequest
from attnpool.explain.contribution.affine import Affine
from attnpool.explain.contribution.traced import Traced
from attnpool.explain.methods.contribution import contribution
from attnpool.explain.methods.leave_one_out import leave_one_out
from attnpool.models.folded import FoldedClassifier, foldable
from attnpool.models.outputs import margins
from attnpool.models.predict import predict_batches

from .models import make_request, model, ragged

CLASSIFIERS = {
    "plain": {"kernel_sizes": (), "heads": 4, "attention_dim": 3},
    "one head": {"kernel_sizes": (), "ngrams": ()},
    "convolutions": {"kernel_sizes": (2, 3)},
    "residual, positions": {"kernel_sizes": (3, 2), "residual": True, "positions": 3},
    "sparsemax": {"normalizer": "sparsemax", "heads": 2},
    "entmax": {"normalizer": "entmax15", "positions": 4},
    "mean_query": {"pooling": "mean_query", "kernel_sizes": (2,), "positions": 3},
    "mean-query sparsemax": {
        "pooling": "mean_query",
        "kernel_sizes": (),
        "normalizer": "sparsemax",
    },
    "max": {"pooling": "max", "kernel_sizes": (2,)},
    "average": {"pooling": "average", "ngrams": (3,), "kernel_sizes": (3,)},
    "min_variance": {"pooling": "min_variance", "positions": 5},
    "char_ngrams": {"char_ngrams": True, "kernel_sizes": (2,)},
    "equal length": {"equal_length": True, "kernel_sizes": (), "heads": 2, "positions": 3},
    "linear": {"kernel_sizes": (), "linear": True},
    "linear, convolutions": {"kernel_sizes": (2,), "positions": 3, "linear": True},
    "linear, no n-grams": {"ngrams": (), "kernel_sizes": (), "heads": 2, "linear": True},
    "linear, max": {"pooling": "max", "kernel_sizes": (), "linear": True},
    "linear, char_ngrams": {"char_ngrams": True, "kernel_sizes": (), "linear": True},
}
MATCHERS = {
    "siamese": {"kernel_sizes": (2,), "heads": 2},
    "siamese mean-query": {"architecture": "siamese", "pooling": "mean_query"},
    "siamese max": {"architecture": "siamese", "pooling": "max", "positions": 4},
    "interaction": {"kernel_sizes": (2, 3), "residual": True},
    "alignment": {"kernel_sizes": (2, 3), "residual": True, "positions": 6, "heads": 2},
    "cosine": {"architecture": "triplet", "classes": 2, "kernel_sizes": (2,)},
    "euclidean": {"architecture": "triplet", "classes": 2, "distance": "euclidean"},
    "learned": {
        "architecture": "triplet", "classes": 2, "distance": "learned", "kernel_sizes": (3,),
    },
    "label": {"kernel_sizes": (2,), "heads": 2, "positions": 2},
}  # fmt: skip
KINDS = CLASSIFIERS | {
    name: {"architecture": name, **shape} for name, shape in MATCHERS.items()
}  # fmt: skip
MODELS = {name: model(**shape) for name, shape in KINDS.items()}
DOUBLES = {name: deepcopy(made).double() for name, made in MODELS.items()}

text = st.lists(st.integers(1, 11), max_size=7)
# A text of 7 tokens: the sums of its vectors, of two convolutions of three, of pooling and head.
SHORT = 7 + 2 * 3 * 6 + 4 * 6 + 12


def by_item(values, tokens, sides):
    sums = [values[a:b].sum() for a, b in zip(tokens.bounds, tokens.bounds[1:], strict=False)]
    return np.reshape(sums, (sides, -1)).sum(axis=0)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_values_base_and_bias_are_the_logit(kind, data):
    # In float64, where rounding hides nothing: a margin may be far smaller than its logits are.
    made = DOUBLES[kind]
    items = data.draw(st.lists(st.tuples(*[text] * made.sides), min_size=1, max_size=4))
    texts = [item[side] for side in range(made.sides) for item in items]
    classes = predict_batches(made, ragged(texts)).logits.shape[1]
    target = st.integers(0, classes - 1)
    targets = data.draw(st.lists(target, min_size=len(items), max_size=len(items)))
    request = make_request(made, texts, targets)
    values, base, bias, _ = contribution(request)
    traced, logits = Traced(made, request.tokens, request.targets), np.zeros(len(items))
    for batch in traced.batches():
        logits[batch.items] = traced(batch)[0].detach()
    split = by_item(values, request.tokens, made.sides) + base + bias
    atol = rounding(SHORT, np.abs(values).sum() + np.abs(request.predictions.logits).max(), float)
    np.testing.assert_allclose(split, logits, rtol=0, atol=atol)
    # And these are the logits that the model predicts, which are kept in float32.
    answers = margins(request.predictions.logits.astype(float), request.targets)
    assert_close(answers, logits, additions=2, scale=np.abs(request.predictions.logits).max())


@pytest.mark.parametrize("kind", KINDS)
def test_the_split_model_answers_as_the_model_does(kind):
    made = MODELS[kind]
    request = make_request(made, [[2, 3, 4], [5, 6], [7, 8, 9, 10], [1]])
    traced = Traced(made, request.tokens, request.targets)
    for batch in traced.batches():
        plain, *_ = traced(batch)
        with Affine(len(batch.items), traced.device):
            affine, leaves, _ = traced(batch)
        assert_close(affine, plain, additions=SHORT)
        assert all(leaf.vectors.requires_grad for leaf in leaves)
    assert all(p.requires_grad and p.grad is None for p in made.parameters())
    assert not made.encoder._forward_hooks
    assert not made.encoder.embedding._forward_hooks


@pytest.mark.parametrize("kind", KINDS)
def test_an_item_is_split_the_same_in_any_batch(kind):
    made = MODELS[kind]
    sides = made.sides
    texts = [[2, 3, 4], [1], [5, 6, 7, 8, 9, 10, 11], [3, 2], [], [4]]
    together = make_request(made, texts)
    values, base, bias, _ = contribution(together)
    items = len(texts) // sides
    for item in range(items):
        alone = make_request(made, texts[item::items], together.targets[[item]])
        value, one_base, one_bias, _ = contribution(alone)
        bounds = together.tokens.bounds
        rows = range(item, len(texts), items)
        here = np.concatenate([values[bounds[r] : bounds[r + 1]] for r in rows])
        scale = np.abs(here).sum() + abs(base[item]) + abs(bias[item])
        assert_close(value, here, additions=SHORT, scale=scale)
        found = (one_base[0], one_bias[0])
        assert_close(found, (base[item], bias[item]), additions=SHORT, scale=scale)


@pytest.mark.parametrize("kind", [kind for kind in CLASSIFIERS if kind.startswith("linear")])
def test_the_linear_part_is_what_the_model_lacks_without_it(kind):
    texts = [[2, 3, 4, 3, 3], [1], [5, 6, 7, 8, 9, 10, 11], []]
    made, without = MODELS[kind], deepcopy(MODELS[kind])
    without.linear = None
    targets = make_request(made, texts).targets
    bias = made.linear.bias.numpy()
    for one in (made, *([FoldedClassifier(made).eval()] if foldable(made) else [])):
        request = make_request(one, texts, targets)
        found = contribution(request)
        attention = margins(make_request(without, texts, targets).predictions.logits, targets)
        both = margins(request.predictions.logits, targets)
        assert_close(found.linear, both - attention - (bias[targets] - bias.mean()), additions=99)
        assert (found.linear[[0, 2]] != 0).all()
        assert found.linear[3] == 0
    assert contribution(make_request(MODELS["plain"], texts)).linear is None


def test_by_hand():
    # Average pooling of two tokens: each gives half its embedding to the head.
    made = model(ngrams=(), kernel_sizes=(), pooling="average")
    values, base, bias, _ = contribution(make_request(made, [[2, 3]], [1]))
    weight, offset = made.head.weight.detach(), made.head.bias.detach()
    head = weight[1] - weight.mean(0)
    expected = made.encoder.embedding.weight[2:4] @ head / 2
    np.testing.assert_allclose(values, expected.detach(), atol=1e-6)
    assert base.tolist() == [0]
    assert bias[0] == pytest.approx(float(offset[1] - offset.mean()), abs=1e-6)


def test_an_ngram_is_shared_evenly_by_its_tokens():
    made = model(ngrams=(2,), kernel_sizes=(), pooling="average")
    with torch.no_grad():
        made.encoder.embedding.weight.zero_()
    pairs = [[a, b] for a in range(1, 12) for b in range(1, 12)]
    request = make_request(made, pairs)
    values = contribution(request).values.reshape(-1, 2)
    np.testing.assert_allclose(values[:, 0], values[:, 1], atol=1e-6)
    known = np.abs(values).sum(axis=1) > 1e-6
    assert 0 < known.sum() < len(pairs)


def test_what_the_maximum_does_not_take_counts_nothing():
    made = model(ngrams=(), kernel_sizes=(), pooling="max", positions=0)
    with torch.no_grad():
        made.encoder.embedding.weight[2] = 5.0
        made.encoder.embedding.weight[3] = -5.0
    values = contribution(make_request(made, [[2, 3, 3]])).values
    assert values[0] != 0
    assert values[1:].tolist() == [0, 0]


def test_positions_are_the_base_and_nothing_else_is():
    texts = [[2, 3, 4], [5]]
    assert contribution(make_request(MODELS["convolutions"], texts)).base.tolist() == [0, 0]
    assert np.all(contribution(make_request(MODELS["residual, positions"], texts)).base != 0)


def test_a_linear_model_is_what_leave_one_out_finds():
    # A frozen sum of two tokens without attention, n-grams or activations, halved by the mean:
    # leaving one out doubles the other, so signs and order agree.
    made = model(ngrams=(), kernel_sizes=(), pooling="average", classes=2)
    request = make_request(made, [[2, 3, 4, 5, 6]])
    values, out = contribution(request).values, leave_one_out(request).values
    whole = values.mean()
    scale = np.abs(values).sum() * 5 / 4
    assert_close(out, (values - whole) * 5 / 4, additions=SHORT, scale=scale)


def test_padding_and_texts_without_tokens_get_nothing():
    request = make_request(MODELS["convolutions"], [[], [2, 3, 4, 5, 6, 7, 8], [2]])
    values, base, bias, _ = contribution(request)
    assert len(values) == 8
    logits = margins(request.predictions.logits, request.targets)
    assert_close(base[0] + bias[0], logits[0], additions=SHORT)


def test_new_weights_change_it():
    texts = [[2, 3, 4, 5], [6, 7, 8]]
    one, other = (
        contribution(make_request(model(seed=seed), texts, [0, 0])).values for seed in (0, 1)
    )
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.9


def test_no_items():
    values, base, bias, _ = contribution(make_request(MODELS["plain"], [], np.zeros(0, np.int64)))
    assert (len(values), len(base), len(bias)) == (0, 0, 0)


def test_what_has_no_rule_is_refused_rather_than_drawn():
    made = model(kernel_sizes=(), ngrams=())
    plain = made.head.forward
    made.head.forward = lambda x: torch.sigmoid(plain(x)) * 50
    with pytest.raises(InputError, match="contribution cannot split"):
        contribution(make_request(made, [[2, 3]]))


@pytest.mark.parametrize(
    "kind", ["alignment", "convolutions", "one head", "mean-query sparsemax", "linear"]
)
def test_answers_that_come_with_contributions_are_the_models(kind):
    made = MODELS[kind]
    made = FoldedClassifier(made).eval() if foldable(made) else made
    rng = np.random.default_rng(0)
    texts = [rng.integers(1, 12, rng.integers(0, 900)).tolist() for _ in range(60)]
    request, done = make_request(made, texts), []
    lazy = AttributionRequest(made, request.texts, request.tokens, advance=done.append)
    found = contribution(lazy)
    predictions = lazy.predictions
    assert len(done) > 1
    assert sum(done) == 60 / made.sides  # the model ran once
    np.testing.assert_array_equal(lazy.targets, request.targets)
    if foldable(MODELS[kind]):  # The same operations run twice on the same batches.
        np.testing.assert_array_equal(predictions.logits, request.predictions.logits)
    # Texts of 900 tokens: they are summed by the alignment, and once more by pooling.
    long = 2 * 900 + SHORT
    assert_close(predictions.logits, request.predictions.logits, additions=long)
    # Weights of scores up to 10, of which e^x makes relative errors.
    weights = {"additions": SHORT, "scale": 10}
    assert_close(predictions.weights, request.predictions.weights, **weights)
    pairs = zip(predictions.alignments or [], request.predictions.alignments or [], strict=True)
    for matrix, expected in pairs:
        assert_close(matrix, expected, **weights)
    plain = contribution(make_request(MODELS[kind], texts, request.targets)).values
    assert_close(found.values, plain, additions=long)
