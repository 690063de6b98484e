"""The numpy network answers and splits as the folded torch model does."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnpool.estimators.exporting import compact_network
from attnpool.explain.methods.contribution import contribution
from attnpool.models.folded import FoldedClassifier

from ..explain.models import make_request, model, ragged

KINDS = {
    "default": {"kernel_sizes": (), "heads": 4, "attention_dim": 3},
    "one head": {"kernel_sizes": (), "ngrams": ()},
    "sparsemax": {"kernel_sizes": (), "heads": 2, "normalizer": "sparsemax", "ngrams": (3,)},
    "entmax": {"kernel_sizes": (), "normalizer": "entmax15"},
    "char_ngrams": {"kernel_sizes": (), "heads": 2, "char_ngrams": True},
    "mean_query": {"kernel_sizes": (), "attention_dim": 3, "pooling": "mean_query"},
    "mean-query sparsemax": {
        "kernel_sizes": (),
        "pooling": "mean_query",
        "normalizer": "sparsemax",
        "linear": True,
    },
    "linear": {"kernel_sizes": (), "heads": 2, "linear": True},
    "few n-grams": {"kernel_sizes": (), "ngrams": (3, 2), "few": True, "linear": True},
    "linear, no n-grams": {"kernel_sizes": (), "ngrams": (), "linear": True},
    "linear, char_ngrams": {"kernel_sizes": (), "char_ngrams": True, "linear": True},
    "mean-query char_ngrams": {"kernel_sizes": (), "pooling": "mean_query", "char_ngrams": True},
}
MODELS = {name: model(**shape) for name, shape in KINDS.items()}
FOLDED = {name: FoldedClassifier(made).eval() for name, made in MODELS.items()}
WHOLE = {name: compact_network(made, "float32") for name, made in MODELS.items()}
SMALL = {name: compact_network(made, "int8") for name, made in MODELS.items()}
texts = st.lists(st.lists(st.integers(1, 11), max_size=9), min_size=1, max_size=6)
WORDS = st.lists(
    st.sampled_from(["unwonderful", "dullfilm", "filmwonder", "", "zz", "好房间"]),
    min_size=60,
    max_size=60,
)


def with_words(ids, words, net):
    """Texts whose unknown tokens are these words, where the model reads words."""
    tokens = ragged(ids)
    unknown = int((tokens.ids == 1).sum())
    return replace(tokens, unknown=tuple(words[:unknown])) if net.words is not None else tokens


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40, deadline=None)
@given(ids=texts, words=WORDS)
def test_it_answers_as_torch_does(kind, ids, words):
    tokens = with_words(ids, words, WHOLE[kind])
    torch, numpy = FOLDED[kind].run(tokens, weights=True), WHOLE[kind].run(tokens, weights=True)
    np.testing.assert_allclose(numpy.logits, torch.logits, atol=1e-5)
    np.testing.assert_allclose(numpy.weights, torch.weights, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40, deadline=None)
@given(ids=texts, words=WORDS, target=st.sampled_from([None, 0, 1, 2]))
def test_it_splits_as_torch_does(kind, ids, words, target):
    tokens = with_words(ids, words, WHOLE[kind])
    targets = None if target is None else [target] * len(ids)
    found = []
    for net in (FOLDED[kind], WHOLE[kind]):
        request = make_request(net, ids, targets, tokens.unknown)
        found.append(contribution(request))
    torch, numpy = found
    for one, other in zip(numpy, torch, strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            np.testing.assert_allclose(one, other, atol=1e-5)
    outputs = WHOLE[kind].run(tokens)
    logits = outputs.logits.astype(np.float64)
    chosen = logits.argmax(axis=1) if targets is None else np.array(targets)
    margins = logits[np.arange(len(ids)), chosen] - logits.mean(axis=1)
    sums = [numpy.values[a:b].sum() for a, b in zip(tokens.bounds, tokens.bounds[1:], strict=False)]
    np.testing.assert_allclose(np.array(sums) + numpy.bias, margins, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40, deadline=None)
@given(ids=texts, words=WORDS)
def test_one_byte_a_number_moves_no_logit_far(kind, ids, words):
    tokens = with_words(ids, words, WHOLE[kind])
    torch, numpy = FOLDED[kind].run(tokens), SMALL[kind].run(tokens)
    spread = max(1.0, float(np.abs(torch.logits).max()))
    assert np.abs(numpy.logits - torch.logits).max() <= 0.02 * spread


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_is_read_alike_in_any_company(kind):
    rng = np.random.default_rng(0)
    ids = [rng.integers(2, 12, size=n).tolist() for n in (*range(40), 300, 0)]
    net = WHOLE[kind]
    together = net.run(ragged(ids), weights=True)
    for row, one in enumerate(ids):
        alone = net.run(ragged([one]), weights=True)
        np.testing.assert_allclose(alone.logits[0], together.logits[row], atol=1e-6)
    many = ragged(ids * 200)
    np.testing.assert_allclose(net.run(many).logits, np.tile(together.logits, (200, 1)), atol=1e-6)


@pytest.mark.parametrize("kind", ["linear, char_ngrams", "mean_query"])
def test_texts_are_read_alike_in_chunks_of_any_size(kind, monkeypatch):
    """Wide tables are looked up for fewer tokens at a time, so that memory does not grow."""
    rng = np.random.default_rng(0)
    tokens = ragged([rng.integers(2, 12, size=n).tolist() for n in (*range(12), 90, 0, 3)])
    net, seen = WHOLE[kind], []
    before = net.split(tokens, advance=seen.append)
    monkeypatch.setattr("attnpool.runtime.network._CELLS", 40)
    pieces = []
    after = net.split(tokens, advance=pieces.append)
    assert len(seen) < 3 < len(pieces)
    np.testing.assert_allclose(after.values, before.values, atol=1e-6)
    np.testing.assert_allclose(after.predictions.logits, before.predictions.logits, atol=1e-6)


def test_no_texts_have_no_answers():
    net = WHOLE["default"]
    assert net.run(ragged([])).logits.shape == (0, 3)
    assert net.split(ragged([])).values.shape == (0,)


def test_progress_counts_every_text_once():
    counted = []
    WHOLE["linear"].run(ragged([[2, 3], [], [4]] * 9_000), advance=counted.append)
    assert sum(counted) == 27_000
    assert len(counted) > 2
