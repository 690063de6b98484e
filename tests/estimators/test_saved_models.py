"""Models that an earlier version saved answer and explain as they did then."""

import json
from pathlib import Path

import numpy as np
import pytest

from attnpool import load

SAVED = Path(__file__).parent / "saved_models"
NAMES = sorted(path.stem for path in SAVED.glob("*.json"))


@pytest.fixture(scope="module", params=NAMES)
def saved(request):
    expected = json.loads((SAVED / f"{request.param}.json").read_text("utf-8"))
    expected["probe"] = [tuple(p) if isinstance(p, list) else p for p in expected["probe"]]
    return load(SAVED / request.param), expected


def test_it_answers_as_before(saved):
    model, expected = saved
    assert model.classes_.tolist() == expected["classes"]
    np.testing.assert_allclose(
        model.predict_proba(expected["probe"]), expected["probabilities"], atol=1e-5
    )


@pytest.mark.parametrize("method", ["attention", "contribution"])
def test_it_explains_as_before(saved, method):
    model, expected = saved
    explanations = model.explain(expected["probe"], method=method)
    for explanation, sides in zip(explanations, expected["values"][method], strict=True):
        for tokens, values in zip(explanation.tokens, sides, strict=True):
            np.testing.assert_allclose([token.value for token in tokens], values, atol=1e-4)


def test_it_is_saved_again_in_the_present_form(saved, tmp_path):
    model, expected = saved
    model.save(tmp_path / "again")
    config = json.loads((tmp_path / "again" / "config.json").read_text("utf-8"))
    assert config["format_version"] == 5
    assert not {"widths", "hidden", "units", "subwords", "wrong_labels"} & set(config["params"])
    np.testing.assert_array_equal(
        load(tmp_path / "again").predict_proba(expected["probe"]),
        model.predict_proba(expected["probe"]),
    )
