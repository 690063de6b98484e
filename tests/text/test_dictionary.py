"""Words that users add to jieba, and what is no dictionary."""

import os
import pickle
import subprocess
import sys

import pytest

from attnpool.errors import InputError
from attnpool.text import load_tokenizer, make_tokenizer
from attnpool.text.tokenizers.dictionary import read_dictionary
from attnpool.text.tokenizers.segmenter import _standard

TEXT = "石墨烯电池在云计算大会上，张晓梅说小区门口的奶茶店"
CORPUS = [TEXT, "奶茶店"] * 3


def words(tokenizer, text=TEXT):
    return [text[start:end] for start, end in tokenizer.encode([text]).spans.tolist()]


@pytest.fixture
def theirs():
    """jieba itself, as it was before when the test is over."""
    jieba = pytest.importorskip("jieba")
    fresh(jieba)
    yield jieba
    jieba.dt.__init__()
    jieba.finalseg.Force_Split_Words.clear()


def fresh(jieba):
    """jieba with its own dictionary, read without its cache and its messages."""
    jieba.dt.__init__()
    frequencies, jieba.dt.total = _standard()
    jieba.dt.FREQ = dict(frequencies)
    jieba.dt.initialized = True
    jieba.finalseg.Force_Split_Words.clear()


def load_userdict(jieba, path):
    with path.open("rb") as file:
        jieba.load_userdict(file)


def saved(tokenizer, folder):
    tokenizer.save(folder / "tokenizer.json")
    return load_tokenizer(folder / "tokenizer.json", "jieba")


ADDED = {
    "add_word": lambda jieba, _: jieba.add_word("奶茶店"),
    "load_userdict": load_userdict,
    "del_word": lambda jieba, _: jieba.del_word("大会"),
    "suggest_freq": lambda jieba, _: jieba.suggest_freq(("电", "池"), tune=True),
    "deleted name": lambda jieba, _: jieba.del_word("张晓梅"),
    "set_dictionary": lambda jieba, path: jieba.set_dictionary(str(path)),
}


@pytest.mark.parametrize("how", ADDED)
def test_what_was_added_to_jieba_is_used_and_saved(how, theirs, tmp_path):
    plain = words(make_tokenizer("jieba", CORPUS, 1))
    (tmp_path / "words.txt").write_text("石墨烯 900 n\n奶茶店 30\n云计算 20 nz\n", encoding="utf-8")
    ADDED[how](theirs, tmp_path / "words.txt")
    tokenizer = make_tokenizer("jieba", CORPUS, 1)
    read = words(tokenizer)
    if how == "set_dictionary":
        assert not theirs.dt.initialized  # nothing was written for it, nothing said
    assert read == [word for word in theirs.lcut(TEXT) if word.strip()]
    assert read != plain
    fresh(theirs)
    theirs.add_word("的奶茶")
    theirs.del_word("电池")
    theirs.del_word("张晓梅")
    for again in (tokenizer, saved(tokenizer, tmp_path), pickle.loads(pickle.dumps(tokenizer))):
        assert words(again) == read
        assert again.encode(CORPUS).ids.tolist() == tokenizer.encode(CORPUS).ids.tolist()


def test_an_unchanged_jieba_leaves_the_file_as_it_was(theirs, tmp_path):
    theirs.lcut(TEXT)
    make_tokenizer("jieba", CORPUS, 1).save(tmp_path / "tokenizer.json")
    assert '"jieba"' not in (tmp_path / "tokenizer.json").read_text("utf-8")


GIVEN = {
    "words": ["奶茶店", "石墨烯"],
    "lines": ["奶茶店 5000 n", "石墨烯 3000"],
    "with a tag": ("奶茶店 n", "石墨烯 nz"),
    "a set": {"奶茶店", "石墨烯"},
    "one that is not in normal form": ["奶茶店", "石墨⽕", "石墨烯"],
}


