"""What the documents say of the hub runs."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "integrations.md"


def test_the_code_of_the_page_runs(hub):
    section = re.split(
        r"^## ", PAGE.read_text("utf-8").split("\n## Hugging Face hub\n")[1], flags=re.M
    )[0]
    [block] = re.findall(r"^```python\n(.*?)^```$", section, flags=re.M | re.S)
    assert len([line for line in block.splitlines() if line]) <= 10
    known = {}
    exec(compile(block, str(PAGE), "exec"), known)
    assert known["answers"].tolist() == ["好"]
    assert re.fullmatch(r"hf://ana/reviews@[0-9a-f]{40}", known["address"])
