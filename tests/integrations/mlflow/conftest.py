import pytest
from tests.integrations.hub.conftest import hub

__all__ = ["hub", "saved"]


@pytest.fixture(scope="session")
def saved(tmp_path_factory):
    """A small classifier and the MLflow model of its compact file."""
    from tests.integrations.mlflow.cases import classifier, compact

    from attnpool.integrations.mlflow import save_model

    folder = tmp_path_factory.mktemp("saved")
    case = compact(classifier(), folder)
    save_model(case.model, folder / "model")
    return case, folder / "model"
