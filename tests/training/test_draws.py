"""What training draws follows from (seed, epoch, step) alone, and nothing global is touched."""

import random
import threading
import zlib

import numpy as np
import pytest
import torch

from attnpool import Progress, TextClassifier, TextMatcher
from attnpool.models.draws import draws_from, uniform
from attnpool.models.dropout import Dropout, dropout
from attnpool.training.loop import fit
from attnpool.training.recipe import Recipe

TEXTS = [f"room {i} is clean" if i % 2 else f"noisy bad place {i}" for i in range(48)]
LABELS = ["good" if i % 2 else "bad" for i in range(48)]
PAIRS = list(zip(TEXTS, TEXTS[1:] + TEXTS[:1], strict=True))

# Everything that draws: dropout of each kind, masks, swapped pairs, sampled labels, triplets.
FITS = {
    "classifier": lambda: TextClassifier(epochs=2, dim=16, token_dropout=0.1).fit(TEXTS, LABELS),
    "faithful": lambda: TextClassifier(epochs=2, dim=16, faithful=True).fit(TEXTS, LABELS),
    "masks": lambda: TextClassifier(
        epochs=2, dim=16, mask_training=True, equal_length=True, kernel_sizes=(3,), positions=True
    ).fit(TEXTS, LABELS),
    **{
        name: lambda name=name: TextMatcher(
            architecture=name, epochs=2, dim=16, head_dim=8, dropout=0.2, token_dropout=0.1
        ).fit(PAIRS, LABELS)
        for name in ("siamese", "interaction", "alignment", "triplet")
    },
    "learned distance": lambda: TextMatcher(
        architecture="triplet", distance="learned", epochs=2, dim=16
    ).fit(PAIRS, LABELS),
    "label": lambda: TextMatcher(architecture="label", epochs=2, dim=16, n_negatives=1).fit(
        TEXTS, [f"kind {i % 4}" for i in range(48)]
    ),
}


# Checks of signatures draw from Python's generator.
pytestmark = pytest.mark.usefixtures("unchecked")


def states():
    """torch's, numpy's and Python's global states, short enough to be compared by pytest."""
    name, keys, *rest = np.random.get_state()  # noqa: NPY002 - the global one is the point
    every = torch.get_rng_state().tolist(), name, keys.tolist(), rest, random.getstate()
    return [zlib.crc32(repr(each).encode()) for each in every]


def weights(model):
    return {name: tensor.clone() for name, tensor in model.model_.state_dict().items()}


def same(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[n], other[n]) for n in one)


class Watching(Progress):
    """Keeps the global states that it sees while a training is running."""

    def __init__(self):
        self.seen = []

    def bar(self, *_):
        return self

    def __enter__(self):
        return lambda _: self.seen.append(states())

    def __exit__(self, *_):
        pass


@pytest.mark.parametrize("name", FITS)
def test_threads_that_train_at_once_get_the_model_of_one_that_trains_alone(name):
    before = states()
    alone = weights(FITS[name]())
    assert states() == before
    models = {}
    start = threading.Barrier(3)

    def train(number):
        start.wait()
        models[number] = weights(FITS[name]())

    threads = [threading.Thread(target=train, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    start.wait()
    torch.rand(1000)  # the caller goes on drawing
    for thread in threads:
        thread.join()
    assert [same(alone, model) for model in models.values()] == [True, True]


def test_the_callers_random_numbers_stand_still_while_a_training_runs():
    before, watching = states(), Watching()
    TextClassifier(epochs=2, dim=16).fit(TEXTS, LABELS, progress=watching)
    assert watching.seen
    assert all(seen == before for seen in watching.seen)


def test_the_callers_seed_decides_nothing():
    torch.manual_seed(1)
    one = weights(FITS["siamese"]())
    torch.manual_seed(2)
    assert same(one, weights(FITS["siamese"]()))
    other = TextMatcher(epochs=2, dim=16, head_dim=8, dropout=0.2, token_dropout=0.1, seed=1)
    assert not same(one, weights(other.fit(PAIRS, LABELS)))


def walked(epochs, until=None):
    """The rows and the numbers drawn at each step."""
    seen, layer = [], torch.nn.Linear(1, 1)

    def loss(rows):
        if not torch.is_grad_enabled():  # no step: whether the last weights answer
            return layer.bias.sum()
        seen.append((rows.tolist(), uniform((3,), torch.device("cpu")).tolist()))
        return layer(torch.ones(len(rows), 1)).square().mean()

    recipe = Recipe(epochs=epochs, batch_size=16)
    fit(layer, loss, np.full(64, 5), None, recipe, seed=5, until=until)
    return seen


def test_batches_and_draws_of_a_step_do_not_depend_on_the_steps_before():
    steps = walked(epochs=4)
    assert len(steps) == 16
    assert walked(epochs=6)[:16] == steps
    assert len({str(rows) for rows, _ in steps}) == 16
    assert len({str(drawn) for _, drawn in steps}) == 16
    with draws_from(5, 3, 2):
        assert uniform((3,), torch.device("cpu")).tolist() == steps[2 * 4 + 1][1]


@pytest.mark.parametrize("share", [0.001, 0.3, 0.5, 0.95])
def test_each_entry_is_dropped_with_its_share_independently_of_its_neighbours(share):
    n = 400_000
    with draws_from(7):
        y = dropout(torch.ones(n), share, True)
    dropped = (y == 0).float()
    spread = (share * (1 - share) / n) ** 0.5
    assert abs(dropped.mean() - share) < 5 * spread
    both = (dropped[1:] * dropped[:-1]).mean()
    assert abs(both - share**2) < 5 * spread
    assert y.max().item() == pytest.approx(1 / (1 - share), rel=2e-3)


def test_masks_drawn_one_after_the_other_are_independent():
    n, share = 400_000, 0.5
    with draws_from(7):
        one, two = ((dropout(torch.ones(n), share, True) == 0).float() for _ in range(2))
        drawn = [uniform((8,), torch.device("cpu")).tolist() for _ in range(2)]
    assert not torch.equal(one, two)
    assert abs(torch.corrcoef(torch.stack([one, two]))[0, 1]) < 5 / n**0.5
    assert drawn[0] != drawn[1]


def test_the_layer_drops_by_its_generator_in_training_and_by_torchs_outside():
    layer, x = Dropout(0.5), torch.ones(64)
    with draws_from(1, 2, 3):
        one = layer(x)
    with draws_from(1, 2, 3):
        assert torch.equal(layer(x), one)
    with draws_from(1, 2, 4):
        assert not torch.equal(layer(x), one)
    torch.manual_seed(0)
    outside = layer(x)
    torch.manual_seed(0)
    assert torch.equal(layer(x), outside)
    assert layer.eval()(x) is x
