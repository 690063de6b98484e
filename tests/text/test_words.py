import copy
import json
import pickle
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from attnpool.errors import InputError
from attnpool.text.tokenizers.words import WordTokenizer
from attnpool.text.tokens import Tokens

from .conftest import HOSTILE, check_limit, check_tokens, rows_of

CORPUS = [
    "The rooms were clean, and I don't regret it!",
    "THE room wasn't clean; the staff didn't care...",
    "İstanbul ΟΔΟΣ हिन्दी naïve 房间 かな 방이 snake_case",
]


@pytest.fixture(scope="module")
def tokenizer():
    return WordTokenizer.train(CORPUS, min_frequency=1)


def words(tokenizer, text):
    tokens = tokenizer.encode([text])
    return [text[start:end] for start, end in tokens.spans.tolist()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't go, 'now'!", ["Don't", "go", ",", "'", "now", "'", "!"]),
        ("it’s naïve हिन्दी", ["it’s", "naïve", "हिन्दी"]),
        ("wifi很快 かな 방이", ["wifi", "很", "快", "か", "な", "방이"]),
        ("[PAD] <b>", ["[", "PAD", "]", "<", "b", ">"]),
        (" \t\u3000\n", []),
        ("", []),
        ("İstanbul ΟΔΟΣ", ["İstanbul", "ΟΔΟΣ"]),
    ],
)
def test_words_are_given_back_from_the_raw_text(tokenizer, text, expected):
    assert words(tokenizer, text) == expected


def test_case_does_not_matter(tokenizer):
    texts = ["The CLEAN rooms", "tHE clean ROOMS"]
    first, second = rows_of(tokens := tokenizer.encode(texts), tokens.ids)
    assert first == second
    assert 1 not in first
    # Words whose lower case is longer, or depends on where a letter stands, are known too.
    assert tokenizer.encode(["İstanbul ΟΔΟΣ οδοσ"]).ids.min() > 1


def test_ids_go_by_frequency_then_code_point():
    tokenizer = WordTokenizer.train(["c b a b", "c d"])
    assert tokenizer.size == 4
    assert tokenizer.encode(["b c a d"]).ids.tolist() == [2, 3, 1, 1]


def test_max_size_counts_padding_and_unknown():
    tokenizer = WordTokenizer.train(["a a a b b c"], min_frequency=1, max_size=4)
    assert tokenizer.size == 4
    assert tokenizer.encode(["a b c"]).ids.tolist() == [2, 3, 1]


def test_names_of_special_tokens_in_a_text_are_text():
    tokenizer = WordTokenizer.train(["[PAD] [UNK]"] * 2)
    assert tokenizer.encode(["[PAD]"]).ids.min() > 1
    check_tokens(tokenizer, list(HOSTILE.values()))


def test_words_that_are_not_known_are_told_in_lower_case():
    tokenizer = WordTokenizer.train(["the film is good"], min_frequency=1)
    texts = ["The DULLEST film", "good", "İs ΟΔΟΣ, a\ud800b", "dullest is dullest"]
    tokens = check_tokens(tokenizer, texts)
    told = ("dullest", "i̇s", "οδοσ", ",", "a", "\ufffd", "b", "dullest", "dullest")
    assert tokens.unknown == told
    # What is told would be known to a tokeniser that had met the text.
    both = WordTokenizer.train([*told, "the film is good"], min_frequency=1)
    assert 1 not in both.encode(texts).ids
    assert tokenizer.encode(["good"]).unknown == ()
    parts = [tokenizer.encode([text]) for text in texts]
    assert Tokens.concatenate(parts).unknown == told
    assert tokens.truncated(2).unknown == ("dullest", "i̇s", "οδοσ", "dullest")


@settings(max_examples=50)
@given(texts=st.lists(st.text(alphabet="aAbİΣ' 房.\ud800\0"), max_size=5))
def test_unknown_words_of_any_text(texts):
    tokenizer = WordTokenizer.train(["a b"], min_frequency=1)
    tokens = check_tokens(tokenizer, texts)
    assert len(tokens.unknown) == (tokens.ids == 1).sum()
    known = WordTokenizer.train(tokens.unknown, min_frequency=1)
    assert set(tokens.unknown) <= set(known.words)


