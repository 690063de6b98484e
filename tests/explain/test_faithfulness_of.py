"""`faithfulness_of`: any function from strings to probabilities, and anybody's explanations."""

import re

import numpy as np
import pytest
import torch

from attnpool import InputError, TextClassifier, TextMatcher, faithfulness_of, load_demo
from attnpool.explain.faithfulness.measures import CURVE, RATIOS
from attnpool.explanation import Explanation

GOOD = [
    "a good, well-made film",
    "what a fine story",
    "great acting; a fine plot",
    "not bad at all",
]
BAD = ["this is dull and slow", "a bad, overlong film", "awful plot (really)", "I don't like it"]


@pytest.fixture(scope="module")
def classifier():
    texts = [f"{text} {i}" for i in range(8) for text in GOOD + BAD]
    labels = (["pos"] * 4 + ["neg"] * 4) * 8
    return TextClassifier(tokenizer="words", epochs=10, linear=False, seed=0).fit(texts, labels)


def made(text, values=None, method="mine", target=None, labels=("neg", "pos"), **more):
    """An explanation of words, the values falling from the first word on."""
    spans = [m.span() for m in re.finditer(r"\w+", text)]
    values = range(len(spans), 0, -1) if values is None else values
    shares = dict.fromkeys(labels, 1 / max(1, len(labels)))
    return Explanation.from_values(
        text,
        spans,
        [float(v) for v in values],
        method=method,
        target=target,
        probabilities=shares,
        **more,
    )


def of_word(word, high=0.9, low=0.1):
    """Two classes; the second where a word stands in the text."""

    def predict(texts):
        second = np.array([high if word in text else low for text in texts])
        return np.stack([1 - second, second], axis=1)

    return predict


def assert_same(found, own):
    # Some change, or the two would agree on nothing.
    assert np.nanmax(np.abs(own.comprehensiveness)) > 0.01
    for part in ("comprehensiveness", "sufficiency", "deletion", "insertion"):
        np.testing.assert_allclose(getattr(found, part), getattr(own, part), atol=1e-5)


@pytest.mark.parametrize("method", ["contribution", "attention"])
def test_it_agrees_with_a_classifiers_own(classifier, method):
    texts = [*GOOD, *BAD, ""]
    own = classifier.faithfulness(texts, [method])
    explained = classifier.explain(texts, method=method)
    found = faithfulness_of(classifier.predict_proba, explained, curves=True)
    assert list(found) == [method, "random"]
    assert_same(found[method], own[method])
    # Other random orders, of the same mean.
    ours, theirs = (of["random"].aopc_comprehensiveness.mean for of in (found, own))
    assert ours == pytest.approx(theirs, abs=0.05)


def test_it_agrees_with_a_matchers_own():
    left = ["how to bake bread", "where is the station", "who wrote this book", "is it cold"] * 8
    right = ["how do I bake bread", "the way to the station", "what is on tv", "a red car"] * 8
    pairs = list(zip(left, right, strict=True))
    matcher = TextMatcher(tokenizer="words", epochs=6, seed=0).fit(
        pairs, ["match", "match", "no_match", "no_match"] * 8
    )
    asked = []

    def predict(given):
        asked.extend(given)
        return matcher.predict_proba(given)

    own = matcher.faithfulness(pairs[:4], ["contribution"])["contribution"]
    explained = matcher.explain(pairs[:4], method="contribution")
    found = faithfulness_of(predict, explained, labels=matcher.classes_, curves=True)
    assert_same(found["contribution"], own)
    assert all(type(one) is tuple and len(one) == 2 for one in asked)
    assert len(asked) == len(set(asked))


def test_chinese_characters_agree_too():
    rows = load_demo("sentiment")
    model = TextClassifier(epochs=4, linear=False).fit(rows.texts[0][:200], rows.labels[:200])
    texts = [text for text in rows.texts[0] if text.isalpha()][:5] or rows.texts[0][:5]
    own = model.faithfulness(texts, ["contribution"])["contribution"]
    found = faithfulness_of(model.predict_proba, model.explain(texts), curves=True)
    assert_same(found["contribution"], own)


def test_each_explanation_is_of_its_own_target():
    both = [made("a good film", target=target) for target in ("pos", "neg")]
    found = faithfulness_of(of_word("a good"), both)["mine"]
    np.testing.assert_allclose(found.comprehensiveness[0], -found.comprehensiveness[1])
    np.testing.assert_allclose(found.comprehensiveness[0, 0], 0.8)


