"""The code of docs/encoders.md runs, and the parts that it computes add up."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch

from .conftest import LABELS, TEXTS

PAGE = Path(__file__).parents[2] / "docs" / "encoders.md"


@pytest.mark.skipif(not PAGE.exists(), reason="not in a checkout")
def test_the_code_of_the_page_runs(tiny, tmp_path, monkeypatch):
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    monkeypatch.chdir(tmp_path)
    torch.manual_seed(0)
    classifier = AutoModelForSequenceClassification.from_pretrained(tiny, num_labels=3).eval()
    known = {
        "folder": tiny,
        "texts": TEXTS,
        "labels": LABELS,
        "tokenizer": AutoTokenizer.from_pretrained(tiny),
        "classifier": classifier,
        "sentence_encoder": classifier.base_model,
    }
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), flags=re.M | re.S)
    found = []
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), known)
        if "found" in known:
            found.append(known.pop("found"))
    assert (tmp_path / "with-encoder" / "model.safetensors").exists()
    plain, whole, cosine = found
    for one in (plain, whole):
        outputs = one.outputs
        margins = outputs[np.arange(len(outputs)), one.targets] - outputs.mean(1)
        np.testing.assert_allclose(one.values.sum(1) + one.base + one.bias, margins, atol=1e-5)
    assert whole.values[0, 0] == whole.values[0, -1] == 0  # [CLS] and [SEP] are in base
    np.testing.assert_allclose(
        cosine.values.sum(1) + cosine.base + cosine.bias, cosine.outputs[:, 0], atol=1e-5
    )
    vectors = known["sentence_encoder"](**known["pair"]).last_hidden_state
    mask = known["pair"]["attention_mask"].unsqueeze(2)
    means = (vectors * mask).sum(1) / mask.sum(1)
    expected = torch.cosine_similarity(*means.chunk(2)).detach()
    np.testing.assert_allclose(cosine.outputs[:, 0], expected, atol=1e-5)