@pytest.mark.parametrize("kind", ["jieba", "auto"])
@pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN)
def test_a_dictionary_is_saved_with_the_tokenizer(given, kind, tmp_path):
    pytest.importorskip("jieba")
    tokenizer = make_tokenizer(kind, CORPUS, 1, dictionary=given)
    assert {"奶茶店", "石墨烯"} <= set(words(tokenizer))
    assert words(saved(tokenizer, tmp_path)) == words(tokenizer)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_is_read_as_jieba_reads_it(encoding, theirs, tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("奶茶店\r\n\r\n石墨烯 900 n\n大会 0\n", encoding=encoding)
    tokenizer = make_tokenizer("jieba", CORPUS, 1, dictionary=path)
    load_userdict(theirs, path)
    assert words(tokenizer) == [word for word in theirs.lcut(TEXT) if word.strip()]
    assert "大会" not in words(tokenizer)


@pytest.mark.parametrize("kind", ["characters", "words"])
def test_another_tokenizer_has_no_dictionary(kind):
    with pytest.raises(InputError, match='dictionary is for the tokenizer "jieba"'):
        make_tokenizer(kind, CORPUS, 1, dictionary=["奶茶店"])


BAD = {
    "frequency": ("奶茶店 -5", "frequency is '-5'"),
    "share": ("奶茶店 0.5 n", "frequency is '0.5'"),
    "digits": ("奶茶店 " + "9" * 5000, "frequency is '999"),
    "large": ("奶茶店 99999999999", "at most 1000000000"),
    "four fields": ("奶茶店 5 n x", "is not `word"),
    "control": ("奶\x1b[31m茶", "no word"),
    "long": ("奶" * 101, "no word of at most 100"),
    "not UTF-8": ("奶茶店\n".encode("gb18030"), "not UTF-8"),
    "UTF-16": ("奶茶店\n".encode("utf-16"), "not UTF-8"),
    "binary": (bytes(range(256)), "not UTF-8"),
}


@pytest.mark.parametrize(("content", "said"), BAD.values(), ids=BAD)
def test_a_bad_file_gets_one_line(content, said, tmp_path):
    path = tmp_path / "words.txt"
    path.write_bytes(content if isinstance(content, bytes) else f"好 1\n{content}\n".encode())
    with pytest.raises(InputError) as caught:
        read_dictionary(path)
    assert said in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300
    if isinstance(content, str):
        assert "line 2" in str(caught.value)
        with pytest.raises(InputError, match=r"dictionary\[1\]"):
            read_dictionary(["好", content])


@pytest.mark.parametrize("given", [3, b"x", {"a": 1}, [3], [None], [""], "no such file", "\0", ""])
def test_what_is_no_dictionary_gets_one_line(given, tmp_path):
    with pytest.raises(InputError, match="dictionary"):
        read_dictionary(given)


def test_a_file_without_words_gets_one_line(tmp_path):
    (tmp_path / "words.txt").write_text("\n \n", encoding="utf-8")
    with pytest.raises(InputError, match="no words in it"):
        read_dictionary(tmp_path / "words.txt")


def test_what_is_no_file_gets_one_line(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path / "fifo", tmp_path, "/dev/zero"):
        with pytest.raises(InputError, match="not a file"):
            read_dictionary(path)


def test_a_huge_file_gets_one_line(tmp_path):
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(InputError, match="larger than 64 MiB"):
        read_dictionary(tmp_path / "huge.txt")


@pytest.mark.parametrize(
    "damage",
    ['"total": "x"', '"total": 0', '"words": []', '"words": {"a": -1}', '"deleted": 3', "", "[1]"],
)
def test_damaged_words_of_a_saved_tokenizer(damage, tmp_path):
    pytest.importorskip("jieba")
    path = tmp_path / "tokenizer.json"
    make_tokenizer("jieba", CORPUS, 1).save(path)
    inside = damage if damage == "[1]" else f"{{{damage}}}"
    text = path.read_text("utf-8").replace(
        '"pre_tokenizer": {', f'"pre_tokenizer": {{"jieba": {inside},', 1
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="words are damaged"):
        load_tokenizer(path, "jieba")


def test_nothing_is_written_or_said(tmp_path):
    code = (
        "import jieba; from attnpool.text import make_tokenizer\n"
        f"jieba.set_dictionary({str(tmp_path / 'main.txt')!r})\n"
        f"make_tokenizer('jieba', {CORPUS!r}, dictionary=['奶茶店'])"
    )
    pytest.importorskip("jieba")
    (tmp_path / "main.txt").write_text("云计算 5 n\n", encoding="utf-8")
    (tmp_path / "tmp").mkdir()
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp")},
    )
    assert run.stdout == run.stderr == ""
    assert list((tmp_path / "tmp").iterdir()) == []
