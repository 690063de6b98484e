"""What every explanation must pass before anything else: Adebayo et al. 2018, arXiv 1810.03292."""

import numpy as np
import pytest
import torch

from attnpool import TextClassifier
from attnpool.data.demo_rows import load_demo
from attnpool.explain.contribution.affine import Affine
from attnpool.explain.contribution.traced import Traced, token_shares
from attnpool.explain.methods.registry import implementation

from .models import make_request, model

KINDS = {
    "plain": {"heads": 4, "attention_dim": 3},
    "convolutions": {"kernel_sizes": (2, 3), "residual": True, "positions": 5},
    "char_ngrams": {"char_ngrams": True},
    "max": {"pooling": "max"},
    "siamese": {"architecture": "siamese", "heads": 2},
    "interaction": {"architecture": "interaction", "kernel_sizes": (2,)},
    "alignment": {"architecture": "alignment", "positions": 6},
    "label": {"architecture": "label", "kernel_sizes": (2,)},
}
METHODS = (
    "attention",
    "contribution",
    "gradient_x_input",
    "integrated_gradients",
    "leave_one_out",
)
SIGNED = METHODS[1:]
CUE = "☃"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", KINDS)
def test_weights_drawn_anew_change_it(kind, method):
    texts = [[2, 3, 4, 5, 6, 7], [6, 7, 8, 9], [3, 9, 10, 11, 2], [8, 2, 5]]
    one, other = (
        implementation(method)(make_request(made, texts, [0] * (len(texts) // made.sides))).values
        for made in (model(**KINDS[kind], seed=seed) for seed in (0, 1))
    )
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.9


@pytest.mark.parametrize("kind", KINDS)
def test_contributions_of_padding_are_exactly_0(kind):
    made = model(**KINDS[kind])
    texts = [[2, 3, 4, 5, 6, 7, 8, 9], [3], [4, 5, 6], [7, 2], [], [9, 10, 11, 3, 2, 2]]
    padded = 0
    request = make_request(made, texts)
    traced = Traced(made, request.tokens, request.targets)
    for batch in traced.batches():
        with Affine(len(batch.items), traced.device):
            margins, leaves, _ = traced(batch)
        vectors = [leaf.vectors for leaf in leaves]
        gradients = torch.autograd.grad(
            margins.sum(), vectors, allow_unused=True, materialize_grads=True
        )
        shares = token_shares(leaves, list(gradients))
        assert shares[~batch.mask].eq(0).all()
        assert shares[batch.mask].ne(0).any()
        padded += int((~batch.mask).sum())
    assert padded > 10


@pytest.fixture(scope="module")
def planted():
    """The bundled reviews with a sign of its own in all of one class, and their model."""
    rows, held = (load_demo("sentiment", part) for part in ("train", "test"))
    found = []
    for part in (rows, held):
        texts = [
            text[: len(text) // 2] + CUE + text[len(text) // 2 :] if label == "正面" else text
            for text, label in zip(part.texts[0], part.labels, strict=True)
        ]
        found.append((texts, part.labels))
    return TextClassifier(epochs=6).fit(*found[0]), found[1]


@pytest.mark.parametrize("method", METHODS)
def test_a_sign_planted_in_the_bundled_rows_is_found(planted, method):
    made, (texts, _) = planted
    marked = [text for text in texts if CUE in text][:40]
    tops, shares = [], []
    for one in made.explain(marked, method, target="正面"):
        side = one.sides[0]
        at = one.texts[0].index(CUE)
        tops.append(side.spans[side.values.argmax()].tolist() == [at, at + 1])
        shares.append(side.values[side.spans[:, 0] == at][0] > np.median(side.values))
    assert np.mean(tops) > (0.9 if method in SIGNED else 0.5)
    assert all(shares)


@pytest.mark.parametrize("method", METHODS)
def test_the_words_that_carry_the_label_are_found(sentiment, method):
    made, _ = sentiment
    rows = load_demo("sentiment", "train")
    inside, outside = [], []
    explained = made.explain(rows.texts[0][:120], method)
    for one, words in zip(explained, rows.evidence, strict=False):
        carries = np.zeros(len(one.texts[0]), dtype=np.bool_)
        for word in words:
            at = one.texts[0].index(word)
            carries[at : at + len(word)] = True
        side = one.sides[0]
        of_token = carries[side.spans[:, 0]]
        inside.append(side.values[of_token].mean())
        outside.append(side.values[~of_token].mean())
    assert np.mean(np.array(inside) > np.array(outside)) > 0.7  # of random values: 0.56
