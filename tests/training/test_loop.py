import numpy as np
import pytest
import torch
from torch import nn

from attnpool.metrics import classification_metrics
from attnpool.training.loop import fit
from attnpool.training.optimizer import Optimizer, schedule
from attnpool.training.recipe import Recipe
from attnpool.training.split import stratified_split

LENGTHS = np.full(64, 5)


def trained(scores, **knobs):
    """A model of one number, scored as told; no averaging unless asked for."""
    knobs = {"average_from": 2.0, **knobs}
    torch.manual_seed(0)
    model = nn.Linear(1, 1, bias=False)
    seen = []
    told = iter(scores)

    def score():
        seen.append(model.weight.item())
        return next(told)

    history = fit(
        model,
        lambda rows: model(torch.ones(len(rows), 1)).square().mean(),
        LENGTHS,
        score,
        Recipe(epochs=len(scores), batch_size=16, **knobs),
        seed=0,
    )
    return model, seen, history


def test_the_best_weights_are_kept():
    model, seen, history = trained([0.1, 0.9, 0.2])
    assert model.weight.item() == seen[1]
    assert seen[1] != seen[2]
    assert history.scores == (0.1, 0.9, 0.2)
    assert not model.training


def test_it_stops_when_nothing_gets_better():
    _, _, history = trained([0.9, 0.5, 0.5, 0.5, 0.5, 0.5], patience=2)
    assert history.epochs == 3


def test_of_epochs_that_are_as_good_the_last_one_counts():
    model, seen, history = trained([0.5, 0.9, 0.9, 0.1], patience=2)
    assert history.best == 3
    assert model.weight.item() == seen[2]
    assert history.epochs == 4


def test_training_until_an_epoch_gives_the_weights_of_that_epoch():
    _, seen, history = trained([0.1, 0.2, 0.3, 0.4, 0.5])
    torch.manual_seed(0)
    again = nn.Linear(1, 1, bias=False)
    short = fit(
        again,
        lambda rows: again(torch.ones(len(rows), 1)).square().mean(),
        LENGTHS,
        None,
        history.recipe,
        seed=0,
        until=3,
    )
    assert again.weight.item() == seen[2]
    assert (short.epochs, short.best) == (3, 3)


def test_without_validation_the_last_weights_stand():
    model = nn.Linear(1, 1, bias=False)
    before = model.weight.item()
    history = fit(
        model,
        lambda rows: model(torch.ones(len(rows), 1)).square().mean(),
        LENGTHS,
        None,
        Recipe(epochs=2, batch_size=16),
        seed=0,
    )
    assert model.weight.item() != before
    assert history.epochs == 2
    assert history.scores == ()


def test_the_tail_of_training_is_averaged():
    _, plain, _ = trained([0.1, 0.2, 0.3, 0.4])
    model, averaged, _ = trained([0.1, 0.2, 0.3, 0.4], average_from=0.4)
    # 16 updates of 4 an epoch; every eighth counts from the seventh on: the 8th and the 16th.
    assert averaged[0] == plain[0]
    assert averaged[1] == plain[1]
    assert averaged[3] == pytest.approx((plain[1] + plain[3]) / 2)
    assert model.weight.item() == averaged[3]


def test_sparse_and_dense_weights_both_move_and_others_rows_do_not():
    table = nn.Embedding(5, 2, sparse=True)
    model = nn.ModuleList([table, nn.Linear(2, 1)])
    before = [p.detach().clone() for p in model.parameters()]
    optimizer = Optimizer(model, learning_rate=0.1, table_rate=0.1, weight_decay=0.0, updates=9)
    optimizer.step(model[1](table(torch.tensor([1, 3]))).sum())
    moved = (table.weight != before[0]).any(dim=1)
    assert moved.tolist() == [False, True, False, True, False]
    assert (model[1].weight != before[1]).all()


def test_schedule_rises_then_falls_to_nothing():
    shares = [schedule(p) for p in (0.0, 0.02, 0.05, 0.5, 1.0)]
    assert 0 < shares[0] < shares[1] < shares[2]
    assert shares[2] > shares[3] > shares[4] == 0


@pytest.mark.parametrize("rows", [1, 50, 500, 5_000, 500_000])
def test_recipes_fit_the_number_of_rows(rows):
    recipe = Recipe.for_rows(rows)
    assert 4 <= recipe.epochs <= 12
    assert 16 <= recipe.batch_size <= 128
    assert Recipe.for_rows(rows, epochs=2).epochs == 2


def test_split_takes_its_share_of_every_class_and_leaves_single_rows_in_training():
    classes = np.array([0] * 50 + [1] * 20 + [2])
    train, held = stratified_split(classes, 0.1, seed=0)
    assert sorted([*train, *held]) == list(range(71))
    assert np.bincount(classes[held], minlength=3).tolist() == [5, 2, 0]
    many = np.repeat(np.arange(100), 5)
    rows, aside = stratified_split(many, 0.1, seed=0)
    assert len(aside) == pytest.approx(50, abs=10)
    assert len(np.unique(many[rows])) == 100
    again = stratified_split(classes, 0.1, seed=0)[1]
    assert (held == again).all()
    assert not np.array_equal(held, stratified_split(classes, 0.1, seed=1)[1])


def test_metrics_by_hand():
    found = classification_metrics(["a", "a", "b", "b"], ["a", "b", "b", "b"], ["a", "b", "c"])
    assert found["accuracy"] == 0.75
    assert found["per_class"]["a"] == {"precision": 1, "recall": 0.5, "f1": 2 / 3, "n": 2}
    assert found["per_class"]["b"]["f1"] == pytest.approx(0.8)
    assert found["per_class"]["c"]["n"] == 0
    assert found["macro_f1"] == pytest.approx((2 / 3 + 0.8) / 2)  # c occurs nowhere
