"""While testing, shapes and types in signatures are checked at every call.

The import hook must stand before anything imports attnpool, so it stands here. It needs
jaxtyping and beartype; without them the tests run unchecked.
"""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from filelock import FileLock
from tests.skips import NO_DATA, pytest_make_collect_report, pytest_runtest_makereport

__all__ = ["pytest_make_collect_report", "pytest_runtest_makereport"]

CHECKED = find_spec("jaxtyping") is not None and find_spec("beartype") is not None

if CHECKED:
    from jaxtyping import config, install_import_hook

    install_import_hook("attnpool", "beartype.beartype")


@pytest.fixture
def unchecked():
    """No checks of signatures: for what users see without them, and for what torch traces."""
    if not CHECKED:
        yield
        return
    before = config.jaxtyping_disable
    config.update("jaxtyping_disable", True)
    yield
    config.update("jaxtyping_disable", before)


@pytest.fixture(scope="session")
def real_data():
    """The folder of real data sets: `ATTNPOOL_DATA`, or `shared/data` beside the checkout."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("ATTNPOOL_DATA") or beside)
    if not folder.is_dir():
        pytest.skip(NO_DATA)
    return folder


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """Make a folder once for all workers of pytest-xdist: the first that needs it fills it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent  # of all workers

    def make(name, fill):
        folder, new = shared / name, shared / f"{name}.new"
        with FileLock(shared / f"{name}.lock"):
            if not folder.exists():
                shutil.rmtree(new, ignore_errors=True)  # of a worker that failed
                new.mkdir()
                fill(new)
                new.rename(folder)
        return folder

    return make


@pytest.fixture(scope="session")
def sentiment(once):
    """A model trained on the bundled reviews, and the rows it never saw."""
    import attnpool  # after the hook
    from attnpool.data.demo_rows import load_demo

    train, test = load_demo("sentiment", "train"), load_demo("sentiment", "test")

    def fit(folder):
        model = attnpool.TextClassifier(seed=0)
        model.fit(train.texts[0], train.labels).save(folder / "model")

    return attnpool.load(once("sentiment", fit) / "model"), test
