"""What a notebook shows of what estimators return, and of estimators themselves."""

import pytest
import sklearn
from sklearn.base import BaseEstimator, clone
from sklearn.pipeline import Pipeline
from sklearn.utils import estimator_html_repr

from attnpool import TextClassifier, TextMatcher
from attnpool.view.notebook import Explanations, FaithfulnessByMethod

TEXTS = ["房间干净", "服务热情", "隔音太差", "态度恶劣"] * 6
LABELS = ["<b>好", "<b>好", "差", "差"] * 6


@pytest.fixture(scope="module")
def classifier():
    return TextClassifier(epochs=1, dim=8, ngrams=()).fit(TEXTS, LABELS)


@pytest.fixture(scope="module")
def matcher():
    pairs = list(zip(TEXTS, TEXTS[2:] + TEXTS[:2], strict=True))
    return TextMatcher(architecture="siamese", epochs=1, dim=8).fit(pairs, [0, 1] * 12)


@pytest.fixture(scope="module")
def ranker():
    return TextMatcher(architecture="label", epochs=1, dim=8).fit(TEXTS, LABELS)


def test_every_list_of_explanations_shows_itself(classifier, matcher, ranker):
    for found, more in ((classifier.explain(TEXTS), "… 还有 4 条"),
                        (ranker.explain(TEXTS), "… 还有 4 条"),
                        (matcher.explain([("a", "b")] * 24), "… and 4 more")):  # fmt: skip
        assert type(found) is Explanations
        assert len(found) == 24
        assert more in found._repr_html_()


def test_measures_of_faithfulness_show_themselves(classifier, matcher):
    ask = {"methods": ["attention"], "curves": False}
    for found in (
        classifier.faithfulness(TEXTS[:3], **ask),
        matcher.faithfulness([("房间", "干净")], **ask),
    ):
        assert type(found) is FaithfulnessByMethod
        assert list(found) == ["attention", "random"]
        assert "<table" in found._repr_html_()
        assert "array(" not in repr(found)


def test_a_fitted_model_says_what_it_is(classifier, matcher, ranker):
    shown = classifier._repr_html_()
    assert "Text classifier: 4 attention heads over characters." in shown
    assert "&lt;b&gt;好" in shown
    assert "<b>好" not in shown
    assert classifier._repr_mimebundle_() == {"text/html": shown, "text/plain": repr(classifier)}
    assert "Text matcher (siamese): 4 attention heads" in matcher._repr_html_()
    assert "Text matcher (label): " in ranker._repr_html_()
    averaged = TextClassifier(pooling="average", epochs=1, dim=8).fit(TEXTS, LABELS)
    assert "Text classifier: average pooling over characters." in averaged._repr_html_()


def test_scikit_learn_shows_what_is_not_fitted_and_what_holds_a_model(classifier):
    for shown in (clone(classifier)._repr_html_(), TextClassifier()._repr_html_(),
                  Pipeline([("m", classifier)])._repr_html_(),
                  estimator_html_repr(classifier)):  # fmt: skip
        assert "sk-top-container" in shown
        assert 'class="ap ' not in shown
    with sklearn.config_context(display="text"):
        assert not hasattr(classifier, "_repr_html_")
        assert list(classifier._repr_mimebundle_()) == ["text/plain"]


def test_a_fitted_model_is_shown_without_a_hook_of_scikit_learn(classifier, monkeypatch):
    shown = classifier._repr_html_()
    monkeypatch.delattr(BaseEstimator, "_html_repr", raising=False)  # 1.5 and 1.6 have none
    assert not hasattr(classifier, "_html_repr")
    assert classifier._repr_html_() == shown
    assert classifier._repr_mimebundle_(include=None, exclude=None)["text/html"] == shown
    with sklearn.config_context(display="text"):
        assert not hasattr(classifier, "_repr_html_")
        assert classifier._repr_mimebundle_() == {"text/plain": repr(classifier)}
