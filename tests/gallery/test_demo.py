import json
import re
from functools import partial
from itertools import combinations

import numpy as np
import pytest

from attnpool import TextClassifier
from attnpool.cli import run
from attnpool.data.demo_rows import load_demo
from attnpool.explanation import Explanation, Side
from attnpool.gallery import bilingual, demo
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
    for module in (demo, bilingual):
        monkeypatch.setattr(module, "TextClassifier", small)


def test_the_demo_writes_a_page_and_a_model_and_replaces_them_only_when_told(
    quick, tmp_path, capsys
):
    out = tmp_path / "demo"
    assert run(["demo", "--out", str(out)]) == 0
    page = (out / "index.html").read_text("utf-8")
    assert all(f'id="{example.task}"' in page for example in EXAMPLES)
    assert page.index('id="worked-example"') > page.index(f'id="{EXAMPLES[-1].task}"')
    assert not re.search(r"https?://", page)
    assert re.findall(r'href="([^#][^"]*)"', page) == ["live.html"]
    assert page.index('href="live.html"') < page.index("</header>")
    assert sorted(p.name for p in out.iterdir()) == ["index.html", "live.html", "sentiment"]
    live = (out / "live.html").read_text("utf-8")
    told = json.loads(re.search(r'<script [^>]* id="page">(.*?)</script>', live).group(1))
    assert told["examples"] == [[text] for text in bilingual.EXAMPLES]
    assert not re.search(r"https?://(?!www\.w3\.org/)", live)
    assert run(["demo", "--out", str(out)]) == 2
    (out / "index.html").unlink()
    assert run(["demo", "--out", str(out)]) == 2  # the model still stands there
    said = capsys.readouterr()
    assert "--overwrite" in said.err
    assert said.out.count("(majority class: 0.") == len(EXAMPLES) + 1  # beside every accuracy
    assert said.out.endswith(f"open {out / 'live.html'}: type, and the colours follow\n")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The first section and the live page of the demo as users make them, and its model."""
    out, made = tmp_path_factory.mktemp("whole") / "demo", []
    train = bilingual.train_bilingual
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "EXAMPLES", EXAMPLES[:1])
        patch.setattr(bilingual, "train_bilingual", lambda p: made.append(train(p)) or made[0])
        assert run(["demo", "--out", str(out)]) == 0
    return (out / "index.html").read_text("utf-8"), made[0]


def test_the_model_of_the_live_page_reads_both_languages(whole):
    page, both = whole
    assert both.model.classes_.tolist() == ["正面 positive", "负面 negative"]
    for language, name in {"chinese": "中文", "english": "英文"}.items():
        assert both.accuracies[language] > 0.9
        assert f"{name} {both.accuracies[language]:.3f}" in page
    [explanation] = both.model.explain(["房间很干净, but noisy"])
    text = explanation.texts[0]
    tokens = [text[start:end] for start, end in explanation.sides[0].spans]
    assert tokens == [*"房间很干净,", "but", "noisy"]


def test_deleting_one_or_two_tokens_turns_the_mixed_examples_of_the_live_page(whole):
    model = whole[1].model
    for text in bilingual.EXAMPLES[:4]:
        assert re.search("但|but", text)
        [answer] = model.predict([text])
        spans = model.explain([text])[0].sides[0].spans.tolist()
        fewer = [
            "".join(text[a:b] + " " for i, (a, b) in enumerate(spans) if i not in deleted)
            for count in (1, 2)
            for deleted in combinations(range(len(spans)), count)
        ]
        assert any(model.predict(fewer) != answer), text


def test_each_section_of_the_demo_lists_the_phrases_that_drive_its_classes(whole):
    page = whole[0]
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
    for name in ("index.html", "live.html"):
        (out / name).write_bytes((out / name).read_bytes()[:1000])
    assert run(["demo", "--out", str(out), "--overwrite"]) == 0
    for name in ("index.html", "live.html"):
        assert (out / name).stat().st_size > 1000
    names = ["index.html", "live.html", "notes.txt", "sentiment"]
    assert sorted(p.name for p in out.iterdir()) == names
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("kind", ["page", "folder", "link"])
def test_a_live_page_of_somebody_else_stays(tmp_path, capsys, kind):
    (tmp_path / "index.html").write_text('<meta name="generator" content="attnpool">')
    live = tmp_path / "live.html"
    if kind == "page":
        live.write_text("<h1>mine</h1>")
    elif kind == "folder":
        live.mkdir()
    else:
        live.symlink_to("nothing.html")
    before = (tmp_path / "index.html").read_text()
    assert run(["demo", "--out", str(tmp_path), "--overwrite"]) == 2
    said = capsys.readouterr().err
    assert "live.html is no page of an earlier demo" in said
    assert said.count("\n") == 1
    assert (tmp_path / "index.html").read_text() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["index.html", "live.html"]
