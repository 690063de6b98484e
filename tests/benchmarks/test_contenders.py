"""The baselines beside which accuracy is reported: tuned, each in the same way."""

import ctypes

import numpy as np
import pytest
from benchmarks.sets import Split

from attnpool.data.demo_rows import load_demo
from benchmarks import contenders, fasttext_model


@pytest.mark.parametrize("settings", [contenders.TFIDF, contenders.FASTTEXT])
def test_each_has_ten_settings(settings):
    assert len(set(settings)) == 10


@pytest.mark.parametrize("name", ["TF-IDF + logistic regression", "fastText", "majority class"])
def test_a_contender_says_which_rows_it_has_right(name, monkeypatch):
    for settings in ("TFIDF", "FASTTEXT"):
        monkeypatch.setattr(contenders, settings, getattr(contenders, settings)[::3])
    parts = (load_demo("sentiment", part) for part in ("train", "test"))
    split = Split("s", "sentiment", "", *((p.texts[0], p.labels) for p in parts), ())
    right, seconds = contenders.CONTENDERS[name](split, 0)
    assert right.shape == (len(split.test[0]),)
    assert right.dtype == np.bool_
    assert seconds >= 0
    assert right.mean() > (0.8 if name != "majority class" else 0.4)


def test_the_best_setting_on_held_rows_is_chosen():
    rows = load_demo("sentiment", "train")
    split = Split("s", "sentiment", "", (rows.texts[0], rows.labels), ([], []), ())

    def fit(train, labels, english, setting, seed):
        names = sorted(set(labels))
        truth = dict(zip(*split.train, strict=True))
        return lambda texts: np.array([truth[t] if setting == "good" else names[0] for t in texts])

    assert contenders.chosen(split, fit, ("bad", "good", "worse")) == "good"


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="not the C library of GNU")
def test_fasttext_begins_alike_whatever_the_memory_held():
    """By itself it leaves most of its vectors as the memory was; once they were no numbers."""
    rows = load_demo("sentiment", "train")
    texts, labels = rows.texts[0][:50], rows.labels[:50]
    options = {"english": False, "ngrams": 2, "rate": 0.5, "epochs": 5, "seed": 0, "buckets": 1000}
    found = []
    for byte in (0, 0x5A, 0x80):  # 0: as the memory is
        ctypes.CDLL(None).mallopt(-6, byte)  # M_PERTURB: new memory holds the complement
        try:
            found.append(fasttext_model.fit(texts, labels, **options).model.get_input_matrix())
        finally:
            ctypes.CDLL(None).mallopt(-6, 0)
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_array_equal(found[0], found[2])
