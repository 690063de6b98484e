from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from attnpool.errors import InputError
from attnpool.text import Tokenizer as Protocol
from attnpool.text import load_tokenizer, make_tokenizer, parse_tokenizer
from attnpool.text.tokenizers.loading import mostly_cjk

CHINESE = ["房间很好 wifi", "房间不好"]
ENGLISH = ["the room is fine 好", "the room is not"]


@pytest.mark.parametrize(
    ("texts", "cjk"),
    [
        (CHINESE, True),
        (ENGLISH, False),
        (["とてもいい", "よくない"], True),
        (["방이 좋아요"], True),
        (["ﾃｽﾄ"], True),
        (["𠀀𠀁"], True),
        (["Комната хорошая"], False),
        (["123 !?", ""], False),
        ([], False),
    ],
)
def test_auto_looks_at_the_letters(texts, cjk):
    assert mostly_cjk(texts) == cjk
    assert make_tokenizer("auto", texts).kind == ("characters" if cjk else "words")


def test_auto_looks_at_a_sample_of_all_texts():
    assert mostly_cjk(["x"] * 10 + ["房间很好"] * 100_000)
    assert not mostly_cjk(["the room" * 100_000] * 5 + ["房"] * 4)


@pytest.mark.real
def test_auto_on_real_rows(hotel, weibo, cnews, sst2):
    assert all(mostly_cjk(texts) for texts in (hotel, weibo, cnews))
    assert not mostly_cjk(sst2)


@pytest.mark.parametrize("kind", ["characters", "words", "jieba"])
def test_what_is_saved_is_loaded_by_its_kind(kind, tmp_path):
    if kind == "jieba":
        pytest.importorskip("jieba")
    tokenizer = make_tokenizer(kind, CHINESE + ENGLISH, min_frequency=1, max_size=12)
    assert isinstance(tokenizer, Protocol)
    assert tokenizer.kind == kind
    assert tokenizer.size == 12
    tokenizer.save(tmp_path / "tokenizer.json")
    assert (tmp_path / "tokenizer.json").read_text(encoding="utf-8") == tokenizer.to_json()
    loaded = load_tokenizer(tmp_path / "tokenizer.json", tokenizer.kind)
    for other in (loaded, parse_tokenizer(tokenizer.to_json(), kind)):
        assert other.kind == kind
        assert other.to_json() == tokenizer.to_json()
        assert other.encode(CHINESE).ids.tolist() == tokenizer.encode(CHINESE).ids.tolist()


def test_a_path_is_taken_as_it_is(tmp_path):
    library = Tokenizer(models.WordLevel({"[UNK]": 0, "room": 1}, unk_token="[UNK]"))
    library.pre_tokenizer = pre_tokenizers.Whitespace()
    library.save(str(tmp_path / "their.json"))
    tokenizer = make_tokenizer(str(tmp_path / "their.json"), ENGLISH)
    assert tokenizer.kind == "pretrained"
    assert tokenizer.encode(["the room"]).ids.tolist() == [1, 3]
    tokenizer.save(tmp_path / "tokenizer.json")
    loaded = load_tokenizer(tmp_path / "tokenizer.json", "pretrained")
    assert loaded.encode(["the room"]).ids.tolist() == [1, 3]


def test_unknown_kinds():
    with pytest.raises(InputError, match="choose one of auto, characters, words, jieba, or name"):
        make_tokenizer("letters", CHINESE)
    with pytest.raises(InputError, match="tokenizer kind is 'letters'"):
        load_tokenizer(Path("tokenizer.json"), "letters")
    with pytest.raises(InputError, match=r"model\.safetensors: tokenizer kind is 'letters'"):
        parse_tokenizer("{}", "letters", "model.safetensors")


BROKEN = {
    "cut short": b'{"model": {"type": "WordLevel", "vocab": {"a": ',
    "not JSON": b"PK\x03\x04",
    "not UTF-8": b"\xff\xfe{}",
    "empty": b"",
    "a list": b"[]",
    "a number": b"17",
    "no model": b"{}",
    "model of nothing": b'{"version": "1.0", "model": {}}',
    "deep": b"[" * 100_000,
    "deep model": b'{"model": {"a":' + b"[" * 500 + b"]" * 500 + b"}}",
    "no unknown": b'{"version": "1.0", "model": {"type": "WordLevel", "vocab": {}}}',
    "unknown is not in the vocabulary": b'{"version": "1.0", "added_tokens": [], "model": {"type":'
    b' "WordLevel", "vocab": {"[PAD]": 0, "[UNK]": 1}, "unk_token": "<unk>"}}',
    "huge id": b'{"version": "1.0", "added_tokens": [], "model": {"type": "WordLevel", "vocab":'
    b' {"[PAD]": 0, "[UNK]": 1, "a": 4294967290}, "unk_token": "[UNK]"}}',
    "panics in Rust": b'{"version": "1.0", "added_tokens": [], "post_processor": {"type":'
    b' "TemplateProcessing", "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}],'
    b' "pair": [], "special_tokens": {}}, "model": {"type": "WordLevel", "vocab": {"[PAD]": 0,'
    b' "[UNK]": 1}, "unk_token": "[UNK]"}}',
    "absurd padding": b'{"version": "1.0", "added_tokens": [], "padding": {"strategy": {"Fixed":'
    b' 1000000000000}, "direction": "Right", "pad_id": 0, "pad_type_id": 0, "pad_token": "x",'
    b' "pad_to_multiple_of": null}, "model": {"type": "BPE", "vocab": {}, "merges": []}}',
    "bad regex": b'{"version": "1.0", "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "("},'
    b' "behavior": "Isolated", "invert": false}, "model": {"type": "WordLevel", "vocab":'
    b' {"[PAD]": 0, "[UNK]": 1}, "unk_token": "[UNK]"}, "added_tokens": []}',
    "bad merges": b'{"version": "1.0", "model": {"type": "BPE", "vocab": {"a": 0}, "merges":'
    b' ["a b"]}}',
    "bad scores": b'{"version": "1.0", "model": {"type": "Unigram", "unk_id": 7, "vocab":'
    b' [["a", 0.0]]}}',
    "bad charsmap": b'{"version": "1.0", "normalizer": {"type": "Precompiled",'
    b' "precompiled_charsmap": "AAAA"}, "model": {"type": "BPE", "vocab": {"a": 0},'
    b' "merges": []}}',
}


