"""A number that is not finite stops a training, which keeps the last good weights."""

import warnings

import numpy as np
import pytest
import torch
from tests.cli.files import write_csv
from torch import nn

import attnpool
from attnpool import InputError, TextClassifier, TextMatcher
from attnpool.cli import run
from attnpool.estimators.fitting import learning
from attnpool.training.history import DivergedError
from attnpool.training.loop import fit
from attnpool.training.optimizer import Optimizer, schedule
from attnpool.training.recipe import Recipe

TEXTS = [f"room {i} is clean" if i % 2 else f"noisy bad place {i}" for i in range(64)]
LABELS = ["good" if i % 2 else "bad" for i in range(64)]
PAIRS = list(zip(TEXTS, TEXTS[1:] + TEXTS[:1], strict=True))
INFINITE, NOT_A_NUMBER = float("inf"), float("nan")


def spoiled(how):
    """What makes a loss of one kind of no use: the loss, or its gradient alone."""
    return {
        "the loss": lambda loss: loss * NOT_A_NUMBER,
        "an infinite loss": lambda loss: loss * INFINITE,
        # The derivative of a root is infinite at 0, and 0 times that is no number.
        "the gradient": lambda loss: loss + (loss * 0).sqrt(),
    }[how]


def trained(how, at, scores=None, epochs=4, sparse=False):
    """A table of two numbers, whose loss is spoiled at the batch `at`, counted from 1."""
    torch.manual_seed(0)
    table = nn.Embedding(2, 1, sparse=sparse)
    seen, steps = [], []

    def loss(rows):
        if torch.is_grad_enabled():
            steps.append(rows)
        value = table(torch.zeros(len(rows), dtype=torch.int64)).square().mean()
        spoils = torch.is_grad_enabled() and len(steps) == at
        return spoiled(how)(value) if spoils else value

    def score():
        seen.append(table.weight.detach().clone())
        return scores[len(seen) - 1]

    recipe = Recipe(epochs=epochs, batch_size=16, average_from=2.0)
    history = fit(table, loss, np.full(64, 5), scores and score, recipe, seed=0)
    return table, seen, history


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("how", ["the loss", "an infinite loss", "the gradient"])
def test_the_batch_is_named_and_the_best_weights_are_kept(how, sparse):
    table, seen, history = trained(how, 11, [0.1, 0.9], sparse=sparse)
    said = history.stopped
    assert said.startswith("in epoch 3, batch 3 of 4: the ")
    assert ("gradient" in said) == (how == "the gradient")
    assert torch.equal(table.weight, seen[1])
    assert (history.epochs, history.best, history.scores) == (2, 2, (0.1, 0.9))
    assert table.weight.grad is None
    assert not table.training
    (sentence,) = history.warnings()
    assert "the weights of epoch 2 are kept; give a lower learning_rate than 0.003" in sentence


@pytest.mark.parametrize("how", ["the loss", "the gradient"])
def test_without_scores_the_weights_of_the_last_whole_epoch_are_kept(how):
    table, _, history = trained(how, 11)
    short, _, whole = trained(how, 999, epochs=4)
    assert whole.stopped == ""
    assert whole.warnings() == []
    assert history.epochs == history.best == 2
    torch.manual_seed(0)
    again = nn.Embedding(2, 1)
    fit(
        again,
        lambda rows: again(torch.zeros(len(rows), dtype=torch.int64)).square().mean(),
        np.full(64, 5),
        None,
        history.recipe,
        seed=0,
        until=2,
    )
    assert torch.equal(table.weight, again.weight)
    assert not torch.equal(table.weight, short.weight)


@pytest.mark.parametrize(("at", "advice"), [(1, "look at the encoder"), (2, "lower learning_rate")])
def test_without_good_weights_it_is_an_error_of_one_line(at, advice):
    with pytest.raises(DivergedError, match=rf"in epoch 1, batch {at} of 4: .*{advice}") as raised:
        trained("the loss", at)
    assert "\n" not in str(raised.value)
    assert isinstance(raised.value, InputError)


