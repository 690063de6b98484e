"""Earlier public names work in this version, and say what to use instead."""

import importlib
import inspect
import re
import subprocess
import sys

import numpy as np
import pytest
import torch
from sklearn.base import clone

import attnpool
from attnpool import TextClassifier, TextMatcher, pooling
from attnpool._renamed import PARAMETERS, VALUES

TEXTS, LABELS = ["房间干净", "隔音太差"] * 8, ["好", "差"] * 8
PAIRS = [("怎么退款", "如何退款"), ("怎么退款", "怎么开票")] * 8


def warns(new):
    return pytest.warns(FutureWarning, match=f"is now called {new}")


@pytest.mark.parametrize(
    ("old", "value"),
    [("widths", (2,)), ("hidden", 8), ("subwords", (3,)), ("units", 4), ("wrong_labels", 2)],
)
def test_parameters_of_estimators(old, value):
    new = PARAMETERS[old]
    kind = TextMatcher if old in ("units", "wrong_labels") else TextClassifier
    with warns(new):
        model = kind(**{old: value})
    assert model.get_params()[new] == value
    assert old not in inspect.signature(kind).parameters
    with warns(new):
        assert getattr(model, old) == value
    with warns(new):
        assert getattr(kind().set_params(**{old: value}), new) == value
    assert clone(model).get_params() == model.get_params()
    with pytest.raises(TypeError, match=f"give {new} alone"):
        kind(**{old: value, new: value})


def test_values_of_parameters(unchecked):
    with warns("'mean_query'"):
        model = TextClassifier(dim=8, epochs=1, pooling="mean-query").fit(TEXTS, LABELS)
    assert model.model_.config.pooling == "mean_query"
    with warns("'in_batch'"):
        TextMatcher(architecture="triplet", dim=8, epochs=1, negatives="in-batch").fit(
            PAIRS, [1, 0] * 8
        )
    with warns("'lcs_rest'"):
        explained = (
            TextMatcher(dim=8, epochs=1)
            .fit(PAIRS, [1, 0] * 8)
            .explain(PAIRS[:1], method="lcs-rest")
        )
    assert explained[0].method == "lcs_rest"
    assert not [value for value in VALUES.values() if "-" in value]


def test_layers():
    for layer, more in (
        (pooling.AttentionPooling1D, {}),
        (pooling.MultiHeadAttentionPooling1D, {"heads": 2}),
        (pooling.MeanQueryAttentionPooling1D, {}),
        (pooling.QueryAttentionPooling1D, {}),
    ):
        with warns("attention_dim"):
            made = layer(dim=6, hidden=4, **more)
        assert made.projection.out_features == 4
        assert "hidden" not in inspect.signature(layer).parameters
    with warns("'min_variance'"):
        assert isinstance(pooling.make_pooling("min-variance", 6, 1), torch.nn.Module)


@pytest.fixture(scope="module")
def ranker():
    model = TextMatcher(architecture="label", dim=8, epochs=1)
    return model.fit(TEXTS, ["好评" if label == "好" else "差评" for label in LABELS])


def test_candidates(ranker):
    names = ["好评", "天气"]
    with warns("candidates"):
        old = ranker.predict_proba(TEXTS[:2], labels=names)
    np.testing.assert_array_equal(old, ranker.predict_proba(TEXTS[:2], candidates=names))
    with warns("candidates"):
        assert set(ranker.predict(TEXTS[:2], labels=names)) <= set(names)
    with warns("candidates"):
        assert ranker.explain(TEXTS[:1], ranked=names)[0].labels == tuple(names)


def test_triplet_accuracy():
    model = TextMatcher(dim=8, epochs=1).fit(PAIRS, [1, 0] * 8)
    triplets = [("怎么退款", "如何退款", "怎么开票")]
    with warns("triplet_accuracy"):
        assert model.ordered(triplets) == model.triplet_accuracy(triplets)


@pytest.mark.parametrize(
    ("module", "name", "now"),
    [
        ("attnpool.view.html", "Section", attnpool.Section),
        (
            "attnpool.view.svg",
            "to_svg",
            importlib.import_module("attnpool.view.picture.svg").to_svg,
        ),
        (
            "attnpool.view.png",
            "to_png",
            importlib.import_module("attnpool.view.picture.png").to_png,
        ),
        ("attnpool.training.progress", "Progress", attnpool.Progress),
    ],
)
def test_modules(module, name, now):
    with warns(r"attnpool\."):
        assert getattr(importlib.import_module(module), name) is now


def test_the_earlier_mapping_of_methods():
    from attnpool.explain import methods

    with warns("attnpool.METHODS"):
        assert list(methods.METHODS) == list(attnpool.METHODS)


def test_renderings():
    explanation = attnpool.Explanation.from_values("ab", [(0, 1), (1, 2)], [0.5, 0.5])
    from attnpool.view import render_bytes, to_report

    with warns("render"):
        assert (
            render_bytes([explanation], "json") == attnpool.render([explanation], "json").encode()
        )
    with warns("faithfulness"):
        assert "measured" in to_report([explanation], trust={"attention": "measured"})


def test_a_parameter_is_set_by_its_earlier_name():
    model = TextClassifier()
    with warns("attention_dim"):
        model.hidden = 3
    assert model.get_params()["attention_dim"] == 3
    assert "hidden" not in vars(model)
    with pytest.raises(TypeError, match="give attention_dim alone"):
        model.set_params(hidden=1, attention_dim=2)


def test_a_model_is_saved_with_the_present_values(tmp_path):
    model = TextClassifier(dim=8, epochs=1, pooling="mean-query")
    with warns("'mean_query'"):
        model.fit(TEXTS, LABELS).save(tmp_path / "m")
    assert attnpool.load(tmp_path / "m").pooling == "mean_query"


SCRIPT = """
import attnpool
texts, labels = ["房间干净", "隔音太差"] * 8, ["好", "差"] * 8
model = attnpool.TextClassifier(hidden=8, dim=8, epochs=1)
model.set_params(pooling="mean-query")
model.fit(texts, labels)
attnpool.TextMatcher(dim=8, epochs=1).fit(list(zip(texts, texts)), labels).explain(
    [("a", "b")], method="lcs-rest")
"""


def test_a_warning_names_the_line_of_the_caller(tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT, "utf-8")
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    lines = re.findall(r"script\.py:(\d+): FutureWarning: (\S+) is now", done.stderr)
    assert [(int(line), name) for line, name in lines] == [
        (4, "hidden"),
        (6, "'mean-query'"),
        (7, "'lcs-rest'"),
    ]


def test_the_command_line_says_so_too(tmp_path, capsys):
    from attnpool.cli import run

    (tmp_path / "d.csv").write_text("label,review\n" + "好,干净\n差,吵闹\n" * 8, "utf-8")
    arguments = [str(tmp_path / "d.csv"), "-o", str(tmp_path / "m"), "--pooling", "min-variance"]
    assert run(["train", *arguments]) == 0
    assert "min-variance is now called min_variance" in capsys.readouterr().err
    assert attnpool.load(tmp_path / "m").pooling == "min_variance"
