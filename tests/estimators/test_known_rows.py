"""A model remembers by hashes which rows it was trained and validated on."""

import json
import pickle
import time

import numpy as np
import pytest

import attnpool
from attnpool import TextClassifier, TextMatcher
from attnpool.data.item_keys import item_keys
from attnpool.errors import InputError
from attnpool.persistence import known_rows
from attnpool.persistence.known_rows import KnownRows
from attnpool.text import make_tokenizer

TEXTS = [f"房间{chr(0x4E00 + i)}很{'干净' if i % 2 else '脏'}" for i in range(60)]
LABELS = ["好" if i % 2 else "差" for i in range(60)]
PAIRS = [(f"怎么退{text}", f"如何退{text}" if i % 2 else "别的") for i, text in enumerate(TEXTS)]
KNOWN = "known_texts.safetensors"


def fitted(**params):
    # Without a linear part it is always the validation rows that choose when to stop.
    return TextClassifier(dim=8, epochs=1, **{"linear": False, **params})


@pytest.fixture(scope="module")
def model():
    return fitted().fit(TEXTS, LABELS)


@pytest.fixture(scope="module")
def siamese():
    return TextMatcher(dim=8, epochs=1).fit(PAIRS, LABELS)


def test_a_refitted_model_was_trained_on_all_rows(model):
    counts = model.known_rows(TEXTS)
    assert (counts.trained, counts.validation, counts.of) == (60, 6, 60)
    assert counts.sentence() == ("60 of 60 rows were trained on; these figures are too optimistic.")
    assert model.known_rows(["没有见过"]).sentence() == ""
    assert model.known_rows([f" {TEXTS[0]}\n", "没有见过"]).sentence() == (
        "1 of 2 rows was trained on; these figures are too optimistic."
    )


def test_rows_that_chose_when_to_stop_are_told_from_others():
    unfitted = fitted(refit=False).fit(TEXTS, LABELS)
    assert unfitted.known_rows(TEXTS).sentence() == (
        "54 of 60 rows were trained on and 6 chose when training stopped; "
        "these figures are too optimistic."
    )
    own = fitted().fit(TEXTS[:40], LABELS[:40], validation=(TEXTS[40:], LABELS[40:]))
    assert own.known_rows(iter(TEXTS[40:])).sentence("rows", "so beware") == (
        "20 of 20 rows chose when training stopped; so beware."
    )


def test_rows_that_chose_nothing_are_not_known(tmp_path):
    held = (TEXTS[40:], LABELS[40:])
    model = fitted(linear=True).fit(TEXTS[:40], LABELS[:40], validation=held)
    assert model.metrics_["folds"] == 3
    other = fitted(linear=True).fit(TEXTS[:40], LABELS[:40], validation=(held[0], held[1][::-1]))
    np.testing.assert_array_equal(model.predict_proba(TEXTS), other.predict_proba(TEXTS))
    assert model.known_rows(held[0]).sentence() == ""
    said = {}
    for name, one in (("folds", model), ("held", fitted().fit(TEXTS, LABELS))):
        one.save(tmp_path / name)
        said[name] = (tmp_path / name / "README.md").read_text("utf-8")
    assert "chose when to stop" not in said["folds"]
    assert "validation rows chose when to stop, and were trained on afterwards:" in said["held"]


def test_equal_texts_are_on_one_side_of_the_split():
    twice, labels = [*TEXTS, *(f"{text} " for text in TEXTS)], [*LABELS, *LABELS]
    model = fitted(refit=False).fit(twice, labels)
    counts = model.known_rows(twice)
    assert (counts.trained, counts.only_validation) == (108, 12)
    assert counts.validation == 12  # no text is of both kinds


def test_pairs_and_triplets_are_known_too(siamese):
    assert siamese.known_rows([*PAIRS, ("怎么退", "别的")]).trained == 60
    triplets = [(a, b, "今天下雨") for a, b in PAIRS]
    matcher = TextMatcher(architecture="triplet", dim=8, epochs=1).fit(triplets)
    counts = matcher.known_rows(triplets)
    assert (counts.trained, counts.validation) == (54, 6)
    assert matcher.known_rows([("怎么退", *triplets[0][1:])]).trained == 0
    # A triplet makes two pairs; of a pair the order matters.
    assert matcher.known_rows(PAIRS).trained == 54
    assert matcher.known_rows([(b, a) for a, b in PAIRS]).trained == 0
    ranking = TextMatcher(architecture="label", dim=8, epochs=1).fit(TEXTS, LABELS)
    assert ranking.known_rows(TEXTS).trained == 60


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ("abc", "texts is one string"),
        ([None], r"texts\[0\] is NoneType"),
        (["a", 1], r"texts\[1\] is int"),
        ([("a", "b")], r"texts\[0\] is tuple"),
        (None, "texts is NoneType"),
    ],
)
def test_what_is_no_text_is_not_counted(model, items, message, unchecked):
    for asked in (model.known_rows, model.predict):
        with pytest.raises(InputError, match=message):
            asked(items)
    assert model.known_rows([]).of == 0


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ("abc", "pairs is one string"),
        (None, "pairs is NoneType"),
        (["ab"], r"pairs\[0\] is one text"),
        ([None], r"pairs\[0\] is one text"),
        ([("a", "b", "c", "d")], r"pairs\[0\] has 4 texts"),
        ([("a", "b"), ("a", "b", "c")], r"pairs\[1\] has 3 texts"),
        ([("a", "b", "c"), ("a", "b")], r"triplets\[1\] has 2 texts"),
        ([("a", "b", None)], r"triplets\[0\] holds NoneType"),
    ],
)
def test_what_is_no_pair_or_triplet_is_not_counted(siamese, items, message, unchecked):
    with pytest.raises(InputError, match=message):
        siamese.known_rows(items)
    assert siamese.known_rows(np.array([["a", "b", "c"]])).of == 1