def test_the_words_of_the_vocabulary_go_by_id():
    tokenizer = WordTokenizer.train(["c b a b", "c d"])
    assert tokenizer.words == ["", "", "b", "c"]


def test_no_texts(tokenizer):
    tokens = tokenizer.encode([])
    assert tokens.bounds.tolist() == [0]
    assert tokens.spans.shape == (0, 2)
    assert WordTokenizer.train([]).size == 2


def test_limit(tokenizer):
    long = " ".join(CORPUS) * 300
    texts = [
        *CORPUS,
        *HOSTILE.values(),
        long,
        "a " * 5000,
        "a'" * 5000,
        "'" * 5000,
        "x" * 50_000,
        "房间" * 3000,
        "don't " * 3000,
        " " * 50_000 + "a b",
        "a b c" + " " * 50_000,
    ]
    check_limit(tokenizer, texts, [1, 2, 3, 50, 5000, 9999, 10_000])


@given(text=st.text(alphabet=st.sampled_from("ab' 房."), min_size=200, max_size=600))
@settings(max_examples=50)
def test_limit_of_any_text(text):
    check_limit(WordTokenizer.train(CORPUS), [text], [1, 2])


def test_a_limit_spares_the_rest_of_the_text(tokenizer):
    def seconds(limit):
        start = time.perf_counter()
        tokenizer.encode(["a b don't " * 100_000], limit)
        return time.perf_counter() - start

    assert seconds(10) < seconds(None) / 5


def test_round_trip(tokenizer, tmp_path):
    path = tmp_path / "tokenizer.json"
    tokenizer.save(path)
    loaded = WordTokenizer.load(path)
    texts = [*CORPUS, *HOSTILE.values()]
    assert loaded.size == tokenizer.size
    assert loaded.kind == "words"
    assert loaded.encode(texts).ids.tolist() == tokenizer.encode(texts).ids.tolist()
    loaded.save(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == path.read_bytes()


@settings(max_examples=100)
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_hugging_face_gives_the_same_ids_for_any_text(tokenizer, library, text):
    assert tokenizer.encode([text]).ids.tolist() == library.encode(text).ids


@pytest.fixture(scope="module", params=[False, True], ids=["words", "clusters"])
def both(request, tmp_path_factory):
    """A tokeniser, and Hugging Face's of the file that it saves."""
    thai = ["ห้องน้ำสกปรก", "กา'ก Σς ΟΔΟΣ İi̇ \ua7d2 \U00010d50", "👩\u1037\u200d👩"]
    own = WordTokenizer.train([*CORPUS, *thai], min_frequency=1, clusters=request.param)
    path = tmp_path_factory.mktemp("both") / "tokenizer.json"
    own.save(path)
    return own, Tokenizer.from_file(str(path))


ALPHABET = "aTheİΣςσ' ’.\t\u3000กานี้ห\u200d\u0301\u0307👩\u1037ℹ\ua7d2\U00010d50\0房"


@settings(max_examples=200)
@given(
    texts=st.lists(
        st.text(
            alphabet="aTheİΣςσ' ’.\t\u3000กานี้ห\u200d\u0301\u0307👩\u1037ℹ\ua7d2\U00010d50\0房",
            max_size=30,
        ),
        max_size=4,
    ),
    limit=st.none() | st.integers(1, 9),
)
def test_hugging_face_gives_the_same_tokens(both, texts, limit):
    own, library = both
    tokens = own.encode(texts, limit)
    encodings = [library.encode(text) for text in texts]
    for text, encoding in zip(texts, encodings, strict=True):
        encoding.truncate(len(text) if limit is None else limit)
    assert rows_of(tokens, tokens.ids) == [encoding.ids for encoding in encodings]
    spans = [[list(span) for span in encoding.offsets] for encoding in encodings]
    assert rows_of(tokens, tokens.spans) == spans
    words = [
        library.normalizer.normalize_str(text[start:end])
        for text, encoding in zip(texts, encodings, strict=True)
        for index, (start, end) in zip(encoding.ids, encoding.offsets, strict=True)
        if index == 1
    ]
    assert list(tokens.unknown) == words


def test_the_file_is_the_one_that_hugging_face_writes(both, tmp_path):
    own, library = both
    own.save(tmp_path / "own.json")
    assert (tmp_path / "own.json").read_text(encoding="utf-8") == library.to_str(pretty=True)


def test_a_word_is_remembered_as_it_is_typed_and_not_for_ever(monkeypatch):
    monkeypatch.setattr("attnpool.text.tokenizers.words._REMEMBERED", 3)
    tokenizer = WordTokenizer.train(CORPUS, min_frequency=1)
    texts = ["The the THE rooms " * 3, "a b c d e f " + "x" * 1000]
    once = tokenizer.encode(texts).ids.tolist()
    assert tokenizer.encode(texts).ids.tolist() == once
    assert len(tokenizer._ids) <= 3
    assert max(map(len, tokenizer._ids)) < 1000


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda t: pickle.loads(pickle.dumps(t))])
def test_copies_read_the_same(both, copied):
    own = both[0]
    own.encode(CORPUS)
    other = copied(own)
    assert not other._ids  # what it remembers is its own business
    assert other.encode(CORPUS).ids.tolist() == own.encode(CORPUS).ids.tolist()


