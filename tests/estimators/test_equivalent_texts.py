"""A model answers alike for texts that look the same, whatever it reads them with."""

import json
import unicodedata
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from attnpool import TextClassifier, TextMatcher, load
from attnpool.data.item_keys import item_keys

WORDS = {
    "good": [
        "방이 깨끗해요",
        "café idéal",
        "ガラスがきれい",
        "don't worry, très bien",
        "(组图)房间Ａ好",
    ],
    "bad": [
        "식당은 더러워요",
        "thé déçu",
        "パンがまずい",
        "didn't work, dégoûtant",
        "服务“差”[泪]",
    ],
}
TEXTS = [f"{text} {n}" for texts in WORDS.values() for text in texts for n in range(4)]
LABELS = [label for label, texts in WORDS.items() for _ in texts for _ in range(4)]


def unseen(text):
    return "\ufeff" + "\u200b".join(text) + "\u00ad"


def other_width(text):
    table = {ord("'"): "’", ord("("): "（", ord(")"): "）", ord("["): "［", ord("]"): "］"}
    return text.translate({**table, ord("a"): "ａ", ord(" "): "\u00a0", ord("ガ"): "ｶﾞ"})


FORMS = {
    "NFD": lambda text: unicodedata.normalize("NFD", text),
    "unseen marks": unseen,
    "other width": other_width,
    "all": lambda text: unseen(unicodedata.normalize("NFD", other_width(text))),
}


def their_own(folder):
    library = Tokenizer(models.BPE(unk_token="[UNK]"))
    library.pre_tokenizer = pre_tokenizers.Whitespace()
    trainer = trainers.BpeTrainer(vocab_size=200, special_tokens=["[UNK]"], show_progress=False)
    library.train_from_iterator(TEXTS, trainer)
    library.save(str(folder / "their.json"))
    return str(folder / "their.json")


@pytest.fixture(scope="module", params=["characters", "words", "jieba", "pretrained"])
def model(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    if request.param == "jieba":
        pytest.importorskip("jieba")
    tokenizer = their_own(folder) if request.param == "pretrained" else request.param
    rules = ("bracket-emoji", "parentheses")
    fitted = TextClassifier(tokenizer=tokenizer, epochs=2, dim=8, cleanup=rules)
    fitted.fit(TEXTS, LABELS).save(folder / "model")
    return load(folder / "model")


@pytest.mark.parametrize("form", FORMS)
def test_answers_and_contributions_are_equal(model, form):
    changed = [FORMS[form](text) for text in TEXTS]
    np.testing.assert_array_equal(model.predict_proba(changed), model.predict_proba(TEXTS))
    plain, other = model.explain(TEXTS[::4]), model.explain(changed[::4])
    for one, two in zip(plain, other, strict=True):
        values = [[token.value for token in side.tokens[0]] for side in (one, two)]
        np.testing.assert_allclose(*values, atol=1e-6)


@pytest.mark.parametrize("form", FORMS)
def test_training_on_any_form_gives_one_model(form):
    changed = [FORMS[form](text) for text in TEXTS]
    one, two = (
        TextClassifier(epochs=2, dim=8, cleanup=("parentheses",)).fit(texts, LABELS)
        for texts in (TEXTS, changed)
    )
    np.testing.assert_array_equal(one.predict_proba(TEXTS), two.predict_proba(TEXTS))


@pytest.mark.parametrize("form", FORMS)
def test_spans_cover_what_a_token_was_made_of(model, form):
    for text in TEXTS[::4]:
        raw = FORMS[form](text)
        plain, tokens = model.reader_([text]), model.reader_([raw])
        assert tokens.ids.tolist() == plain.ids.tolist()
        assert tokens.read_until.tolist() == [len(raw)]
        spans, firsts = tokens.spans.tolist(), plain.spans.tolist()
        for (start, end), (first, last) in zip(spans, firsts, strict=True):
            assert FORMS["all"](raw[start:end]).replace("\u00ad", "") or first == last
            folded = unicodedata.normalize("NFKC", raw[start:end])
            for mark in "\u200b\u00ad\ufeff":
                folded = folded.replace(mark, "")
            folded = unicodedata.normalize("NFKC", folded.replace("’", "'"))
            assert folded.strip() == unicodedata.normalize("NFKC", text[first:last]).strip()


def test_a_syllable_of_jamo_is_one_token():
    model = TextClassifier(tokenizer="characters", epochs=2, dim=8).fit(TEXTS, LABELS)
    raw = unicodedata.normalize("NFD", "가 값x")
    assert model.reader_([raw]).spans.tolist() == [[0, 2], [3, 6], [6, 7]]
    cut = model.reader_.tokenizer.encode(["가가"], 1)
    assert cut.read_until.tolist() == [1]


def test_a_length_limit_counts_the_same_tokens():
    model = TextClassifier(max_length=3, tokenizer="characters", epochs=2, dim=8).fit(TEXTS, LABELS)
    tokens = model.reader_([unicodedata.normalize("NFD", "방이 깨끗해요")])
    assert tokens.lengths.tolist() == [3]
    assert tokens.read_until.tolist() == [8]


@pytest.mark.parametrize("method", ["contribution", "lcs", "lcs_rest"])
def test_pairs(method):
    pairs = list(pairwise(TEXTS))
    matcher = TextMatcher(epochs=2, dim=8, tokenizer="words").fit(
        pairs, [i % 2 for i in range(len(pairs))]
    )
    mixed = [(FORMS["NFD"](a), unseen(b)) for a, b in pairs]
    np.testing.assert_array_equal(matcher.predict_proba(mixed), matcher.predict_proba(pairs))
    for one, two in zip(
        matcher.explain(pairs[::5], method), matcher.explain(mixed[::5], method), strict=True
    ):
        for plain, other in zip(one.tokens, two.tokens, strict=True):
            values = [[token.value for token in side] for side in (plain, other)]
            np.testing.assert_allclose(*values, atol=1e-6)


@pytest.mark.parametrize("form", ["NFD", "unseen marks"])
def test_known_rows_know_a_text_in_any_form(form):
    changed = [FORMS[form](text) for text in TEXTS]
    np.testing.assert_array_equal(item_keys(changed), item_keys(TEXTS))
    model = TextClassifier(epochs=1, dim=8).fit(TEXTS, LABELS)
    assert model.known_rows(changed).to_dict() == model.known_rows(TEXTS).to_dict()


def test_a_phrase_is_one_in_any_form():
    from attnpool import phrases

    model = TextClassifier(epochs=4, dim=8, tokenizer="words").fit(TEXTS, LABELS)
    mixed = [FORMS["NFD"](text) if i % 2 else text for i, text in enumerate(TEXTS)]

    def found(texts):
        listed = phrases(model.explain(texts), minimum=2)
        return [[(p.count, round(p.value, 5)) for p in one.supporting] for one in listed]

    assert found(mixed) == found(TEXTS)


def test_models_of_before_read_texts_as_they_are():
    saved = Path(__file__).parent / "saved_models" / "classifier"
    model = load(saved)
    assert not model.reader_.normalizes
    assert "normalizes" not in json.loads((saved / "config.json").read_text("utf-8"))
    assert model.reader_(["a\u200bb"]).lengths.tolist() == [3]
