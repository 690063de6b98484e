"""What the documents say of spaCy runs and holds."""

import re
from inspect import signature
from pathlib import Path

from tests.integrations.spacy.cases import spacy

from attnpool.integrations.spacy import make_component

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "integrations.md"


def section():
    """What the page says under the heading spaCy."""
    return re.split(r"^## ", PAGE.read_text("utf-8").split("\n## spaCy\n")[1], flags=re.M)[0]


def test_the_code_of_the_page_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```$", section(), flags=re.M | re.S)
    assert len(blocks) == 4
    assert len([line for line in blocks[0].splitlines() if line]) <= 10
    for _ in range(2):  # in one folder, over what the first time left
        known = {}
        for block in blocks:
            exec(compile(block, str(PAGE), "exec"), known)
    doc = known["doc"]
    assert doc.cats.keys() == {"好", "差"}
    assert str(doc.cats) in capsys.readouterr().out
    assert "房" in Path("page.html").read_text("utf-8")
    assert doc._.attnpool_explanation.target in known["html"]
    assert [max(one.cats, key=one.cats.get) for one in known["docs"]] == ["好", "差"]


def test_the_page_names_every_setting():
    settings = [*signature(make_component).parameters][2:]
    assert re.findall(r"^\| `(\w+)` \|", section(), flags=re.M) == settings


def test_spacy_knows_what_the_component_sets():
    nlp = spacy.blank("en")
    nlp.add_pipe("attnpool", config={"model": "m"})
    told = nlp.analyze_pipes()["summary"]["attnpool"]["assigns"]
    for name in told:
        assert f"`{name}`" in section()