@pytest.fixture(scope="module")
def library(tokenizer, tmp_path_factory):
    path = tmp_path_factory.mktemp("words") / "tokenizer.json"
    tokenizer.save(path)
    return Tokenizer.from_file(str(path))


@pytest.mark.real
def test_real_rows(sst2, tmp_path):
    tokenizer = WordTokenizer.train(sst2[:3000])
    tokens = check_tokens(tokenizer, sst2[3000:4000])
    assert 0.01 < (tokens.ids == 1).mean() < 0.2
    tokenizer.save(tmp_path / "tokenizer.json")
    library = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    theirs = library.encode_batch_fast(sst2[3000:4000])
    assert rows_of(tokens, tokens.ids) == [encoding.ids for encoding in theirs]
    check_limit(tokenizer, sst2[3000:3200], [1, 10, 40])


def test_a_damaged_vocabulary_is_refused(tokenizer, tmp_path):
    path = tmp_path / "tokenizer.json"
    tokenizer.save(path)
    form = json.loads(path.read_text(encoding="utf-8"))
    form["model"]["vocab"]["extra"] = 10_000
    path.write_text(json.dumps(form), encoding="utf-8")
    with pytest.raises(InputError, match="ids of the vocabulary are damaged"):
        WordTokenizer.load(path)


def test_a_special_token_smuggled_in_is_refused(tokenizer, library, tmp_path):
    path = tmp_path / "tokenizer.json"
    smuggler = Tokenizer.from_str(library.to_str())
    smuggler.add_tokens(["clean"])
    path.write_text(smuggler.to_str(), encoding="utf-8")
    with pytest.raises(InputError, match="not a tokeniser of words"):
        WordTokenizer.load(path)


@pytest.mark.parametrize(
    "change",
    [
        {"normalizer": None},
        {"pre_tokenizer": None},
        {"pre_tokenizer": {"type": "Whitespace"}},
        {"pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}]}},
        {"model": {"type": "WordPiece", "vocab": {"[PAD]": 0, "[UNK]": 1}}},
        {"model": {"type": "WordLevel", "vocab": ["[PAD]", "[UNK]"]}},
    ],
    ids=lambda change: json.dumps(change)[:50],
)
def test_words_that_are_split_otherwise_are_refused(tokenizer, tmp_path, change):
    path = tmp_path / "tokenizer.json"
    tokenizer.save(path)
    form = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(form | change), encoding="utf-8")
    with pytest.raises(InputError, match="not a tokeniser of words; load it as another kind"):
        WordTokenizer.load(path)


def test_an_unknown_segmenter_is_refused():
    with pytest.raises(InputError, match="choose one of spaces, jieba"):
        WordTokenizer.train(["a"], segmenter="mecab")
