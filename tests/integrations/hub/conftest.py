import huggingface_hub.constants as settings
import pytest
from tests.integrations.hub.server import MAY_WRITE, running

import attnpool


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """A hub on this machine, with nothing cached and a token that may write."""
    with running() as (there, address):
        monkeypatch.setattr(settings, "ENDPOINT", address)
        path = "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(settings, "HUGGINGFACE_CO_URL_TEMPLATE", address + path)
        monkeypatch.setattr(settings, "HF_HUB_CACHE", str(tmp_path / "cache"))
        monkeypatch.setattr(settings, "HF_HUB_OFFLINE", False)
        monkeypatch.setenv("HF_TOKEN", MAY_WRITE)
        yield there


@pytest.fixture(scope="session")
def reviews():
    texts = ["房间干净", "服务热情", "隔音太差", "态度恶劣"] * 10
    model = attnpool.TextClassifier(epochs=2, seed=0)
    return model.fit(texts, ["好", "好", "差", "差"] * 10)
