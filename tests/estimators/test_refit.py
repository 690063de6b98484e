import numpy as np
import pytest
import torch

import attnpool
from attnpool import InputError, TextClassifier, TextMatcher
from attnpool.estimators.parameters import FAITHFUL
from attnpool.estimators.settings import ClassifierSettings
from attnpool.estimators.tasks.classes import classification_loss
from attnpool.estimators.validation import LabelledRows

TEXTS = ["房间干净", "服务热情", "早餐丰富", "隔音太差", "态度恶劣", "位置偏僻"] * 10
LABELS = ["好", "好", "好", "差", "差", "差"] * 10


def test_the_last_training_sees_validations_rows_too():
    # Each with a character that no other has; equal texts would be on one side.
    texts, labels = [text + chr(0x4E00 + i) for i, text in enumerate(TEXTS)], LABELS
    once, twice = (
        TextClassifier(epochs=3, refit=refit).fit(texts, labels) for refit in (False, True)
    )
    # A character that only a validation row has is known to the second alone.
    known = [model.tokenizer_.size for model in (once, twice)]
    assert known[1] > known[0]
    assert once.metrics_["accuracy"] == twice.metrics_["accuracy"]  # measured before
    assert twice.metrics_["n_train"] + twice.metrics_["n_validation"] == len(texts)
    assert 1 <= twice.metrics_["best_epoch"] <= twice.metrics_["epochs"]


def test_given_validation_rows_are_never_trained_on():
    held = (["独一"], ["好"])
    one = TextClassifier(epochs=2).fit(TEXTS, LABELS, validation=held)
    other = TextClassifier(epochs=2, refit=False).fit(TEXTS, LABELS, validation=held)
    np.testing.assert_array_equal(one.predict_proba(TEXTS), other.predict_proba(TEXTS))


@pytest.mark.parametrize(("architecture", "differs"), [("siamese", True), ("triplet", False)])
def test_matchers_are_refitted_but_for_triplets(architecture, differs):
    asked = [("怎么退款", "如何退款"), ("怎么退款", "怎么开票"), ("几点开门", "何时营业")]
    pairs = [(f"{left}{i}", right) for i in range(10) for left, right in asked]
    labels = [1, 0, 1] * 10
    scores = [
        TextMatcher(architecture=architecture, epochs=2, refit=refit)
        .fit(pairs, labels)
        .decision_function(pairs)
        for refit in (False, True)
    ]
    assert (np.abs(scores[0] - scores[1]).max() > 0) == differs


@pytest.mark.parametrize(
    "params",
    [
        {"faithful": True},
        {"mask_training": True},
        {"equal_length": True},
        {"attention_target": 0.2},
        {"head_diversity": 0.2},
    ],
)
def test_options_for_trust_train_save_and_load(params, tmp_path):
    model = TextClassifier(epochs=4, **params).fit(TEXTS, LABELS)
    plain = TextClassifier(epochs=4).fit(TEXTS, LABELS)
    assert model.score(TEXTS, LABELS) > 0.9
    assert np.abs(model.predict_proba(TEXTS) - plain.predict_proba(TEXTS)).max() > 0
    model.save(tmp_path / "m")
    loaded = attnpool.load(tmp_path / "m")
    np.testing.assert_array_equal(loaded.predict_proba(TEXTS), model.predict_proba(TEXTS))
    for explanation in model.explain(TEXTS[:3], method="contribution"):
        total = explanation.sides[0].values.sum() + explanation.base + explanation.bias
        assert total == pytest.approx(explanation.logit, abs=1e-4)


@pytest.mark.parametrize(
    ("params", "heads"),
    [
        ({}, 4),
        ({"heads": 2}, 2),
        ({"faithful": True}, 1),
        ({"pooling": "mean_query", "heads": 1}, 1),
    ],
)
def test_heads_unless_given(params, heads, tmp_path):
    model = TextClassifier(epochs=1, **params).fit(TEXTS, LABELS)
    model.save(tmp_path / "m")
    for one in (model, attnpool.load(tmp_path / "m")):
        assert one.get_params()["heads"] == params.get("heads")
        assert one.explain(TEXTS[:1])[0].heads == heads


def test_mean_query_attention_is_on_what_speaks_for_the_answer():
    both = ["房间干净，隔音太差，态度恶劣", "位置偏僻，服务热情，早餐丰富"]
    model = TextClassifier(faithful=True, epochs=20, max_length=30).fit(TEXTS, LABELS)
    looked, moved = (
        [one.sides[0].values for one in model.explain(both, method)]
        for method in ("attention", "contribution")
    )
    for weights, shares in zip(looked, moved, strict=True):
        assert weights[shares > 0].mean() > 2 * weights[shares < 0].mean()


def test_drawing_attention_leaves_all_else_to_the_answer():
    fitted = TextClassifier(epochs=1, linear=False).fit(TEXTS, LABELS)
    model, y = fitted.model_.train(), np.array([0, 1, 1])
    found = []
    for strength in (0.0, 1.0):
        options = {**FAITHFUL, "attention_target": strength, "label_smoothing": 0.0}
        settings = ClassifierSettings.of(TextClassifier(**options).get_params())
        tokens = fitted.reader_(TEXTS[:3])
        rows = LabelledRows(TEXTS[:3], y)
        loss = classification_loss(model, tokens, rows, fitted.classes_, settings)
        torch.manual_seed(0)
        model.zero_grad()
        loss(np.arange(3)).backward()
        found.append({k: p.grad.to_dense().clone() for k, p in model.named_parameters()})
    for name, plain in found[0].items():
        same = torch.allclose(plain, found[1][name])
        assert same != name.startswith("pooling."), name


def test_head_diversity_drives_heads_apart():
    overlaps = []
    for strength in (0.0, 0.5):
        model = TextClassifier(epochs=8, head_diversity=strength).fit(TEXTS, LABELS)
        overlaps.append(np.mean([e.overlap for e in model.explain(TEXTS[:6])]))
    assert overlaps[1] < overlaps[0] / 2


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"attention_target": -0.1}, "give a number from 0"),
        ({"head_diversity": 1e30}, "give a number from 0"),
        ({"head_diversity": 0.1, "heads": 1}, "at least 2 heads"),
        ({"pooling": "max", "faithful": True}, "pools by mean_query, not 'max'"),
        ({"pooling": "max", "attention_target": 0.5}, "needs pooling 'attention' or 'mean_query'"),
        ({"pooling": "max", "heads": 4}, "'max' has one head; leave heads out"),
        ({"pooling": "mean_query", "head_diversity": 0.1}, "needs pooling 'attention'"),
        ({"faithful": True, "heads": 3}, "faithful has one head; leave heads out"),
        ({"faithful": True, "attention_target": 5.0}, "faithful chooses attention_target itself"),
        ({"faithful": True, "equal_length": True}, "leave equal_length out"),
        ({"faithful": True, "mask_training": True}, "leave mask_training out"),
        ({"pooling": "mean_query", "heads": 2}, "'mean_query' has one head"),
        ({"ngrams": (2, 2)}, "each length once"),
    ],
)
def test_options_that_make_no_sense(params, message):
    with pytest.raises(InputError, match=message):
        TextClassifier(**params).fit(TEXTS, LABELS)


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("name", ["faithful", "refit", "mask_training", "equal_length"])
@pytest.mark.parametrize("value", ["no", 2, None])
def test_switches_are_true_or_false(name, value):
    with pytest.raises(InputError, match=f"{name} is .*give True or False"):
        TextClassifier(**{name: value}).fit(TEXTS, LABELS)