def test_labels_name_the_order_of_predict():
    one = made("good film", target="pos", labels=("pos", "neg"))
    assert faithfulness_of(of_word("good"), [one], labels=["neg", "pos"])[
        "mine"
    ].comprehensiveness.mean() == pytest.approx(0.8)
    # By its own order, it is the other column.
    assert faithfulness_of(of_word("good"), [one])["mine"].comprehensiveness.mean() < 0


def test_labels_of_any_type_are_compared_by_name():
    one = made("good film", target="1", labels=("0", "1"))
    for labels in ([0, 1], np.array([0, 1]), ("0", "1")):
        found = faithfulness_of(of_word("good"), [one], labels=labels)["mine"]
        assert found.comprehensiveness[0, 0] == pytest.approx(0.8)


SHAPES = {
    "list": list, "array": np.array, "tensor": torch.tensor,
    "column": lambda p: np.array(p)[:, None], "half precision": lambda p: np.array(p, "f2"),
}  # fmt: skip


@pytest.mark.parametrize("shaped", SHAPES.values(), ids=SHAPES)
def test_one_probability_a_text_is_that_of_the_target(shaped):
    predict = of_word("good")
    found = faithfulness_of(
        lambda texts: shaped(predict(texts)[:, 1].tolist()), [made("good film", labels=())]
    )["mine"]
    np.testing.assert_allclose(found.comprehensiveness, 0.8, atol=1e-3)
    np.testing.assert_allclose(found.sufficiency, 0, atol=1e-3)


def test_probabilities_that_add_up_to_more_than_one_are_taken_as_they_are():
    one = made("good film", target="b", labels=("a", "b", "c"))
    several = lambda texts: [[0.9, 0.7 if "good" in t else 0.3, 0.8] for t in texts]  # noqa: E731
    found = faithfulness_of(several, [one])["mine"]
    np.testing.assert_allclose(found.comprehensiveness, 0.4)


def test_probabilities_of_exactly_0_and_1():
    found = faithfulness_of(of_word("good", 1, 0), [made("good film", target="pos")])["mine"]
    np.testing.assert_allclose(found.comprehensiveness, 1)


def test_bytes_of_one_character_are_cut_together():
    text, asked = "我🐱b", []
    spans = [(0, 1)] * 3 + [(1, 2)] * 4 + [(2, 3)]

    def predict(texts):
        asked.extend(texts)
        return of_word("🐱")(texts)

    one = Explanation.from_values(
        text, spans, [0.0, 0.0, 0.0, 4.0, 3.0, 2.0, 1.0, 0.0], method="mine",
        probabilities={"neg": 0.1, "pos": 0.9},
    )  # fmt: skip
    found = faithfulness_of(predict, [one])["mine"]
    # A fifth of eight tokens are two: the character stays until all four are cut.
    assert found.comprehensiveness[0] == pytest.approx([0, 0, 0, 0, 0.8])
    assert set(asked) <= {"", "我", "🐱", "b", "我🐱", "🐱b", "我b", text}


def test_texts_without_tokens_count_in_no_mean():
    explained = [made("good film", target="pos"), made("", target="pos"), made("...", target="pos")]
    found = faithfulness_of(of_word("good"), explained, curves=True)
    for of in found.values():
        assert np.isnan(of.comprehensiveness).all(axis=1).tolist() == [False, True, True]
    alone = faithfulness_of(of_word("good"), explained[:1], curves=True)
    assert found["mine"].to_dict() == alone["mine"].to_dict()
    with pytest.raises(InputError, match="no explanation has a token, so that nothing can be cut"):
        faithfulness_of(of_word("good"), explained[1:], curves=True)


@pytest.mark.parametrize("curves", [False, True])
def test_every_string_is_asked_for_once(curves):
    asked = []

    def predict(texts):
        assert isinstance(texts, list)
        assert 0 < len(texts) <= 256
        asked.extend(texts)
        return of_word("good")(texts)

    long = " ".join(f"word{i}" for i in range(40))
    explained = [made(text, target="pos") for text in ("a good film", "a good film", "", long)]
    found = faithfulness_of(predict, explained, curves=curves)["mine"]
    assert len(asked) == len(set(asked)) > 100
    assert found.comprehensiveness.shape == (4, len(RATIOS))
    assert len(found.deletion) == len(found.insertion) == (len(CURVE) if curves else 0)
    np.testing.assert_array_equal(found.comprehensiveness[0], found.comprehensiveness[1])


def test_curves_go_from_the_whole_text_to_none_of_it():
    one = made("good film here now", target="pos")
    found = faithfulness_of(of_word("good"), [one], curves=True)["mine"]
    assert found.deletion == pytest.approx([0.9] + [0.1] * 10)
    assert found.insertion == pytest.approx([0.1] + [0.9] * 10)


