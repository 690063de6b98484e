import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from attnpool.errors import InputError
from attnpool.text.folding import WHITE_SPACE, variants
from attnpool.text.tokenizers.characters import CharTokenizer

from .conftest import HOSTILE, check_limit, check_tokens, rows_of

CORPUS = ["房间很好,Wifi快", "房间不好,WIFI慢", "Ｗｉｆｉ 很 快!", "ÄäЖжΣσς 👍👍 \0\0 İİ"]


@pytest.fixture(scope="module")
def tokenizer():
    return CharTokenizer.train(CORPUS)


def hugging_face(tokenizer, path):
    tokenizer.save(path / "tokenizer.json")
    return Tokenizer.from_file(str(path / "tokenizer.json"))


def test_ids_go_by_frequency_then_code_point():
    tokenizer = CharTokenizer.train(["丙乙甲", "丙乙甲", "丙"], min_frequency=1)
    assert tokenizer.encode(["丙乙甲丁"]).ids.tolist() == [2, 3, 4, 1]  # 乙 U+4E59 before 甲 U+7532


def test_min_frequency_counts_all_variants_of_a_character():
    tokenizer = CharTokenizer.train(["aAＡ b"], min_frequency=3)
    assert tokenizer.size == 3
    assert tokenizer.encode(["aAａＡbB"]).ids.tolist() == [2, 2, 2, 2, 1, 1]
    assert CharTokenizer.train(["aAＡ b"], min_frequency=4).size == 2


def test_max_size_counts_padding_and_unknown():
    tokenizer = CharTokenizer.train(["aaabbc"], min_frequency=1, max_size=4)
    assert tokenizer.size == 4
    assert tokenizer.encode(["abc"]).ids.tolist() == [2, 3, 1]


def test_the_order_of_texts_does_not_matter(tokenizer):
    again = CharTokenizer.train(CORPUS[::-1])
    assert again.encode(CORPUS).ids.tolist() == tokenizer.encode(CORPUS).ids.tolist()


def test_white_space_gives_no_token():
    text = "".join(map(chr, WHITE_SPACE))
    tokenizer = CharTokenizer.train([text * 3])
    assert tokenizer.size == 2
    tokens = tokenizer.encode([text, f"{text}a"])
    assert tokens.lengths.tolist() == [0, 1]
    assert tokens.read_until.tolist() == [len(text), len(text) + 1]


def test_control_characters_that_python_calls_space_are_tokens():
    assert CharTokenizer.train(["a"]).encode(["\x1c\x1d\x1e\x1f"]).lengths.tolist() == [4]


def test_spans_give_back_the_characters(tokenizer):
    texts = [*CORPUS, *HOSTILE.values()]
    tokens = check_tokens(tokenizer, texts)
    for text, spans in zip(texts, rows_of(tokens, tokens.spans), strict=True):
        read = [text[start:end] for start, end in spans]
        assert read == [c for c in text if ord(c) not in WHITE_SPACE]


def test_lone_surrogates_are_unknown_and_never_learnt():
    tokenizer = CharTokenizer.train(["\ud800\ud800\udfff\udfff"])
    assert tokenizer.size == 2
    assert tokenizer.encode(["\ud800"]).ids.tolist() == [1]


def test_no_texts(tokenizer):
    tokens = tokenizer.encode([])
    assert len(tokens) == 0
    assert tokens.bounds.tolist() == [0]
    assert tokens.spans.shape == (0, 2)
    assert CharTokenizer.train([]).size == 2


def test_limit(tokenizer):
    texts = [
        "",
        "   ",
        "abc",
        "a b c   ",
        "a b c d",
        " a" * 300,
        "房" * 300,
        " " * 300 + "ab c d",
        "abc" + " " * 300,
        "abc" + " " * 300 + "d",
        *CORPUS,
        *HOSTILE.values(),
    ]
    check_limit(tokenizer, texts, [1, 2, 3, 7, 100, 299, 300, 301])


@given(
    texts=st.lists(st.text(alphabet=st.sampled_from("ab \u3000房"), max_size=200), max_size=5),
    limit=st.integers(1, 80),
)
def test_limit_of_any_text(texts, limit):
    check_limit(CharTokenizer.train(CORPUS), texts, [limit])


def test_limit_must_be_positive(tokenizer):
    with pytest.raises(InputError, match="length limit is 0"):
        tokenizer.encode(["a"], 0)


@pytest.mark.parametrize("options", [{"min_frequency": 0}, {"max_size": 2}])
def test_options_out_of_range(options):
    with pytest.raises(InputError, match=next(iter(options))):
        CharTokenizer.train(["a"], **options)


def test_many_chunks_give_what_one_gives(tokenizer, monkeypatch):
    texts = [*CORPUS, *HOSTILE.values()] * 3
    whole, whole_cut = tokenizer.encode(texts), tokenizer.encode(texts, 3)
    monkeypatch.setattr("attnpool.text.code_points._CHUNK", 5)
    for a, b in ((whole, tokenizer.encode(texts)), (whole_cut, tokenizer.encode(texts, 3))):
        assert a.ids.tolist() == b.ids.tolist()
        assert a.spans.tolist() == b.spans.tolist()
        assert a.bounds.tolist() == b.bounds.tolist()
        assert a.read_until.tolist() == b.read_until.tolist()
    trained = CharTokenizer.train(texts)
    monkeypatch.undo()
    again = CharTokenizer.train(texts)
    assert trained.encode(texts).ids.tolist() == again.encode(texts).ids.tolist()


