"""The numpy network of a siamese matcher answers and splits as torch does."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import attnpool
from attnpool import InputError, TextMatcher
from attnpool.estimators.exporting import compact_network
from attnpool.explain.methods.contribution import contribution
from attnpool.runtime.smaller.pairs import sized_pair, smallest_pair

from ..explain.models import make_request, model, ragged
from .conftest import ENGLISH, TEXTS

KINDS = {
    "default": {"kernel_sizes": (2, 3), "residual": True, "heads": 2, "ngrams": ()},
    "n-grams": {"kernel_sizes": (), "heads": 2},
    "all": {"kernel_sizes": (2, 3, 4), "residual": True, "few": True, "char_ngrams": True},
    "no residual": {"kernel_sizes": (3, 1), "residual": False, "normalizer": "sparsemax"},
    "entmax": {"kernel_sizes": (), "ngrams": (3, 2), "normalizer": "entmax15", "classes": 2},
    "words": {"kernel_sizes": (5,), "residual": True, "ngrams": (2,), "char_ngrams": True},
}
MODELS = {name: model("siamese", **shape) for name, shape in KINDS.items()}
WHOLE = {name: compact_network(made, "float32") for name, made in MODELS.items()}
texts = st.lists(st.tuples(*[st.lists(st.integers(1, 11), max_size=9)] * 2), min_size=1, max_size=6)
WORDS = st.lists(
    st.sampled_from(["unwonderful", "dullfilm", "", "zz", "好"]), min_size=110, max_size=110
)


def sides_of(pairs):
    return [*(one for one, _ in pairs), *(other for _, other in pairs)]


def asked(kind, pairs, words, targets=None):
    """The same request to torch and to numpy."""
    ids = sides_of(pairs)
    count = int((ragged(ids).ids == 1).sum())
    unknown = words[:count] if WHOLE[kind].words is not None else ()
    return [make_request(net[kind], ids, targets, unknown) for net in (MODELS, WHOLE)]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40, deadline=None)
@given(pairs=texts, words=WORDS, target=st.sampled_from([None, 0, 1]))
def test_it_answers_and_splits_as_torch_does(kind, pairs, words, target):
    targets = None if target is None else [target] * len(pairs)
    torch, numpy = asked(kind, pairs, words, targets)
    np.testing.assert_allclose(numpy.predictions.logits, torch.predictions.logits, atol=2e-5)
    np.testing.assert_allclose(numpy.predictions.weights, torch.predictions.weights, atol=1e-5)
    mine, theirs = contribution(numpy), contribution(torch)
    assert mine.linear is theirs.linear is None
    if apart(numpy):  # else rounding decides which side of a difference is larger
        np.testing.assert_allclose(mine.values, theirs.values, atol=1e-4)
        np.testing.assert_allclose(mine.bias, theirs.bias + theirs.base, atol=1e-4)


def apart(request):
    """Whether no numbers of two pooled texts are nearly the same."""
    chunks = request.model._chunks(request.tokens, lambda _: None)
    return all(np.abs(u.pooled - v.pooled).min(initial=1) > 1e-4 for _, (u, v) in chunks)


def test_a_chunk_is_as_good_as_all():
    """Whatever the other pairs are, each is answered as if it were alone."""
    net, draw = WHOLE["all"], np.random.default_rng(0)
    pairs = [
        tuple(draw.integers(2, 12, size=draw.integers(0, most)).tolist() for _ in range(2))
        for most in [5] * 700 + [3000, 9000, 9, 2, 2]
    ]
    told = []
    split = net.split(ragged(sides_of(pairs)), advance=told.append)
    assert sum(told) == len(pairs)
    assert len(told) == 4
    run = net.run(ragged(sides_of(pairs)), weights=True)
    np.testing.assert_allclose(run.logits, split.predictions.logits, atol=1e-6)
    np.testing.assert_array_equal(run.weights, split.predictions.weights)
    for i in (0, 350, 699, 700, 701, 704):
        alone = net.split(ragged(sides_of(pairs[i : i + 1])))
        np.testing.assert_allclose(alone.predictions.logits[0], run.logits[i], atol=1e-4)
        assert alone.bias[0] == pytest.approx(split.bias[i], abs=1e-3)


def test_nothing_gives_nothing():
    for kind in KINDS:
        found = WHOLE[kind].split(ragged([]))
        assert found.predictions.logits.shape == (0, MODELS[kind].config.classes)
        assert len(found.values) == 0


def test_numbers_alike_but_for_rounding_give_nothing():
    """Equal texts differ by rounding alone, and the sign of that is no share."""
    net = WHOLE["default"]
    values = net.split(ragged([[2, 3, 4, 5], [2, 3, 4, 5]])).values
    np.testing.assert_allclose(values[:4], values[4:], atol=0.2)
    scaled = replace(net, vectors={k: v * (1 + 1e-7) for k, v in net.vectors.items()})
    np.testing.assert_allclose(
        scaled.split(ragged([[2, 3, 4, 5], [2, 3, 4, 5]])).values, values, atol=1e-4
    )


@pytest.mark.parametrize("kind", ["n-grams", "all", "entmax", "words", "default"])
def test_it_fits_whatever_the_size(kind):
    net = compact_network(MODELS[kind], "int8")
    least = smallest_pair(net)
    tokens = ragged([[2, 3, 4, 1, 5, 6], [7, 8, 9, 10, 11]])
    kept = {True: len(net.ngrams.keys), False: len(net.ngrams.keys)}  # with words, and without
    for size in np.linspace(net.size, least.size - 5, 20).astype(int).tolist():
        found = sized_pair(net, size)
        if found is None:
            assert size < least.size
            continue
        assert found.size <= size
        reads_words = found.words is not None
        assert len(found.ngrams.keys) <= kept[reads_words]
        kept[reads_words] = len(found.ngrams.keys)
        assert np.isfinite(found.run(tokens).logits).all()
    assert sized_pair(net, net.size) is net


def test_more_tokens_than_ngrams_fit_too(tmp_path):
    """A beginning that is a token has no vector among those of n-grams."""
    matcher = TextMatcher(epochs=1, dim=8, head_dim=4, kernel_sizes=(), ngrams=(2,), refit=False)
    matcher.fit(paired(ENGLISH), [0, 1] * 12).export(tmp_path / "whole.safetensors")
    whole = attnpool.load(tmp_path / "whole.safetensors")
    assert len(whole.network_.ngrams.keys) < whole.network_.ngrams.first
    size = (tmp_path / "whole.safetensors").stat().st_size
    for less in (10, 100):
        matcher.export(tmp_path / f"{less}.safetensors", size=size - less)
        small = attnpool.load(tmp_path / f"{less}.safetensors")
        assert len(small.network_.ngrams.keys) < len(whole.network_.ngrams.keys)
        assert np.isfinite(small.predict_proba(paired(ENGLISH))).all()


def test_wide_tables_are_narrowed_before_ngrams_go(tmp_path):
    matcher = TextMatcher(epochs=1, dim=8, head_dim=4, ngrams=(2,), refit=False)
    matcher.fit(paired(TEXTS), [0, 1] * 15)
    matcher.export(tmp_path / "int8.safetensors")
    size = (tmp_path / "int8.safetensors").stat().st_size + 200
    matcher.export(tmp_path / "sized.safetensors", dtype="float32", size=size)
    whole, sized = (attnpool.load(tmp_path / f"{n}.safetensors") for n in ("int8", "sized"))
    assert sized.source_["ngrams"] == whole.source_["ngrams"]
    assert (tmp_path / "sized.safetensors").stat().st_size <= size


ROWS = {
    "characters": (TEXTS, {}),
    "words": (ENGLISH, {"ngrams": (2, 3)}),
    "three classes": (TEXTS, {"heads": 1, "kernel_sizes": (), "normalizer": "sparsemax"}),
}


def paired(texts):
    return list(zip(texts, [*texts[3:], *texts[:3]], strict=True))


@pytest.fixture(scope="module", params=ROWS)
def pair(request, tmp_path_factory):
    """A matcher and its compact forms."""
    rows, params = ROWS[request.param]
    labels = ["same", "other", "unlike"] if request.param == "three classes" else [1, 0]
    items = paired(rows)
    whole = TextMatcher(epochs=3, dim=16, head_dim=8, **params).fit(
        items, (labels * len(items))[: len(items)]
    )
    folder, compact = tmp_path_factory.mktemp("pair"), []
    for dtype in ("float32", "int8"):
        whole.export(folder / f"{dtype}.safetensors", dtype=dtype)
        compact.append(attnpool.load(folder / f"{dtype}.safetensors"))
    return whole, *compact


ANY = st.text(st.characters(codec=None) | st.sampled_from("房间wonderful 👍"), max_size=30)


@settings(max_examples=30, deadline=None)
@given(items=st.lists(st.tuples(ANY, ANY), max_size=5))
def test_it_predicts_and_explains_alike(pair, items):
    whole, exact, small = pair
    before = whole.predict_proba(items)
    np.testing.assert_allclose(exact.predict_proba(items), before, atol=1e-5)
    np.testing.assert_allclose(small.predict_proba(items), before, atol=0.005)
    assert exact.classes_.tolist() == whole.classes_.tolist()
    for one, other in zip(exact.explain(items), whole.explain(items), strict=True):
        assert (one.task, one.method, one.target) == (other.task, other.method, other.target)
        assert one.verdict == other.verdict
        assert (one.score is None) == (other.score is None)
        assert one.score is None or one.score == pytest.approx(other.score, abs=1e-5)
        assert one.logit == pytest.approx(other.logit, abs=1e-4)
        parts = sum(side.values.sum() for side in one.sides)
        assert parts + one.bias == pytest.approx(one.logit, abs=1e-4)
        for mine, theirs in zip(one.sides, other.sides, strict=True):
            np.testing.assert_array_equal(mine.spans, theirs.spans)
            np.testing.assert_allclose(mine.weights, theirs.weights, atol=1e-5)


def test_all_that_a_compact_model_does(pair, tmp_path):
    whole, exact, _ = pair
    items = paired(TEXTS)[:6]
    labels = whole.predict(items).tolist()
    assert exact.predict(items).tolist() == labels
    assert exact.score(items, labels) == 1
    assert exact.architecture == "siamese"
    assert isinstance(exact, attnpool.Model)
    mine = exact.faithfulness(items, ["contribution", "attention"], curves=False)
    theirs = whole.faithfulness(items, ["contribution", "attention"], curves=False)
    for name, found in mine.items():
        mean = found.comprehensiveness.mean()
        assert mean == pytest.approx(theirs[name].comprehensiveness.mean(), abs=0.02)
    exact.save(tmp_path / "again.safetensors")
    again = attnpool.load(tmp_path / "again.safetensors")
    assert again.to_bytes() == exact.to_bytes()
    assert "CompactModel" in repr(exact)
    assert attnpool.report(exact, items, labels).startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("items", "why"),
    [
        (["房间"], r"pairs\[0\] is one text where 2 are needed"),
        ("房间", "pairs is one string"),
        ([("a", "b", "c")], r"pairs\[0\] has 3 texts"),
        ([("a", None)], r"pairs\[0\] holds NoneType"),
    ],
)
def test_what_is_no_pair_is_refused(items, why, pair):
    for call in (pair[1].predict, pair[1].explain, pair[1].faithfulness):
        with pytest.raises(InputError, match=why):
            call(items)


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"positions": True}, "positions"),
        ({"pooling": "max"}, "max pooling"),
        ({"pooling": "average", "positions": True}, "positions and average pooling"),
    ],
)
def test_what_has_no_compact_form_is_refused(params, why, tmp_path):
    matcher = TextMatcher(epochs=1, dim=8, **params).fit(paired(TEXTS), [0, 1] * 15)
    with pytest.raises(InputError, match=f"{why}.* has no compact form; deploy"):
        matcher.export(tmp_path / "m.safetensors")
    assert not list(tmp_path.iterdir())


def test_rare_tokens_cannot_be_left_out(pair, tmp_path):
    with pytest.raises(InputError, match="min_count is for classifiers"):
        pair[0].export(tmp_path / "m.safetensors", min_count=2)
