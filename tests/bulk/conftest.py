import pytest
from tests.bulk.cases import write_model

from attnpool.bulk import local
from attnpool.cli import run
from attnpool.data import Limit


@pytest.fixture(scope="session")
def compact(once):
    """A compact model of reviews."""
    return once("bulk", write_model) / "model.safetensors"


@pytest.fixture
def by_chunks(monkeypatch):
    """From now on rows are answered so many at a time."""

    def set_to(rows, characters=10**9):
        monkeypatch.setattr(local, "LIMIT", Limit(rows, characters))

    return set_to


@pytest.fixture
def predict(capsys, compact):
    """Run `predict` in this process; its exit status, and what it printed."""

    def call(*arguments):
        status = run(["predict", str(compact), *map(str, arguments)])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call
