"""The whole gallery on a few bundled rows: every example, its samples, figures and commands."""

import html
import json
import re
import shlex
from dataclasses import replace

import pytest
from tests.view.english import EN

from attnpool import TextClassifier, TextMatcher
from attnpool.cli import run
from attnpool.gallery import building
from attnpool.gallery.building import build_gallery
from attnpool.gallery.modelling import Design
from attnpool.gallery.recipes import RECIPES
from attnpool.gallery.sources import SOURCES

GENERATOR = '<meta name="generator" content="attnpool">'
ORDER = (
    *(f"classification-{n}" for n in range(1, 6)),
    *(f"matching-{n}" for n in range(1, 4)),
    *(f"interaction-{n}" for n in range(1, 3)),
    *(f"multi-head-{n}" for n in range(1, 5)),
    *(f"max-pooling-{n}" for n in range(1, 5)),
)


def commands(section):
    lines = re.findall(r"<span>(<i>attnpool.*?)</span>", section)
    return [html.unescape(re.sub("<.*?>", "", line)) for line in lines]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The gallery of 24 rows a model, and how many models were trained for it."""
    out = tmp_path_factory.mktemp("new") / "gallery"
    trained = []
    with pytest.MonkeyPatch.context() as patch:
        train = building.train
        patch.setattr(building, "train", lambda *given: trained.append(given[:2]) or train(*given))
        made = build_gallery(out, most=24, lang="en")
    return out, made, trained


@pytest.fixture(scope="module")
def sections(built):
    page = (built[0] / "index.html").read_text("utf-8")
    found = re.findall(r'<section id="([^"]+)">(.*?)</section>', page, flags=re.S)
    assert [name for name, _ in found] == ["worked-example", *ORDER]
    return dict(found[1:])


def test_every_example_has_its_section_and_its_place_in_the_index(built, sections):
    page = (built[0] / "index.html").read_text("utf-8")
    index = re.search(r'<nav class="contents".*?</nav>', page, flags=re.S).group()
    assert re.findall(r'href="#([^"]+)"', index) == ["worked-example", *ORDER, "top"]
    parts = list(dict.fromkeys(EN(f"part.{recipe.part}") for recipe in RECIPES))
    assert re.findall(r"<p>([^<]*)</p>", index) == ["Pooling", *parts]
    assert [m.id for m in built[1]] == list(ORDER)
    assert not re.search(r'https?://(?!www\.w3\.org/2000/svg")', page)
    assert "do not prove" in page
    assert len(page.encode()) < 5_000_000


def test_each_model_that_a_page_can_run_has_a_live_page_that_offers_its_samples(built, sections):
    live = {
        f"{recipe.id}-live.html"
        for recipe in RECIPES
        if recipe.design.pooling == "attention" and recipe.design.architecture in ("", "siamese")
    }
    assert {p.name for p in built[0].iterdir()} == live | {"index.html", "rows"}
    for name, section in sections.items():
        linked = re.findall(r'<p class="links"><a href="([^"]+)"', section)
        assert linked == [f"{name}-live.html"] * (f"{name}-live.html" in live)
    page = (built[0] / "classification-1-live.html").read_text("utf-8")
    told = json.loads(re.search(r'<script [^>]* id="page">(.*?)</script>', page).group(1))
    titles = re.findall(r'<p class="text"[^>]*>(.*?)</p>', sections["classification-1"])
    drawn = {html.unescape(re.sub("<.*?>", "", title)) for title in titles}
    assert told["examples"]
    assert {text for texts in told["examples"] for text in texts} <= drawn


def test_models_are_trained_once(built):
    keys = [(rows.name, design) for rows, design in built[2]]
    assert len(set(keys)) == len(keys)
    # Bundled: hotel reviews are those of sentiment, and there are no emoji to leave out.
    assert len(keys) == 12


def test_right_and_wrong_samples_are_shown(built, sections):
    for made, recipe in zip(built[1], RECIPES, strict=True):
        cards = re.findall(r"<article.*?</article>", sections[recipe.id], flags=re.S)
        right = sum('class="truth right"' in card for card in cards)
        wrong = sum('class="truth wrong"' in card for card in cards)
        wrong += sum("ordered wrong" in card for card in cards) * (recipe.pick == "triplets")
        assert right <= recipe.right
        assert wrong <= recipe.wrong
        if recipe.truth == "":
            assert wrong == min(recipe.wrong, round(made.tested * (1 - made.accuracy)))
        assert len(cards) == (right + wrong) * (2 if recipe.pick == "partners" else 1) or (
            recipe.pick == "triplets"
        )
        if recipe.truth:
            truths = re.findall(r"true </span><bdi>(.*?)</bdi>", sections[recipe.id])
            assert set(truths) == {recipe.truth}


def test_accuracy_and_rows_are_told(built, sections):
    for made in built[1]:
        section = sections[made.id]
        assert f"<dd>{made.accuracy:.3f}</dd>" in section
        assert f"accuracy on {made.tested} held-out rows" in section
        assert f"held-out rows (majority class: {made.majority:.3f})" in section
        assert f"<dd>{made.trained}</dd>" in section
        assert "capped" in section
        assert f"{made.trained} train and {made.tested} are held out" in section


def test_several_heads_come_with_their_curves_and_a_number(sections):
    for name, section in sections.items():
        cards = section.count("<article")
        assert section.count('<div class="plot">') == (cards if "multi" in name else 0)
        if "multi" in name:
            number = re.search(r"<dt>overlap of the heads.*?</dt><dd>(.*?)</dd>", section)
            assert 0 < float(number.group(1)) <= 1
            assert section.count("<polyline") >= 2 * 4 * cards


def test_max_pooling_says_what_it_shows(built, sections):
    for name, section in sections.items():
        cards, methods = section.count("<article"), ("max_share", "max_sum")
        pooled = name.startswith("max-pooling")
        for method in methods:
            assert section.count(f'data-by="by" data-face="{method}"') == cards * pooled
        # Where the model looked comes first, as on the original pages.
        assert section.count('data-by="by" data-face="contribution"') == cards
        faces = r'<div class="faces">\s*<div class="face"[^>]*data-face="(\w+)"'
        first = re.findall(faces, section)
        assert first == ["max_share" if pooled else "attention"] * cards
        assert (">attention<" in section) is not pooled
        assert ("--method max_share" in commands(section)[2]) is pooled
    page = (built[0] / "index.html").read_text("utf-8")
    assert page.count("neither speaks for a class") == 1
    # Of the same text one is a share, never below zero, and the other a sum with its sign.
    first = re.search(r"<article.*?</article>", sections["max-pooling-1"], flags=re.S).group()
    share, total = first.split('data-face="max_sum"')
    assert not re.search(r'class="[fa]\d', share)
    assert re.search(r'class="[fa]\d+" title="(up to )?[+-]', total)


def test_the_commands_of_the_page_make_its_figures(built, sections, tmp_path, monkeypatch, capsys):
    out, made, _ = built
    monkeypatch.chdir(out)
    accuracy = {m.id: m.accuracy for m in made}
    for name in ("classification-1", "matching-1", "max-pooling-1"):
        block = re.search(r"<pre class=\"command\".*?</pre>", sections[name], flags=re.S).group()
        train, evaluate, explain = (shlex.split(line)[1:] for line in commands(block))
        moved = str(tmp_path / name)
        train[train.index("-o") + 1] = evaluate[1] = explain[1] = moved
        explain[explain.index("-o") + 1] = f"{moved}.html"
        assert run(train) == 0
        capsys.readouterr()
        assert run([*evaluate, "--json"]) == 0
        assert f'"accuracy": {accuracy[name]}' in capsys.readouterr().out
        assert run(explain) == 0


def test_all_commands_have_options_that_there_are(sections, capsys):
    known = {}
    for section in sections.values():
        assert len(commands(section)) == 3
        for line in commands(section):
            words = shlex.split(line)
            if words[1] not in known:
                run([words[1], "--help"])
                known[words[1]] = capsys.readouterr().out
            for option in (word for word in words[2:] if word.startswith("-")):
                assert option in known[words[1]], line


def test_recipes_are_whole():
    assert [recipe.id for recipe in RECIPES] == list(ORDER)
    for recipe in RECIPES:
        assert recipe.rows in SOURCES
        model = recipe.design.estimator(("parentheses",))
        assert isinstance(model, TextMatcher if recipe.design.architecture else TextClassifier)
        assert model.cleanup == (() if recipe.design.raw else ("parentheses",))
        assert "--cleanup" in recipe.design.options(("parentheses",)) or recipe.design.raw


def test_the_command_line_makes_one_and_guards_what_is_there(tmp_path, monkeypatch, capsys):
    load = building.load_rows
    monkeypatch.setattr(building, "RECIPES", RECIPES[2:3])
    monkeypatch.setattr(building, "load_rows", lambda source, folder, _: load(source, folder, 24))
    out = tmp_path / "gallery"
    assert run(["gallery", "--out", str(out)]) == 0
    assert "classification-3" in capsys.readouterr().out
    written = ["classification-3-live.html", "index.html", "rows"]
    assert sorted(p.name for p in out.iterdir()) == written
    assert run(["gallery", "--out", str(out)]) == 2
    assert "--overwrite" in capsys.readouterr().err
    page = out / written[0]
    page.write_bytes(page.read_bytes()[:1000])
    assert run(["gallery", "--out", str(out), "--overwrite"]) == 0
    assert page.stat().st_size > 1000
    page.write_text("<h1>mine</h1>")
    assert run(["gallery", "--out", str(out), "--overwrite"]) == 2
    assert "classification-3-live.html is no page of an earlier gallery" in capsys.readouterr().err
    assert page.read_text() == "<h1>mine</h1>"
    # A live page that an earlier gallery left behind goes where the model can have none.
    page.write_text(GENERATOR)
    unlike = replace(RECIPES[2], design=Design(pooling="max"))
    monkeypatch.setattr(building, "RECIPES", [unlike])
    assert run(["gallery", "--out", str(out), "--overwrite"]) == 0
    assert sorted(p.name for p in out.iterdir()) == ["index.html", "rows"]
    theirs = tmp_path / "home"
    theirs.mkdir()
    (theirs / "letter.txt").write_text("mine")
    assert run(["gallery", "--out", str(theirs), "--overwrite"]) == 2
    assert "holds no earlier gallery" in capsys.readouterr().err
    for data in (tmp_path / "missing", theirs):
        assert run(["gallery", "--data", str(data), "--out", str(tmp_path / "x")]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "x").exists()