@pytest.mark.parametrize("value", [NOT_A_NUMBER, INFINITE, -INFINITE])
def test_a_score_that_is_no_number_stops_it_too(value):
    table, seen, history = trained("the loss", 999, [0.9, value, 0.1])
    assert history.stopped == "after epoch 2: the score"
    assert torch.equal(table.weight, seen[0])
    with pytest.raises(DivergedError, match="after epoch 1: the score"):
        trained("the loss", 999, [value])


def test_last_weights_that_give_no_number_are_no_good_weights():
    table = nn.Embedding(1, 1)

    def loss(rows):
        value = table(torch.zeros(len(rows), dtype=torch.int64)).mean()
        return value if torch.is_grad_enabled() else value * NOT_A_NUMBER

    with pytest.raises(DivergedError, match="after epoch 2: the loss"):
        fit(table, loss, np.full(64, 5), None, Recipe(epochs=2, batch_size=16), seed=0)


@pytest.mark.parametrize("scores", [None, [0.1, 0.2]])
def test_a_table_with_a_number_that_is_none_is_seen_after_its_epoch(scores):
    """Where neither the loss nor the score reads the row, and only its last column is spoiled."""
    table, seen = nn.Embedding(3, 2, sparse=True), []

    def loss(rows):
        seen.append(rows)
        value = table(torch.zeros(len(rows), dtype=torch.int64)).square().mean()
        other = table(torch.ones(1, dtype=torch.int64))[0, 1]
        spoils = torch.is_grad_enabled() and len(seen) == 6
        return value + (other * 0).sqrt() if spoils else value

    found = iter(scores or ())
    score = (lambda: next(found)) if scores else None
    history = fit(table, loss, np.full(64, 5), score, Recipe(epochs=2, batch_size=16), seed=0)
    assert history.stopped == "after epoch 2: a weight"
    assert bool(table.weight.isfinite().all())


def test_an_update_that_cannot_be_made_leaves_everything_as_it_is():
    model = nn.ModuleList([nn.Embedding(4, 2, sparse=True), nn.Linear(2, 1)])
    optimizer = Optimizer(model, learning_rate=1.0, table_rate=1.0, weight_decay=0.1, updates=9)
    before = [weight.detach().clone() for weight in model.parameters()]
    loss = model[1](model[0](torch.tensor([1, 2, 2]))).sum()
    assert optimizer.step(loss * INFINITE) == "the loss"
    assert all(map(torch.equal, before, model.parameters()))
    model.zero_grad()
    assert optimizer.step(loss.detach() + model[1](model[0](torch.tensor([1]))).sum()) == ""
    assert not any(map(torch.equal, before, model.parameters()))


@pytest.fixture
def late(monkeypatch):
    """A learning rate that is absurd from the middle of a training on."""
    absurd = lambda p: schedule(p) * (1e7 if p > 0.5 else 1)  # noqa: E731
    monkeypatch.setattr("attnpool.training.optimizer.schedule", absurd)


@pytest.fixture
def early(monkeypatch):
    """A learning rate that is absurd from the start."""
    monkeypatch.setattr("attnpool.training.optimizer.schedule", lambda p: schedule(p) * 1e7)


ABSURD = {
    "siamese": lambda: TextMatcher(dim=16, epochs=8, patience=8).fit(PAIRS, LABELS),
    "alignment": lambda: TextMatcher(
        architecture="alignment", dim=16, head_dim=8, epochs=8, patience=8
    ).fit(PAIRS, LABELS),
    "classifier": lambda: TextClassifier(
        kernel_sizes=(3,) * 6, linear=False, dim=16, epochs=8, patience=8
    ).fit(TEXTS, LABELS),
}


