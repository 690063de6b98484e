import numpy as np
import pytest
from tests.integrations.hub.conftest import hub

import attnpool

__all__ = ["hub", "models"]


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """A folder with models: `folder`, `compact`, `words`, `numbers`, `flags`, `matcher`."""
    from tests.integrations.spacy.cases import ROWS

    place = tmp_path_factory.mktemp("models")
    texts, labels = [*ROWS] * 6, np.array([*ROWS.values()] * 6)

    def fit(**params):
        return attnpool.TextClassifier(epochs=3, seed=0, **params)

    model = fit().fit(texts, labels)
    model.save(place / "folder")
    model.export(place / "compact.safetensors")
    fit(tokenizer="words").fit(texts, labels).save(place / "words")
    fit().fit(texts, (labels == "好").astype(int)).save(place / "numbers")
    fit().fit(texts, labels == "好").save(place / "flags")
    pairs = [(text, text) for text in texts]
    attnpool.TextMatcher(epochs=1).fit(pairs, labels).export(place / "matcher.safetensors")
    return place