def test_a_million_characters(tokenizer):
    texts = ["房" * 1_000_000, " " * 1_000_000, "a " * 500_000, "\ud800" * 1_000_000]
    assert tokenizer.encode(texts).lengths.tolist() == [1_000_000, 0, 500_000, 1_000_000]
    cut = tokenizer.encode(texts, 128)
    assert cut.lengths.tolist() == [128, 0, 128, 128]
    assert cut.read_until.tolist() == [128, 1_000_000, 255, 128]


def test_a_limit_spares_the_rest_of_the_text(tokenizer):
    class Counting(str):
        """A string that refuses to be read whole."""

        def __getitem__(self, key):
            assert isinstance(key, slice)
            assert key.stop is not None
            return str.__getitem__(self, key)

        def encode(self, *args):
            raise AssertionError("the whole text was encoded")

    tokens = tokenizer.encode([Counting("房间" * 1000)], 10)
    assert tokens.read_until.tolist() == [10]


def test_round_trip(tokenizer, tmp_path):
    tokenizer.save(tmp_path / "tokenizer.json")
    loaded = CharTokenizer.load(tmp_path / "tokenizer.json")
    texts = [*CORPUS, *HOSTILE.values()]
    assert loaded.size == tokenizer.size
    assert loaded.encode(texts).ids.tolist() == tokenizer.encode(texts).ids.tolist()
    loaded.save(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "tokenizer.json").read_bytes()


def test_folding_is_done_in_one_step():
    codes, folded = variants()
    assert len(codes) > 1400
    assert not set(codes.tolist()) & set(folded.tolist())
    pairs = dict(zip(map(chr, codes.tolist()), map(chr, folded.tolist()), strict=True))
    assert pairs["A"] == pairs["Ａ"] == pairs["ａ"] == "a"
    assert pairs["！"] == "!"
    assert pairs["Σ"] == "σ"
    assert "İ" not in pairs  # its lower case is two characters
    assert "ς" not in pairs


def test_hugging_face_gives_the_same_ids(tokenizer, tmp_path):
    library = hugging_face(tokenizer, tmp_path)
    texts = [text for name, text in HOSTILE.items() if name != "surrogate"]
    for text in [*CORPUS, *texts]:
        ours, theirs = tokenizer.encode([text]), library.encode(text)
        assert ours.ids.tolist() == theirs.ids
        assert [tuple(span) for span in ours.spans.tolist()] == theirs.offsets


def test_hugging_face_gives_the_same_ids_for_every_character(tokenizer, tmp_path):
    library = hugging_face(tokenizer, tmp_path)
    every = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    texts = ["".join(every[start : start + 4096]) for start in range(0, len(every), 4096)]
    tokens = tokenizer.encode(texts)
    theirs = library.encode_batch_fast(texts)
    assert rows_of(tokens, tokens.ids) == [encoding.ids for encoding in theirs]


@pytest.fixture(scope="module")
def library(tokenizer, tmp_path_factory):
    return hugging_face(tokenizer, tmp_path_factory.mktemp("characters"))


@settings(max_examples=200)
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_hugging_face_gives_the_same_ids_for_any_text(tokenizer, library, text):
    assert tokenizer.encode([text]).ids.tolist() == library.encode(text).ids


@pytest.mark.real
@pytest.mark.parametrize(("name", "step"), [("hotel", 3), ("weibo", 10), ("cnews", 7)])
def test_hugging_face_gives_the_same_ids_for_real_rows(name, step, request, tmp_path):
    texts = request.getfixturevalue(name)
    tokenizer = CharTokenizer.train(texts)
    tokens = check_tokens(tokenizer, texts[::step])
    assert (tokens.ids == 1).mean() < 0.01
    theirs = hugging_face(tokenizer, tmp_path).encode_batch_fast(texts[::step])
    assert rows_of(tokens, tokens.ids) == [encoding.ids for encoding in theirs]


@pytest.mark.real
def test_limit_of_real_rows(cnews):
    check_limit(CharTokenizer.train(cnews), cnews[::10], [1, 100, 1000, 20_000])


@pytest.mark.parametrize(
    "damage",
    [
        lambda form: form["model"]["vocab"].update({"x": 99}),
        lambda form: form["model"]["vocab"].update({"x": "2"}),
        lambda form: form["model"]["vocab"].update({"x": True}),
        lambda form: form["model"]["vocab"].update({"x": -1}),
        lambda form: form["model"]["vocab"].update({"[PAD]": 1}),
        lambda form: form["model"]["vocab"].pop("[UNK]"),
        lambda form: form["model"]["vocab"].update({"ab": 2}),
        lambda form: form["model"].update({"vocab": []}),
        lambda form: form["model"].update({"type": "BPE"}),
        lambda form: form.update({"model": None}),
    ],
)
def test_a_damaged_vocabulary_is_refused(tokenizer, tmp_path, damage):
    path = tmp_path / "tokenizer.json"
    tokenizer.save(path)
    form = json.loads(path.read_text(encoding="utf-8"))
    damage(form)
    path.write_text(json.dumps(form), encoding="utf-8")
    with pytest.raises(InputError, match=r"tokenizer\.json: ") as caught:
        CharTokenizer.load(path)
    assert "\n" not in str(caught.value)


def test_ids_are_the_same_in_another_process(tokenizer):
    code = (
        "from attnpool.text import CharTokenizer\n"
        f"print(CharTokenizer.train({CORPUS!r}).encode({CORPUS!r}).ids.tolist())"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert json.loads(run.stdout) == tokenizer.encode(CORPUS).ids.tolist()


def test_arrays_are_of_the_documented_kinds(tokenizer):
    tokens = tokenizer.encode(CORPUS, 3)
    assert tokens.ids.dtype == np.int32
    assert tokens.spans.dtype == np.int32
    assert tokens.bounds.dtype == tokens.read_until.dtype == np.int64
