"""A predictor pickles a path, and answers batches of columns as the model does."""

import pickle

import numpy as np
import pytest

import attnpool
from attnpool.bulk import Predictor
from attnpool.errors import InputError

TEXTS = ["房间很干净", "", "隔音太差"]


def test_a_batch_of_columns_in_and_out(compact):
    batch = {"id": np.arange(3), "text": np.array(TEXTS, dtype=object)}
    batch["id"].setflags(write=False)
    batch["text"].setflags(write=False)
    found = Predictor(compact)(batch)
    assert list(found) == ["id", "text", "prediction", "probability", *NAMES]
    model = attnpool.load(compact)
    shares = model.predict_proba(TEXTS)
    assert found["prediction"].tolist() == model.predict(TEXTS).tolist()
    assert np.array_equal(found["probability"], shares.max(1))
    assert np.array_equal(np.stack([found[name] for name in NAMES], 1), shares)


NAMES = ["probability_好", "probability_差"]


def test_explanations_are_compact_arrays(compact):
    found = Predictor(compact, explain=True)({"text": TEXTS})
    known = attnpool.load(compact).explain(TEXTS)
    for i, one in enumerate(known):
        side = one.sides[0]
        assert found["start"][i].dtype == np.uint32
        assert found["value"][i].dtype == np.float16
        assert found["end"][i].tolist() == side.spans[:, 1].tolist()
        assert np.allclose(found["value"][i], side.values, rtol=1e-3, atol=1e-6)


def test_its_pickle_is_a_path(compact):
    predictor = Predictor(compact, explain=True)
    predictor({"text": TEXTS})
    pickled = pickle.dumps(predictor)
    assert len(pickled) < 1000
    again = pickle.loads(pickled)({"text": TEXTS})
    assert again["prediction"].tolist() == predictor({"text": TEXTS})["prediction"].tolist()


def test_a_process_loads_it_once(compact, monkeypatch):
    calls = []
    right = attnpool.loading.load
    monkeypatch.setattr("attnpool.loading.load", lambda path: calls.append(path) or right(path))
    monkeypatch.setattr("attnpool.bulk.predictor._loaded", {})
    for _ in range(3):
        pickle.loads(pickle.dumps(Predictor(compact)))({"text": TEXTS})
    assert len(calls) == 1


def test_a_name_that_is_taken_is_refused_before_anything_is_answered(compact, monkeypatch):
    monkeypatch.setattr("attnpool.bulk.answers.answers", pytest.fail)
    for explain, name in ((False, NAMES[0]), (True, "weights")):
        with pytest.raises(InputError, match=name):
            Predictor(compact, explain=explain)({"text": TEXTS, name: [0.0] * 3})


def test_missing_values_are_empty_texts(compact):
    found = Predictor(compact)({"text": [None, float("nan"), ""]})
    assert len(set(found["probability"].tolist())) == 1


@pytest.mark.parametrize(
    ("arguments", "batch", "line"),
    [
        ({}, {"review": ["a"]}, "no column 'text'; its columns are 'review'; name the text"),
        ({}, {"text": ["a"], "prediction": [1]}, "has a column 'prediction', which is added"),
        ({"text": ()}, {}, "text names no column"),
        ({}, {"text": ["a", b"b"]}, "the column 'text' holds bytes in row 1, not text"),
        ({}, {"text": [["a"]]}, "holds list in row 0, not text"),
        ({}, {"text": np.array([{"a": 1}])}, "holds dict in row 0, not text"),
        ({}, {"text": "abc"}, "the column 'text' is str; give a sequence"),
        ({}, {"text": ["a"], "id": None}, "the column 'id' is NoneType; give a sequence"),
        ({}, {"text": None}, "the column 'text' is NoneType; give a sequence"),
        (
            {},
            {"text": ["a", "b"], "id": [1]},
            "have different numbers of rows: 'text' has 2, 'id' has 1",
        ),
        ({"method": "attention"}, {}, "method does nothing without explain=True"),
    ],
)
def test_bad_input_is_one_line(compact, arguments, batch, line):
    with pytest.raises(InputError, match=line):
        Predictor(compact, **arguments)(batch)


def test_models_in_turn_are_each_loaded_once(compact, tmp_path, monkeypatch):
    (tmp_path / "other.safetensors").write_bytes(compact.read_bytes())
    calls, right = [], attnpool.loading.load
    monkeypatch.setattr("attnpool.loading.load", lambda path: calls.append(path) or right(path))
    monkeypatch.setattr("attnpool.bulk.predictor._loaded", {})
    both = Predictor(compact), Predictor(tmp_path / "other.safetensors")
    for _ in range(3):
        for predictor in both:
            predictor({"text": TEXTS})
    assert len(calls) == 2


def test_no_such_model(tmp_path):
    with pytest.raises(InputError, match="no such model"):
        Predictor(tmp_path / "none")({"text": ["a"]})


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("batch", [None, ["a"], "text"])
def test_a_batch_without_columns_is_one_line(compact, batch):
    with pytest.raises(InputError, match="give its columns by name"):
        Predictor(compact)(batch)
