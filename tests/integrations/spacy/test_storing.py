"""Pipelines and documents that are stored, sent and read again; and what is damaged or hostile."""

import copy
import os
import pickle
import shutil

import pytest
from tests.integrations.spacy.cases import pipeline, spacy

from attnpool import InputError

import srsly  # isort: skip
from spacy.tokens import Doc, DocBin  # isort: skip

KINDS = ("compact.safetensors", "folder")
TEXT = "房间很干净，但是隔音太差🙂"


def same(doc, other):
    assert doc.cats == other.cats
    assert doc.cats
    assert doc._.attnpool_explanation == other._.attnpool_explanation
    assert [t._.attnpool_value for t in doc] == [t._.attnpool_value for t in other]


@pytest.fixture(params=KINDS)
def moved(models, request, tmp_path):
    """A pipeline whose model is not where it was; a document of it."""
    place = tmp_path / request.param
    (shutil.copytree if (models / request.param).is_dir() else shutil.copy)(
        models / request.param, place
    )
    nlp = pipeline(place)
    doc = nlp(TEXT)
    place.rename(tmp_path / "away")
    return nlp, doc


def test_a_saved_pipeline_holds_its_model(moved, tmp_path):
    nlp, doc = moved
    for _ in range(2):  # the second time over the first
        nlp.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    same(doc, again(TEXT))
    again.to_disk(tmp_path / "third")
    same(doc, spacy.load(tmp_path / "third")(TEXT))
    assert again.meta["labels"] == {"attnpool": list(again.get_pipe("attnpool").labels)}
    assert "attnpool" not in spacy.load(tmp_path / "pipeline", exclude=["attnpool"]).pipe_names
    other = spacy.blank("zh")
    other.add_pipe("attnpool", source=again)
    same(doc, other(TEXT))


def test_bytes_hold_the_model(moved):
    nlp, doc = moved
    again = spacy.util.get_lang_class("zh").from_config(nlp.config)
    again.from_bytes(nlp.to_bytes())
    same(doc, again(TEXT))
    same(doc, copy.deepcopy(nlp)(TEXT))
    same(doc, pickle.loads(pickle.dumps(nlp))(TEXT))


def test_documents_keep_their_explanation(models):
    nlp = pipeline(models / "compact.safetensors")
    doc = nlp(TEXT)
    same(doc, Doc(nlp.vocab).from_bytes(doc.to_bytes()))
    same(doc, pickle.loads(pickle.dumps(doc)))
    same(doc, doc.copy())
    stored = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (again,) = DocBin().from_bytes(stored).get_docs(nlp.vocab)
    same(doc, again)
    same(doc, Doc(nlp.vocab).from_bytes(again.to_bytes()))


def test_an_explanation_that_somebody_made_up_is_one_line(models):
    nlp = pipeline(models / "compact.safetensors")
    doc = nlp.make_doc(TEXT)
    doc.user_data["._.", "attnpool_explanation", None, None] = {"schema_version": 1}
    with pytest.raises(InputError, match=r"^explanation lacks"):
        _ = doc._.attnpool_explanation


class Hostile:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def damaged(content, place):
    return [
        content[: len(content) // 2],
        content[:-1] + bytes([content[-1] ^ 1]),
        pickle.dumps(Hostile(place)),
        b"",
    ]


@pytest.mark.parametrize("case", range(4))
@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_pipeline_is_one_line(models, kind, case, tmp_path):
    pipeline(models / kind).to_disk(tmp_path / "pipeline")
    part = tmp_path / "pipeline" / "attnpool"
    part = part / "model.safetensors" if part.is_dir() else part
    part.write_bytes(damaged(part.read_bytes(), tmp_path / "run")[case])
    with pytest.raises(InputError) as error:
        spacy.load(tmp_path / "pipeline")
    assert "\n" not in str(error.value)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_bytes_are_one_line(models, kind, tmp_path):
    pipe = pipeline(models / kind).get_pipe("attnpool")
    content = pipe.to_bytes()
    outside = srsly.msgpack_dumps({"model/../../run": b"x"})
    parts = [outside, srsly.msgpack_dumps([1]), srsly.msgpack_dumps({"model": 3})]
    for data in (*damaged(content, tmp_path / "run"), *parts):
        with pytest.raises(InputError) as error:
            pipe.from_bytes(data)
        assert "\n" not in str(error.value)
    assert not (tmp_path / "run").exists()
    pipe.from_bytes(content)


def test_a_matcher_in_a_pipeline_is_refused(models, tmp_path):
    pipeline(models / "compact.safetensors").to_disk(tmp_path / "pipeline")
    shutil.copy(models / "matcher.safetensors", tmp_path / "pipeline" / "attnpool")
    with pytest.raises(InputError, match="is a matcher"):
        spacy.load(tmp_path / "pipeline")


def test_what_is_no_model_is_not_replaced(models, tmp_path):
    place = tmp_path / "pipeline" / "attnpool"
    place.mkdir(parents=True)
    (place / "mine.txt").write_text("mine")
    for kind in KINDS:
        with pytest.raises(InputError):
            pipeline(models / kind).to_disk(tmp_path / "pipeline")
    assert (place / "mine.txt").read_text() == "mine"
