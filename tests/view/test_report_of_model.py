"""`attnpool.report`: a model and rows in, one page out; what is no row is one line."""

import numpy as np
import pytest

import attnpool
from attnpool import InputError, TextClassifier

TEXTS, LABELS = ["房间很干净", "隔音太差"] * 8, ["好", "差"] * 8


@pytest.fixture(scope="module")
def model():
    return TextClassifier(dim=8, epochs=1).fit(TEXTS, LABELS)


def test_labels_may_be_any_iterable_and_miss(model):
    labels = iter([*LABELS[:12], None, "", float("nan"), np.nan])
    page = attnpool.report(model, iter(TEXTS), labels, title="held out", lang="en")
    assert "held out" in page
    assert "wrong of 12 labelled rows" in page
    assert "<dt>rows</dt><dd>16</dd>" in page
    assert ">nan<" not in page


@pytest.mark.parametrize(
    ("texts", "labels", "message"),
    [
        ("房间", None, "texts is one string; give a list of them"),
        (TEXTS, "好差", "labels is one string; give a list of them"),
        (TEXTS, LABELS[:3], "16 texts but 3 labels; give one label per text"),
        ([1, 2], None, r"texts\[0\] is int"),
        (5, None, "texts is int"),
    ],
)
def test_what_is_no_row_is_one_line(model, unchecked, texts, labels, message):
    with pytest.raises(InputError, match=message):
        attnpool.report(model, texts, labels)


@pytest.mark.parametrize("wrong", ["x", [1], [None]])
def test_only_explanations_are_drawn(wrong, unchecked):
    with pytest.raises(InputError, match=r"explanations (hold|is)"):
        attnpool.render(wrong)


def test_candidates_and_models_that_are_none(model, unchecked):
    with pytest.raises(InputError, match="only architecture 'label' ranks candidates"):
        attnpool.report(model, TEXTS, candidates=["好", "差"])
    with pytest.raises(InputError, match="model is NoneType"):
        attnpool.report(None, TEXTS)


@pytest.mark.parametrize("kind", ["terminal", "markdown", "svg", "png"])
def test_a_theme_there_is_not(model, kind, unchecked):
    with pytest.raises(InputError, match="unknown theme 'sepia'; choose one of: light, dark"):
        attnpool.render(model.explain(TEXTS[:1]), kind, theme="sepia")
