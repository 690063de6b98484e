"""LSA: TF-IDF of the texts at hand and its truncated SVD; vectors without any encoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from attnpool._shapes import Float
from attnpool.text.tokenizers.loading import mostly_cjk, without_spaces

_COMPONENTS = 300
_FEATURES = 50_000  # of 1-2-grams, the most frequent ones
_WORD = r"\w+|[^\w\s]"


def lsa_vectors(texts: Sequence[str], seed: int = 0) -> Float[np.ndarray, "texts dim"]:
    """The vectors of the texts; they depend on all of them.

    Args:
        texts: The texts.
        seed: Decides the randomised SVD.
    """
    from sklearn.decomposition import TruncatedSVD

    try:
        counts = tfidf(texts, max_features=_FEATURES).fit_transform(texts)
    except ValueError:  # not one word
        return np.zeros((len(texts), 1), dtype=np.float32)
    components = min(_COMPONENTS, counts.shape[0] - 1, counts.shape[1] - 1)
    if components < 1:
        dense: np.ndarray = counts.toarray()
    else:
        dense = TruncatedSVD(components, random_state=seed).fit_transform(counts)
    return dense.astype(np.float32)


def tfidf(texts: Sequence[str], **more: Any) -> Any:
    """scikit-learn's TF-IDF of 1-2-grams: of characters or words, as the tokenizer "auto" would."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    if mostly_cjk(texts) or without_spaces(texts):
        return TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True, **more)
    return TfidfVectorizer(token_pattern=_WORD, ngram_range=(1, 2), sublinear_tf=True, **more)
