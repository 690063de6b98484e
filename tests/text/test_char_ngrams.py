import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnpool.text.char_ngrams import MAX_WORD_LENGTH, char_ngram_keys, known_char_ngrams

from .conftest import HOSTILE

LENGTHS = (3, 4, 5)


def ngrams(word, lengths=LENGTHS):
    marked = f"<{word[:MAX_WORD_LENGTH]}>"
    every = [marked[i : i + n] for n in lengths for i in range(len(marked) - n + 1)]
    return [ngram for ngram in every if ngram != marked]


def keys_of(word, lengths=LENGTHS):
    return char_ngram_keys([word], lengths)[0].tolist()


def test_the_ngrams_of_a_word_are_those_of_the_paper():
    # "where" with n = 3: <wh, whe, her, ere, re>; the sequence <her> of the word her is another.
    where = keys_of("where", (3,))
    assert len(where) == 5
    assert where[2] in keys_of("others", (3,))
    assert where[2] not in keys_of("her", (5,))
    assert keys_of("her", (3,))[1] == where[2]
    assert keys_of("her", (5,)) == []


def test_keys_are_what_saved_models_hold():
    assert keys_of("of", (3,)) == [-6540901662728489669, 8844970266465464942]


@given(st.lists(st.text(alphabet="abé房\0\ud800", max_size=12), max_size=20))
def test_keys_name_the_ngrams_of_every_word(words):
    keys, bounds = char_ngram_keys(words, LENGTHS)
    assert keys.dtype == np.int64
    assert len(bounds) == len(words) + 1
    names, numbers = {}, {}
    for i, word in enumerate(words):
        own = keys[bounds[i] : bounds[i + 1]].tolist()
        for key, ngram in zip(own, ngrams(word), strict=True):
            assert names.setdefault(key, ngram) == ngram
            assert numbers.setdefault(ngram, key) == key


def test_keys_do_not_collide():
    rng = np.random.default_rng(0)
    words = ["".join(letters) for letters in rng.choice(list("aeinrst"), (20_000, 9))]
    keys, _ = char_ngram_keys(words, LENGTHS)
    expected = {ngram for word in words for ngram in ngrams(word)}
    assert len(np.unique(keys)) == len(expected) > 10_000


def test_chunks_change_nothing():
    words = [f"word{i}" for i in range(20_000)]
    keys, bounds = char_ngram_keys(words, (3,))
    assert len(keys) == bounds[-1]
    for i in (0, 8191, 8192, 19_999):
        assert keys[bounds[i] : bounds[i + 1]].tolist() == keys_of(words[i], (3,))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_words(name):
    assert len(keys_of(HOSTILE[name])) == len(ngrams(HOSTILE[name]))


def test_of_a_huge_word_the_beginning_counts():
    huge = "ab" * 2_500_000
    assert keys_of(huge) == keys_of(huge[:MAX_WORD_LENGTH])
    assert known_char_ngrams([huge, huge[1:]], (3,)).size == 2


def test_no_words_and_no_lengths():
    keys, bounds = char_ngram_keys([], LENGTHS)
    assert (keys.tolist(), bounds.tolist()) == ([], [0])
    assert char_ngram_keys(["word", "x"], ())[1].tolist() == [0, 0, 0]
    assert known_char_ngrams([], LENGTHS).size == 0
    assert known_char_ngrams(["", "a"], LENGTHS).size == 0


@given(
    st.lists(st.text(alphabet="ab", max_size=8), max_size=30, unique=True),
    st.integers(1, 3),
)
def test_known_are_the_ngrams_of_enough_words(words, least):
    counts = {}
    for word in words:
        for ngram in set(ngrams(word)):
            counts[ngram] = counts.get(ngram, 0) + 1
    known = known_char_ngrams(words, LENGTHS, min_words=least)
    every, _ = char_ngram_keys(words, LENGTHS)
    name = dict(zip(every.tolist(), (g for word in words for g in ngrams(word)), strict=True))
    assert (known[1:] > known[:-1]).all()
    assert {name[key] for key in known.tolist()} == {g for g, n in counts.items() if n >= least}


def test_the_ngrams_of_most_words_are_kept():
    words = ["running", "eating", "king", "eaten", "eats"]
    assert known_char_ngrams(words, (4,), most=1).tolist() == keys_of("king", (4,))[-1:]
    assert len(known_char_ngrams(words, (4,), most=2)) == 2
