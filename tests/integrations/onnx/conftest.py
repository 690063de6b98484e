from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def traced() -> Iterator[None]:
    """No checks of shapes: they would fix the sizes that the exporter traces."""
    try:
        from jaxtyping import config
    except ImportError:
        yield
        return
    before = config.jaxtyping_disable
    config.update("jaxtyping_disable", True)
    yield
    config.update("jaxtyping_disable", before)


@pytest.fixture(scope="module")
def trained():
    """A classifier with n-grams, and character n-grams of unknown words."""
    from tests.integrations.onnx.cases import FOLDED

    return FOLDED["words"]().model


@pytest.fixture(scope="module")
def file(trained, tmp_path_factory):
    path = tmp_path_factory.mktemp("file") / "model.onnx"
    trained.export(path)
    return path


@pytest.fixture(scope="module")
def pair_folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("pairs") / "model"
    from tests.integrations.onnx.cases import WHOLE

    WHOLE["interaction"]().model.save(path)
    return path