@pytest.mark.parametrize("kind", ABSURD)
def test_a_model_trained_too_fast_warns_and_can_be_used(kind, late, tmp_path):
    with pytest.warns(
        RuntimeWarning, match=r"^training .* is not a finite number; the .* kept; "
    ) as said:
        model = ABSURD[kind]()
    sentences = [str(one.message) for one in said]
    assert model.metrics_["warnings"][: len(sentences)] == sentences
    asked = TEXTS[:3] if kind == "classifier" else PAIRS[:3]
    assert np.isfinite(model.predict_proba(asked)).all()
    model.save(tmp_path / "model")
    np.testing.assert_array_equal(
        attnpool.load(tmp_path / "model").predict_proba(asked), model.predict_proba(asked)
    )


def test_a_model_without_good_weights_leaves_the_estimator_as_it_was():
    matcher = TextMatcher(architecture="alignment", dim=16, epochs=2).fit(PAIRS, LABELS)
    before = {**matcher.__dict__}
    matcher.set_params(learning_rate=100.0)
    with pytest.raises(InputError, match=r"in epoch 1, batch \d of \d: .* no good weights"):
        matcher.fit(PAIRS, LABELS)
    assert {**matcher.__dict__, "learning_rate": 0.003} == before


@pytest.mark.parametrize(
    ("kind", "at"),
    [("classifier", 1), ("classifier", 7), ("siamese", 1), ("label", 1), ("label", 7)],
)
def test_a_refit_that_stops_leaves_the_model_that_was_measured(kind, at, monkeypatch):
    """The loss is spoiled once validation rows are trained on too."""
    make = {
        "classifier": lambda: TextClassifier(dim=16, epochs=3, linear=False).fit(TEXTS, LABELS),
        "siamese": lambda: TextMatcher(dim=16, epochs=3).fit(PAIRS, LABELS),
        "label": lambda: TextMatcher(architecture="label", dim=16, epochs=3).fit(TEXTS, LABELS),
    }
    whole, steps = learning.fit, []

    def fit_all(net, loss, lengths, *more, **others):
        def counted(rows):
            steps.append(len(lengths))
            spoils = torch.is_grad_enabled() and steps.count(64) == at
            return loss(rows) * (NOT_A_NUMBER if spoils else 1)

        return whole(net, counted, lengths, *more, **others)

    monkeypatch.setattr(learning, "fit", fit_all)
    with pytest.warns(RuntimeWarning, match="training on all rows stopped in epoch .* kept"):
        model = make[kind]()
    assert model.metrics_["refitted"] is False
    monkeypatch.setattr(learning, "fit", whole)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        other = make[kind]().set_params(refit=False)
        other.fit(PAIRS if kind == "siamese" else TEXTS, LABELS)
    asked = (PAIRS if kind == "siamese" else TEXTS)[:8]
    np.testing.assert_array_equal(model.predict_proba(asked), other.predict_proba(asked))


def test_the_command_line_says_that_training_stopped(late, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [(*pair, label) for pair, label in zip(PAIRS, LABELS, strict=True)]
    write_csv(tmp_path / "pairs.csv", [("text_a", "text_b", "label"), *rows])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as the command does
        status = run(["train", "pairs.csv", "-o", "model"])
    out, err = capsys.readouterr()
    assert (status, err) == (0, "")
    assert len([line for line in out.splitlines() if "warning: training stopped in" in line]) == 1
    assert np.isfinite(attnpool.load("model").predict_proba(PAIRS)).all()


def test_the_command_line_writes_nothing_without_good_weights(early, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [(*pair, label) for pair, label in zip(PAIRS, LABELS, strict=True)]
    write_csv(tmp_path / "pairs.csv", [("text_a", "text_b", "label"), *rows])
    assert run(["train", "pairs.csv", "-o", "model", "--architecture", "alignment"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "training stopped in epoch 1" in err
    assert [path.name for path in tmp_path.iterdir()] == ["pairs.csv"]
