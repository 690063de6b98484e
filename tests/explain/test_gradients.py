import numpy as np
import pytest
import torch
from tests.rounding import assert_close

from attnpool.explain.contribution.traced import gathered
from attnpool.explain.methods.gradient_x_input import gradient_x_input
from attnpool.explain.methods.integrated_gradients import STEPS, integrated_gradients
from attnpool.models.outputs import margins

from .models import make_request, model

TEXTS = [[2, 3, 4, 5], [6, 7, 8, 2], [9, 9, 3, 1]]
SHAPES = [
    {"kernel_sizes": (2,)},
    {"kernel_sizes": (), "heads": 2},
    {"kernel_sizes": (3,), "residual": True},
]


def in_captum(explained, attribute):
    """A token's share by Captum: its embedding's, and half of each of its 2-grams'."""
    made = explained.model
    ids = torch.from_numpy(explained.tokens.ids.astype(np.int64)).reshape(len(TEXTS), -1)
    targets = torch.from_numpy(explained.targets)

    def forward(x):
        logits = made(x, torch.ones_like(x, dtype=torch.bool)).logits
        return logits.gather(1, targets.repeat(len(x) // len(targets))[:, None])[:, 0] - (
            logits.mean(1)
        )

    of_tokens, of_pairs = (
        part.detach().sum(-1)
        for part in attribute(forward, [made.encoder.embedding, made.encoder.ngrams.table], ids)
    )
    return gathered([(of_tokens, 1), (of_pairs, 2)]).numpy().ravel()


@pytest.fixture(params=SHAPES, ids=str)
def explained(request):
    return make_request(model(ngrams=(2,), **request.param), TEXTS)


def test_gradient_x_input_is_captums(explained):
    attr = pytest.importorskip("captum.attr")

    def attribute(forward, layers, ids):
        found = []
        for layer in layers:
            layer_gradient = attr.LayerGradientXActivation(forward, layer)
            found.append(layer_gradient.attribute(ids))
        return found

    expected = in_captum(explained, attribute)
    scale = np.abs(expected).sum()
    assert_close(gradient_x_input(explained).values, expected, additions=200, scale=scale)


@pytest.mark.filterwarnings("ignore:Multiple layers provided")
def test_integrated_gradients_are_captums(explained):
    attr = pytest.importorskip("captum.attr")

    def attribute(forward, layers, ids):
        integrated = attr.LayerIntegratedGradients(forward, layers)
        return integrated.attribute(
            ids, baselines=torch.zeros_like(ids), n_steps=STEPS, method="gausslegendre"
        )

    expected = in_captum(explained, attribute)
    scale = np.abs(expected).sum()
    assert_close(integrated_gradients(explained).values, expected, additions=200, scale=scale)


@pytest.mark.parametrize(("architecture", "off"), [("siamese", 1e-4), ("alignment", 0.02)])
def test_integrated_gradients_add_up_to_what_the_embeddings_change(architecture, off):
    # The alignment's comparison has kinks, where quadrature is not exact.
    texts = [[2, 3, 4], [5, 6], [7, 8], [9, 10, 11, 2]]
    made, blank = (model(architecture, kernel_sizes=()) for _ in range(2))
    with torch.no_grad():
        blank.encoder.embedding.weight.zero_()
        blank.encoder.ngrams.table.weight.zero_()
    explained = make_request(made, texts)
    values = integrated_gradients(explained).values
    sums = np.add.reduceat(values, explained.tokens.bounds[:-1]).reshape(2, 2).sum(axis=0)
    full, none = (
        margins(make_request(m, texts).predictions.logits, explained.targets) for m in (made, blank)
    )
    np.testing.assert_allclose(sums, full - none, atol=off)


def test_shares_of_ngrams_are_gathered_by_their_tokens():
    shares = torch.tensor([[3.0, 0.0, 6.0, 0.0, 0.0]])
    assert gathered([(shares, 3)]).tolist() == [[1, 1, 3, 2, 2]]
    assert gathered([(shares, 1)]).tolist() == shares.tolist()
    assert gathered([(shares, 1), (shares, 3)]).tolist() == [[4, 1, 9, 2, 2]]
    assert gathered([(torch.zeros(1, 1), 3)]).tolist() == [[0]]
