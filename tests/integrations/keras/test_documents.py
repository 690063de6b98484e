"""What the documents and docstrings say of the Keras layers runs, and so do the examples."""

import doctest
import inspect
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.integrations.keras.cases import BACKEND, QUIET, keras, numbers, torch

from attnpool.integrations import keras as ours

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "integrations.md"
EXAMPLES = sorted((ROOT / "examples" / "keras").glob("*.py"))
DRAWING = [path for path in EXAMPLES if path.stem != "one_import"]  # that runs in test_original.py
SECTIONS = ["Args", "Call arguments", "Input shape", "Output shape", "Raises", "Example"]
LAYERS = [getattr(ours, name) for name in ours.__all__]

pytestmark = QUIET


def section():
    """What the page says under the heading Keras."""
    return re.split(r"^## ", PAGE.read_text("utf-8").split("\n## Keras\n")[1], flags=re.M)[0]


def test_the_code_of_the_page_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```$", section(), flags=re.M | re.S)
    assert len(blocks) == 7
    known = {}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), known)
    assert known["again"].count_params() == known["model"].count_params()
    assert known["shares"].shape == (1, 3)
    assert (tmp_path / "page.html").stat().st_size > 1000
    x = torch.randn(2, 6, 64, generator=torch.Generator().manual_seed(0))
    vector, _ = numbers(known["layer"](keras.ops.convert_to_tensor(x.numpy())))
    expected = known["trained"](x).vector.detach().double().numpy()
    assert abs(vector - expected).max() < 1e-5
    old, new = (known[name](keras.ops.convert_to_tensor(x.numpy())) for name in ("old", "new"))
    for answer, wanted in zip(
        numbers(old), numbers([new[0], keras.ops.transpose(new[1], (0, 2, 1))]), strict=True
    ):
        assert abs(answer - wanted).max() < 1e-6
    check_hierarchy(known["hierarchical"])


def check_hierarchy(model):
    """A document is what its sentences give one by one, without those of padding alone."""
    ids = np.random.default_rng(0).integers(1, 1000, (2, 6, 20))
    ids[0, 4:] = 0
    ids[:, :, 17:] = 0
    words, sentences = (
        layer for layer in model.layers if isinstance(layer, ours.AttentionPooling1D)
    )
    table = next(layer for layer in model.layers if isinstance(layer, keras.layers.Embedding))
    for row, answer in zip(ids, model.predict(ids, verbose=0), strict=True):
        texts = [text[text > 0][None] for text in row if text.any()]
        pooled = keras.ops.concatenate([words(table(keras.ops.array(text)))[0] for text in texts])
        expected, _ = numbers(sentences(pooled[None]))
        np.testing.assert_allclose(answer, expected[0], atol=1e-6)


def test_the_page_begins_with_some_ten_lines_and_names_every_layer_and_example():
    first = re.search(r"^```python\n(.*?)^```$", section(), flags=re.M | re.S)[1]
    assert len([line for line in first.splitlines() if line]) <= 12
    for name in ours.__all__:
        assert f"| `{name}(" in section()
    before, after = re.search(r"^```diff\n-(.*)\n\+(.*)\n```$", section(), flags=re.M).groups()
    assert after == before.replace("attentionpooling", "attnpool.integrations.keras.original")
    exec(after, {})
    assert len(EXAMPLES) == 5
    for path in EXAMPLES:
        assert f"](../examples/keras/{path.name})" in section()


@pytest.mark.parametrize("layer", LAYERS)
def test_anatomy_of_a_layer(layer):
    lines = inspect.getdoc(layer).splitlines()
    assert lines[0].endswith(".")
    headings = [line[:-1] for line in lines if line.endswith(":") and not line.startswith(" ")]
    assert headings == SECTIONS
    formula = "\n".join(lines[2 : lines.index("Args:")])
    assert "vector" in formula
    assert "weights" in formula


@pytest.mark.parametrize("layer", LAYERS)
def test_examples_of_docstrings_run(layer):
    scope = {"keras": keras} | {name: getattr(ours, name) for name in ours.__all__}
    tests = doctest.DocTestFinder(recurse=False).find(layer, module=False, globs=scope)
    assert sum(len(test.examples) for test in tests) > 0
    for test in tests:
        assert doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test).failed == 0


if BACKEND == "torch":  # the examples once: each trains for some seconds

    @pytest.mark.parametrize("path", DRAWING, ids=lambda path: path.stem)
    def test_an_example_learns_and_draws(path, tmp_path):
        out = tmp_path / "page.html"
        ran = subprocess.run(
            [sys.executable, str(path), str(out)],
            cwd=tmp_path, capture_output=True, text=True, check=True, timeout=240,
        )  # fmt: skip
        assert "Warning" not in ran.stderr, ran.stderr
        accuracy = float(re.search(r"^accuracy on \d+ test \w+: (\S+)$", ran.stdout, re.M)[1])
        assert accuracy > 0.75
        looked = re.search(r"on the telling words: (\S+), uniform (\S+)$", ran.stdout, re.M)
        if looked:
            assert float(looked[1]) > 1.2 * float(looked[2])
        else:
            assert path.stem == "interaction"
        page = out.read_text("utf-8")
        assert page.lower().startswith("<!doctype html>")
        assert page.count("<mark") > 30
