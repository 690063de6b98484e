"""What the documents say of Ray Data runs."""

import re
from pathlib import Path

import pytest
from tests.integrations.ray.cases import pq

import attnpool

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "integrations.md"


def section():
    """What the page says under the heading Ray Data."""
    return re.split(r"^## ", PAGE.read_text("utf-8").split("\n## Ray Data\n")[1], flags=re.M)[0]


@pytest.mark.usefixtures("cluster")
@pytest.mark.filterwarnings("default")  # Ray warns of its own parts
def test_the_code_of_the_page_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```$", section(), flags=re.M | re.S)
    assert len(blocks) == 2
    known = {}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), known)
    answered = pq.read_table("answered").sort_by("id").to_pylist()  # written by many threads
    model = attnpool.load("reviews.safetensors")
    assert [row["prediction"] for row in answered] == model.predict(known["texts"]).tolist()
    assert [row["id"] for row in answered] == [*range(40)]
    again = pq.read_table("again").sort_by("id").to_pylist()
    assert [row["prediction"] for row in again] == [row["prediction"] for row in answered]
    columns = [*answered[0]]
    assert [name for name in columns if f"`{name}`" in section()] == [
        *("prediction", "probability", "start", "end", "weights", "value")
    ]
