"""What a pipeline answers is what the model answers; what it refuses is one line."""

import subprocess
import sys

import pytest
from tests.integrations.spacy.cases import TEXTS, pipeline, spacy

import attnpool

from spacy.training import Example  # isort: skip

KINDS = ("compact.safetensors", "folder", "words")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_documents_have_the_answers_of_the_model(models, kind, lang):
    model, texts = attnpool.load(models / kind), TEXTS[lang]
    nlp = pipeline(models / kind, lang)
    docs = list(nlp.pipe(texts, batch_size=len(texts)))
    expected = zip(docs, model.explain(texts), model.predict_proba(texts).tolist(), strict=True)
    for doc, explanation, shares in expected:
        assert doc.cats == dict(zip(model.classes_.tolist(), shares, strict=True))
        assert {type(share) for share in doc.cats.values()} == {float}
        assert doc._.attnpool_explanation == explanation
    alone = nlp(texts[0])
    assert alone._.attnpool_explanation == model.explain(texts[:1])[0]
    assert alone.cats == pytest.approx(docs[0].cats)


@pytest.mark.parametrize("batch_size", [1, 3, 1000])
def test_order_and_context_are_kept(models, batch_size):
    nlp, texts = pipeline(models / "compact.safetensors"), TEXTS["zh"]
    given = [(text, i) for i, text in enumerate(texts)]
    found = list(nlp.pipe(given, as_tuples=True, batch_size=batch_size))
    assert [(doc.text, i) for doc, i in found] == given
    assert all(doc.cats for doc, _ in found)


@pytest.mark.parametrize(("kind", "names"), [("numbers", {"0", "1"}), ("flags", {"False", "True"})])
def test_labels_are_strings(models, kind, names):
    nlp = pipeline(models / kind, target=1)
    assert nlp("房间").cats.keys() == names
    assert {*nlp.pipe_labels["attnpool"]} == names
    assert nlp("差")._.attnpool_explanation.target == max(names)


def test_settings_are_those_of_explain(models):
    nlp = pipeline(models / "compact.safetensors", method="attention", target="好", prefix="look")
    model = attnpool.load(models / "compact.safetensors")
    doc = nlp("隔音太差")
    assert doc._.look_explanation == model.explain(["隔音太差"], "attention", "好")[0]
    assert sum(token._.look_value for token in doc) == pytest.approx(1)


def test_answers_alone(models):
    nlp = pipeline(models / "compact.safetensors", explain=False, prefix="never")
    model = attnpool.load(models / "compact.safetensors")
    assert [*nlp("太差").cats.values()] == model.predict_proba(["太差"])[0].tolist()
    assert not spacy.tokens.Doc.has_extension("never_explanation")


def test_answers_are_added_to_those_of_others(models):
    doc = spacy.blank("zh")("太差")
    doc.cats["其他"] = 0.5
    assert pipeline(models / "compact.safetensors")(doc).cats.keys() == {"其他", "好", "差"}


def test_evaluate(models):
    nlp = pipeline(models / "folder")
    rows = [("房间干净", "好"), ("隔音太差", "差")]
    examples = [
        Example.from_dict(nlp.make_doc(text), {"cats": {"好": label == "好", "差": label == "差"}})
        for text, label in rows
    ]
    assert nlp.evaluate(examples)["cats_macro_f"] == 1


REFUSED = [
    ({"model": "nowhere"}, "nowhere: no such model folder"),
    ({"model": ""}, "^the model of the component 'attnpool' is empty; give a model folder"),
    ({"model": " "}, "^the model of the component 'attnpool' is empty; give a model folder"),
    ({"model": "matcher.safetensors"}, "is a matcher, which reads pairs of texts"),
    ({"model": "compact.safetensors", "method": "best"}, "^unknown method 'best'; choose from"),
    ({"model": "compact.safetensors", "method": "max_sum"}, "does not fit a compact model"),
    ({"model": "compact.safetensors", "target": "最好"}, "^unknown target '最好'; the labels are"),
    ({"model": "compact.safetensors", "prefix": "a b"}, "^prefix 'a b' makes no name"),
]


@pytest.mark.parametrize(("config", "said"), REFUSED)
def test_what_makes_no_sense_is_one_line(models, config, said, monkeypatch):
    monkeypatch.chdir(models)
    with pytest.raises(attnpool.InputError, match=said) as error:
        pipeline(**config)("房间")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("config", [{}, {"model": 3}, {"model": "m", "modle": "m"}])
def test_what_the_factory_does_not_take_is_refused_by_spacy(config):
    with pytest.raises(ValueError, match="attnpool -> mod"):
        spacy.blank("zh").add_pipe("attnpool", config=config)


def test_a_model_is_where_it_was_though_the_process_moves(models, monkeypatch, tmp_path):
    monkeypatch.chdir(models)
    nlp = pipeline("compact.safetensors")
    monkeypatch.chdir(tmp_path)
    assert nlp("太差").cats


def test_documents_that_fail_go_to_the_handler(models):
    nlp, failed = pipeline(models / "compact.safetensors", target="最好"), []
    nlp.set_error_handler(lambda name, pipe, docs, error: failed.append((name, len(docs), error)))
    assert list(nlp.pipe(["好", "差", "太差"], batch_size=2)) == []
    assert [(name, docs) for name, docs, _ in failed] == [("attnpool", 2), ("attnpool", 1)]
    assert all("unknown target" in str(error) for *_, error in failed)


PROCESSES = """
import multiprocessing, sys
import spacy
if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    nlp = spacy.blank("zh")
    nlp.add_pipe("attnpool", config={"model": sys.argv[2]})
    texts = ["房间干净", "", "🙂 太差"] * 4
    one = list(nlp.pipe(texts, batch_size=3))  # now it is read, and sent to the processes
    two = list(nlp.pipe(texts, batch_size=3, n_process=2))
    for doc, other in zip(one, two, strict=True):
        assert doc.cats == other.cats and doc.cats
        assert doc._.attnpool_explanation == other._.attnpool_explanation
        assert [t._.attnpool_value for t in doc] == [t._.attnpool_value for t in other]
"""
LIGHT = """
import sys
sys.modules.update(dict.fromkeys(("torch", "sklearn", "scipy", "tokenizers", "polars")))
import spacy
nlp = spacy.blank("zh")
assert "attnpool.runtime.model" not in sys.modules  # a pipeline without the component is light
nlp.add_pipe("attnpool", config={"model": sys.argv[1]})
doc = nlp("房间很干净")
nlp.to_disk(sys.argv[2])
again = spacy.load(sys.argv[2])("房间很干净")
assert again.cats == doc.cats
assert abs(sum(t._.attnpool_value for t in again) - again[:]._.attnpool_value) < 1e-9
"""


def run(code, place, *words):
    script = place / "script.py"
    script.write_text(code, encoding="utf-8")
    command = [sys.executable, script, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("kind", ["compact.safetensors", "folder"])
@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_several_processes(models, tmp_path, start, kind):
    if start == "fork" and sys.platform != "linux":
        pytest.skip("processes are forked on Linux alone")
    run(PROCESSES, tmp_path, start, models / kind)


def test_a_compact_file_needs_no_torch_and_no_import(models, tmp_path):
    run(LIGHT, tmp_path, models / "compact.safetensors", tmp_path / "pipeline")
