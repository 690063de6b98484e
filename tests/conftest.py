"""While testing, shapes and types in signatures are checked at every call.

The import hook must stand before anything imports attnpool, so it stands here. It needs
jaxtyping and beartype; without them the tests run unchecked.
"""

from importlib.util import find_spec

import pytest

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
