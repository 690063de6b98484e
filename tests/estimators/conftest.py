import pytest

import attnpool
from attnpool import TextClassifier
from attnpool.data.demo_rows import load_demo


@pytest.fixture(scope="session")
def sentiment(once):
    """A model trained on the bundled reviews, and the rows it never saw."""
    train, test = load_demo("sentiment", "train"), load_demo("sentiment", "test")

    def fit(folder):
        TextClassifier(seed=0).fit(train.texts[0], train.labels).save(folder / "model")

    return attnpool.load(once("sentiment", fit) / "model"), test
