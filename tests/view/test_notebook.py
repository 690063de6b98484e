"""What a notebook shows of lists, of measures and of models."""

import copy
import json
import pickle
import re

import numpy as np
import pytest

from attnpool.explain.faithfulness.measures import RATIOS, Faithfulness
from attnpool.view.notebook import Explanations, FaithfulnessByMethod
from attnpool.view.notebook.model import model_html

from . import samples
from .test_html import Page


@pytest.mark.parametrize("count", [1, 20, 21, 200])
def test_a_list_shows_its_first_cards_and_says_how_many_more(count):
    shown = Explanations([samples.review()] * count)
    bundle = shown._repr_mimebundle_()
    Page(bundle["text/html"])
    assert bundle["text/html"] == shown._repr_html_()
    assert bundle["text/html"].count('<article class="card') == min(count, 20)
    assert bundle["text/html"].count("<style>") == 1
    assert bundle["text/plain"].count("lovely") == min(count, 20)
    more = f"… and {count - 20} more"
    assert (more in bundle["text/html"]) == (more in bundle["text/plain"]) == (count > 20)


def test_an_empty_list_is_an_empty_list():
    assert Explanations()._repr_mimebundle_() == {"text/plain": "[]"}
    assert Explanations()._repr_html_() is None
    assert FaithfulnessByMethod()._repr_mimebundle_() == {"text/plain": "{}"}


def test_it_is_a_list_in_all_else():
    three = [samples.hotel(), samples.review(), samples.moods()]
    shown = Explanations(three)
    assert shown == three
    assert isinstance(shown, list)
    assert repr(shown) == repr(three)
    assert shown[1] is three[1]
    for part in (shown[:2], shown[::-1], shown + three, shown.copy(), copy.copy(shown),
                 copy.deepcopy(shown), pickle.loads(pickle.dumps(shown))):  # fmt: skip
        assert type(part) is Explanations
    assert shown[:2] == three[:2]
    assert shown + three == three * 2
    assert three + shown == three * 2
    assert pickle.loads(pickle.dumps(shown)) == three
    assert json.dumps(Explanations()) == "[]"
    assert len(json.loads(json.dumps([one.to_dict() for one in shown]))) == 3


def test_a_hostile_list_is_only_text():
    for text in samples.ATTACKS.values():
        Page(Explanations([samples.attack(text)])._repr_html_())


def of(mean, texts=40, sufficiency=0.0, seed=0):
    rng = np.random.default_rng(seed)
    return Faithfulness(
        rng.normal(mean, 0.05, (texts, len(RATIOS))),
        rng.normal(sufficiency, 0.05, (texts, len(RATIOS))),
    )


def measured(texts=40):
    return FaithfulnessByMethod(
        {
            "contribution": of(0.4, texts),
            "attention": of(0.05, texts, 0.2, seed=1),
            "backwards": of(-0.2, texts, 0.2, seed=2),
            "random": of(0.05, texts, 0.2, seed=3),
        }
    )


def test_measures_are_a_table_with_a_verdict_on_each_method():
    bundle = measured()._repr_mimebundle_()
    page = Page(bundle["text/html"])
    assert [entry.get("scope") for entry in page.cells] == [None] * 8
    for name, shown in (("html", "".join(page.all)), ("plain", bundle["text/plain"])):
        own = measured()["contribution"].aopc_comprehensiveness
        assert f"{own.mean:.3f} ({own.low:.3f} to {own.high:.3f})" in shown, name
        assert "Faithfulness on 40 texts" in shown
        assert (
            "contribution: removing its tokens lowers the probability by 0.40; removing random "
            "ones, by 0.05. Better than random on these texts." in shown
        )
        assert "attention: removing its tokens lowers the probability by 0.05; removing" in shown
        assert "backwards: removing its tokens raises the probability by 0.20; removing random " \
            "ones lowers it by 0.05. No better than random" in shown  # fmt: skip
        assert shown.count("No better than random on these texts") == 2
        assert "random: removing" not in shown
    rows = [re.split("  +", row) for row in bundle["text/plain"].split("\n")[1:6]]
    assert [row[0] for row in rows] == ["method", *measured()]
    assert {len(row) for row in rows} == {3}


def test_one_text_has_no_interval_and_no_verdict():
    shown = measured(1)._repr_mimebundle_()["text/plain"]
    assert "Faithfulness on 1 text\n" in shown
    assert " to " not in shown.split("contribution:")[0]
    assert shown.count("One text is not enough to judge the method.") == 3


def test_texts_without_tokens_count_nowhere():
    nothing = Faithfulness(*(np.full((2, len(RATIOS)), np.nan),) * 2)
    both = FaithfulnessByMethod({"<b>": nothing, "random": nothing})
    shown = both._repr_mimebundle_()
    assert "<b>: not measured; no text has tokens." in shown["text/plain"]
    assert "<b>:" not in shown["text/html"]
    assert repr(nothing) == (
        "<Faithfulness of 2 texts: comprehensiveness unknown, sufficiency unknown>"
    )


def test_measures_are_a_dict_in_all_else():
    shown = measured()
    assert dict(shown) == shown
    again = pickle.loads(pickle.dumps(shown))
    assert type(again) is FaithfulnessByMethod
    assert list(again) == list(shown)
    assert len(repr(shown)) < 500
    assert repr(shown["contribution"]).startswith(
        "<Faithfulness of 40 texts: comprehensiveness 0.40"
    )


METRICS = {"accuracy": 0.9, "macro_f1": 0.88, "n_train": 90, "n_validation": 10, "refitted": True}


@pytest.mark.parametrize("text", samples.ATTACKS.values(), ids=samples.ATTACKS)
def test_a_hostile_class_is_only_text(text):
    metrics = {**METRICS, "majority_class": text, "majority_accuracy": 0.5}
    Page(model_html(text, text, metrics, [text] * 30, 1))


def test_a_model_shows_its_figures_beside_the_majority_class():
    metrics = {**METRICS, "majority_class": "好评", "majority_accuracy": 0.685}
    classes = [f"class {number}" for number in range(40)]
    said = "".join(Page(model_html("TextClassifier", "What.", metrics, classes, 1234)).all)
    for words in ("accuracy on 10 validation rows", "90.0%", "majority class (好评)", "68.5%",
                  "rows trained on", "100", "1,234", "class 11 and 28 more"):  # fmt: skip
        assert words in said
    assert "class 12" not in said
    bare = "".join(Page(model_html("A", "B", METRICS, ["a"], 1)).all)
    assert "majority" not in bare
    nothing = {**METRICS, "accuracy": None, "macro_f1": None, "n_validation": 0}
    assert "not measured" in model_html("A", "B", nothing, ["a"], 1)
