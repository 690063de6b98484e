"""A model of the hub in a pipeline: the real client, and a hub on this machine."""

from pathlib import Path

import pytest
from tests.integrations.spacy.cases import pipeline, spacy

import attnpool

TEXT = "房间很干净，但是隔音太差"


@pytest.fixture
def address(hub, models):
    """Where the folder is, and with `/reviews.safetensors` behind it the compact file."""
    hub.create("ana/reviews")
    files = {path.name: path.read_bytes() for path in (models / "folder").iterdir()}
    files["reviews.safetensors"] = (models / "compact.safetensors").read_bytes()
    hub.commit("ana/reviews", "main", files)
    return "hf://ana/reviews"


@pytest.mark.parametrize(("file", "kind"), [("", "folder"), ("compact", "compact.safetensors")])
def test_a_pipeline_takes_what_load_takes(hub, address, models, file, kind, tmp_path):
    address += "@main/reviews.safetensors" if file else ""
    nlp = pipeline(address)
    assert hub.asked == []  # the network is used when the model is needed, and not before
    doc = nlp(TEXT)
    assert doc._.attnpool_explanation == attnpool.load(models / kind).explain([TEXT])[0]
    nlp.to_disk(tmp_path / "pipeline")
    hub.asked.clear()
    assert spacy.load(tmp_path / "pipeline")(TEXT).cats == doc.cats
    assert hub.asked == []  # the pipeline has its own copy


def test_a_path_has_one_slash(address):
    pipe = spacy.blank("zh").create_pipe("attnpool", config={"model": "unused"})
    found = type(pipe)(Path(address)).classifier
    assert {*found.classes_.tolist()} == {"好", "差"}


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("model", ["hf://ana/none", "hf://ana", "hf:/ana/none@main"])
def test_an_address_without_a_model_is_one_line(model):
    shown = model.replace("hf:/ana", "hf://ana")
    with pytest.raises(attnpool.InputError, match=f"^'{shown}'") as error:
        pipeline(model)(TEXT)
    assert "\n" not in str(error.value)
