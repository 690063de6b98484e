"""`--lang`: the language of what stands around the texts, by option or by the texts."""

import json

import pytest


def test_explain_speaks_the_language_of_the_texts_or_the_one_asked_for(attnpool, reviews):
    asked = ("explain", reviews / "model", "房间很干净")
    assert "· 贡献" in attnpool(*asked).out
    assert "· contribution" in attnpool(*asked, "--lang", "en").out
    assert "· contribution" in attnpool("explain", reviews / "model", "a clean room").out
    assert "· 贡献" in attnpool("explain", reviews / "model", "a clean room", "--lang", "zh").out


def test_json_says_the_same_in_any_language(attnpool, fails, reviews):
    asked = ("explain", reviews / "model", "房间很干净", "--format", "json")
    assert json.loads(attnpool(*asked).out)["method"] == "contribution"
    assert "--lang does nothing with --format json" in fails(*asked, "--lang", "zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_report_is_in_the_language_asked_for(attnpool, reviews, tmp_path, lang):
    page = tmp_path / "page.html"
    asked = ("report", reviews / "model", reviews / "test.csv", "-o", page, "--lang", lang)
    assert attnpool(*asked).status == 0
    assert ("混淆矩阵" in page.read_text("utf-8")) == (lang == "zh")
    assert ("Confusion matrix" in page.read_text("utf-8")) == (lang == "en")


@pytest.mark.parametrize("command", ["explain", "report", "gallery", "demo"])
def test_another_language_is_one_line(fails, reviews, tmp_path, command):
    more = {
        "explain": (reviews / "model", "房间"),
        "report": (reviews / "model", reviews / "test.csv", "-o", tmp_path / "o.html"),
    }.get(command, ("--out", tmp_path / "out"))
    assert "choose from en, zh" in fails(command, *more, "--lang", "fr")