def test_hostile_texts_are_measured():
    texts = ["\ud800 good \x00 film", "\u202egood\u202c film", "good" + " " * 5000 + "film"]
    explained = [made(text, target="pos") for text in texts]
    found = faithfulness_of(of_word("good"), explained)["mine"]
    assert np.isfinite(found.comprehensiveness).all()
    assert found.comprehensiveness[:, -1] == pytest.approx([0.8, 0.8, 0.8])


ONE = made("good film", target="pos")
PAIR = Explanation.from_dict(
    {**ONE.to_dict(), "texts": ["a", "b"], "tokens": [[], []], "read_until": [1, 1]}
)


def constant(answers):
    return lambda texts: answers


def changing(texts):
    return np.full((len(texts), 2 if "good film" in texts else 3), 0.3)


def also_changing(texts):
    return np.full((len(texts), 2) if "good film" in texts else len(texts), 0.3)


WRONG = {
    "predict is NoneType; give a function from a list": (None, [ONE], {}),
    "predict is str; give a function from a list": ("model", [ONE], {}),
    "no explanation has a token": (of_word("good"), [made("", target="pos")], {}),
    "there are no explanations": (of_word("good"), [], {}),
    "explanations is one Explanation; give a list": (of_word("good"), ONE, {}),
    r"explanations\[1\] is dict; give what": (of_word("good"), [ONE, ONE.to_dict()], {}),
    "of several methods, 'mine', 'other'": (of_word("g"), [ONE, made("a", method="other")], {}),
    "different numbers of texts": (of_word("good"), [ONE, PAIR], {}),
    r"shape \(3, 2\) for 1 text;": (constant(np.ones((3, 2))), [ONE], {}),
    r"shape \(1, 2, 1\) for 1 text;": (constant(np.ones((1, 2, 1))), [ONE], {}),
    r"shape \(\) for 1 text;": (constant(0.5), [ONE], {}),
    r"array of shape \(\) for 1 text;": (constant(None), [ONE], {}),
    r"shape \(1, 0\) for 1 text;": (constant([[]]), [ONE], {}),
    "a list that is no array of numbers": (constant([{"label": "a", "score": 1.0}]), [ONE], {}),
    "a Tensor that is no array": (constant(torch.ones(1, requires_grad=True)), [ONE], {}),
    "no probabilities; give some from 0": (constant([[float("nan"), 0.5]]), [ONE], {}),
    "that are no probabilities": (constant([[-1.5, 2.5]]), [ONE], {}),
    "numbers that are no probabilities": (constant([[float("inf"), 0.5]]), [ONE], {}),
    "gave different numbers of classes": (changing, [ONE], {}),
    "different numbers of classes; give": (also_changing, [ONE], {"labels": ["neg", "pos"]}),
    "target 'pos' is none of the labels, 'a', 'b'": (of_word("g"), [ONE], {"labels": ["a", "b"]}),
    r"target 'a\\x1b' is none": (of_word("good"), [made("a", target="a\x1b")], {}),
    "gives 2 probabilities a text, and there are 3 labels": (
        of_word("g"), [ONE], {"labels": ["neg", "pos", "c"]},
    ),
    "gives 2 probabilities a text, and there are 0 labels": (
        of_word("good"), [made("a", labels=())], {},
    ),
    "there is 1 label|there are 1 label": (of_word("g"), [ONE], {"labels": ["pos", "pos"]}),
    "one probability a text, and there are 2 labels": (
        constant([0.5]), [ONE], {"labels": ["neg", "pos"]},
    ),
    "one probability a text, and the explanations have the targets 'pos', 'neg'": (
        lambda texts: [0.5] * len(texts), [ONE, made("a film", target="neg")], {},
    ),
    "their classes in different orders": (
        of_word("good"), [ONE, made("a film", target="pos", labels=("pos", "neg"))], {},
    ),
    "labels is one string": (of_word("good"), [ONE], {"labels": "ab"}),
}  # fmt: skip


@pytest.mark.parametrize("message", WRONG)
def test_what_is_wrong_is_one_line(message, unchecked):
    predict, explained, more = WRONG[message]
    with pytest.raises(InputError, match=message) as caught:
        faithfulness_of(predict, explained, **more)
    assert "\n" not in str(caught.value)


def test_an_error_of_predict_itself_is_its_own():
    with pytest.raises(ZeroDivisionError):
        faithfulness_of(lambda texts: 1 / 0, [ONE])