# Characters are read from the vocabulary alone.
HARMLESS = {
    ("characters", name)
    for name in ("bad regex", "unknown is not in the vocabulary", "panics in Rust")
}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (kind, name)
        for kind in ("words", "jieba", "pretrained", "characters")
        for name in BROKEN
        if (kind, name) not in HARMLESS
    ],
)
def test_broken_files_are_told_in_one_line(kind, name, tmp_path):
    path = tmp_path / "tokenizer.json"
    path.write_bytes(BROKEN[name])
    with pytest.raises(InputError) as caught:
        load_tokenizer(path, kind)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)
    if name != "not UTF-8":  # the same text in another file
        with pytest.raises(InputError) as again:
            parse_tokenizer(path.read_text("utf-8"), kind, "model.safetensors")
        assert str(again.value) == str(caught.value).replace(str(path), "model.safetensors")


@pytest.mark.parametrize("kind", ["characters", "words", "pretrained"])
def test_a_file_that_is_not_there(kind, tmp_path):
    with pytest.raises(InputError, match="No such file"):
        load_tokenizer(tmp_path / "tokenizer.json", kind)
    with pytest.raises(InputError, match="Is a directory"):
        load_tokenizer(tmp_path, kind)


def test_a_file_of_another_kind(tmp_path):
    make_tokenizer("words", ENGLISH).save(tmp_path / "words.json")
    with pytest.raises(InputError, match="load it as 'words'"):
        load_tokenizer(tmp_path / "words.json", "characters")
    with pytest.raises(InputError, match="not a tokeniser of words; load it as another kind"):
        load_tokenizer(tmp_path / "words.json", "jieba")


SPACELESS = {
    "Thai": ("ห้องน้ำสกปรกที่นี่", ["ห้", "อ", "ง", "น้ำ", "ส", "ก", "ป", "ร", "ก", "ที่", "นี่"]),
    "Lao": ("ຫ້ອງນ້ຳ", ["ຫ້", "ອ", "ງ", "ນ້ຳ"]),
    "Khmer": ("បន្ទប់ស្អាត", ["ប", "ន្", "ទ", "ប់", "ស្", "អា", "ត"]),
    "Burmese": ("အခန်းသန့်", ["အ", "ခ", "န်း", "သ", "န့်"]),
    "Javanese": ("ꦲꦏ꧀ꦱꦫ", ["ꦲ", "ꦏ꧀", "ꦱ", "ꦫ"]),
}


@pytest.mark.parametrize(("text", "clusters"), SPACELESS.values(), ids=SPACELESS)
@pytest.mark.parametrize("english", [[], ["a clean room, don't miss"] * 9], ids=["alone", "mixed"])
def test_auto_takes_no_sentence_for_a_word(text, clusters, english, tmp_path):
    tokenizer = make_tokenizer("auto", [text, *english], min_frequency=1)
    tokenizer.save(tmp_path / "tokenizer.json")
    tokenizer = load_tokenizer(tmp_path / "tokenizer.json", tokenizer.kind)
    mixed = f"Room {text} don't"
    tokens = tokenizer.encode([mixed])
    assert [mixed[start:end] for start, end in tokens.spans.tolist()] == [
        "Room",
        *clusters,
        "don't",
    ]
    assert (tokenizer.encode([text]).ids > 1).all()


@pytest.mark.parametrize(("text", "clusters"), SPACELESS.values(), ids=SPACELESS)
def test_words_that_are_asked_for_are_as_long_as_they_are(text, clusters):
    tokenizer = make_tokenizer("words", [text], min_frequency=1)
    assert tokenizer.encode([text]).lengths.tolist() == [1]


def test_auto_reads_characters_where_words_are_as_long_as_sentences():
    texts = ["thereisnospaceinthissentence", "norisoneinthissentence"]
    assert make_tokenizer("auto", texts).kind == "characters"
    german = ["die Donaudampfschifffahrtsgesellschaft fährt heute nicht", "das Zimmer war gut"]
    assert make_tokenizer("auto", german).kind == "words"
    assert make_tokenizer("auto", ["བོད་ཡིག་རྒྱ་མཚོ"]).kind == "words"  # syllables have marks between
