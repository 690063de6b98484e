"""A model of the hub becomes one of MLflow: the real client, and a hub on this machine."""

import pytest
from tests.integrations.mlflow.cases import classifier, mlflow

from attnpool.integrations.mlflow import save_model


@pytest.mark.parametrize("file", ["", "/reviews.safetensors"])
def test_an_address_is_taken_for_its_model(hub, file, tmp_path):
    case = classifier()
    case.model.save(tmp_path / "folder")
    case.model.export(tmp_path / "reviews.safetensors")
    hub.create("ana/reviews")
    parts = [*(tmp_path / "folder").iterdir(), tmp_path / "reviews.safetensors"]
    hub.commit("ana/reviews", "main", {path.name: path.read_bytes() for path in parts})
    save_model(f"hf://ana/reviews{file}", tmp_path / "m")
    hub.asked.clear()
    loaded = mlflow.pyfunc.load_model(str(tmp_path / "m"))
    assert loaded.predict(case.table).label.tolist() == case.model.predict(case.items).tolist()
    assert hub.asked == []  # MLflow's model holds it
