"""What training on a stream is made of: samples, counts, windows."""

import json
import shutil
from collections import Counter
from itertools import chain

import numpy as np
import pytest
import torch

from attnpool.data import Limit, class_weights
from attnpool.data.item_keys import item_keys
from attnpool.errors import InputError
from attnpool.estimators.streaming import store as store_module
from attnpool.estimators.streaming.fitting import Sizes, balanced
from attnpool.estimators.streaming.samples import HeldRows, KeySample, LabelledSample
from attnpool.estimators.streaming.store import TokenStore, token_folder
from attnpool.estimators.streaming.windows import WindowEpochs
from attnpool.models.ngrams import NgramCounts, known_ngrams
from attnpool.text import WordTokenizer
from attnpool.text.tokenizers.learning import LearnedWords
from attnpool.text.tokenizers.loading import begin_tokenizer, make_tokenizer
from attnpool.training.recipe import Recipe

TEXTS = [f"text {i}" for i in range(4000)]
LABELS = ["even", "odd"] * 2000
KEYS = item_keys(TEXTS)


def filled(sample, size=300, keys=KEYS, labels=LABELS):
    for start in range(0, len(TEXTS), size):
        some = slice(start, start + size)
        sample.add(TEXTS[some], labels[some], keys[some])
    return sample


def numbers(texts):
    return np.array([int(text.split()[1]) for text in texts])


def test_a_sample_is_as_large_as_asked_and_from_everywhere():
    texts, labels = filled(LabelledSample(Limit(500, 10**6), seed=0)).without(KEYS[:0])
    found = numbers(texts)
    assert len(found) == len(set(found)) == 500
    assert labels == [LABELS[i] for i in found]
    assert (np.diff(found) > 0).all()
    assert 1800 < found.mean() < 2200
    whole = filled(LabelledSample(Limit(4000, 10**6), seed=0))
    assert whole.without(KEYS[:0])[0] == TEXTS
    assert whole.whole


def test_a_sample_does_not_depend_on_how_much_is_read_at_a_time():
    one, other = (filled(LabelledSample(Limit(500, 10**6), seed=0), size) for size in (300, 4000))
    assert one.without(KEYS[:0]) == other.without(KEYS[:0])
    assert filled(LabelledSample(Limit(500, 10**6), seed=1)).without(KEYS[:0]) != one.without(
        KEYS[:0]
    )


def test_a_sample_has_no_more_characters_than_asked():
    sample = filled(LabelledSample(Limit(4000, 900), seed=0))
    texts, _ = sample.without(KEYS[:0])
    assert 850 < sum(map(len, texts)) <= 900
    assert not sample.whole


def test_a_sample_has_a_row_however_long_it_is():
    for limit in (Limit(1, 3), Limit(10, 3)):
        texts, _ = filled(LabelledSample(limit, seed=0)).without(KEYS[:0])
        assert len(texts) == 1


def test_few_long_rows_wait_to_be_dealt(tmp_path, monkeypatch):
    monkeypatch.setattr(store_module, "_MOST_TOKENS", 100)
    store = TokenStore(tmp_path, 2, seed=0, waiting=10**6)
    store.add(ragged(["text " * 60]), np.zeros(1, dtype=np.int64))
    assert not [*tmp_path.iterdir()]
    store.add(ragged(["text " * 60]), np.zeros(1, dtype=np.int64))
    assert [*tmp_path.iterdir()]


def test_nothing_is_forgotten_below_the_bound():
    """The same n-grams come again and again: they are many only until they are added up."""
    ids, bounds = ids_of(200, 300)
    exact = counted(ids, bounds, (2,)).known(min_frequency=1, most=10**6)
    often = NgramCounts((2,), len(exact[0]) + 1)
    for _ in range(9):
        often.add(ids, bounds)
    assert often.missed == 0
    assert often.known(min_frequency=9, most=10**6)[0].tolist() == exact[0].tolist()


def test_a_sample_lacks_what_is_held_out():
    texts, _ = filled(LabelledSample(Limit(4000, 10**6), seed=0)).without(np.sort(KEYS[:100]))
    assert texts == TEXTS[100:]


def held(keys=KEYS, labels=LABELS, rows=200, seed=0, limit=300):
    counts = Counter(labels)
    return filled(HeldRows(Limit(limit, 10**6), seed), keys=keys, labels=labels).take(rows, counts)


