"""What the live page says stands in the table of words, and nothing besides."""

import re
from importlib.resources import files

import pytest

from attnpool.view.words import Words

SCRIPTS = files("attnpool.view.live").joinpath("templates")


@pytest.mark.parametrize(
    "name", [one.name for one in SCRIPTS.iterdir() if one.name.endswith(".js")]
)
def test_scripts_say_nothing_of_their_own(name):
    """All phrases stand in the table: no text of several words is in a script."""
    code = re.sub(r"/\*.*?\*/", "", SCRIPTS.joinpath(name).read_text("utf-8"), flags=re.DOTALL)
    code = re.sub(r"//[^\n]*", "", code)
    code = re.sub(r"(querySelector(All)?|closest|matches)\([^)]*\)", "", code)
    quoted = re.findall(r'"([^"\n]*)"', code)
    for template in re.findall(r"`([^`]*)`", code):
        quoted += re.split(r"\$\{[^}]*\}|<[^>]*>", template)
    words = r"[A-Z]?[a-z]+[,;]?( [a-z]+)+[.:!?…]?|[A-Z][a-z]+[.!?…]|.*[\u3400-\u9fff].*"
    assert [one for one in quoted if re.fullmatch(words, one.strip())] == []


def test_every_phrase_is_used():
    code = "".join(one.read_text("utf-8") for one in SCRIPTS.iterdir() if one.is_file())
    code += files("attnpool.view.live").joinpath("page.py").read_text("utf-8")
    ends = {"moved_low", "moved_high", "looked_low", "looked_high"}
    said = Words("en").live().keys() - ends
    uses = r"\"{0}\"|words\.{0}\b|live\.{0}\b"
    assert [key for key in said if not re.search(uses.format(key), code)] == []
