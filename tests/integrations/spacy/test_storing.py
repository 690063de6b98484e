"""Pipelines and documents that are stored, sent and read again; and what is damaged or hostile."""

import copy
import errno
import os
import pickle
import shutil
import tempfile
from pathlib import Path

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


@pytest.mark.parametrize("before", KINDS)
@pytest.mark.parametrize("after", KINDS)
@pytest.mark.parametrize("exchanged", [True, False])
@pytest.mark.parametrize("linked", [False, True])
def test_a_pipeline_is_saved_over_another(
    models, before, after, exchanged, linked, tmp_path, monkeypatch
):
    if not exchanged:  # as on systems other than Linux
        monkeypatch.setattr("attnpool.persistence.exchange._renamed", lambda *_: False)
    place = tmp_path / "pipeline"
    pipeline(models / before).to_disk(place)
    if linked:
        (place / "attnpool").rename(place / "there")
        (place / "attnpool").symlink_to("there")
    names = {path.name for path in place.iterdir()}
    nlp = pipeline(models / after)
    nlp.to_disk(place)
    assert (place / "attnpool").is_dir() == (models / after).is_dir()
    assert (place / "attnpool").is_symlink() == linked
    assert {path.name for path in place.iterdir()} == names
    same(nlp(TEXT), spacy.load(place)(TEXT))


@pytest.mark.parametrize("exchanged", [True, False])
@pytest.mark.parametrize(("before", "after"), [KINDS, KINDS[::-1]])
def test_a_save_that_fails_leaves_what_was_there(
    models, before, after, exchanged, tmp_path, monkeypatch
):
    place = tmp_path / "pipeline"
    nlp = pipeline(models / before)
    doc = nlp(TEXT)
    nlp.to_disk(place)
    names = {path.name for path in place.iterdir()}

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if exchanged:  # the disk is full while the new model is written
        monkeypatch.setattr("attnpool.persistence.atomic.os.fsync", full)
    else:  # or the system refuses to move it
        monkeypatch.setattr("attnpool.persistence.exchange._renamed", lambda *_: False)
        move = Path.rename

        def rename(self, target):
            return move(self, target) if self.name != "model" else full()

        monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(InputError) as error:
        pipeline(models / after).to_disk(place)
    monkeypatch.undo()
    part = place / "attnpool"
    assert str(error.value).startswith(f"{part}: cannot write there: No space left")
    assert {path.name for path in place.iterdir()} == names
    same(doc, spacy.load(place)(TEXT))


def test_hashes_of_training_texts_do_not_travel(models, tmp_path):
    assert (models / "folder" / "known_texts.safetensors").exists()
    nlp = pipeline(models / "folder")
    nlp.to_disk(tmp_path / "pipeline")
    assert nlp.get_pipe("attnpool").classifier.known_rows(["房间干净"]).trained
    parts = {path.name for path in (tmp_path / "pipeline" / "attnpool").iterdir()}
    assert "known_texts.safetensors" not in parts
    assert "model.safetensors" in parts
    stored = srsly.msgpack_loads(nlp.get_pipe("attnpool").to_bytes())
    assert {name.removeprefix("model/") for name in stored} == parts
    again = spacy.load(tmp_path / "pipeline").get_pipe("attnpool").classifier
    assert again.known_rows(["房间干净"]) is None


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
    left = srsly.msgpack_loads(content)
    left.pop("model/config.json", None)
    outside = srsly.msgpack_dumps({"model/../../run": b"x"})
    parts = [outside, *map(srsly.msgpack_dumps, ([1], {"model": 3}, {}, {"model": b"x"}))]
    if kind == "folder":
        parts += [*map(srsly.msgpack_dumps, (left, {**left, "model/config.json": b"{"}))]
    for data in (*damaged(content, tmp_path / "run"), *parts):
        with pytest.raises(InputError) as error:
            pipe.from_bytes(data)
        assert "\n" not in str(error.value)
        assert tempfile.gettempdir() not in str(error.value)
        assert "the bytes of 'attnpool'" in str(error.value)
    assert not (tmp_path / "run").exists()
    pipe.from_bytes(content)


BYTES = [
    ("model", "compact.safetensors", "the model in the bytes of 'attnpool' is cut short, or"),
    ("model/model.safetensors", "folder", "model.safetensors in the bytes of 'attnpool' is cut"),
    ("model/tokenizer.json", "folder", "tokenizer.json in the bytes of 'attnpool' is cut short"),
    ("model/config.json", "folder", "config.json in the bytes of 'attnpool' is damaged"),
]


@pytest.mark.parametrize(("part", "kind", "said"), BYTES)
def test_an_error_of_bytes_names_the_part(models, part, kind, said):
    pipe = pipeline(models / kind).get_pipe("attnpool")
    stored = srsly.msgpack_loads(pipe.to_bytes())
    stored[part] = stored[part][: len(stored[part]) // 2]
    with pytest.raises(InputError) as error:
        pipe.from_bytes(srsly.msgpack_dumps(stored))
    assert str(error.value).startswith(said)


def test_a_matcher_in_bytes_is_refused(models):
    pipe = pipeline(models / "compact.safetensors").get_pipe("attnpool")
    data = srsly.msgpack_dumps({"model": (models / "matcher.safetensors").read_bytes()})
    with pytest.raises(InputError, match=r"^the model in the bytes of 'attnpool' is a matcher"):
        pipe.from_bytes(data)


def test_weights_of_bytes_that_overflow_later_are_named(models):
    pipe = pipeline(models / "folder").get_pipe("attnpool")
    pipe.from_bytes(pipe.to_bytes())
    for numbers in pipe.classifier.model_.parameters():
        numbers.data.fill_(3e38)
    with pytest.raises(InputError, match=r"^model\.safetensors in the bytes of 'attnpool': its"):
        pipe.classifier.predict(["房间"])


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


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_beside_a_model_is_not_deleted_with_it(models, kind, tmp_path):
    place = tmp_path / "pipeline" / "attnpool"
    pipeline(models / "folder").to_disk(tmp_path / "pipeline")
    (place / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match=r"also holds mine\.txt, which is no part of a model"):
        pipeline(models / kind).to_disk(tmp_path / "pipeline")
    assert (place / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_no_model_is_not_replaced(models, kind, tmp_path):
    place = tmp_path / "pipeline" / "attnpool"
    place.parent.mkdir()
    place.write_text("mine")
    with pytest.raises(InputError, match="attnpool exists and is no model of attnpool; choose"):
        pipeline(models / kind).to_disk(tmp_path / "pipeline")
    assert place.read_text() == "mine"
