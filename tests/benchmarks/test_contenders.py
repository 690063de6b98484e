"""The baselines beside which accuracy is reported: tuned, each in the same way."""

import numpy as np
import pytest
from benchmarks.sets import Split

from attnpool.data.demo_rows import load_demo
from benchmarks import contenders


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
