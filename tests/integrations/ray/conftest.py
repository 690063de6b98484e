import os
import warnings

import pytest


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """A folder with the models of `cases.MODELS`."""
    from tests.integrations.ray.cases import fill

    folder = tmp_path_factory.mktemp("models")
    fill(folder)
    return folder


@pytest.fixture(scope="session")
def cluster():
    """Ray on this machine: two cores, and little memory, as containers have."""
    from tests.integrations.ray.cases import ray

    os.environ["RAY_BACKEND_LOG_LEVEL"] = "fatal"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ray.init(
            num_cpus=2,
            object_store_memory=80 * 2**20,
            include_dashboard=False,
            log_to_driver=False,
            logging_level="ERROR",
        )
        ray.data.DataContext.get_current().enable_progress_bars = False
        yield ray
        ray.shutdown()
