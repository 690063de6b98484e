"""Models by name in the folder of a test run, and the pipelines that they stand in."""

from typing import Any

import pytest
from tests.skips import NO_SPACY

spacy = pytest.importorskip("spacy", reason=NO_SPACY)

ROWS = {
    "房间干净": "好",
    "服务热情周到": "好",
    "隔音太差": "差",
    "态度恶劣": "差",
    "a wonderful film": "好",
    "dull and lifeless": "差",
}
SAME = ["", " ", "\n \t", "🙂👩\u200d👩\u200d👧", "שלום  עולם", "dull 太差。" * 900]
TEXTS = {
    "zh": ["房间很干净，但是隔音太差", "ok 房间", *SAME],
    "en": ["a wonderful, dull film!", "don't a.b", *SAME],
}


def pipeline(model: Any, lang: str = "zh", **config: Any) -> Any:
    """A pipeline with the component alone."""
    nlp = spacy.blank(lang)
    nlp.add_pipe("attnpool", config={"model": str(model), **config})
    return nlp
