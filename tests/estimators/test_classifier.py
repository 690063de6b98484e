import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import Pipeline
from tests.rounding import assert_close

from attnpool import InputError, TextClassifier

TEXTS = ["房间干净", "服务热情", "隔音太差", "态度恶劣"] * 8
LABELS = ["好", "好", "差", "差"] * 8


def small(**params):
    return TextClassifier(**{"dim": 16, "attention_dim": 8, "epochs": 3, **params})


def test_it_generalises_on_the_bundled_reviews(sentiment):
    model, test = sentiment
    assert model.score(test.texts[0], test.labels) >= 0.88
    assert model.metrics_["n_train"] + model.metrics_["n_validation"] == 700


def test_probabilities_are_distributions_and_predict_takes_the_largest(sentiment):
    model, test = sentiment
    probabilities = model.predict_proba(test.texts[0])
    assert probabilities.shape == (200, 2)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert (model.predict(test.texts[0]) == model.classes_[probabilities.argmax(axis=1)]).all()


def test_a_text_does_not_depend_on_its_batch(sentiment):
    model, test = sentiment
    together = model.predict_proba(test.texts[0])
    alone = np.concatenate([model.predict_proba([text]) for text in test.texts[0][:20]])
    assert_close(together[:20], alone, additions=128 + 100)


def test_the_same_seed_gives_the_same_model_and_another_another():
    one, two, other = (small(seed=s).fit(TEXTS, LABELS) for s in (3, 3, 4))
    assert (one.predict_proba(TEXTS) == two.predict_proba(TEXTS)).all()
    assert (one.predict_proba(TEXTS) != other.predict_proba(TEXTS)).any()


def test_training_leaves_the_callers_random_numbers_alone():
    torch.manual_seed(7)
    np.random.seed(7)  # noqa: NPY002 - the global state is what must not move
    expected = torch.rand(1), np.random.rand()  # noqa: NPY002
    torch.manual_seed(7)
    np.random.seed(7)  # noqa: NPY002
    small().fit(TEXTS, LABELS)
    assert (torch.rand(1), np.random.rand()) == expected  # noqa: NPY002


def test_works_inside_scikit_learn():
    assert clone(small(heads=2)).get_params()["heads"] == 2
    assert cross_val_score(small(), TEXTS, LABELS, cv=2).shape == (2,)
    search = GridSearchCV(Pipeline([("clf", small())]), {"clf__heads": np.arange(1, 3)}, cv=2)
    search.fit(TEXTS, LABELS)
    assert search.best_params_["clf__heads"] in (1, 2)
    assert set(search.predict(TEXTS)) <= {"好", "差"}


@pytest.mark.parametrize(
    "params",
    [
        {"pooling": "max"},
        {"pooling": "mean_query", "normalizer": "entmax15"},
        {"pooling": "average"},
        {"pooling": "min_variance"},
        {"heads": 1, "normalizer": "sparsemax"},
        {"normalizer": "entmax15", "positions": True},
        {"kernel_sizes": (2, 3, 4), "residual": True, "ngrams": ()},
        {"kernel_sizes": (), "ngrams": (2,), "token_dropout": 0.1},
        {"tokenizer": "words"},
        {"class_weight": "balanced"},
        {"class_weight": {"好": 2.0}},
        {"max_length": "median"},
        {"max_length": 2},
    ],
)
def test_every_option_trains_predicts_and_explains(params):
    model = small(**params).fit(TEXTS, LABELS)
    explanation = model.explain(["房间干净，服务热情"])[0]
    assert np.isfinite(model.predict_proba(TEXTS)).all()
    np.testing.assert_allclose(explanation.sides[0].weights.sum(axis=1), 1, atol=1e-5)
    explanation.to_json()


@pytest.mark.parametrize("labels", [[0, 1], [True, False], [0.5, 1.5], ["是", "否"]])
def test_labels_of_every_kind_come_back_as_they_went_in(labels):
    model = small().fit(["好 房", "差 房"] * 8, labels * 8)
    predicted = model.predict(["好", "差"]).tolist()
    assert {(type(p), p) for p in predicted} <= {(type(x), x) for x in labels}
    model.explain(["好"], target=labels[0])


def test_class_weights_move_the_decision_towards_the_rare_class():
    texts, labels = ["好房间"] * 40 + ["好房价"] * 8, ["甲"] * 40 + ["乙"] * 8
    plain, weighted = (
        small(class_weight=w).fit(texts, labels).predict_proba(["好房"])[0]
        for w in (None, "balanced")
    )
    rare = sorted(set(labels)).index("乙")
    assert weighted[rare] > plain[rare]


