"""What the documents say of ONNX runs and holds."""

import re
from pathlib import Path

import numpy as np
import pytest
from tests.integrations.onnx.cases import FOLDED, WHOLE

import attnpool
from attnpool.integrations.onnx import OnnxModel

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "integrations.md"


def section():
    """What the page says under the heading ONNX."""
    return re.split(r"^## ", PAGE.read_text("utf-8").split("\n## ONNX\n")[1], flags=re.M)[0]


def test_the_code_of_the_page_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```$", section(), flags=re.M | re.S)
    assert len(blocks) == 2
    assert len([line for line in blocks[0].splitlines() if line]) <= 10
    for _ in range(2):  # in one folder, over what the first time left
        known = {}
        for block in blocks:
            exec(compile(block, str(PAGE), "exec"), known)
    assert known["contributions"].shape == (2, 2, 4)
    assert known["answers"].tolist() == ["好", "差"]
    margins = known["logits"] - known["logits"].mean(1, keepdims=True)
    sums = known["contributions"].sum(2) + known["reader"].metadata.constant
    assert np.abs(sums - margins).max() < 1e-4
    expected = known["model"].explain(["房间干净"])[0].sides[0].values
    assert np.abs(known["drawn"].sides[0].values - expected).max() < 1e-4


def test_the_explanation_of_the_page_fits_labels_of_any_type(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    case = FOLDED["three classes"]()
    case.model.export("model.onnx")
    known = {"attnpool": attnpool}
    block = re.findall(r"^```python\n(.*?)^```$", section(), flags=re.M | re.S)[1]
    exec(compile(block, str(PAGE), "exec"), known)
    expected = case.model.explain(["房间干净"])[0]
    assert known["answers"].tolist()[0] == int(expected.target)
    assert known["drawn"].target == expected.target
    assert np.abs(known["drawn"].sides[0].values - expected.sides[0].values).max() < 1e-4


@pytest.mark.parametrize("case", [FOLDED["words"], WHOLE["alignment"]], ids=["text", "pair"])
def test_the_page_names_what_a_file_has(case, tmp_path):
    case().model.export(tmp_path / "m.onnx")
    model = OnnxModel(tmp_path / "m.onnx")
    names = [one.name for one in (*model.session.get_inputs(), *model.session.get_outputs())]
    names += model.session.get_modelmeta().custom_metadata_map
    for name in names:
        assert f"`{name.removeprefix('attnpool_')}`" in section() or name.endswith("_lengths")
