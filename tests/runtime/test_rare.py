"""`min_count`: what the training texts have seldom is not in the file."""

import re
from collections import Counter

import numpy as np
import pytest

import attnpool
from attnpool import InputError, TextClassifier
from attnpool.runtime.ngrams import BITS

from .conftest import LABELS, TEXTS

FILMS = [*["a wonderful film"] * 6, *["dull and lifeless"] * 6, "Quisling wrote a wonderful film"]
FILM_LABELS = ["good"] * 6 + ["bad"] * 6 + ["good"]


def small(model, tmp_path, **options):
    model.export(tmp_path / "m.safetensors", overwrite=True, **options)
    return attnpool.load(tmp_path / "m.safetensors")


def ngrams_of(model):
    """The n-grams of a compact model as tuples of token ids."""
    last = (1 << BITS) - 1
    keys = model.network_.ngrams.keys.tolist()
    return [tuple(i for i in (k >> 2 * BITS, k >> BITS & last, k & last) if i) for k in keys]


def test_a_rare_name_is_not_in_the_file(tmp_path):
    model = TextClassifier(epochs=2).fit(FILMS, FILM_LABELS, validation=None)
    whole = small(model, tmp_path)
    assert "quisling" in whole.reader_.tokenizer.words
    fewer = small(model, tmp_path, min_count=2)
    assert b"quisling" not in (tmp_path / "m.safetensors").read_bytes()
    assert fewer.reader_.tokenizer.words[2:] == [
        word for word in whole.reader_.tokenizer.words[2:] if word not in ("quisling", "wrote")
    ]
    # Its character n-grams went with it, so it is any unknown word.
    np.testing.assert_allclose(
        fewer.predict_proba(["Quisling wrote a film"]),
        fewer.predict_proba(["xqzjkw vvvv a film"]),
        atol=1e-7,
    )


def test_what_stays_is_seen_often_enough(tmp_path):
    texts = [*TEXTS, "罕见的字眼", "态度好得罕见"]
    model = TextClassifier(epochs=2).fit(texts, [*LABELS, "差", "好"], validation=None)
    fewer = small(model, tmp_path, min_count=3)
    ids = fewer.reader_.tokenizer.vocabulary
    seen = Counter(c for text in texts for c in text)
    # Variants that look the same share an id.
    assert set(ids) & set(seen) == {c for c, count in seen.items() if count >= 3}
    names = {i: c for c, i in ids.items() if c in seen}
    for ngram in ngrams_of(fewer):
        word = "".join(names[i] for i in ngram)
        assert sum(len(re.findall(f"(?={word})", text)) for text in texts) >= 3
    assert fewer.source_["min_count"] == 3
    assert fewer.source_["ngrams"] < fewer.source_["ngrams_of"]


@pytest.mark.parametrize("params", [{}, {"tokenizer": "words"}, {"tokenizer": "jieba"}])
def test_frequent_texts_are_answered_as_before(params, tmp_path):
    model = TextClassifier(epochs=2, **params).fit(TEXTS, LABELS, validation=None)
    before, after = small(model, tmp_path), small(model, tmp_path, min_count=5)
    np.testing.assert_allclose(after.predict_proba(TEXTS), before.predict_proba(TEXTS), atol=1e-6)
    with pytest.raises(InputError, match=r"no token occurs 10,000 times .* give a smaller"):
        small(model, tmp_path, min_count=10_000)


def test_a_model_without_counts_says_so(tmp_path):
    model = TextClassifier(epochs=1).fit(TEXTS, LABELS)
    model.model_.counts = None
    with pytest.raises(InputError, match="train it again"):
        small(model, tmp_path, min_count=2)
    small(model, tmp_path, size=20_000)


def test_counts_are_those_of_all_training_texts(tmp_path):
    model = TextClassifier(epochs=1).fit(TEXTS, LABELS)
    model.save(tmp_path / "model")
    counts = attnpool.load(tmp_path / "model").model_.counts.numpy()
    ids = model.tokenizer_.vocabulary
    seen = Counter(c for text in TEXTS for c in text)
    assert {c: counts[ids[c]] for c in seen} == seen
