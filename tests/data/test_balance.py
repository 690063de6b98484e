"""Class weights."""

import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from attnpool.data import class_weights


def test_by_hand():
    assert class_weights(["a", "a", "a", "b"]) == {"a": 4 / 6, "b": 2.0}
    assert class_weights(["a"]) == {"a": 1.0}
    assert class_weights([]) == {}


def test_equal_to_scikit_learn_and_one_on_average():
    labels = np.random.default_rng(0).choice(4, size=200, p=[0.6, 0.3, 0.07, 0.03]).tolist()
    weights = class_weights(labels)
    theirs = compute_class_weight("balanced", classes=np.arange(4), y=labels)
    assert [weights[label] for label in range(4)] == pytest.approx(theirs)
    assert np.mean([weights[label] for label in labels]) == pytest.approx(1)
