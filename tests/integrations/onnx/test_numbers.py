"""An ONNX file gives what torch gives, for every kind of model and any batch."""

import numpy as np
import pytest
from tests.encoders.conftest import LABELS, SPECIAL_OF_ROBERTA, TEXTS, tiny_encoder
from tests.integrations.onnx.cases import FOLDED, PAIR_ROWS, WHOLE, Case, largest, reference

from attnpool import TextClassifier, TextMatcher
from attnpool.integrations.onnx import OnnxModel

CLOSE = 1e-4


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("onnx")


def exported(case, folder):
    """The model of the one file that is written."""
    path = folder / f"{len([*folder.iterdir()])}.onnx"
    case.model.export(path)
    assert not [other for other in folder.iterdir() if other.suffix != ".onnx"]
    return OnnxModel(path)


def check(case, onnx):
    """Compare all outputs: on all items at once, one by one, and on 64."""
    for items in (case.items, *([item] for item in case.items), (case.items * 64)[:64]):
        logits, weights, alignments = reference(case.model, items)
        found = onnx.run(items)
        # A logit of a thousand has not four digits behind the point in float32.
        assert largest(found.logits, logits) < CLOSE * max(1, np.abs(logits).max() / 100)
        for one, other in zip(found.weights, weights, strict=True):
            assert largest(one, other) < CLOSE
        arrays = onnx.session.run(None, onnx.reader(items))
        assert largest(arrays[0], found.logits) < CLOSE * max(1, np.abs(logits).max() / 100)
        assert ("alignment" in onnx.outputs) == bool(alignments)
        assert (found.alignment is not None) == bool(alignments)
        for one, other in zip(found.alignment or [], alignments, strict=True):
            assert largest(one, other) < CLOSE
        for i, aligned in enumerate(alignments):
            left, right = aligned.shape
            assert largest(arrays[2][i, :left, :right], aligned) < CLOSE
            assert not arrays[2][i, left:].any()
            assert not arrays[2][i, :, right:].any()
    assert largest(onnx.predict_proba(case.items), case.model.predict_proba(case.items)) < CLOSE
    assert onnx.predict(case.items).tolist() == case.model.predict(case.items).tolist()


def check_contributions(case, onnx):
    found = onnx.run(case.items)
    assert found.contributions is not None
    for number, name in enumerate(case.model.classes_.tolist()):
        explained = case.model.explain(case.items, "contribution", name)
        for one, other in zip(found.contributions, explained, strict=True):
            assert largest(one[number], other.sides[0].values) < CLOSE
    assert max(np.abs(one).max(initial=0) for one in found.contributions) > 0.01
    # The parts of a class and its constant add up to its margin; float32 has seven digits.
    margins = found.logits - found.logits.mean(1, keepdims=True)
    sums = np.stack([one.sum(1, dtype=np.float64) for one in found.contributions])
    assert largest(sums + found.constant, margins) < CLOSE * max(1, np.abs(margins).max() / 100)


@pytest.mark.parametrize("name", FOLDED)
def test_folded(name, folder):
    case = FOLDED[name]()
    onnx = exported(case, folder)
    check(case, onnx)
    check_contributions(case, onnx)


@pytest.mark.parametrize("name", WHOLE)
def test_whole(name, folder):
    case = WHOLE[name]()
    onnx = exported(case, folder)
    check(case, onnx)


FAMILIES = {
    "bert": {},
    "roberta": {"special": SPECIAL_OF_ROBERTA, "max_position_embeddings": 18},
    "distilbert": {},
    "modernbert": {"bos_token_id": 2, "eos_token_id": 3, "cls_token_id": 2, "sep_token_id": 3},
}
READ = ["a wonderful, lifeless film", "", "great film " * 14 + "plot", "dull", "zzz !"]


@pytest.fixture(scope="module")
def encoders(tmp_path_factory):
    """A folder for each family that is asked for; skips where transformers is missing."""
    pytest.importorskip("transformers")
    made = {}

    def make(family):
        if family not in made:
            made[family] = tiny_encoder(tmp_path_factory.mktemp(family), family, **FAMILIES[family])
        return made[family]

    return make


@pytest.mark.parametrize("family", FAMILIES)
def test_classifiers_on_a_pretrained_encoder(family, encoders, folder):
    """Texts longer than its window too, and the linear part."""
    model = TextClassifier(encoder=encoders(family), epochs=2, max_length=60).fit(TEXTS, LABELS)
    assert model.model_.linear is not None
    case = Case(model, READ)
    check(case, exported(case, folder))


@pytest.mark.parametrize("architecture", ["siamese", "interaction", "alignment", "triplet"])
def test_matchers_on_a_pretrained_encoder(architecture, encoders, folder):
    model = TextMatcher(
        encoder=encoders("bert"), architecture=architecture, epochs=1, max_length=40
    ).fit([row[:2] for row in PAIR_ROWS * 6], [row[2] for row in PAIR_ROWS * 6])
    case = Case(model, [*(row[:2] for row in PAIR_ROWS), ("", ""), ("film " * 30, "great")])
    check(case, exported(case, folder))


def test_a_real_model(sentiment, folder):
    """On rows it never saw, in batches of many lengths."""
    model, rows = sentiment
    case = Case(model, [*rows.texts[0], ""])
    onnx = exported(case, folder)
    logits, weights, _ = reference(model, case.items)
    found = onnx.run(case.items)
    assert largest(found.logits, logits) < CLOSE
    assert max(map(largest, found.weights, weights)) < CLOSE
    check_contributions(case, onnx)
