import subprocess
import sys

import pytest
from tokenizers import Tokenizer

from attnpool.errors import InputError
from attnpool.text import make_tokenizer
from attnpool.text.tokenizers.segmenter import Segmenter
from attnpool.text.tokenizers.words import WordTokenizer

from .conftest import HOSTILE, check_limit, check_tokens

CORPUS = ["房间很干净，服务员热情", "房间不干净，Wifi很慢", "服务员的态度很热情 WIFI"]


@pytest.fixture(scope="module")
def tokenizer():
    pytest.importorskip("jieba")
    return WordTokenizer.train(CORPUS, segmenter="jieba")


def test_words_are_given_back_from_the_raw_text(tokenizer):
    text = "房间很干净，\n服务员 WiFi"
    tokens = check_tokens(tokenizer, [text])
    read = [text[start:end] for start, end in tokens.spans.tolist()]
    assert read == ["房间", "很", "干净", "，", "服务员", "WiFi"]
    assert (tokens.ids > 1).all()


def test_unknown_words_are_told(tokenizer):
    tokens = check_tokens(tokenizer, ["房间昏暗，WiFi 掉线", "很慢Router"])
    assert len(tokens.unknown) == (tokens.ids == 1).sum()
    assert {"昏暗", "router"} <= set(tokens.unknown)
    assert set(tokenizer.words[2:]).isdisjoint(tokens.unknown)


def test_hostile_texts(tokenizer):
    tokens = check_tokens(tokenizer, [*HOSTILE.values(), *CORPUS])
    assert tokens.lengths[0] == tokens.lengths[1] == 0


def test_limit(tokenizer):
    check_limit(tokenizer, [*CORPUS, *HOSTILE.values(), CORPUS[0] * 200], [1, 2, 5, 500])


def test_pieces_do_not_change_the_words():
    jieba = pytest.importorskip("jieba")
    text = "，".join(CORPUS * 400)
    whole = jieba.Tokenizer()
    whole.FREQ, whole.total = whole.gen_pfdict(whole.get_dict_file())
    whole.initialized = True
    assert len(text) > 3 * 4096
    assert list(Segmenter()(text)) == [word for word in whole.tokenize(text) if word[0].strip()]


def test_a_million_characters_are_read_lazily(tokenizer):
    tokens = tokenizer.encode(["房间" * 500_000], 10)
    assert tokens.read_until.tolist() == [20]


def test_hugging_face_gives_the_same_ids_for_words(tokenizer, tmp_path):
    tokenizer.save(tmp_path / "tokenizer.json")
    library = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    for text in CORPUS:
        words = [word for word, _, _ in Segmenter()(text)]
        ids = tokenizer.encode([text]).ids.tolist()
        assert library.encode(words, is_pretokenized=True).ids == ids
        assert library.encode(" ".join(words)).ids == ids
    loaded = WordTokenizer.load(tmp_path / "tokenizer.json", segmenter="jieba")
    assert loaded.kind == "jieba"
    assert loaded.encode(CORPUS).ids.tolist() == tokenizer.encode(CORPUS).ids.tolist()


def test_jieba_is_quiet_and_leaves_nothing_in_the_temporary_folder(tokenizer, tmp_path):
    code = f"from attnpool.text import make_tokenizer; make_tokenizer('jieba', {CORPUS!r})"
    run = subprocess.run(
        [sys.executable, "-W", "default", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"TMPDIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert run.stdout == run.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_without_jieba_the_error_says_what_to_install(monkeypatch):
    from attnpool.text.tokenizers import segmenter

    segmenter._copy.cache_clear()
    monkeypatch.setitem(sys.modules, "jieba", None)
    with pytest.raises(InputError, match=r'pip install "attnpool\[words\]"'):
        make_tokenizer("jieba", CORPUS)
    segmenter._copy.cache_clear()
