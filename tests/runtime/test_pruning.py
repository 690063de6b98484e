"""What a small size leaves out, and what it must not change."""

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from attnpool import InputError, load
from attnpool.estimators.exporting import compact_network
from attnpool.runtime.smaller.pruning import beginnings, importance, kept_ngrams, sized, smallest
from attnpool.runtime.tables import DTYPES, Table

from ..explain.models import model, ragged

SHAPES = {
    "attention": {"heads": 2, "linear": True},
    "mean_query": {"pooling": "mean_query", "attention_dim": 12},
    "words": {"char_ngrams": True, "linear": True},
    "many classes": {"classes": 9, "heads": 4},
    "made-up keys": {"few": True, "linear": True},
}
NETS = {
    name: compact_network(model(kernel_sizes=(), **shape), "int8") for name, shape in SHAPES.items()
}
TEXTS = ragged([np.random.default_rng(i).integers(2, 12, size=9).tolist() for i in range(40)])


@pytest.mark.parametrize("kind", NETS)
def test_it_fits_whatever_the_size(kind):
    net = NETS[kind]
    least = smallest(net)
    sizes = np.linspace(net.size, least.size / 2, 25).astype(int)
    kept = len(net.ngrams.keys)
    for size in sizes:
        found = sized(net, int(size))
        if found is None:
            assert size < least.size
            continue
        assert size >= least.size
        assert found.size <= size
        kept = min(kept, len(found.ngrams.keys))
        assert np.isfinite(found.run(TEXTS).logits).all()
    assert sized(net, net.size) is net
    assert kept < len(net.ngrams.keys)


@pytest.mark.parametrize("name", ["chinese", "english"])
def test_a_file_has_the_size_asked_for(name, request, tmp_path):
    """Down to the size that the refusal names, and not below it."""
    model, path = request.getfixturevalue(name), tmp_path / "m.safetensors"
    with pytest.raises(InputError, match="too small") as caught:
        model.export(path, size=1)
    least = int(re.search(r"takes ([\d,]+) bytes", str(caught.value))[1].replace(",", ""))
    model.export(path)
    for size in np.linspace(least, path.stat().st_size, 12).astype(int).tolist():
        model.export(path, size=size, overwrite=True)
        assert path.stat().st_size <= size
        assert np.isfinite(load(path).predict_proba(["房间很好 wonderful", ""])).all()
    with pytest.raises(InputError, match="too small"):
        model.export(path, size=least - 1, overwrite=True)


@pytest.mark.parametrize("kind", NETS)
def test_those_that_stay_count_as_before(kind):
    """A text without any n-gram that went is answered as before."""
    net = NETS[kind]
    keep = np.random.default_rng(1).random(len(net.ngrams.keys)) < 0.5
    fewer = kept_ngrams(net, keep)
    before, after = net.run(TEXTS, weights=True), fewer.run(TEXTS, weights=True)
    gone = set(net.ngrams.keys[~keep].tolist())
    for row in range(len(TEXTS)):
        ids = TEXTS.ids[TEXTS.bounds[row] : TEXTS.bounds[row + 1]].tolist()
        seen = {(a << 21) + b for a, b in pairwise(ids)}
        seen |= {(a << 42) + (b << 21) + c for a, b, c in zip(ids, ids[1:], ids[2:], strict=False)}
        if not seen & gone:
            np.testing.assert_array_equal(after.logits[row], before.logits[row])
    none = kept_ngrams(net, np.zeros(len(keep), dtype=bool))
    assert not np.array_equal(none.run(TEXTS).logits, before.logits)


def test_importance_is_the_move_against_the_next_shorter_one():
    net = NETS["attention"]
    first, key = net.ngrams.first, net.ngrams.keys
    before = beginnings(net.ngrams)
    known = {int(k): first + i for i, k in enumerate(key)}
    for i, k in enumerate(key.tolist()):
        if k >> 42:
            assert before[i] == known.get(k >> 21, k >> 42)
        else:
            assert before[i] == k >> 21
    moved = importance(net)
    flat = replace(
        net,
        values=Table.of(net.values.all()[np.concatenate([np.arange(first), before])], "float32"),
        linear=Table.of(net.linear.all()[np.concatenate([np.arange(first), before])], "float32"),
    )
    of_bigrams = key >> 42 == 0
    assert (moved > 0).all()
    np.testing.assert_allclose(importance(flat)[of_bigrams], 0, atol=1e-6)
    often = np.ones(len(net.keys), dtype=np.int64)
    often[first] = 1000
    assert importance(net, often)[0] > 100 * moved[0]


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_table_rounds_to_its_steps(dtype):
    rows = np.random.default_rng(0).normal(size=(200, 5)).astype(np.float32)
    rows[:, 3] = 0
    table = Table.of(rows, dtype)
    most = {"float32": 0, "float16": 5e-3, "int16": 1e-3, "int8": 2e-2}[dtype]
    np.testing.assert_allclose(table.all(), rows, atol=most)
    np.testing.assert_array_equal(table.take(np.array([3, 3, 0])), table.all()[[3, 3, 0]])


def test_numbers_beyond_half_precision_are_kept():
    rows = np.array([[1e5, 1.0], [-2.0, 3.0]], dtype=np.float32)
    np.testing.assert_array_equal(Table.of(rows, "float16").all(), rows)


def test_a_table_of_full_rank_changes_little_and_of_less_takes_less():
    rng = np.random.default_rng(0)
    rows = (rng.normal(size=(300, 3)) @ rng.normal(size=(3, 20))).astype(np.float32)
    narrow = Table.of(rows, "int8").of_rank(3)
    assert narrow.row_bytes == 3
    assert np.abs(narrow.all() - rows).max() < 0.05 * np.abs(rows).max()
    assert Table.of(rows, "int8").of_rank(20).row_bytes == 20
