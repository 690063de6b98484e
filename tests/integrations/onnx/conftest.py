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