def test_validation_rows_of_ones_own_and_none():
    model = small().fit(TEXTS, LABELS, validation=(TEXTS[:6], LABELS[:6]))
    assert model.metrics_["n_train"] == 32
    assert model.metrics_["n_validation"] == 6
    model = small().fit(TEXTS, LABELS, validation=None)
    assert model.metrics_["n_validation"] == 0
    assert model.metrics_["accuracy"] is None
    assert small().fit(["好", "差"], ["好", "差"]).predict(["好"]).shape == (1,)


def test_cleanup_is_part_of_the_model_and_offsets_speak_of_the_raw_text():
    texts = [f"[泪]{text}[哈哈]" for text in TEXTS]
    model = small(cleanup=("bracket-emoji",)).fit(texts, LABELS)
    explanation = model.explain(["[泪]房间干净"])[0]
    assert [token.text for token in explanation.tokens[0]] == list("房间干净")
    assert explanation.tokens[0][0].start == 3
    assert (model.predict_proba(["[泪]房间"]) == model.predict_proba(["房间"])).all()


@pytest.mark.parametrize(
    ("texts", "labels", "message"),
    [
        (["好"], ["好"], "at least two classes"),
        ([], [], "no texts"),
        (["好", "差"], ["好"], "2 texts but 1 label;"),
        ("好差", ["好", "差"], "is one string"),
        (["好", None], ["好", "差"], r"texts\[1\] is NoneType"),
        (["好", "差"], ["好", None], r"labels\[1\] is None"),
        (["好", "差"], ["好", float("nan")], r"labels\[1\] is nan"),
        (["好", "差"], ["好", 1], "mixed"),
        (["好", "差"], ["好", "\ud800"], "surrogate"),
        (["好", "差"], "好差", "is one string"),
        (["好", "差"], [1.0, float("nan")], r"labels\[1\] is nan"),
    ],
)
def test_bad_training_input_is_one_line(texts, labels, message, unchecked):
    with pytest.raises(InputError, match=message) as caught:
        small().fit(texts, labels)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"pooling": "median"}, "pooling"),
        ({"normalizer": "hardmax"}, "normalizer"),
        ({"tokenizer": "runes"}, "runes"),
        ({"cleanup": ("soap",)}, "soap"),
        ({"max_length": "longest"}, "longest"),
        ({"class_weight": "heavy"}, "heavy"),
        ({"heads": 0}, "heads"),
        ({"kernel_sizes": 3}, "kernel_sizes"),
        ({"cleanup": "bracket-emoji"}, "cleanup"),
        ({"seed": -1}, "seed"),
        ({"seed": None}, "seed"),
        ({"class_weight": {"中": 2.0}}, "中"),
        ({"dim": 0}, "dim"),
        ({"epochs": 0}, "epochs"),
        ({"kernel_sizes": (0,)}, "kernel_sizes"),
        ({"ngrams": (4,)}, "ngrams"),
        ({"char_ngrams": (1,)}, "char_ngrams"),
        ({"char_ngrams": (3, 11)}, "char_ngrams"),
        ({"char_ngrams": 3}, "char_ngrams"),
        ({"dropout": 1.5}, "dropout"),
        ({"learning_rate": -1.0}, "learning_rate"),
        ({"device": "abacus"}, "device"),
    ],
)
def test_bad_parameters_are_one_line(params, message, unchecked):
    with pytest.raises(InputError, match=message) as caught:
        small(**params).fit(TEXTS, LABELS)
    assert "\n" not in str(caught.value)


def test_unknown_labels_of_validation_rows():
    with pytest.raises(InputError, match="validation row 1 has the label '中'"):
        small().fit(TEXTS, LABELS, validation=(["房间"], ["中"]))
    with pytest.raises(InputError, match="between 0 and 1"):
        small().fit(TEXTS, LABELS, validation=1.5)


def test_before_fit_it_says_so(tmp_path):
    for call in (
        lambda m: m.predict(["好"]),
        lambda m: m.explain(["好"]),
        lambda m: m.save(tmp_path),
    ):
        with pytest.raises(NotFittedError):
            call(small())


def test_a_fit_that_fails_leaves_the_model_as_it_was():
    model = small().fit(TEXTS, LABELS)
    before = model.predict_proba(TEXTS)
    with pytest.raises(InputError):
        model.fit(["a", "b"], ["x", "y"], validation=1.5)
    assert set(model.classes_) == {"好", "差"}
    assert (model.predict_proba(TEXTS) == before).all()