def test_hashes_are_saved_sealed_and_kept(model, tmp_path):
    model.save(tmp_path / "m")
    again = attnpool.load(tmp_path / "m")
    assert again.known_rows(TEXTS) == model.known_rows(TEXTS)
    again.save(tmp_path / "n")
    assert (tmp_path / "m" / KNOWN).read_bytes() == (tmp_path / "n" / KNOWN).read_bytes()
    config = json.loads((tmp_path / "n" / "config.json").read_text("utf-8"))
    assert KNOWN in config["sha256"]
    card = (tmp_path / "n" / "README.md").read_text("utf-8")
    assert "membership tests" in card
    assert "--no-hashes" in card
    assert pickle.loads(pickle.dumps(model)).known_rows(TEXTS).trained == 60


def test_hashes_can_be_left_out(model, tmp_path):
    model.save(tmp_path / "m", hashes=False)
    assert not (tmp_path / "m" / KNOWN).exists()
    again = attnpool.load(tmp_path / "m")
    assert again.known_rows(TEXTS) is None
    again.save(tmp_path / "m", overwrite=True)
    assert not (tmp_path / "m" / KNOWN).exists()
    assert "membership" not in (tmp_path / "m" / "README.md").read_text("utf-8")


def test_of_too_many_hashes_some_are_drawn(monkeypatch, tmp_path):
    monkeypatch.setattr(known_rows, "MOST", 20)
    model = fitted(seed=3).fit(TEXTS, LABELS)
    counts = model.known_rows(TEXTS)
    assert (counts.trained, counts.sampled) == (20, True)
    assert counts.to_dict()["at_least"] is True
    assert counts.sentence().startswith("At least 20 of 60 rows were trained on; ")
    again = fitted(seed=3).fit(TEXTS, LABELS)
    np.testing.assert_array_equal(again._known.trained, model._known.trained)
    model.save(tmp_path / "m")
    assert "Of 66 hashes 26 were drawn at random." in (tmp_path / "m" / "README.md").read_text()
    assert attnpool.load(tmp_path / "m").known_rows(TEXTS) == counts


def test_no_two_items_have_the_encoding_of_another():
    items = ["ab", ("ab", ""), ("a", "b"), ("", "ab"), ("a", "b", ""), "", "a\0b", "\ud800"]
    assert len(set(item_keys(items).tolist())) == len(items)
    assert item_keys([("ab",), " ab\t"]).tolist() == item_keys(["ab", "ab"]).tolist()


def test_hashing_takes_little_of_the_time_of_tokenizing(unchecked):
    texts = [f"第{i}次来，房间很干净，但是隔音太差。" * 4 for i in range(10_000)]
    tokenizer = make_tokenizer("words", texts[:300], min_frequency=1)
    spent = []
    for _ in range(3):
        began = time.process_time()
        KnownRows.of(texts, texts[:1_000], seed=0)
        between = time.process_time()
        tokenizer.encode(texts)
        spent.append((between - began, time.process_time() - between))
    hashing, tokenizing = np.min(spent, axis=0)
    assert 4 * hashing < tokenizing, (hashing, tokenizing)  # alone it takes a seventh


def test_rows_of_a_model_that_was_saved_before_look_alikes_are_known():
    # Hashes that an earlier version saved, of texts as they were typed.
    old = [0x67EB0242FA2BB6A9, 0x821BFD7D45A7567E, 0x6B18F1CFFDA89661, 0xBFECF14FF0BFF602]
    texts = ["good ❤\ufe0f", "go\u200bod", "cafe\u0301", "plain"]
    saved = item_keys(texts, as_typed=True)
    assert saved.tolist() == old
    known = KnownRows(np.sort(saved[:3]), saved[3:], (3, 1))
    counts = known.counts([*texts, "good ❤", "other"])
    assert (counts.trained, counts.validation, counts.of) == (3, 1, 6)
    triplets = [(texts[0], texts[1], texts[2])]
    pairs = [triplets[0][:2], triplets[0][::2]]
    assert (
        KnownRows(item_keys(pairs, as_typed=True), saved[3:], (2, 1)).counts(triplets).trained == 1
    )
