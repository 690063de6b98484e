"""Texts without tokens are explained as by a model without an encoder: the constants alone."""

import numpy as np
import pytest

from attnpool import TextClassifier, TextMatcher
from attnpool.cli import run

from .conftest import LABELS, TEXTS

EMPTY = ["", " ", "\n\t"]
PAIRS = [("great film", "wonderful movie"), ("great film", "dull plot")] * 10
METHODS = ["contribution", "gradient_x_input", "integrated_gradients", "leave_one_out", "attention"]


@pytest.fixture(scope="module", params=[True, False])
def model(tiny, request):
    return TextClassifier(encoder=tiny, epochs=1, linear=request.param).fit(TEXTS, LABELS)


@pytest.mark.parametrize("texts", [EMPTY[:1], EMPTY[1:2], EMPTY[2:], EMPTY, ["", *TEXTS[:3], " "]])
def test_a_text_without_tokens_is_its_constants(model, texts):
    (alone,) = model.explain([""])
    for text, one in zip(texts, model.explain(texts), strict=True):
        assert sum(side.values.sum() for side in one.sides) + one.base + one.bias == pytest.approx(
            one.logit, abs=1e-5
        )
        if text in EMPTY:
            assert not one.tokens[0]
            assert (one.base, one.linear) == (0.0, alone.linear)
            assert one.bias == pytest.approx(alone.bias, abs=1e-6)
    found = np.array([list(one.probabilities.values()) for one in model.explain(texts)])
    np.testing.assert_allclose(found, model.predict_proba(texts), atol=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_takes_them(model, method):
    for one in model.explain(EMPTY, method=method):
        assert not one.tokens[0]


def test_another_target_has_the_other_constants(model):
    found = [model.explain([""], target=label)[0] for label in ("good", "bad")]
    assert found[0].bias == pytest.approx(-found[1].bias, abs=1e-6)


@pytest.mark.parametrize("architecture", ["siamese", "interaction", "alignment", "triplet"])
@pytest.mark.parametrize("method", METHODS[:2])
def test_pairs_without_tokens(tiny, architecture, method):
    model = TextMatcher(architecture=architecture, encoder=tiny, epochs=1).fit(PAIRS, [1, 0] * 10)
    alone, beside = (
        model.explain([("", "")], method=method),
        model.explain([("", " "), PAIRS[0]], method=method),
    )
    for one in (alone[0], beside[0]):
        assert not any(one.tokens)
        if method == "contribution":
            assert one.base == 0
            assert one.bias == pytest.approx(one.logit, abs=1e-5)


def test_one_empty_row_is_predicted_and_explained(model, tmp_path):
    model.save(tmp_path / "m")
    (tmp_path / "one.csv").write_text('text\n""\n', "utf-8")
    out = str(tmp_path / "p.jsonl")
    rows = str(tmp_path / "one.csv")
    assert run(["predict", str(tmp_path / "m"), rows, "-o", out, "--explain"]) == 0
