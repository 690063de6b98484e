"""What is no path is one line wherever a public function takes one, and never a long one."""

import pytest

import attnpool
import attnpool.data
import attnpool.text
from attnpool.bulk.predictor import Predictor
from attnpool.cli.app import run
from attnpool.errors import InputError

pytestmark = pytest.mark.usefixtures("unchecked")

BAD = {
    "null": "a\0b",
    "long": "a" * 5000,
    "blanks": "a b " * 1500,
    "surrogate": "a\ud800",
    "number": 5,
    "none": None,
    "bytes": b"abc",
    "empty": "",
}
# Where it may be left out, or has a message of its own.
MAY_BE = {"cache": ["none"], "teacher": ["none"], "encoder": ["none"], "dictionary": ["none"]}


@pytest.fixture(scope="module")
def models(sentiment, tmp_path_factory):
    folder = sentiment[0]
    place = tmp_path_factory.mktemp("compact") / "tiny.safetensors"
    folder.export(place)
    return {"folder": folder, "compact": attnpool.load(place)}


CALLS = {
    "attnpool.load": lambda path, models: attnpool.load(path),
    "TextClassifier.load": lambda path, models: attnpool.TextClassifier.load(path),
    "TextMatcher.load": lambda path, models: attnpool.TextMatcher.load(path),
    "TextClassifier.save": lambda path, models: models["folder"].save(path),
    "TextClassifier.export": lambda path, models: models["folder"].export(path),
    "CompactModel.save": lambda path, models: models["compact"].save(path),
    "data.read": lambda path, models: attnpool.data.read(path),
    "data.has_part": lambda path, models: attnpool.data.has_part(path, None, "train"),
    "text.load_tokenizer": lambda path, models: attnpool.text.load_tokenizer(path, "words"),
    "text.CharTokenizer.load": lambda path, models: attnpool.text.CharTokenizer.load(path),
    "text.CharTokenizer.save": lambda path, models: attnpool.text.CharTokenizer.train(
        ["ab"], 1
    ).save(path),
    "Predictor": lambda path, models: Predictor(path),
    "dictionary": lambda path, models: fitted(tokenizer="jieba", dictionary=path),
    "tokenizer": lambda path, models: fitted(tokenizer=path),
    "teacher": lambda path, models: fitted(of_fit={"teacher": path, "unlabelled": ["c d"]}),
    "cache": lambda path, models: fitted(of_fit={"cache": path, "unlabelled": ["c d"]}),
    "encoder": lambda path, models: fitted(encoder=path),
}


def fitted(of_fit=None, **params):
    texts, labels = ["good day", "bad day"] * 10, ["a", "b"] * 10
    return attnpool.TextClassifier(epochs=1, **params).fit(texts, labels, **of_fit or {})


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("call", CALLS)
def test_what_is_no_path_is_one_short_line(call, bad, models):
    if bad in MAY_BE.get(call, ()):
        return
    with pytest.raises(InputError) as raised:
        CALLS[call](BAD[bad], models)
    message = str(raised.value)
    assert "\n" not in message
    assert len(message) < 500, message
    assert "\0" not in message
    message.encode()


def test_a_path_stays_what_it_was(models, tmp_path):
    for name in ("plain", "with blank", "中文", "a" * 240):
        models["folder"].save(tmp_path / name)
        loaded = attnpool.load(str(tmp_path / name))
        assert loaded.classes_.tolist() == models["folder"].classes_.tolist()


@pytest.mark.parametrize(
    "name", ["A" * 5000, "A b" * 2000, "A/" * 2500], ids=["word", "blanks", "deep"]
)
@pytest.mark.parametrize(
    "words",
    [
        ("explain", "NAME", "x"),
        ("evaluate", "NAME", "NAME"),
        ("train", "NAME", "-o", "m"),
        ("train", "x.csv", "-o", "NAME"),
        ("train", "x.csv", "-o", "m", "--dictionary", "NAME"),
        ("report", "m", "x.csv", "-o", "NAME.html"),
        ("demo", "--out", "NAME"),
        ("explain", "m", "--NAME"),
        ("explain", "m", "x", "--format", "NAME"),
        ("NAME",),
    ],
    ids=" ".join,
)
def test_a_long_name_is_cut_in_the_middle_on_the_command_line(
    words, name, monkeypatch, tmp_path, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.csv").write_text("label,text\n" + "a,good\nb,bad\n" * 10)
    assert run([word.replace("NAME", name) for word in words]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert len(said) < 1200
