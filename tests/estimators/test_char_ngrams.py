import numpy as np
import pytest
import torch
from tests.rounding import assert_close

import attnpool
from attnpool import TextClassifier

GOOD = ["a wonderful film", "delightful and charming", "wonderfully acted", "a delight", "charm"]
BAD = ["a dreadful film", "tedious and boring", "dreadfully acted", "a bore", "tedium"]
TEXTS, LABELS = (GOOD + BAD) * 6, (["good"] * 5 + ["bad"] * 5) * 6
# Words that training never met, of stems that it did.
ASKED = ["charmingly", "boringly", "delightfully wonderfulness", "", "qqq", "bores \ud800\0"]


@pytest.fixture(scope="module")
def model():
    return TextClassifier(dim=16, epochs=8, seed=0).fit(TEXTS, LABELS)


def test_words_never_met_are_understood_by_their_ngrams(model):
    assert set(model.tokenizer_.encode(ASKED[:3]).ids.tolist()) == {1}
    assert model.predict(ASKED[:3]).tolist() == ["good", "bad", "good"]
    without = TextClassifier(dim=16, epochs=8, seed=0, char_ngrams=()).fit(TEXTS, LABELS)
    answers = without.predict_proba(["charmingly", "boringly"])
    assert_close(answers[0], answers[1], additions=16)


def test_a_text_does_not_depend_on_its_batch(model):
    together = model.predict_proba(ASKED)
    for text, row in zip(ASKED, together, strict=True):
        # Matrix products of another size may round in another way.
        assert_close(model.predict_proba([text])[0], row, additions=16 * 3)
    explained = model.explain(ASKED)
    alone = model.explain([ASKED[2]])[0]
    assert_close(explained[2].sides[0].weights, alone.sides[0].weights, additions=16 * 3)


def test_a_saved_model_gives_the_same_bits(model, tmp_path):
    model.save(tmp_path / "m")
    loaded = attnpool.load(tmp_path / "m")
    assert (loaded.predict_proba(ASKED + TEXTS) == model.predict_proba(ASKED + TEXTS)).all()
    loaded.save(tmp_path / "n")
    for name in ("model.safetensors", "tokenizer.json", "config.json"):
        assert (tmp_path / "m" / name).read_bytes() == (tmp_path / "n" / name).read_bytes()


def test_the_same_seed_gives_the_same_model(model):
    again = TextClassifier(dim=16, epochs=8, seed=0).fit(TEXTS, LABELS)
    assert (again.predict_proba(ASKED) == model.predict_proba(ASKED)).all()


def test_words_too_rare_for_the_vocabulary_lend_their_ngrams():
    texts, labels = [*TEXTS, "zigzagging", "zigzagged"], [*LABELS, "good", "bad"]
    model = TextClassifier(dim=8, epochs=1, min_frequency=2)
    model.fit(texts, labels, validation=(TEXTS, LABELS))
    assert "zigzagged" not in model.tokenizer_.words
    answers = model.predict_proba(["zigzag", "qqq"])
    assert not np.array_equal(answers[0], answers[1])


@pytest.mark.parametrize("tokenizer", ["characters", "words"])
def test_where_there_are_no_ngrams_there_is_no_table(tokenizer):
    texts, labels = ["好 房", "差 房"] * 8, [0, 1] * 8
    model = TextClassifier(dim=8, epochs=1, tokenizer=tokenizer).fit(texts, labels)
    assert model.model_.encoder.char_ngrams is None
    assert model.predict(texts).shape == (16,)
    other = TextClassifier(dim=8, epochs=1, tokenizer=tokenizer, char_ngrams=()).fit(texts, labels)
    same = zip(model.model_.parameters(), other.model_.parameters(), strict=True)
    assert all(torch.equal(one, another) for one, another in same)


def test_jieba_words_have_ngrams():
    pytest.importorskip("jieba")
    texts, labels = ["服务员热情", "服务生冷漠"] * 8, [0, 1] * 8
    model = TextClassifier(dim=8, epochs=1, tokenizer="jieba", char_ngrams=(2, 3)).fit(
        texts, labels
    )
    assert model.model_.encoder.char_ngrams is not None
    answers = model.predict_proba(["热情洋溢", "冷漠无情"])
    assert not np.array_equal(answers[0], answers[1])