def test_held_rows_are_chosen_by_their_texts():
    texts, labels = held()
    assert len(set(texts)) == 200
    assert labels == [LABELS[i] for i in numbers(texts)]
    assert held()[0] == texts != held(seed=1)[0]
    assert len(held(rows=1000)[0]) == 300


def test_equal_texts_are_held_out_together():
    """Every third text is one of a hundred; each of these is there thirteen times."""
    places = np.arange(len(TEXTS))
    keys = KEYS[np.where(places % 3 == 0, places // 3 % 100, places)]
    texts, labels = held(keys, rows=250)
    of_text = Counter(texts)
    assert max(of_text.values()) >= 13
    assert 200 < len(labels) <= 250
    same = Counter(keys.tolist())
    for text, count in of_text.items():
        assert count == same[int(keys[numbers([text])[0]])]


def test_a_text_of_very_many_rows_stays_in_training():
    keys = KEYS.copy()
    keys[:2000] = KEYS[0]
    for seed in range(5):
        texts, _ = held(keys, seed=seed)
        assert len(set(texts)) == len(texts)


def test_a_class_keeps_a_row_in_training():
    labels = LABELS.copy()
    labels[7] = "rare"
    for seed in range(20):
        assert "rare" not in held(labels=labels, rows=4000, seed=seed, limit=4000)[1]


def test_hashes_are_counted_where_not_all_are_kept():
    whole, some = KeySample(5000), KeySample(1000)
    for sample in (whole, some):
        for _ in range(3):  # equal ones count once
            filled_keys(sample)
        sample.settle()
    assert whole.keys.tolist() == sorted(KEYS.tolist())
    assert whole.total == 4000
    assert some.keys.tolist() == sorted(KEYS.tolist())[:1000]
    assert abs(some.total - 4000) < 400


def filled_keys(sample):
    for start in range(0, len(KEYS), 300):
        sample.add(KEYS[start : start + 300])


def ragged(texts):
    tokenizer = WordTokenizer.train(TEXTS, min_frequency=2)  # numbers are unknown words
    return tokenizer.encode(texts)


@pytest.mark.parametrize("waiting", [1, 500, 10**6])
def test_windows_hold_every_row_once(tmp_path, waiting):
    store = TokenStore(tmp_path, 4, seed=0, waiting=waiting)
    for start in range(0, 1000, 300):
        some = range(start, min(start + 300, 1000))
        store.add(ragged([TEXTS[i] for i in some]), np.array(some))
    store.settle()
    windows = [store.window(number) for number in range(len(store))]
    assert store.rows == 1000
    assert sorted(np.concatenate([window.y for window in windows])) == list(range(1000))
    for number, window in enumerate(windows):
        again = ragged([TEXTS[i] for i in window.y])
        assert window.tokens.ids.tolist() == again.ids.tolist()
        assert window.tokens.bounds.tolist() == again.bounds.tolist()
        assert window.tokens.unknown == again.unknown
        assert store.lengths(number).tolist() == again.lengths.tolist()
        # Of sorted rows each window has some of the beginning and of the end.
        assert 200 < len(window.y) < 300
        assert 400 < window.y.mean() < 600


def test_an_epoch_goes_through_every_row_once_and_each_in_another_order(tmp_path):
    store = TokenStore(tmp_path, 3, seed=0, waiting=9)
    store.add(ragged(TEXTS[:200]), np.arange(200))
    store.settle()
    recipe = Recipe(epochs=2, batch_size=16)
    epochs = WindowEpochs(
        store, lambda window: lambda rows: torch.tensor(window.y[rows]), recipe, seed=5
    )
    first, second = ([step().tolist() for step in epochs.batches(epoch)] for epoch in (1, 2))
    assert sorted(chain(*first)) == sorted(chain(*second)) == list(range(200))
    assert first != second
    assert first == [step().tolist() for step in epochs.batches(1)]
    assert len(first) == epochs.count(1)
    assert epochs.rows == 200
    assert 0 <= epochs.padding_share < 0.1
    # The first window is gone through before the second: no other order fits in memory.
    windows = [set(store.window(number).y.tolist()) for number in range(3)]
    where = [{n for n in range(3) if windows[n] & set(batch)} for batch in first]
    assert all(len(numbers) == 1 for numbers in where)


def test_what_a_killed_training_left_is_cleared(tmp_path):
    with token_folder(tmp_path) as folder:
        (folder / "0.ids").write_bytes(b"1234")
        left = tmp_path / f"{folder.name[:-4]}left"
        shutil.copytree(folder, left)
    assert [path.name for path in tmp_path.iterdir()] == [left.name]
    with token_folder(tmp_path) as folder:
        assert not left.exists()
        with token_folder(tmp_path) as other:  # of a training at the same time
            assert sorted(tmp_path.iterdir()) == sorted([folder, other])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with (
        pytest.raises(InputError, match="no folder for tokens can be made"),
        token_folder(tmp_path / "file"),
    ):
        pass


def test_a_folder_without_room_is_one_line(tmp_path):
    (tmp_path / "0.ids").mkdir()
    store = TokenStore(tmp_path, 1, seed=0, waiting=9)
    store.add(ragged(TEXTS[:2]), np.arange(2))
    with pytest.raises(InputError, match=r"cannot be written.*more room"):
        store.settle()


def test_windows_are_as_many_as_rows_or_characters_need():
    sizes = Sizes(100, 10, None)
    assert [sizes.windows(rows, 10) for rows in (1, 100, 101, 1000)] == [1, 1, 2, 10]
    assert sizes.windows(50, 450_000) == 5


def ids_of(count, size, seed=0):
    draw = np.random.default_rng(seed)
    bounds = np.concatenate([[0], np.cumsum(draw.integers(1, 30, size=count))])
    return draw.zipf(1.3, size=bounds[-1]).clip(2, size).astype(np.int32), bounds


def counted(ids, bounds, lengths, most=None, size=40):
    counts = NgramCounts(lengths, most)
    for start in range(0, len(bounds) - 1, size):
        some = bounds[start : start + size + 1]
        counts.add(ids[some[0] : some[-1]], some - some[0])
    return counts


def test_ngrams_counted_in_parts_are_those_counted_at_once():
    ids, bounds = ids_of(500, 200)
    at_once, in_parts = counted(ids, bounds, (2, 3), size=500), counted(ids, bounds, (2, 3))
    for frequency in (1, 2, 5):
        keys, counts = in_parts.known(min_frequency=frequency, most=300)
        others, same = at_once.known(min_frequency=frequency, most=300)
        known = known_ngrams(ids, bounds, (2, 3), min_frequency=frequency, most=300)
        assert keys.tolist() == others.tolist() == known.tolist()
        assert counts.tolist() == same.tolist()
    assert in_parts.missed == 0


def test_ngrams_beyond_the_most_are_forgotten_and_it_is_said_how_much():
    ids, bounds = ids_of(2000, 3000)
    exact, capped = counted(ids, bounds, (2, 3)), counted(ids, bounds, (2, 3), most=3000)
    keys, counts = exact.known(min_frequency=1, most=10**6)
    true = dict(zip(keys.tolist(), counts[1:].tolist(), strict=True))
    some, of_some = capped.known(min_frequency=1, most=10**6)
    assert len(some) < 6000 < len(true)
    assert capped.missed > 0
    for key, count in zip(some.tolist(), of_some[1:].tolist(), strict=True):
        assert count <= true[key] <= count + capped.missed
    # What is frequent enough is never forgotten.
    assert {key for key, count in true.items() if count > capped.missed} <= set(some.tolist())


@pytest.mark.parametrize("kind", ["auto", "words", "characters"])
def test_a_tokenizer_learned_in_parts_is_the_one_learned_at_once(kind):
    texts = [f"Ein Text mit {i % 7} WÖRTERN und 房间 {i}" for i in range(50)]
    learner = begin_tokenizer(kind, texts)
    for start in range(0, 50, 20):
        learner.add(texts[start : start + 20])
    whole = make_tokenizer(kind, texts, min_frequency=2)
    assert json.loads(learner.tokenizer(2, None).to_json()) == json.loads(whole.to_json())
    assert learner.missed == 0


def test_words_beyond_the_most_are_forgotten_and_it_is_said_how_much():
    learner = LearnedWords(WordTokenizer.blank("spaces"), most=60)
    for i in range(0, 1000, 50):
        learner.add([f"often w{n}" for n in range(i, i + 50)])
    assert learner.missed > 0
    assert "often" in learner.tokenizer(900, None).words


def test_balanced_classes_weigh_as_in_memory():
    labels = ["a"] * 30 + ["b"] * 10
    assert balanced(np.array(["a", "b", "c"]), np.array([30, 10, 0])) == class_weights(labels)
