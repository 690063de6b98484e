"""The engine of the live page in a real browser answers as numpy does."""

import json

import pytest
from tests.live.node import units
from tests.live.test_engine import trained

from attnpool.estimators.exporting import compact_model
from attnpool.view.live.engine import engine_script, packed, tables_of

TEXT = "房间很干净，ＷＯＮＤＥＲ e\u0301 👨‍👩‍👧 don't"

PAGE = """<!DOCTYPE html><meta charset="utf-8">
<script type="application/octet-stream" id="model">%s</script>
<script type="application/json" id="tables">%s</script>
<script>(() => {
%s
const data = (id) => document.getElementById(id).textContent;
window.opened = openModel(data("model"), JSON.parse(data("tables")));
})();</script>"""


def test_it_runs_in_a_browser(visit):
    model = compact_model(trained(tokenizer="words"))
    page = visit(PAGE % (packed(model), json.dumps(tables_of(model)), engine_script()))
    found = page.evaluate(
        """async (text) => {
            const model = await window.opened, tokens = model.read(text);
            const { values: [values], logits } = model.explain([tokens]);
            return [tokens.starts, tokens.ends, values, logits].map((one) => Array.from(one));
        }""",
        TEXT,
    )
    tokens, place = model.reader_([TEXT]), units(TEXT)
    split = model.network_.split(tokens)
    assert found[:2] == [[place[i] for i in part] for part in tokens.spans.T.tolist()]
    assert found[2] == pytest.approx(split.values.tolist(), abs=1e-4)
    assert found[3] == pytest.approx(split.predictions.logits[0].tolist(), abs=1e-4)
