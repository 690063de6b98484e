import re
from functools import partial

import numpy as np
import pytest

from attnpool import TextClassifier
from attnpool.cli import run
from attnpool.data.demo_rows import load_demo
from attnpool.explanation import Explanation, Side
from attnpool.gallery import demo
from attnpool.gallery.demo import EXAMPLES
from attnpool.gallery.evidence import evidence_share


def test_evidence_share_by_hand():
    side = Side(
        "很干净，好",
        np.array([[0, 1], [1, 2], [2, 3], [4, 5]]),
        np.array([[0.1, 0.2, 0.3, 0.4]]),
        np.array([0.1, 0.2, 0.3, 0.4]),
        5,
    )
    explanation = Explanation("classify", (side,), ("a", "b"), np.zeros(2), "a", "a", "attention")
    share = evidence_share([explanation], [("干净",)])
    assert share.weight == pytest.approx(0.5)
    assert share.tokens == 0.5


@pytest.mark.parametrize("task", ["moods", "titles"])
def test_the_colours_land_on_the_words_that_carry_the_label(task):
    train, test = load_demo(task, "train"), load_demo(task, "test")
    model = TextClassifier(seed=0).fit(train.texts[0], train.labels)
    share = evidence_share(model.explain(test.texts[0]), test.evidence)
    assert share.weight > share.tokens + 0.1


@pytest.fixture
def quick(monkeypatch):
    """Small models in the demo; whole ones are trained by `make wheel`."""
    small = partial(TextClassifier, dim=16, attention_dim=8, ngrams=(2,), epochs=1)
    monkeypatch.setattr(demo, "TextClassifier", small)


def test_the_demo_writes_a_page_and_a_model_and_replaces_them_only_when_told(
    quick, tmp_path, capsys
):
    out = tmp_path / "demo"
    assert run(["demo", "--out", str(out)]) == 0
    page = (out / "index.html").read_text("utf-8")
    assert all(f'id="{example.task}"' in page for example in EXAMPLES)
    assert page.index('id="worked-example"') > page.index(f'id="{EXAMPLES[-1].task}"')
    assert not re.search(r"https?://", page)
    assert sorted(p.name for p in out.iterdir()) == ["index.html", "sentiment"]
    assert run(["demo", "--out", str(out)]) == 2
    (out / "index.html").unlink()
    assert run(["demo", "--out", str(out)]) == 2  # the model still stands there
    said = capsys.readouterr()
    assert "--overwrite" in said.err
    assert said.out.count("(majority class: 0.") == len(EXAMPLES)  # beside every accuracy


def test_each_section_of_the_demo_lists_the_phrases_that_drive_its_classes(monkeypatch, tmp_path):
    monkeypatch.setattr(demo, "EXAMPLES", EXAMPLES[:1])
    assert run(["demo", "--out", str(tmp_path / "demo")]) == 0
    page = (tmp_path / "demo" / "index.html").read_text("utf-8")
    before = page.split('<div class="cards">')[0]
    lists = re.findall(
        r'<ul class="phrases" data-name="(..)" data-side="for">(.*?)</ul>', before, re.DOTALL
    )
    assert [name for name, _ in lists] == ["正面", "负面"]
    for _, items in lists:
        words = re.findall(r'data-word="([^"]*)"', items)
        assert 4 <= len(words) <= 8
        assert any(len(word) > 1 for word in words)
        assert len(re.findall(r"<b>\+\d\.\d\d</b> <i>×\d+</i>", items)) == len(words)
    assert "每次出现的平均贡献" in before
    assert "该任务的全部样本" in before


def test_the_demo_takes_no_folder_of_somebody_else(tmp_path, capsys):
    out = tmp_path / "home"
    out.mkdir()
    for name, text in (("letter.txt", "mine"), ("index.html", "<h1>mine</h1>")):
        (out / name).write_text(text)
        for more in ((), ("--overwrite",)):
            assert run(["demo", "--out", str(out), *more]) == 2
            assert "holds no earlier demo" in capsys.readouterr().err
    assert (out / "index.html").read_text() == "<h1>mine</h1>"
    assert len(list(out.iterdir())) == 2


def test_overwrite_replaces_the_demo_and_nothing_else(quick, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(demo, "EXAMPLES", EXAMPLES[:1])
    out = tmp_path / "new" / "demo"
    assert run(["demo", "--out", str(out)]) == 0
    (out / "notes.txt").write_text("mine")
    page = (out / "index.html").read_bytes()
    (out / "index.html").write_bytes(page[:1000])
    assert run(["demo", "--out", str(out), "--overwrite"]) == 0
    assert len((out / "index.html").read_bytes()) > 1000
    assert sorted(p.name for p in out.iterdir()) == ["index.html", "notes.txt", "sentiment"]
    assert capsys.readouterr().err == ""
