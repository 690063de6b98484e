"""scikit-learn takes the estimators for its own, whose base classes they do not have."""

import copy
import inspect
import pickle

import numpy as np
import pytest
import sklearn
from sklearn.base import BaseEstimator, ClassifierMixin, clone, is_classifier, is_regressor
from sklearn.ensemble import VotingClassifier
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_predict
from sklearn.pipeline import Pipeline
from sklearn.utils import estimator_checks
from sklearn.utils.validation import check_is_fitted

from attnpool import TextClassifier, TextMatcher

TEXTS = ["房间干净", "服务热情", "隔音太差", "态度恶劣"] * 6
LABELS = ["好", "好", "差", "差"] * 6
KINDS = (TextClassifier, TextMatcher)


def small(**params):
    return TextClassifier(**{"dim": 8, "epochs": 1, "linear": False, "ngrams": (), **params})


@pytest.fixture(scope="module")
def fitted():
    return small().fit(TEXTS, LABELS)


@pytest.fixture
def routing():
    with sklearn.config_context(enable_metadata_routing=True):
        yield


# Those that bring no numbers to train on; each version has some of them.
CHECKS = (
    *("check_estimator_cloneable", "check_estimator_tags_renamed", "check_valid_tag_types"),
    *("check_estimator_repr", "check_no_attributes_set_in_init", "check_set_params"),
    *("check_get_params_invariance", "check_parameters_default_constructible"),
    *("check_mixin_order", "check_estimator_get_tags_default_keys"),
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("check", [name for name in CHECKS if hasattr(estimator_checks, name)])
def test_scikit_learns_own_checks(kind, check):
    getattr(estimator_checks, check)(kind.__name__, kind())


def test_they_are_classifiers(fitted):
    for one in (fitted, TextMatcher(), Pipeline([("m", fitted)])):
        assert is_classifier(one)
        assert not is_regressor(one)
    voting = VotingClassifier([("a", small()), ("b", small(seed=1))], voting="soft")
    assert set(voting.fit(TEXTS, LABELS).predict(TEXTS)) <= {"好", "差"}
    folds = cross_val_predict(small(), TEXTS, LABELS, cv=2, method="predict_proba")
    assert folds.shape == (24, 2)


@pytest.mark.skipif(not hasattr(sklearn.utils, "get_tags"), reason="scikit-learn 1.5 has no tags")
def test_their_tags_say_texts_and_labels():
    for kind in KINDS:
        tags = sklearn.utils.get_tags(kind())
        assert tags.estimator_type == "classifier"
        assert tags.classifier_tags is not None
        assert tags.target_tags.required
        assert tags.input_tags.string
        assert tags.input_tags.two_d_array == (kind is TextMatcher)


def twin(estimator):
    """An estimator of scikit-learn's with the same name and the same parameters."""
    init = type(estimator).__init__

    def like(self, **params):
        vars(self).update(params)

    like.__signature__ = inspect.signature(init)
    kind = type(type(estimator).__name__, (ClassifierMixin, BaseEstimator), {"__init__": like})
    return kind(**estimator.get_params())


def test_they_read_as_scikit_learns():
    shown = [
        TextClassifier(),
        TextClassifier(epochs=3, class_weight={"好": 2.0}, cleanup=("html",)),
        TextClassifier(learning_rate=np.float64(0.1), max_length=float("nan")),
    ]
    for n in range(42):  # near the lengths at which a line is full
        shown += [
            TextClassifier(epochs=3, seed=5, tokenizer="x" * n, pooling="max"),
            TextMatcher(dim=8, distance="x" * n, epochs=1, heads=2, seed=3),
            TextMatcher(architecture="label", cleanup=("html",), n_negatives=3, pooling="x" * n),
        ]
    for one in shown:
        assert repr(one) == repr(twin(one))


def test_they_show_all_parameters_if_scikit_learn_is_set_to():
    with sklearn.config_context(print_changed_only=False):
        shown = repr(TextClassifier())
    assert all(f"{name}=" in shown for name in TextClassifier().get_params())
    assert max(map(len, shown.splitlines())) <= 80


def test_a_long_value_is_cut_as_scikit_learn_cuts_it():
    many = TextClassifier(dictionary=["房"] * 500)
    assert "".join(repr(many).split()) == "".join(repr(twin(many)).split())
    assert len(repr(TextClassifier(dictionary="x" * 10_000))) < 400


def test_parameters_that_are_none_are_refused_as_scikit_learn_does(fitted):
    for model in (fitted, twin(fitted)):
        with pytest.raises(ValueError, match="Invalid parameter 'colour' for estimator Text"):
            model.set_params(colour=1)


class Nested(TextClassifier):
    """A parameter of it is an estimator."""

    def __init__(self, *, inner=None):
        super().__init__()
        self.inner = inner

    @classmethod
    def _get_param_names(cls):
        return ["inner"]


def test_parameters_of_parameters():
    model = Nested(inner=TextMatcher(heads=2))
    assert model.get_params()["inner__heads"] == 2
    assert list(model.get_params(deep=False)) == ["inner"]
    assert model.set_params(inner__heads=3) is model
    assert model.inner.heads == 3
    again = clone(model)
    assert again.inner is not model.inner
    assert again.inner.heads == 3


def test_copies_are_fitted_and_clones_are_not(fitted):
    for again in (copy.deepcopy(fitted), pickle.loads(pickle.dumps(fitted))):
        check_is_fitted(again)
        assert again.get_params() == fitted.get_params()
        np.testing.assert_array_equal(again.predict_proba(TEXTS), fitted.predict_proba(TEXTS))
    with pytest.raises(NotFittedError):
        check_is_fitted(clone(fitted))
    with pytest.raises(NotFittedError, match="This TextClassifier instance is not fitted yet"):
        clone(fitted).predict(TEXTS)


def test_metadata_is_routed(routing):
    model = small().set_fit_request(validation=True).set_score_request(sample_weight=True)
    assert type(model) is TextClassifier
    for one in (model, clone(model), pickle.loads(pickle.dumps(model))):
        asked = one.get_metadata_routing()
        assert asked.fit.requests["validation"] is True
        assert asked.fit.requests["teacher"] is None
        assert asked.score.requests == {"sample_weight": True}
    fitted = Pipeline([("m", model)]).fit(TEXTS, LABELS, validation=None)
    assert fitted["m"].metrics_["n_validation"] == 0
    seen = []

    class Weighed(TextClassifier):
        def score(self, X, y, sample_weight=None):  # noqa: N803
            seen.append(sample_weight)
            return super().score(X, y, sample_weight)

    search = GridSearchCV(
        Weighed(dim=8, epochs=1, linear=False).set_score_request(sample_weight=True),
        {"seed": [0]},
        cv=2,
    )
    search.fit(TEXTS, LABELS, sample_weight=np.arange(24.0))
    assert sorted(np.concatenate(seen)) == list(range(24))
    with pytest.raises(TypeError, match="Unexpected args"):
        model.set_fit_request(colour=True)


def test_nothing_else_is_lent(fitted):
    for name in ("transform", "partial_fit", "n_features_in_", "feature_names_in_", "colour"):
        assert not hasattr(fitted, name)
    with pytest.raises(AttributeError, match="'TextClassifier' object has no attribute 'classes_'"):
        _ = small().classes_


class Inheriting(TextClassifier, ClassifierMixin, BaseEstimator):
    """What asks for scikit-learn's base class accepts it."""


def test_a_subclass_may_be_of_scikit_learns_class_too(routing):
    model = Inheriting(dim=8, epochs=1, linear=False, ngrams=())
    assert isinstance(model, BaseEstimator)
    assert not isinstance(small(), BaseEstimator)
    assert is_classifier(model)
    assert clone(model).get_params() == model.get_params()
    assert repr(model) == "Inheriting(dim=8, epochs=1, linear=False, ngrams=())"
    model.set_fit_request(teacher=True).fit(TEXTS, LABELS)
    assert pickle.loads(pickle.dumps(model)).score(TEXTS, LABELS) == model.score(TEXTS, LABELS)
