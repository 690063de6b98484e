"""A model keeps the words that it was trained with, wherever it is loaded."""

import json
import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from attnpool import TextClassifier, TextMatcher, load
from attnpool.cli.app import app
from attnpool.errors import InputError

pytest.importorskip("jieba")

TEXTS = ["石墨烯奶茶店很好", "云计算奶茶店很差"] * 10
LABELS = ["好", "差"] * 10
ADDED = ["奶茶店", "石墨烯 900 n"]
SMALL = {"epochs": 1, "dim": 8}


def words(model, text=TEXTS[0]):
    return [text[start:end] for start, end in model.reader_([text]).spans.tolist()]


@pytest.mark.parametrize("kind", ["classifier", "matcher"])
@pytest.mark.parametrize("tokenizer", ["jieba", "auto"])
def test_the_words_are_saved_with_the_model(kind, tokenizer, tmp_path):
    if kind == "classifier":
        model = TextClassifier(tokenizer=tokenizer, dictionary=ADDED, **SMALL).fit(TEXTS, LABELS)
        asked = TEXTS
    else:
        asked = [(text, text[::-1]) for text in TEXTS]
        model = TextMatcher(tokenizer=tokenizer, dictionary=ADDED, **SMALL).fit(asked, LABELS)
    assert words(model) == ["石墨烯", "奶茶店", "很", "好"]
    model.save(tmp_path / "model")
    loaded = load(tmp_path / "model")
    assert words(loaded) == words(model)
    assert list(loaded.get_params()["dictionary"]) == ADDED
    np.testing.assert_array_equal(loaded.predict_proba(asked), model.predict_proba(asked))


def test_another_process_changes_no_answer(tmp_path):
    jieba_words = "import jieba; jieba.del_word('奶茶店'); jieba.add_word('很好')\n"
    code = (
        "import json, sys; from attnpool import TextClassifier, load\n"
        "if sys.argv[1] == 'train':\n"
        "    import jieba; jieba.setLogLevel(60); jieba.add_word('奶茶店')\n"
        f"    m = TextClassifier(tokenizer='jieba', epochs=1, dim=8).fit({TEXTS!r}, {LABELS!r})\n"
        "    m.save(sys.argv[2])\n"
        "else:\n"
        "    if sys.argv[1] == 'changed':\n"
        f"        {jieba_words.replace('import jieba', 'import jieba; jieba.setLogLevel(60)')}"
        "    m = load(sys.argv[2])\n"
        f"spans = m.reader_([{TEXTS[0]!r}]).spans.tolist()\n"
        f"print(json.dumps([spans, m.predict_proba({TEXTS!r}).tolist()]))"
    )
    answers = [
        json.loads(
            subprocess.run(
                [sys.executable, "-W", "ignore", "-c", code, how, str(tmp_path / "model")],
                capture_output=True,
                check=True,
            ).stdout
        )
        for how in ("train", "plain", "changed")
    ]
    assert answers[0] == answers[1] == answers[2]
    assert [3, 6] in answers[0][0]


def test_scikit_learn_handles_the_parameter():
    model = clone(TextClassifier(tokenizer="jieba", dictionary=ADDED, **SMALL))
    assert model.get_params()["dictionary"] == ADDED
    search = GridSearchCV(model, {"dictionary": [None, ADDED, tuple(ADDED)]}, cv=2)
    search.fit(TEXTS, LABELS)
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()


@pytest.mark.parametrize("model", [TextClassifier, TextMatcher])
def test_another_tokenizer_has_no_dictionary(model):
    items = TEXTS if model is TextClassifier else [(text, text) for text in TEXTS]
    with pytest.raises(InputError, match='dictionary is for the tokenizer "jieba", not'):
        model(tokenizer="words", dictionary=ADDED, **SMALL).fit(items, LABELS)


def rows(folder):
    path = folder / "rows.csv"
    lines = [f"{text},{label}" for text, label in zip(TEXTS, LABELS, strict=True)]
    path.write_text("\n".join(["text,label", *lines]), encoding="utf-8")
    return str(path)


def test_the_command_line_takes_a_file(tmp_path, monkeypatch):
    from typer.testing import CliRunner

    (tmp_path / "words.txt").write_text("\n".join(ADDED), encoding="utf-8")
    named = ["--dictionary", str(tmp_path / "words.txt")]
    run = CliRunner().invoke(app, ["train", rows(tmp_path), "-o", str(tmp_path / "m"), *named])
    assert run.exit_code == 0, run.output
    (tmp_path / "words.txt").unlink()
    assert words(load(tmp_path / "m"))[:2] == ["石墨烯", "奶茶店"]


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        (b"\xff\xfe", [], "not UTF-8"),
        (b"x -1", [], "line 1"),
        (b"x", ["--tokenizer", "words"], "jieba"),
        (None, [], "no such file"),
    ],
)
def test_the_command_line_refuses_in_one_line(content, options, said, tmp_path):
    if content is not None:
        (tmp_path / "words.txt").write_bytes(content)
    options = ["--dictionary", str(tmp_path / "words.txt"), *options]
    run = subprocess.run(
        [sys.executable, "-m", "attnpool", "train", rows(tmp_path), "-o", tmp_path / "m", *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert said in run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"a": 1}, "'{'a': 1}'"),
        (b"x", "'b'x''"),
        (bytearray(b"x"), "'bytearray(b'x')'"),
        ("", "''"),
        (" ", "' '"),
        (5, "'5'"),
    ],
)
@pytest.mark.parametrize("kind", [TextClassifier, TextMatcher])
def test_what_is_no_dictionary_is_shown_as_it_was_given(kind, given, shown, unchecked):
    model = kind(tokenizer="jieba", dictionary=given, **SMALL)
    asked = TEXTS if kind is TextClassifier else [(text, text) for text in TEXTS]
    with pytest.raises(InputError) as caught:
        model.fit(asked, LABELS)
    told = f"dictionary is {shown}; give a list of words or the path of a file"
    assert str(caught.value) == told


def test_a_set_of_words_and_others_gets_one_line(unchecked):
    with pytest.raises(InputError, match=r"dictionary\[0\] is '1'; give words"):
        TextClassifier(tokenizer="jieba", dictionary={"b", 1}, **SMALL).fit(TEXTS, LABELS)
