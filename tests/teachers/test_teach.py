"""What a teacher knows of labelled and unlabelled texts."""

from contextlib import contextmanager

import numpy as np
import pytest
from tests.teachers.samples import CLASSES, by_words, reviews

from attnpool.progress import Progress
from attnpool.teachers import open_teacher, teach


class Counting(Progress):
    def __init__(self):
        self.bars = []

    @contextmanager
    def bar(self, what, total):
        self.bars.append([what, total, 0])

        def advance(steps):
            self.bars[-1][2] += steps

        yield advance


class Knows:
    classes_ = ("good", "bad")

    def predict_proba(self, texts):
        good = np.array([0.9 if "good" in text or "fine" in text else 0.2 for text in texts])
        return np.stack([good, 1 - good], axis=1)


@pytest.fixture
def rows():
    texts, y = reviews(60)
    return texts[:40], y[:40], texts[40:], y[40:]


@pytest.mark.parametrize("given", [by_words, "lsa", Knows()], ids=["vectors", "lsa", "classifier"])
@pytest.mark.parametrize("cached", [False, True])
def test_every_kind_of_teacher_answers_both(rows, given, cached, tmp_path):
    texts, y, pool, truth = rows
    progress = Counting()
    taught = teach(
        open_teacher(given, CLASSES),
        texts,
        y,
        CLASSES,
        pool,
        cache=tmp_path / "vectors" if cached else None,
        progress=progress,
    )
    assert (taught.labelled.dtype, taught.labelled.shape) == (np.float32, (40, 2))
    assert (taught.unlabelled.dtype, taught.unlabelled.shape) == (np.float32, (20, 2))
    assert taught.accuracy == (taught.labelled.argmax(axis=1) == y).mean() > 0.9
    assert (taught.unlabelled.argmax(axis=1) == truth).all()
    assert progress.bars == [["reading texts with the teacher", 60, 60]]
    assert taught.seconds > 0


def test_a_classifier_is_not_fitted_again(rows):
    texts, y, pool, _ = rows
    taught = teach(open_teacher(Knows(), CLASSES), texts, y, CLASSES, pool)
    assert {*np.round(taught.labelled[:, 1], 6)} <= {np.float32(0.9), np.float32(0.2)}


def test_the_same_seed_gives_the_same_answers(rows):
    texts, y, pool, _ = rows
    one, other = (
        teach(open_teacher("lsa", CLASSES), texts, y, CLASSES, pool, seed=1) for _ in "ab"
    )
    assert np.array_equal(one.unlabelled, other.unlabelled)
    assert np.array_equal(one.labelled, other.labelled)


def test_a_real_encoder_teaches_what_few_labels_do_not(minilm):
    """Words of the pool that no labelled text has."""
    good = ["wonderful", "excellent", "superb", "delightful", "marvellous", "lovely"]
    bad = ["terrible", "awful", "horrible", "dreadful", "miserable", "disgusting"]
    texts = [f"the food was {word}" for word in [*good[:3], *bad[:3]]]
    pool = [f"the food was {word}" for word in [*good[3:], *bad[3:]]]
    y = np.array([1, 1, 1, 0, 0, 0])
    taught = teach(open_teacher(minilm, CLASSES), texts, y, CLASSES, pool)
    assert taught.unlabelled.argmax(axis=1).tolist() == y.tolist()
