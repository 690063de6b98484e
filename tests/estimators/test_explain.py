import copy
import json

import numpy as np
import pytest
from tests.rounding import assert_close

from attnpool import InputError
from attnpool.explanation import Explanation
from attnpool.models.outputs import ModelOutput


def test_spans_give_back_the_text_and_weights_sum_to_one(sentiment):
    model, test = sentiment
    for explanation in model.explain(test.texts[0][:50], method="attention"):
        side = explanation.sides[0]
        np.testing.assert_allclose(side.weights.sum(axis=1), 1, atol=1e-5)
        np.testing.assert_allclose(side.values, side.weights.mean(axis=0), atol=1e-6)
        for token in explanation.tokens[0]:
            assert side.text[token.start : token.end] == token.text
        assert "".join(t.text for t in explanation.tokens[0]) == "".join(side.text.split())


def test_it_says_what_predict_says(sentiment):
    model, test = sentiment
    texts = test.texts[0][:50]
    explanations = model.explain(texts, labels=test.labels[:50])
    assert [e.prediction for e in explanations] == model.predict(texts).tolist()
    assert_close([e.distribution for e in explanations], model.predict_proba(texts), additions=128)
    assert [e.correct for e in explanations] == [
        e.prediction == label for e, label in zip(explanations, test.labels, strict=False)
    ]


def test_logit_is_the_targets_less_the_mean(sentiment):
    model, _ = sentiment
    text = ["房间很干净"]
    up, down = (model.explain(text, target=label)[0] for label in ("正面", "负面"))
    # Two classes: the logits less their mean mirror each other.
    assert up.logit == pytest.approx(-down.logit)
    assert (up.target, down.target) == ("正面", "负面")
    odds = np.log(up.probabilities["正面"] / up.probabilities["负面"])
    assert odds == pytest.approx(up.logit - down.logit, abs=1e-5)


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "\x00", "\ud800", "🙂" * 50])
def test_odd_texts_have_a_defined_answer(sentiment, text):
    model, _ = sentiment
    explanation = model.explain([text])[0]
    form = json.loads(explanation.to_json())
    assert sum(form["probabilities"].values()) == pytest.approx(1)
    assert form["texts"] == [text.replace("\ud800", "\ufffd")]
    if not text.strip():
        assert form["tokens"] == [[]]


def test_five_megabytes_are_read_to_the_limit(sentiment):
    model, _ = sentiment
    text = "房间很干净，但是隔音太差。" * 400_000
    explanation = model.explain([text])[0]
    assert len(explanation.sides[0].spans) == model.limit_
    assert explanation.sides[0].read_until == model.limit_
    assert explanation.sides[0].text == text


def test_the_json_is_the_documented_one_and_reads_back(sentiment):
    model, _ = sentiment
    explanation = model.explain(["房间很干净，但是隔音太差"])[0]
    form = json.loads(explanation.to_json())
    assert " ".join(form) == (
        "schema_version task texts prediction probabilities label target method heads overlap "
        "logit base bias linear score verdict alignment read_until tokens faithfulness"
    )
    assert form["heads"] == 4
    assert set(form["tokens"][0][0]) == {"text", "start", "end", "weights", "value"}
    assert Explanation.from_dict(form).to_dict() == form
    with pytest.raises(InputError, match="schema_version 2"):
        Explanation.from_dict({**form, "schema_version": 2})
    with pytest.raises(InputError, match="lacks 'tokens'"):
        Explanation.from_dict({k: v for k, v in form.items() if k != "tokens"})


def test_unknown_method_target_and_text(sentiment):
    model, _ = sentiment
    for how, message in (({"method": "guess"}, "attention"), ({"target": "中性"}, "正面")):
        with pytest.raises(InputError, match=message):
            model.explain(["好"], **how)
    with pytest.raises(InputError, match="is one string"):
        model.explain("好")


def test_no_texts_no_explanations(sentiment):
    assert sentiment[0].explain([]) == []


def test_the_default_is_contribution(sentiment):
    model, test = sentiment
    default = model.explain(test.texts[0][:5])
    assert default == model.explain(test.texts[0][:5], method="contribution")
    assert {e.method for e in default} == {"contribution"}
    for e in default:
        assert sum(e.sides[0].values) + e.base + e.bias == pytest.approx(e.logit, abs=1e-4)


def test_a_network_that_cannot_be_split_is_explained_by_attention(sentiment, monkeypatch):
    """A network of somebody's own, with an operation that `Affine` has no rule for."""
    model, test = sentiment
    own = copy.deepcopy(model)

    class Bent(type(own.model_)):
        def answer(self, vectors, mask):
            logits, *rest = super().answer(vectors, mask)
            return ModelOutput(logits.logcumsumexp(1), *rest)

    own.model_.__class__ = Bent
    monkeypatch.setattr(type(own), "_ready", lambda self: self.model_)
    assert {e.method for e in own.explain(test.texts[0][:5])} == {"attention"}
    with pytest.raises(InputError, match="contribution cannot split"):
        own.explain(test.texts[0][:5], method="contribution")
