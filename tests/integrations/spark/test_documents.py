"""What the documents say of Spark runs, where PySpark and Java are."""

import os
import re
import shutil
import sys
from pathlib import Path

import pytest
from tests.skips import NO_SPARK

pytest.importorskip("pyspark", reason=NO_SPARK)
if shutil.which("java") is None:
    pytest.skip(NO_SPARK, allow_module_level=True)

import attnpool

PAGE = Path(__file__).parents[3] / "docs" / "integrations.md"


@pytest.mark.filterwarnings("default")  # PySpark warns of pandas 3
def test_the_code_of_the_page_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, value in {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}.items():
        monkeypatch.setitem(os.environ, name, value)
    monkeypatch.setitem(os.environ, "PYSPARK_SUBMIT_ARGS", "--master local[2] pyspark-shell")
    texts = ["房间干净", "服务热情", "隔音太差", "态度恶劣"] * 10
    model = attnpool.TextClassifier(epochs=8).fit(texts, ["好", "好", "差", "差"] * 10)
    model.export("reviews.safetensors")
    place = tmp_path / "reviews.safetensors"
    section = re.split(r"^## ", PAGE.read_text("utf-8").split("\n## Spark\n")[1], flags=re.M)[0]
    blocks = re.findall(r"^```python\n(.*?)^```$", section, flags=re.M | re.S)
    assert len(blocks) == 2
    known = {"__name__": "__main__"}
    try:
        for block in blocks:
            code = block.replace('"reviews.safetensors"', repr(str(place)))
            exec(compile(code, str(PAGE), "exec"), known)
        answered, tokens = known["answered"].collect(), known["tokens"].collect()
    finally:
        if "spark" in known:
            known["spark"].stop()
    expected = attnpool.load(place).explain(["房间干净", "隔音太差"])
    for row, token_row, one in zip(answered, tokens, expected, strict=True):
        [side] = one.sides
        assert row.text == token_row.text == side.text
        assert row.prediction == one.prediction
        assert row.probability == pytest.approx(max(one.distribution))
        assert token_row.start == [start for start, _ in side.spans]
        assert token_row.end == [end for _, end in side.spans]
        assert token_row.value == pytest.approx([*side.values], rel=1e-2)
