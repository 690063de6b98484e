"""What the page says: the same in both languages, with the same fields, and nothing besides."""

import re
from importlib.resources import files

import pytest

from attnpool.view.live.words import WORDS

NAMES = {"attnpool", "JavaScript", "CSV", "n", "gram"}
SCRIPTS = files("attnpool.view.live").joinpath("templates")


def fields(text):
    return sorted(re.findall(r"\{(\w+)\}", text))


def test_every_phrase_is_in_both_languages():
    assert WORDS["en"].keys() == WORDS["zh"].keys()
    for key, text in WORDS["en"].items():
        assert fields(text) == fields(WORDS["zh"][key]), key


@pytest.mark.parametrize("key", WORDS["zh"])
def test_chinese_is_chinese(key):
    plain = re.sub(r"\{\w+\}", "", WORDS["zh"][key])
    assert set(re.findall(r"[A-Za-z]+", plain)) <= NAMES
    assert not re.search(r"[\u4e00-\u9fff][,.:;!?()]", plain)


@pytest.mark.parametrize(
    "name", [one.name for one in SCRIPTS.iterdir() if one.name.endswith(".js")]
)
def test_scripts_say_nothing_of_their_own(name):
    """All phrases stand in the table: no text of several words is in a script."""
    code = re.sub(r"/\*.*?\*/", "", SCRIPTS.joinpath(name).read_text("utf-8"), flags=re.DOTALL)
    code = re.sub(r"(querySelector(All)?|closest|matches)\([^)]*\)", "", code)
    quoted = re.findall(r'"([^"\n]*)"', code)
    assert [one for one in quoted if re.fullmatch(r"[A-Z]?[a-z]+( [a-z]+)+[.:]?", one)] == []


def test_every_phrase_is_used():
    code = "".join(one.read_text("utf-8") for one in SCRIPTS.iterdir() if one.is_file())
    code += files("attnpool.view.live").joinpath("page.py").read_text("utf-8")
    unused = [key for key in WORDS["en"] if not re.search(rf"[\"._]{key}\b", code)]
    assert [
        key for key in unused if key not in {"moved_low", "moved_high", "looked_low", "looked_high"}
    ] == []
